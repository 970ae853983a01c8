"""The contribution month (费款所属期): a month of the calendar that can be counted with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

import psycopg
from django.utils.translation import gettext as _
from psycopg.types.datetime import DateDumper

from shebao.foundation.unreadable import Missing, Unreadable
from shebao.foundation.writing import digits

_REQUIRED = object()
# With its first day too: of a month that somebody types, a spreadsheet makes a date.
_WRITTEN = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})月?(?:[-/.]0?1|(?<=月)0?1日)?|(\d{2}))")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A month, e.g. `Month(2026, 11)`. In the database, and as a query parameter, it is its first day."""

    year: int
    month: int

    FIRST_YEAR: ClassVar[int] = 1900
    LAST_YEAR: ClassVar[int] = 2199

    def __post_init__(self):
        if not (1 <= self.month <= 12 and self.FIRST_YEAR <= self.year <= self.LAST_YEAR):
            raise ValueError(f"there is no month {self.month} of {self.year}")

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str | None, default: "Month | None" = _REQUIRED) -> "Month | None":  # type: ignore[assignment]
        """The month written as 2026-11 (or 202611, 2026/11, 2026年11月).

        With a `default`, that one for anything that is missing or not a month (a query string may hold
        anything); without, Unreadable.
        """
        try:
            return cls.read(text)
        except Unreadable:
            if default is _REQUIRED:
                raise
            return default

    @classmethod
    def read(cls, raw: object) -> "Month":
        """The month that a page, a cell or JSON names. Raises Unreadable."""
        if isinstance(raw, Month):
            return raw
        if isinstance(raw, date):
            year, month = raw.year, raw.month
        else:
            text = digits(raw)
            if not text:
                raise Missing
            # The number 2026.1 may have been typed as 2026.10.
            ambiguous = isinstance(raw, float) and text.endswith(".1")
            written = None if ambiguous else _WRITTEN.fullmatch(text)
            year, month = (int(written[1]), int(written[2] or written[3])) if written else (0, 0)
        if 1 <= month <= 12 and cls.FIRST_YEAR <= year <= cls.LAST_YEAR:
            return cls(year, month)
        raise Unreadable(_("看不出是哪个月份，请写成 2026-06 这样的年月"))

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        following = self.plus(1) if (self.year, self.month) != (self.LAST_YEAR, 12) else None
        return following.first_day - timedelta(days=1) if following else date(self.year, 12, 31)

    def plus(self, months: int) -> "Month":
        """So many months later; earlier, when negative."""
        return self._counted(self._ordinal + months)

    def minus(self, other: "Month") -> int:
        """How many months later than the other one this is."""
        return self._ordinal - other._ordinal

    @classmethod
    def range(cls, first: "Month", last: "Month") -> "Iterator[Month]":
        """Every month from the first to the last, both included; none when the last is before the first."""
        return (cls._counted(ordinal) for ordinal in range(first._ordinal, last._ordinal + 1))

    @property
    def _ordinal(self) -> int:
        return self.year * 12 + self.month - 1

    @classmethod
    def _counted(cls, ordinal: int) -> "Month":
        return cls(ordinal // 12, ordinal % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


class _MonthDumper(DateDumper):
    """A month goes to PostgreSQL as the date of its first day, in SQL files as in the ORM."""

    def dump(self, obj):
        return super().dump(obj.first_day)


psycopg.adapters.register_dumper(Month, _MonthDumper)


def span(first: Month, last: Month) -> str:
    """2026-08 至 2026-09 in the reader's language; one month stands alone."""
    return str(first) if first == last else _("%(first)s 至 %(last)s") % {"first": first, "last": last}
