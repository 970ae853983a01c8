"""When services are open, and by which day papers must be at the office."""

from datetime import date

from django.utils.translation import gettext as _

from shebao.casework.service import Window
from shebao.foundation.months import Month
from shebao.policy import base_years, inforce


def whole_month(today: date) -> Window:
    """Open on every day; an ordinary employer's papers are due by the city's day, this month's or the next's.

    Source: EMP-1/11 and the rule that work after that day is allowed, but settled with the next month.
    """
    month = Month.of(today)
    known = inforce.value_or_none("papers_day", on=month)
    if known is None:  # a city that names no day
        return Window(month.first_day, month.last_day)
    day = int(known)
    if today.day > day:
        month = month.plus(1)
    return Window(
        Month.of(today).first_day, Month.of(today).last_day, papers_by=month.first_day.replace(day=day)
    )


def filing_days(today: date) -> Window:
    """From the city's first to its last filing day of the month; the whole month in a city that names none.

    Source: EMP-17/1, for Wuhan the 1st to the 22nd.
    """
    month = Month.of(today)
    first = inforce.value_or_none("filing_first_day", on=month)
    last = inforce.value_or_none("filing_last_day", on=month)
    return Window(
        month.first_day if first is None else month.first_day.replace(day=int(first)),
        month.last_day if last is None else month.first_day.replace(day=int(last)),
    )


def base_year(today: date) -> Window:
    """From the day that the city announces to the end of the base year; papers are due by the last day of declaring.

    Who comes later still declares: the law settles afterwards what it had to assume (社会保险法第六十二条).
    """
    year = base_years.at(today)
    if year is None or year.opens is None:
        return Window(today, today, closed=_("本年度的申报日期还没有公布，公布后才能提交"))
    return Window(year.opens, year.last.last_day, papers_by=year.closes)
