"""Enrolment periods (参保关系): opened, closed, never edited, never overlapping."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.registry.models import Enrolment

_SQL = sql.queries("shebao.registry", "enrolments.sql")

STRETCHES = _SQL["stretches"]
"""A relation (person_id, starts, ends) over a relation `people` and the parameter payer_id; see its sentence."""


@dataclass(frozen=True)
class Opening:
    """A period to open. Employees have a wage (yuan a month), flexible workers a tier (share of the average)."""

    person_id: int
    scheme: str
    starts: Month
    payer_id: int
    source: str  # the reference of what asked for it, e.g. case:…/row:212
    kind: str = Enrolment.Kind.EMPLOYEE
    declared_wage: Decimal | None = None
    tier: Decimal | None = None
    hired_on: date | None = None
    opened_late: bool = False


@transaction.atomic
def open_many(openings: Sequence[Opening]) -> None:
    """Open all of these periods, or none. The people's rows must be locked (`people.lock`) before.

    Raises Unsettled when one of them is, at this moment, already enrolled for one of the months.
    """
    person_ids = [o.person_id for o in openings]
    try:
        with transaction.atomic():
            opened = sql.run(
                _SQL["open_many"],
                {
                    "person_ids": person_ids,
                    "schemes": [str(o.scheme) for o in openings],
                    "starts": [o.starts for o in openings],
                    "payer_ids": [o.payer_id for o in openings],
                    "kinds": [str(o.kind) for o in openings],
                    "declared_wages": [o.declared_wage for o in openings],
                    "tiers": [o.tier for o in openings],
                    "hired_on": [o.hired_on for o in openings],
                    "opened_late": [o.opened_late for o in openings],
                    "sources": [o.source for o in openings],
                },
            ).rowcount
    except IntegrityError as crossed:
        raise Unsettled(_("名单中有人此刻已在其他单位或窗口参保，没有任何变动；请重新检查名单")) from crossed
    if opened != len(openings):
        numbers = {"wanted": len(openings), "opened": opened}
        raise Unsettled(_("应新增 %(wanted)s 条参保关系，实际 %(opened)s 条，没有任何变动") % numbers)
    if sql.rows(_SQL["overlapping"], {"person_ids": list(set(person_ids))}):
        raise Unsettled(_("名单中有人在所选月份已经参保，没有任何变动；请重新检查名单"))


@dataclass(frozen=True)
class Leaver:
    person_id: int
    reason: str
    source: str


@transaction.atomic
def close_many(leavers: Sequence[Leaver], payer_id: int, *, ends: Month) -> None:
    """Let all that these people have with this payer end with the month `ends`; what was to begin later never was.

    All of them, or none: Unsettled where somebody has no period here in that month.
    """
    rows = sql.rows(
        _SQL["close_many"],
        {
            "person_ids": [leaver.person_id for leaver in leavers],
            "reasons": [str(leaver.reason) for leaver in leavers],
            "sources": [leaver.source for leaver in leavers],
            "payer_id": payer_id,
            "ends": ends,
        },
    )
    closed = {row["person_id"] for row in rows}
    if len(closed) != len({leaver.person_id for leaver in leavers}):
        numbers = {"all": len(leavers), "missing": len(leavers) - len(closed)}
        raise Unsettled(_("%(all)s 人中有 %(missing)s 人在本单位没有参保关系，没有任何变动") % numbers)


@dataclass(frozen=True)
class NewWage:
    person_id: int
    wage: Decimal  # yuan a month
    source: str


@transaction.atomic
def change_wages(changes: Sequence[NewWage], payer_id: int, *, starts: Month) -> None:
    """Declare another wage for these people from `starts` on: their open periods with this payer end the month before,
    and the next begin, in the same schemes. All of them, or none. The people's rows must be locked before.

    Raises Unsettled where somebody has no period here that began before `starts`.
    """
    try:
        with transaction.atomic():
            rows = sql.rows(
                _SQL["change_wages"],
                {
                    "person_ids": [change.person_id for change in changes],
                    "wages": [change.wage for change in changes],
                    "sources": [change.source for change in changes],
                    "payer_id": payer_id,
                    "starts": starts,
                },
            )
    except IntegrityError as crossed:
        raise Unsettled(_("名单中有人的参保关系刚刚变动，没有任何变动；请重新检查名单")) from crossed
    changed = {row["person_id"] for row in rows}
    missing = len({change.person_id for change in changes} - changed)
    if missing:
        numbers = {"all": len(changes), "missing": missing, "month": starts}
        raise Unsettled(
            _(
                "%(all)s 人中有 %(missing)s 人在 %(month)s 之前没有在本单位参保，或本月已变更过工资，没有任何变动"
            )
            % numbers
        )


def roster(payer_id: int, *, after: int = 0, search: str = "", limit: int = 50) -> list[dict]:
    """在册职工: one page of the people an employer has now; the next page begins `after` the last person_id.

    `starts` is the first month of their unbroken time with this employer.
    """
    statement = sql.using({"people": _SQL["people_now"], "stretches": STRETCHES}, _SQL["roster"])
    return sql.rows(
        statement, {"payer_id": payer_id, "after": after, "search": search.strip(), "limit": limit}
    )


def of_person(person_id: int) -> list[dict]:
    """All periods of one person, newest first."""
    return sql.rows(_SQL["of_person"], {"person_id": person_id})


def left_with(payer_id: int, *, month: Month) -> tuple[int, int]:
    """How many people stay enrolled with a payer, and how many others are until this month or longer."""
    row = sql.rows(_SQL["left_with"], {"payer_id": payer_id, "month": month})[0]
    return row["stay"], row["until_then"]


def people_of(payer_id: int, *, since: Month) -> list[int]:
    """Whoever was with a payer in this month or later."""
    rows = sql.rows(_SQL["people_of"], {"payer_id": payer_id, "since": since})
    return [row["person_id"] for row in rows]
