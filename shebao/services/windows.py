"""When services are open, and by which day papers must be at the office."""

from datetime import date

from django.utils.translation import gettext_lazy as lazy

from shebao.casework.service import Window
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.policy import base_years, month_days
from shebao.policy.base_years import BaseYear

_UNANNOUNCED = lazy("本年度的申报日期还没有公布，公布后才能提交")


def whole_month(today: date) -> Window:
    """Open on every day; an ordinary employer's papers are due by the city's day, this month's or the next's.

    Source: EMP-1/11 and the rule that work after that day is allowed, but settled with the next month.
    """
    month = Month.of(today)
    known = month_days.over(month_days.PAPERS, [month, month.plus(1)])
    papers_by = next((day for day in (known[month], known[month.plus(1)]) if day and day >= today), None)
    return Window(month.first_day, month.last_day, papers_by=papers_by)


def filing_days(today: date) -> Window:
    """From the city's first to its last filing day of the month; the whole month in a city that names none.

    Source: EMP-17/1, for Wuhan the 1st to the 22nd.
    """
    month = Month.of(today)
    return Window(
        month_days.of(month_days.FILING_FIRST, month) or month.first_day,
        month_days.of(month_days.FILING_LAST, month) or month.last_day,
        again=month_days.of(month_days.FILING_FIRST, month.plus(1)) or month.plus(1).first_day,
    )


def base_year(today: date) -> Window:
    """From the day that the city announces to the end of the base year; papers are due by the last day of declaring.

    Who comes later still declares: the law settles afterwards what it had to assume (社会保险法第六十二条).
    """
    year = base_years.at(today)
    if year is None or year.opens is None:
        return Window(today, today, closed=str(_UNANNOUNCED))
    return Window(year.opens, year.last.last_day, papers_by=year.closes)


def declared_year(day: date) -> BaseYear:
    """The base year that is declared on this day. Unsettled while the city has announced none."""
    year = base_years.at(day)
    if year is None:
        raise Unsettled(str(_UNANNOUNCED))
    return year
