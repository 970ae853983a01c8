"""Days of the month that a city names, such as the day for papers: the one place where a number becomes a date."""

from collections.abc import Iterable
from datetime import date

from shebao.foundation.months import Month
from shebao.policy import inforce

FILING_FIRST, FILING_LAST = "filing_first_day", "filing_last_day"
PAPERS = "papers_day"
PAYMENT = "payment_due_day"


def over(parameter: str, months: Iterable[Month]) -> dict[Month, date | None]:
    """That day of each of these months, None where the city's is not known: one query for all.

    A month that is shorter ends with its last day: the 31st of February is the 28th or 29th.
    """
    days = inforce.over(parameter, months=months)
    return {
        month: None if day is None else month.first_day.replace(day=min(int(day), month.last_day.day))
        for month, day in days.items()
    }


def of(parameter: str, month: Month) -> date | None:
    return over(parameter, [month])[month]
