"""What the law sets where nobody declared: 110 % of the month before (社会保险法第六十二条).

A base year's wages are declared by a day; afterwards whoever was left out gets the law's wage, from the year's first
month on, marked as such. A later declaration takes its place.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from django.db import transaction

from shebao import audit, notices
from shebao.assessment import runs
from shebao.foundation import clock, masks, sql
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from shebao.policy import base_years, inforce
from shebao.policy.base_years import BaseYear
from shebao.policy.models import Value
from shebao.registry import declarations, people

log = logging.getLogger(__name__)

_SQL = sql.queries("shebao.assessment", "undeclared.sql")
REMINDED = 10  # days before the last one, and until it
NAMED = 5  # people whom the notice names; the service's list has them all
STEP = 5_000  # people of one transaction; an employer is never divided
SOURCE = "undeclared:"

Spared = Callable[[Collection[int]], set[tuple[int, str]]]
"""(payer ids) → (payer id, ID number) of those whose declaration waits to be decided."""


@dataclass(frozen=True)
class Someone:
    """One person whom an employer left out."""

    payer_id: int
    person_id: int
    id_number: str
    name: str


def settle(*, by: Acting | str, spared: Spared) -> int:
    """Give everybody whom nobody declared the law's wage, once the last day of declaring is over. Answers how many.

    Done step by step, each a transaction: killed, it is simply run again, and run again it finds nobody.
    """
    year = base_years.at(clock.today())
    if year is None or year.closes is None or clock.today() <= year.closes:
        return 0
    factor = inforce.figure("undeclared_factor", on=year.first)
    settled = after = 0
    while left_out := _left_out(year, after):
        after = left_out[-1].payer_id
        waiting = spared({one.payer_id for one in left_out})
        some = [one for one in left_out if (one.payer_id, one.id_number) not in waiting]
        settled += _give_who_can(some, year, factor, by=by)
    return settled


def remind(*, by: Acting | str, spared: Spared) -> int:
    """Tell each employer once, some days before the last one, how many of its people aren't declared yet."""
    today, year = clock.today(), base_years.at(clock.today())
    if year is None or year.closes is None or not 0 <= (year.closes - today).days <= REMINDED:
        return 0
    percent = inforce.value("undeclared_factor", on=year.first) * 100
    counts = {row["payer_id"]: row["people"] for row in sql.rows(_SQL["employers"], _scope(year))}
    for payer_id, _id_number in spared(counts):
        counts[payer_id] -= 1
    letters = [
        (
            f"employer:{payer_id}",
            f"employer:{payer_id}",
            {"year": year.year, "people": number, "percent": f"{percent:.0f}", "day": year.closes},
        )
        for payer_id, number in counts.items()
        if number > 0
    ]
    notices.later_many("wages-undeclared-soon", letters)
    if letters:
        audit.record("wages.reminded", f"base-year:{year.year}", by=by, details={"employers": len(letters)})
    return len(letters)


def lawful(base: Decimal, factor: Decimal) -> Decimal:
    """The law's wage where the base of the month before was this, yuan a month, rounded half up to the fen."""
    return (base * factor).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _named(names: Sequence[str]) -> str:
    """The first few, masked: 赵*新、钱*."""
    return "、".join(masks.name(name) for name in names[:NAMED])


def _left_out(year: BaseYear, after: int) -> list[Someone]:
    asked = _scope(year) | {"after": after, "most": STEP}
    return [Someone(**row) for row in sql.rows(_SQL["people"], asked)]


def _give_who_can(some: Sequence[Someone], year: BaseYear, factor: Value, *, by: Acting | str) -> int:
    """All at once; when that is refused (a figure of some month isn't known), each employer by itself."""
    try:
        return _give(some, year, factor, by=by)
    except Unsettled as refused:
        employers = [list(own) for _payer_id, own in groupby(some, key=lambda one: one.payer_id)]
        if len(employers) > 1:
            return sum(_give_who_can(own, year, factor, by=by) for own in employers)
        log.error("undeclared wages of employer %s: %s", some[0].payer_id, refused.sentence)
        return 0


@transaction.atomic
def _give(some: Sequence[Someone], year: BaseYear, factor: Value, *, by: Acting | str) -> int:
    people.lock(one.id_number for one in some)
    # Looked up again behind the lock: somebody may have been declared meanwhile.
    wages = _wages(some, year, factor)
    if not wages:
        return 0
    declarations.declare_many(wages, first=year.first, how=declarations.How.UNDECLARED)
    runs.catch_up([wage.person_id for wage in wages], since=year.first, source=f"{SOURCE}{year.year}")
    counts = Counter(wage.payer_id for wage in wages)
    percent = f"{factor.value * 100:.0f}"
    for payer_id, number in counts.items():
        details = {"year": year.year, "people": number, "factor": str(factor.value)}
        audit.record("wages.undeclared", f"employer:{payer_id}", by=by, details=details)
    said = {"year": year.year, "percent": percent, "before": year.before, "month": year.first}
    said["until"] = year.last.last_day
    names: dict[int, list[str]] = {}
    called = {one.person_id: one.name for one in some}
    for wage in wages:
        names.setdefault(wage.payer_id, []).append(called[wage.person_id])
    letters = [
        (
            f"employer:{payer_id}",
            f"employer:{payer_id}",
            said | {"people": number, "names": _named(names[payer_id])},
        )
        for payer_id, number in counts.items()
    ]
    notices.later_many("wages-undeclared", letters)
    return len(wages)


def _wages(some: Sequence[Someone], year: BaseYear, factor: Value) -> list[declarations.Wage]:
    """The law's wage of each of them who still is undeclared: a multiple of the base of the month before, by scheme."""
    asked = _scope(year) | {
        "person_ids": [one.person_id for one in some],
        "payer_ids": [one.payer_id for one in some],
    }
    found: dict[tuple[int, int], dict[str, Decimal]] = {}
    for row in sql.rows(_SQL["bases"], asked):
        found.setdefault((row["person_id"], row["payer_id"]), {})[row["scheme"]] = lawful(
            row["base"], factor.value
        )
    source = f"{SOURCE}{year.year}/policy:{factor.id}"
    return [
        declarations.Wage(person_id, payer_id, max(of_schemes.values()), source, of_schemes)
        for (person_id, payer_id), of_schemes in found.items()
        if min(of_schemes.values()) > 0
    ]


def _scope(year: BaseYear) -> dict[str, object]:
    return {"first": year.first, "before": year.before, "year": year.year}
