"""工作日: weekends, the holidays of the State Council's notice, and years of which nobody knows yet."""

from datetime import date

import pytest
from django.conf import settings

from shebao.policy import files, working_days
from shebao.policy.working_days import HOLIDAYS, MAKE_UP_DAYS, Misread
from tests import policies


@pytest.fixture
def calendar(db):
    policies.load()
    return working_days.between(date(2026, 1, 1), date(2027, 3, 1))


def test_weekdays_are_worked_and_weekends_are_not(calendar):
    assert calendar.works(date(2026, 11, 23))
    assert calendar.why_not(date(2026, 11, 22)) == "周末"


def test_the_national_day_is_a_holiday_and_the_saturday_after_is_worked(calendar):
    assert calendar.why_not(date(2026, 10, 7)) == "国庆节"
    assert calendar.works(date(2026, 10, 8))
    assert calendar.works(date(2026, 10, 10))
    assert date(2026, 10, 10).weekday() == 5


def test_2026_has_the_days_of_the_notice(calendar):
    """33 days of rest in seven holidays, six of them worked for: 国办发明电〔2025〕7号."""
    assert len(calendar.holidays) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert len(calendar.make_up) == 6
    assert len(set(calendar.holidays.values())) == 7


def test_five_working_days_jump_over_a_holiday(calendar):
    assert calendar.after(date(2026, 9, 29), 5) == date(2026, 10, 12)  # 30, then 8, 9, 10 and 12 October
    assert calendar.after(date(2026, 11, 20), 1) == date(2026, 11, 23)


def test_a_year_without_a_notice_is_unknown(calendar):
    assert calendar.known == {2026}
    assert calendar.works(date(2027, 1, 4))


def test_the_demo_makes_do_with_made_up_holidays_and_says_so(db):
    policies.load(synthetic=True)
    calendar = working_days.between(date(2026, 12, 1), date(2027, 1, 31))
    assert (calendar.known, calendar.synthetic) == ({2026, 2027}, {2027})
    assert calendar.why_not(date(2027, 1, 1)) == "元旦"


def test_every_year_that_is_written_down_can_be_read():
    entries = files.read(settings.POLICIES, synthetic=True).entries
    for entry in entries:
        if entry.text and entry.parameter == HOLIDAYS:
            assert all(
                day.year == entry.valid_from.year
                for day, _ in working_days.read_holidays(entry.text, entry.valid_from.year)
            )
        if entry.text and entry.parameter == MAKE_UP_DAYS:
            assert all(day.weekday() > 4 for day in working_days.read_days(entry.text, entry.valid_from.year))


@pytest.mark.parametrize("text", ["元旦01-01", "元旦 1月1日", "01-01 至 01-03"])
def test_days_that_are_written_in_another_way_are_refused_with_the_right_way(text):
    with pytest.raises(Misread, match="写成"):
        list(working_days.read_holidays(text, 2026))


def test_made_up_days_that_are_written_in_another_way_are_refused(db):
    with pytest.raises(Misread, match="写成"):
        list(working_days.read_days("1-4", 2026))
