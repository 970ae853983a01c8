"""Freeze what an employer itself paid for its people (EMP-16): of all of them in sums, or of one month by month.

Its own contributions only: not what it withheld from wages, nothing of other employers. The document is made to be
handed on, to auditors or a tender, so ID numbers are half covered on it and in its attached data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shebao.foundation import masks, sql
from shebao.foundation.months import Month
from shebao.ledger import arrears, payers
from shebao.registry.schemes import Scheme
from shebao.statements import snapshots

FORMAT = "shebao/employer-statement/1"
LEADS = ("name", "id_number", "months", "from", "to")
SUMS = ("due", "paid", "arrears", "not_yet_due")
_SQL = sql.queries("shebao.statements", "contributions.sql")
_RELATIONS = payers.PEOPLE | {
    "dues": _SQL["dues"],
    "ledger_allocation": _SQL["allocations"],
    "standing": snapshots.STANDING,
    "months": snapshots.MONTHS,
}


@dataclass(frozen=True)
class Share:
    """What an employer paid for one of its people over a period, in yuan; `by_scheme` is what was due."""

    person_id: int
    name: str
    id_number: str
    months: int
    first: Month
    last: Month
    by_scheme: dict[str, Decimal]
    due: Decimal
    paid: Decimal
    arrears: Decimal
    not_yet_due: Decimal
    terms_ids: tuple[int, ...]


def shares(employer_id: int, first: Month, last: Month, today: date) -> list[Share]:
    """A line for each of its people for whom something was due in these months (both inclusive)."""
    scope = {"payer_ids": [employer_id], "first": first, "last": last, **arrears.overdue_scope(today)}
    found: list[Share] = []
    for row in sql.rows(sql.using(_RELATIONS, _SQL["sums"]), scope):
        if row["scheme"] is None:  # in all, before its insurances
            found.append(
                Share(
                    person_id=row["person_id"],
                    name=row["name"],
                    id_number=row["id_number"],
                    months=row["months"],
                    first=Month.of(row["first_month"]),
                    last=Month.of(row["last_month"]),
                    by_scheme={},
                    terms_ids=tuple(row["terms_ids"]),
                    **{name: row[name] for name in SUMS},
                )
            )
        else:
            found[-1].by_scheme[row["scheme"]] = row["due"]
    return found


def of_all(
    employer_id: int, first: Month, last: Month, *, kind: str, issuer: dict, demo: bool, today: date
) -> dict | None:
    """The figures for all of an employer's people: a line each. None for an unknown employer."""
    employer = _employer(employer_id)
    if employer is None:
        return None
    found = shares(employer_id, first, last, today)
    schemes = [one for one in Scheme.values if any(share.by_scheme.get(one) for share in found)]
    terms_ids = {terms_id for share in found for terms_id in share.terms_ids}
    return {
        "format": FORMAT,
        "kind": kind,
        "issuer": issuer,
        "employer": employer,
        "period": {"from": str(first), "to": str(last)},
        "schemes": snapshots.scheme_names(schemes),
        "lines": {
            "columns": [*LEADS, *schemes, *SUMS],
            "rows": [_line(share, schemes) for share in found],
        },
        "totals": {
            "persons": len(found),
            **{scheme: _sum(share.by_scheme.get(scheme, 0) for share in found) for scheme in schemes},
            **{name: _sum(getattr(share, name) for share in found) for name in SUMS},
        },
        **snapshots.cited(terms_ids, demo),
    }


def of_one(
    employer_id: int,
    person_id: int,
    first: Month,
    last: Month,
    *,
    kind: str,
    issuer: dict,
    demo: bool,
    today: date,
) -> dict | None:
    """The figures for one of an employer's people, month by month. None for an unknown person or employer."""
    employer = _employer(employer_id)
    whole = snapshots.compose(
        [person_id], first, last, kind=kind, issuer=issuer, demo=demo, today=today, payer_id=employer_id
    ).get(person_id)
    if employer is None or whole is None:
        return None
    person = whole["person"]
    columns = whole["lines"]["columns"]
    kept = [place for place, name in enumerate(columns) if name not in ("personal", "personal_paid")]
    return whole | {
        "format": FORMAT,
        "employer": employer,
        "person": {"name": person["name"], "id_number": masks.id_number(person["id_number"])},
        "lines": {
            "columns": [columns[place] for place in kept],
            "rows": [[row[place] for place in kept] for row in whole["lines"]["rows"]],
        },
    }


def concerns(employer_id: int, person_id: int, first: Month, last: Month) -> bool:
    """Whether the employer was ever billed for this person in these months."""
    scope = {"employer_id": employer_id, "person_id": person_id, "first": first, "last": last}
    return bool(sql.rows(_SQL["concerns"], scope))


def _employer(employer_id: int) -> dict | None:
    return next(iter(sql.rows(_SQL["employer"], {"employer_id": employer_id})), None)


def _line(share: Share, schemes: Sequence[str]) -> list:
    return [
        share.name,
        masks.id_number(share.id_number),
        share.months,
        str(share.first),
        str(share.last),
        *(f"{share.by_scheme[one]:.2f}" if one in share.by_scheme else "" for one in schemes),
        *(f"{getattr(share, name):.2f}" for name in SUMS),
    ]


def _sum(amounts) -> str:
    return f"{sum(amounts, Decimal('0.00')):.2f}"
