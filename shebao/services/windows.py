"""When services are open, and by which day papers must be at the office."""

from datetime import date

from shebao.casework.service import Window
from shebao.foundation.months import Month
from shebao.policy import inforce


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
