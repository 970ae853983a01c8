"""缴费期限: by which day a contribution month has to be paid, and which months are overdue."""

from collections.abc import Iterable
from datetime import date

from shebao.foundation.months import Month
from shebao.policy import inforce

_DAY = "payment_due_day"


def deadlines(months: Iterable[Month]) -> dict[Month, date | None]:
    """For each month the last day on which it can be paid without being late; None where the city's is not known."""
    days = inforce.over(_DAY, months=months)
    return {
        month: None if day is None else month.first_day.replace(day=min(int(day), month.last_day.day))
        for month, day in days.items()
    }


def deadline(month: Month) -> date | None:
    return deadlines([month])[month]


def overdue_until(today: date) -> Month:
    """The last month whose deadline has passed.

    A month whose day is not known counts as overdue when it is over: by no rule is anybody late before that.
    """
    month = Month.of(today)
    last_day = deadline(month) or month.last_day
    return month if today > last_day else month.plus(-1)
