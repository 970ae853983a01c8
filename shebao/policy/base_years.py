"""缴费基数年度: the twelve months for which a wage is declared once, and the days on which that is done."""

from dataclasses import dataclass
from datetime import date

from shebao.foundation.months import Month
from shebao.policy import inforce


@dataclass(frozen=True)
class BaseYear:
    """One base year of the city. The days of declaring are None while nobody has announced them."""

    first: Month
    opens: date | None
    closes: date | None

    @property
    def year(self) -> int:
        return self.first.year

    @property
    def last(self) -> Month:
        return self.first.plus(11)

    @property
    def before(self) -> Month:
        """The month whose roster is declared, and whose amounts count where nobody declares."""
        return self.first.plus(-1)


def at(today: date) -> BaseYear | None:
    """The base year that the day lies in; None where it isn't known with which month it begins."""
    month = Month.of(today)
    known = inforce.value_or_none("base_year_first_month", on=month)
    if known is None:
        return None
    first = Month(month.year, int(known))
    first = first if first <= month else first.plus(-12)
    return BaseYear(first, _day("declaration_opens", first), _day("declaration_closes", first))


def _day(parameter: str, first: Month) -> date | None:
    """A day written as month and day, in the base year."""
    try:
        text = inforce.figure(parameter, on=first).text
    except inforce.Unknown:
        return None
    month, _dash, day = text.partition("-")
    found = date(first.year, int(month), int(day))
    return found if Month.of(found) >= first else found.replace(year=first.year + 1)
