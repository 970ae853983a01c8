"""The chart says in words what it shows, in yuan that start at 0."""

import re
from decimal import Decimal

from shebao.foundation.months import Month
from shebao.pages import charts


def rows(*arrears):
    return [
        {
            "month": Month(2026, 1).plus(n),
            "personal": Decimal("651.60"),
            "employer": Decimal("1828.32"),
            "arrears": n in arrears,
        }
        for n in range(12)
    ]


def test_a_steady_year_is_told_in_one_sentence():
    drawing = charts.contributions(rows(), "cc")
    assert "个人每月 651.60 元，单位每月 1,828.32 元。" in drawing


def test_a_month_in_arrears_is_named_and_carries_the_word():
    drawing = charts.contributions(rows(1), "cc")
    assert "2026-02 欠费，未到账" in drawing
    assert drawing.count('class="ch-x"') == 2  # once for desktops, once for phones


def test_changing_amounts_are_told_as_a_range():
    changed = rows()
    changed[0] |= {"personal": Decimal("600.00")}
    assert "个人每月 600.00 至 651.60 元" in charts.contributions(changed, "cc")


def test_nothing_paid_is_said_too():
    empty = [{"month": Month(2026, 1), "personal": None, "employer": None, "arrears": False}]
    assert "没有到账记录" in charts.contributions(empty, "cc")


def test_the_axis_starts_at_nought_and_ends_above_the_highest_bar():
    assert charts.ticks(Decimal("2479.92")) == [0, 1000, 2000, 3000]
    assert charts.ticks(Decimal("310")) == [0, 100, 200, 300, 400]
    assert charts.ticks(Decimal(0)) == [0, 1000]


def test_a_title_cannot_bring_markup_with_it():
    assert "<script>" not in charts.contributions(rows(), "cc", "<script>alert(1)</script>")


def test_no_style_attribute_which_the_content_policy_would_refuse():
    assert not re.search(r"\sstyle=|\son\w+=", charts.contributions(rows(2), "cc"))
