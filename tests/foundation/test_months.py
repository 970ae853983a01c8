"""Counting in contribution months."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shebao.foundation.months import Month
from shebao.foundation.unreadable import Missing, Unreadable

months = st.builds(Month, st.integers(1950, 2100), st.integers(1, 12))


@given(months, st.integers(-500, 500))
def test_so_many_months_later_is_so_many_months_away(month, many):
    assert month.plus(many).minus(month) == many


@given(months)
def test_a_month_ends_the_day_before_the_next_begins(month):
    assert (month.plus(1).first_day - month.last_day).days == 1
    assert Month.of(month.first_day) == Month.of(month.last_day) == month


@given(months, months)
def test_months_are_ordered_as_their_first_days(one, other):
    assert (one < other) == (one.first_day < other.first_day)


@given(months)
def test_a_written_month_reads_back(month):
    assert Month.parse(str(month)) == month


def test_a_range_has_both_ends():
    year = list(Month.range(Month(2025, 11), Month(2026, 2)))
    assert [str(month) for month in year] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(Month.range(Month(2026, 2), Month(2026, 1))) == []


@pytest.mark.parametrize(
    "written",
    [
        "2026-06",
        "2026-6",
        "202606",
        "2026/06",
        "2026.6",
        "2026年6月",
        " 2026年06月 ",
        "２０２６－０６",
        "2026-06-01",
        "2026/6/1",
        "2026年6月1日",
        202606,
        202606.0,
        2026.6,
        date(2026, 6, 30),
        datetime(2026, 6, 1, 9, 30, tzinfo=UTC),
        Month(2026, 6),
    ],
)
def test_june_may_be_written_in_many_ways(written):
    assert Month.read(written) == Month(2026, 6)


@pytest.mark.parametrize(
    "written",
    [
        "2026-13",
        "2026-00",
        "2026",
        "26-06",
        "六月",
        "2026-06-15",
        "2026-111",
        20260601,
        6.5,
        2026.1,
        "0026-06",
    ],
)
def test_what_is_not_a_month_is_refused_with_an_example(written):
    with pytest.raises(Unreadable, match="2026-06"):
        Month.read(written)


def test_an_empty_month_is_missing():
    with pytest.raises(Missing, match="请填写"):
        Month.parse("")


def test_a_query_string_may_hold_anything_and_gets_the_default():
    assert Month.parse("'; drop table", default=Month(2026, 1)) == Month(2026, 1)
    assert Month.parse(None, default=None) is None


def test_there_is_no_thirteenth_month():
    with pytest.raises(ValueError, match="no month 13"):
        Month(2026, 13)


def test_the_last_month_there_is_has_a_last_day():
    assert Month(2199, 12).last_day == date(2199, 12, 31)
