"""缴费期限: by which day a contribution month has to be paid, and which months are overdue."""

from collections.abc import Iterable
from datetime import date

from shebao.foundation.months import Month
from shebao.policy import month_days

BEGINNING = Month(1992, 1)
"""The first month of the books."""


def deadlines(months: Iterable[Month]) -> dict[Month, date | None]:
    """For each month the last day on which it can be paid without being late; None where the city's is not known."""
    return month_days.over(month_days.PAYMENT, months)


def deadline(month: Month) -> date | None:
    return deadlines([month])[month]


def next_deadline(today: date) -> date | None:
    """The first last day of payment that has not passed; None where the city's is not known."""
    this_month = Month.of(today)
    known = deadlines([this_month, this_month.plus(1)])
    return next((day for month in sorted(known) if (day := known[month]) and day >= today), None)


def late_among(months: Iterable[Month], today: date) -> list[Month]:
    """Those of these months whose known last day has passed: what is open of them bears a late fee."""
    return [month for month, day in deadlines(months).items() if day is not None and day < today]


def overdue(today: date) -> tuple[Month, date]:
    """The last month whose deadline has passed, and the day on which it did.

    A month whose day is not known counts as overdue when it is over: by no rule is anybody late before that.
    """
    month = Month.of(today)
    known = deadlines([month, month.plus(-1)])
    last_day = known[month] or month.last_day
    if today > last_day:
        return month, last_day
    before = month.plus(-1)
    return before, known[before] or before.last_day


def overdue_until(today: date) -> Month:
    """The last month whose deadline has passed."""
    month, _last_day = overdue(today)
    return month
