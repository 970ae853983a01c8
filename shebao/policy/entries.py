"""One dated figure as written in policies/, and which of several is in force on a day.

The same choice serves the loader, which reads files, and `inforce`, which reads the tables.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext_lazy as lazy

COUNTRY = "china"
"""The folder of the national figures: they hold for every city that says nothing of its own for that day."""

EVIDENCE = {
    "V1": lazy("官方全文已读"),
    "V2": lazy("资料逐字引用官方原文或记有官方网址"),
    "V3": lazy("两份以上独立资料一致"),
    "V4": lazy("仅一份第三方资料"),
    "S": lazy("2011 年前后的服务指南"),
    "U": lazy("未经核实"),
    "X": lazy("来源互相冲突"),
    "N": lazy("未查到"),
    "SYN": lazy("演示用合成数据"),
}
UNKNOWN = frozenset({"U", "X", "N"})
"""Marks under which a figure stays unknown, unless the entry says in `adopted` why it is used all the same."""

UNITS = frozenset(
    {
        "share", "share_per_day", "share_per_year", "times", "yuan", "yuan_per_month",
        "minutes", "days", "day_of_month", "months", "years", "text",
        "pixels", "kilobytes",
    }
)  # fmt: skip


class Figure(Protocol):
    """What an entry of a file and a row of policy_value have in common."""

    city: str
    kind: str
    klass: str
    valid_from: date
    valid_until: date | None
    known_from: date
    value: Decimal | None
    text: str
    evidence: str
    adopted: str
    synthetic: bool


@dataclass(frozen=True)
class Entry:
    """One figure of one file. `where` is the file and line, for those who have to mend it."""

    city: str
    scheme: str
    parameter: str
    kind: str
    klass: str
    valid_from: date
    valid_until: date | None
    known_from: date
    value: Decimal | None
    text: str
    unit: str
    title: str
    source: str
    document: str
    url: str
    evidence: str
    adopted: str
    provisional: bool
    synthetic: bool
    review_due: date | None
    where: str
    states_known_from: bool

    @property
    def series(self) -> tuple:
        """The figures that follow one another in time."""
        return (self.city, self.scheme, self.parameter, self.kind, self.klass, self.synthetic)

    @property
    def key(self) -> tuple:
        return (*self.series[:5], self.valid_from, self.known_from, self.synthetic)

    def __str__(self) -> str:
        of = " ".join(part for part in (self.scheme, self.parameter, self.kind, self.klass) if part)
        return f"{self.where}：{of} {self.valid_from}"


def usable(figure: Figure, accepted: frozenset[str]) -> bool:
    """Whether a calculation may rest on this figure."""
    return (figure.value is not None or bool(figure.text)) and figure.evidence in accepted


def in_force(
    figures: Iterable[Figure],
    day: date,
    *,
    city: str,
    kind: str = "",
    klass: str = "",
    known_on: date,
    accepted: frozenset[str],
    synthetic: bool,
) -> Figure | None:
    """Of the figures of one scheme and parameter: the one that counts on `day`, as known on `known_on`.

    The city's own word goes before the country's, the word for this kind before that for all, newer knowledge before
    older. A synthetic figure counts only where no usable real one stands. The answer may be one that says
    "unknown" (see `usable`); None when nothing at all is said.
    """
    candidates = [
        f
        for f in figures
        if f.city in (city, COUNTRY)
        and f.kind in (kind, "")
        and f.klass in (klass, "")
        and f.valid_from <= day
        and (f.valid_until is None or f.valid_until >= day)
        and f.known_from <= known_on
    ]

    def rank(f: Figure):
        return (f.city == city, f.kind == kind, f.klass == klass, f.known_from)

    real = max((f for f in candidates if not f.synthetic), key=rank, default=None)
    if real is not None and usable(real, accepted):
        return real
    made_up = max((f for f in candidates if f.synthetic), key=rank, default=None) if synthetic else None
    return made_up or real
