"""What people write on pages, in cells and in JSON, and what the readers make of it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum

import pytest
from django.db.models import TextChoices
from hypothesis import given
from hypothesis import strategies as st

from shebao.foundation.values import (
    Day,
    IdNumber,
    Missing,
    Money,
    Month,
    PersonName,
    Text,
    Unreadable,
    reader_for,
)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("5000", "5000.00"),
        ("5,000.00", "5000.00"),
        ("１２，３４５．６", "12345.60"),
        (" ¥5000.1元 ", "5000.10"),
        (5000, "5000.00"),
        (5000.1, "5000.10"),
        (0.07, "0.07"),
        (5000 * 1.1, "5500.00"),
        (0.1 + 0.2, "0.30"),
        (Decimal("5000.120"), "5000.12"),
        ("-3.50", "-3.50"),
        ("-0", "0.00"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_money_is_read_to_the_fen(written, amount):
    read = Money.read(written)
    assert str(read) == amount
    assert type(read) is Decimal


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("5000.123", "最多保留两位小数"),
        (5833.333333333333, "最多保留两位小数"),
        (Decimal("0.001"), "最多保留两位小数"),
        ("五千", "请写成 5000.00"),
        ("50,00", "请写成 5000.00"),
        ("5e3", "请写成 5000.00"),
        ("1 000 x", "请写成 5000.00"),
        (True, "请写成 5000.00"),
        (date(2026, 6, 1), "请写成 5000.00"),
        ("1000000000000", "超出了可以填写的范围"),
        (float("nan"), "超出了可以填写的范围"),
        (float("inf"), "超出了可以填写的范围"),
        (1e300, "超出了可以填写的范围"),
        ("9" * 5000, "超出了可以填写的范围"),
    ],
)
def test_what_is_not_an_amount_is_refused_with_what_to_do(written, sentence):
    with pytest.raises(Unreadable, match=sentence):
        Money.read(written)


@given(st.decimals(Decimal("-999999999999.99"), Decimal("999999999999.99"), places=2))
def test_text_cell_and_decimal_mean_the_same_amount(amount):
    assert Money.read(str(amount)) == Money.read(f"{amount:,}") == Money.read(amount) == amount
    if abs(amount) < 10**12:
        assert Money.read(float(amount)) == amount


@pytest.mark.parametrize(
    "written",
    [
        "2026-06-01",
        "2026-6-1",
        "2026/6/1",
        "2026.06.01",
        "20260601",
        20260601,
        20260601.0,
        "2026年6月1日",
        "2026年06月01",
        "２０２６－０６－０１",
        "2026-06-01 00:00:00",
        "2026-06-01T00:00:00",
        date(2026, 6, 1),
        datetime.fromisoformat("2026-06-01 08:30"),
        datetime(2026, 5, 31, 17, 0, tzinfo=UTC),
    ],
)
def test_the_first_of_june_may_be_written_in_many_ways(written):
    assert Day.read(written) == date(2026, 6, 1)
    assert type(Day.read(written)) is date


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("2026-02-29", "日历上没有这一天"),
        ("2026-13-01", "日历上没有这一天"),
        ("0000-01-01", "日历上没有这一天"),
        ("1026-06-01", "年份超出了"),
        ("06-01-2026", "请写成 2026-06-01"),
        ("2026-06", "请写成 2026-06-01"),
        ("昨天", "请写成 2026-06-01"),
        (46174, "不是日期格式，请写成 2026-06-01"),
        (46174.5, "不是日期格式，请写成 2026-06-01"),
    ],
)
def test_what_is_not_a_day_is_refused_with_what_to_do(written, sentence):
    with pytest.raises(Unreadable, match=sentence):
        Day.read(written)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_any_day_reads_the_same_in_every_spelling(day):
    spellings = (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    )
    assert {Day.read(spelling) for spelling in spellings} == {day}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (" 李　小明 ", "李小明"),
        ("李 明", "李明"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("John  Smith", "John Smith"),
        ("Anne-Marie O'Neil Jr.", "Anne-Marie O'Neil Jr."),
        ("\u200b王\ufeff芳", "王芳"),
        ("𠮷田", "𠮷田"),
        ("\uf9ffab", "\uf9ffab"),  # a compatibility character stays the character on the card
    ],
)
def test_a_name_is_read_as_on_the_card(written, name):
    assert PersonName.read(written) == name


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("李", "至少两个字"),
        ("李1", "数字或符号"),
        ("=cmd()", "数字或符号"),
        ("李" * 51, "超过50个字"),
        (12, "应填姓名"),
        ("<b>李</b>", "数字或符号"),
    ],
)
def test_what_is_not_a_name_is_refused(written, sentence):
    with pytest.raises(Unreadable, match=sentence):
        PersonName.read(written)


class Meal(TextChoices):
    NOODLES = "noodles", "热干面"
    SOUP = "soup", "排骨藕汤"


class Size(Enum):
    SMALL = 1


def test_a_choice_is_read_by_label_value_or_name():
    read = reader_for(Meal)
    assert [read(raw) for raw in ("热干面", "noodles", "SOUP", Meal.SOUP)] == [
        Meal.NOODLES,
        Meal.NOODLES,
        Meal.SOUP,
        Meal.SOUP,
    ]
    assert reader_for(Size)(1.0) is Size.SMALL
    with pytest.raises(Unreadable, match="请从以下选一项：热干面、排骨藕汤"):
        read("豆皮")
    with pytest.raises(Missing):
        read("")


def test_several_are_read_from_a_list_or_from_separated_text_each_once():
    read = reader_for(tuple[Meal, ...])
    assert read("热干面、排骨藕汤，热干面") == read(["noodles", "soup"]) == (Meal.NOODLES, Meal.SOUP)
    with pytest.raises(Missing):
        read([])
    with pytest.raises(Unreadable, match="请从以下选一项"):
        read("热干面 豆皮")


def test_what_may_be_left_empty_reads_as_nothing():
    for annotation in (Money | None, Day | None, Meal | None, IdNumber | None, str | None):
        assert reader_for(annotation)("  ") is None
        assert reader_for(annotation)(None) is None
    assert reader_for(Money | None)("1") == Decimal("1.00")


def test_yes_and_no_may_be_written_in_many_ways():
    read = reader_for(bool)
    assert [read(raw) for raw in (True, "是", "TRUE", "√", 1, 1.0)] == [True] * 6
    assert [read(raw) for raw in (False, "否", "no", 0)] == [False] * 4
    with pytest.raises(Unreadable, match="“是”或“否”"):
        read("也许")
    with pytest.raises(Missing):
        read("")


def test_whole_numbers_and_plain_types():
    assert reader_for(int)("１２") == reader_for(int)(12.0) == 12
    assert reader_for(str)("  a\t b ") == "a b"
    assert reader_for(str)(42.0) == "42"
    assert reader_for(Decimal)("1") == Decimal("1.00")
    assert reader_for(date)("2026-06-01") == date(2026, 6, 1)
    assert reader_for(Month)("2026-06") == Month(2026, 6)
    for wrong in ("1.5", 1.5, "x"):
        with pytest.raises(Unreadable, match="整数"):
            reader_for(int)(wrong)
    with pytest.raises(Missing):
        Text.read(None)
    with pytest.raises(Unreadable, match="不能显示的字符"):
        Text.read("a\x00b")


def test_running_text_keeps_the_punctuation_with_which_it_was_written():
    assert Text.read(" 新单位，试用网上办理；\u200b共１２人 ") == "新单位，试用网上办理；共12人"
    assert Text.read("武汉江岸（示例）有限公司") == "武汉江岸（示例）有限公司"


def test_an_annotation_nobody_can_read_is_a_mistake_of_the_programmer():
    for annotation in (object, dict, int | str, tuple[int, str], float):
        with pytest.raises(TypeError, match="no reader"):
            reader_for(annotation)


@given(
    st.one_of(
        st.text(),
        st.floats(),
        st.integers(),
        st.booleans(),
        st.none(),
        st.datetimes(),
        st.dates(),
        st.decimals(),
    )
)
def test_whatever_a_cell_holds_is_read_or_refused_with_a_sentence(raw):
    for annotation in (
        Money,
        Day,
        Month,
        PersonName,
        IdNumber,
        Meal,
        bool,
        int,
        str,
        tuple[Meal, ...],
        Money | None,
    ):
        try:
            reader_for(annotation)(raw)
        except Unreadable as refusal:
            assert "请" in str(refusal)
