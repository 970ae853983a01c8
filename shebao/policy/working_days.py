"""工作日: which days the agency works, by the State Council's notice of each year.

Saturday and Sunday are days of rest (国务院关于职工工作时间的规定, article 7); the notices name holidays and the
weekend days worked for them. A year without a notice is unknown: its weekdays may turn out to be holidays.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from shebao.foundation import clock
from shebao.policy.entries import COUNTRY, in_force, usable
from shebao.policy.loading import accepted_evidence
from shebao.policy.models import Value

HOLIDAYS, MAKE_UP_DAYS = "public_holidays", "make_up_days"
NONE = "无"

_STRETCH = re.compile(r"(\S+) (\d\d)-(\d\d)(?: 至 (\d\d)-(\d\d))?")
_DAY = re.compile(r"(\d\d)-(\d\d)")


class Misread(ValueError):
    """A text of policies/ that names no days; the message says which and how to write it."""


@dataclass(frozen=True)
class WorkingDays:
    """The calendar of some years. `synthetic` are years whose holidays were made up for a demo."""

    holidays: Mapping[date, str] = field(default_factory=dict)
    make_up: frozenset[date] = frozenset()
    known: frozenset[int] = frozenset()
    synthetic: frozenset[int] = frozenset()

    def works(self, day: date) -> bool:
        """Whether the agency works on that day; of an unknown year, whether it is a weekday."""
        return day in self.make_up or (day.weekday() < 5 and day not in self.holidays)

    def why_not(self, day: date) -> str:
        """Why the agency doesn't work on that day: the holiday's name, or 周末. Empty when it works."""
        return "" if self.works(day) else self.holidays.get(day) or _("周末")

    def after(self, day: date, count: int) -> date:
        """The day by which something promised within so many working days after `day` is due."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.works(day)
        return day


def between(first: date, last: date, *, city: str | None = None) -> WorkingDays:
    """The calendar of all years from that of `first` to that of `last`, as known today; one query."""
    city = city or settings.CITY_CODE
    years = range(first.year, last.year + 1)
    accepted, today = accepted_evidence(), clock.today()
    rows = list(
        Value.objects.filter(
            parameter__in=(HOLIDAYS, MAKE_UP_DAYS),
            city__in=(city, COUNTRY),
            valid_from__lte=date(last.year, 12, 31),
        )
    )
    holidays: dict[date, str] = {}
    make_up: set[date] = set()
    known, synthetic = set(), set()
    for year in years:
        of = {
            parameter: in_force(
                [row for row in rows if row.parameter == parameter],
                date(year, 1, 1), city=city, known_on=today, accepted=accepted, synthetic=True,
            )
            for parameter in (HOLIDAYS, MAKE_UP_DAYS)
        }  # fmt: skip
        if not all(value is not None and usable(value, accepted) for value in of.values()):
            continue
        known.add(year)
        if any(value.synthetic for value in of.values()):
            synthetic.add(year)
        holidays |= dict(read_holidays(of[HOLIDAYS].text, year))
        make_up |= set(read_days(of[MAKE_UP_DAYS].text, year))
    return WorkingDays(holidays, frozenset(make_up), frozenset(known), frozenset(synthetic))


def read_holidays(text: str, year: int) -> Iterator[tuple[date, str]]:
    """(day, name) of every day in e.g. 元旦 01-01 至 01-03、清明节 04-04. Raises Misread."""
    for part in () if text == NONE else text.split("、"):
        found = _STRETCH.fullmatch(part)
        if found is None:
            raise Misread(f"{part!r}：写成“元旦 01-01 至 01-03”")
        name, *numbers = found.groups()
        first = date(year, int(numbers[0]), int(numbers[1]))
        last = date(year, int(numbers[2]), int(numbers[3])) if numbers[2] else first
        for n in range((last - first).days + 1):
            yield first + timedelta(days=n), name


def read_days(text: str, year: int) -> Iterator[date]:
    """The days in e.g. 01-04、02-14. Raises Misread."""
    for part in () if text == NONE else text.split("、"):
        found = _DAY.fullmatch(part)
        if found is None:
            raise Misread(f"{part!r}：写成“01-04”")
        yield date(year, int(found[1]), int(found[2]))
