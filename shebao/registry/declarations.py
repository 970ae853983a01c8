"""年度缴费工资: wages declared once for a base year, and what follows for the enrolment periods."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.registry.models import WageDeclaration

_SQL = sql.queries("shebao.registry", "declarations.sql")
_OVERLAPPING = sql.queries("shebao.registry", "enrolments.sql")["overlapping"]
How = WageDeclaration.How


@dataclass(frozen=True)
class Wage:
    """A person's wage of a base year with an employer, yuan a month; `of_schemes` where schemes differ."""

    person_id: int
    payer_id: int
    amount: Decimal
    source: str
    of_schemes: Mapping[str, Decimal] = field(default_factory=dict)


def declarable(
    payer_id: int, first: Month, *, person_ids: Collection[int] | None = None
) -> Iterator[Mapping]:
    """Whom to declare for the base year from `first` on: person_id, id_number, name, wage (of the month before).

    Whoever has been declared already isn't on it; whoever counts as undeclared still is. A stream.
    """
    yield from sql.stream(_SQL["declarable"], _asked(payer_id, first, person_ids))


def retirees(payer_id: int, first: Month, *, person_ids: Collection[int] | None = None) -> Iterator[Mapping]:
    """Retirees outside the city's pool to declare for the base year: person_id, id_number, name, pension (as declared
    last, or None). A stream."""
    yield from sql.stream(_SQL["retirees"], _asked(payer_id, first, person_ids))


def _asked(payer_id: int, first: Month, person_ids: Collection[int] | None) -> dict[str, object]:
    return {
        "payer_id": payer_id,
        "first": first,
        "before": first.plus(-1),
        "year": first.year,
        "person_ids": None if person_ids is None else list(person_ids),
    }


@transaction.atomic
def declare_many(wages: Sequence[Wage], *, first: Month, how: str = How.DECLARED) -> None:
    """Let these wages count from `first` on, for as long as the periods that cover that month go. All, or none.

    A period that somebody opened later in the year with another wage stays as it is. The people's rows must be
    locked (`people.lock`). Raises Unsettled when one of them isn't enrolled with this payer in that month.
    """
    lines = [
        (wage.person_id, wage.payer_id, scheme, amount, wage.source)
        for wage in wages
        for scheme, amount in (wage.of_schemes.items() if wage.of_schemes else (("", wage.amount),))
    ]
    params = {
        "person_ids": [line[0] for line in lines],
        "payer_ids": [line[1] for line in lines],
        "schemes": [str(line[2]) for line in lines],
        "wages": [line[3] for line in lines],
        "sources": [line[4] for line in lines],
        "first": first,
        "before": first.plus(-1),
    }
    split = sql.run(_SQL["split"], params).rowcount
    resumed = sql.run(_SQL["resume"], params).rowcount
    if resumed < split or split < len(lines):
        raise Unsettled(
            _("名单中有人在 %(month)s 已不在本单位参保，没有任何变动；请重新检查名单") % {"month": first}
        )
    if sql.rows(_OVERLAPPING, {"person_ids": sorted({wage.person_id for wage in wages})}):
        raise Unsettled(_("名单中有人的参保月份有重叠，没有任何变动；请联系经办机构"))
    record_many(wages, year=first.year, how=how)


@transaction.atomic
def record_many(wages: Sequence[Wage], *, year: int, how: str) -> None:
    """Keep what counts for the year, in place of what counted before; the enrolment periods are left alone."""
    params = {
        "person_ids": [wage.person_id for wage in wages],
        "payer_ids": [wage.payer_id for wage in wages],
        "wages": [wage.amount for wage in wages],
        "sources": [wage.source for wage in wages],
        "year": year,
        "how": str(how),
        "now": clock.now(),
    }
    sql.run(_SQL["supersede"], params).close()
    written = sql.run(_SQL["declare"], params).rowcount
    if written != len(wages):
        numbers = {"wanted": len(wages), "written": written}
        raise Unsettled(_("应记录 %(wanted)s 人的申报工资，实际 %(written)s 人，没有任何变动") % numbers)
