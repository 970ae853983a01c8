"""欠费核定: what an employer was found to owe for a person, frozen line by line, until a slip asks for it.

All insurances and all months of a person's arrears with the employer go together (EMP-5). A claim is taken back as long
as no slip asks for it; nothing of it is deleted.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shebao import audit
from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger import arrears, deadlines, late_fees, payers, slips
from shebao.ledger.models import Claim, ClaimItem, Slip

_ARREARS = sql.queries("shebao.ledger", "arrears.sql")
_SQL = sql.queries("shebao.ledger", "claims.sql")
_LINES = {"people": _SQL["people"], **slips.OUTSTANDING, "lines": _SQL["lines"]}
_FEES = {**_LINES, **late_fees.FEES}
_HELD = {"dues": _ARREARS["dues_of_people"], "standing": _ARREARS["standing"]}


@dataclass(frozen=True)
class Owing:
    """Arrears of one month with their late fee up to a day; yuan. `without_day`: its last day is not known."""

    month: Month
    persons: int
    employer_part: Decimal
    personal_part: Decimal
    late_fee: Decimal
    total: Decimal
    without_day: bool
    since: date | None
    days: int


@dataclass(frozen=True)
class Held:
    """Under which number a person's arrears are asked for, or held, already."""

    slip_number: str | None
    claim_number: str | None


def fee_day(today: date) -> date | None:
    """Up to which day the late fee is worked out: the next last day of payment; None where none is known."""
    return deadlines.next_deadline(today)


def preview(person_ids: Iterable[int], payer_id: int, *, today: date) -> list[Owing]:
    """What an assessment made now would come to by month; nothing is written."""
    scope = _scope(sorted(set(person_ids)), payer_id, today)
    return [
        Owing(**{**row, "month": Month.of(row["month"])})
        for row in sql.rows(sql.using(_FEES, _SQL["by_month"]), scope)
    ]


def held(person_ids: Iterable[int], payer_id: int, *, today: date) -> dict[int, Held]:
    """Those of these people whose arrears with this payer stand on a slip or are assessed, by person id."""
    scope = {**arrears.overdue_scope(today), "person_ids": sorted(set(person_ids)), "payer_id": payer_id}
    scope["until"] = scope["overdue_until"]
    return {
        row["person_id"]: Held(row["slip_number"], row["claim_number"])
        for row in sql.rows(sql.using(_HELD, _SQL["held"]), scope)
    }


def elsewhere(person_ids: Iterable[int], payer_id: int, *, today: date) -> set[int]:
    """Those of these people for whom another payer is in arrears."""
    scope = {**arrears.overdue_scope(today), "person_ids": sorted(set(person_ids)), "payer_id": payer_id}
    return {row["person_id"] for row in sql.rows(_SQL["elsewhere"], scope)}


@transaction.atomic
def assess(sources: Mapping[int, str], payer_id: int, *, by) -> list[Claim]:
    """核定: one claim for each of these people (person id → the case row it comes from), all of them or none.

    Raises Unsettled when one of them owes nothing, or what he owes is asked for or assessed already.
    """
    payers.lock([payer_id])
    today = clock.today()
    scope = _scope(sorted(sources), payer_id, today)
    fresh = [row["id"] for row in sql.rows(_SQL["serials"], {"count": len(sources)})]
    of_person = dict(zip(sorted(sources), fresh, strict=True))
    scope["claim_ids"] = list(of_person.values())
    try:
        with transaction.atomic():
            sql.run(sql.using(_FEES, _SQL["hold"]), scope).close()
    except IntegrityError as crossed:
        raise Unsettled(_("其中有人的欠费刚刚已经核定，没有任何变动；请刷新后再看")) from crossed
    totals = {row["claim_id"]: row for row in sql.rows(_SQL["totals"], {"claim_ids": fresh})}
    if len(totals) != len(sources):
        raise Unsettled(_("其中有人已经没有可以核定的欠费，没有任何变动；请刷新名单后重选"))
    made = [
        Claim(
            id=claim_id,
            number=f"HD{Month.of(today).first_day:%Y%m}{claim_id:08d}",
            payer_id=payer_id,
            person_id=person_id,
            fee_until=scope["fee_until"],
            source=sources[person_id],
            **_of(totals[claim_id]),
        )
        for person_id, claim_id in of_person.items()
    ]
    Claim.objects.bulk_create(made)
    audit.record(
        "arrears.assessed",
        ref(made[0]) if len(made) == 1 else f"employer:{payer_id}",
        by=by,
        details={"claims": len(made), "total": str(sum(claim.total for claim in made))},
    )
    return made


def _scope(person_ids: Sequence[int], payer_id: int, today: date) -> dict[str, object]:
    found = arrears.overdue_scope(today)
    until = found["overdue_until"]
    return {
        **found, **late_fees.scope(fee_day(today)), "until": until, "person_ids": person_ids, "payer_id": payer_id,
        "months": payers.open_months([payer_id], until=until),
    }  # fmt: skip


def _of(row: Mapping) -> dict[str, object]:
    return {
        "items": row["items"],
        "first_month": Month.of(row["first_month"]),
        "last_month": Month.of(row["last_month"]),
        "employer_part": row["employer_part"],
        "personal_part": row["personal_part"],
        "late_fee": row["late_fee"],
    }


@transaction.atomic
def take_back(number: str, *, by, payer_id: int | None = None) -> Claim:
    """核定退回: its lines are as they were before. With `payer_id` only this payer's (Claim.DoesNotExist).

    Raises Unsettled once a slip asks for it: then the slip is taken back first.
    """
    mine = {} if payer_id is None else {"payer_id": payer_id}
    claim = Claim.objects.select_for_update().get(number=number, **mine)
    if claim.state == Claim.State.TAKEN_BACK:
        raise Unsettled(_("欠费核定 %(number)s 已经退回，无需再次办理") % {"number": number})
    if claim.state != Claim.State.READY:
        slip = Slip.objects.get(pk=claim.slip_id)
        if claim.state == Claim.State.PAID:
            raise Unsettled(_("欠费核定 %(number)s 已经到账，不能退回") % {"number": number})
        raise Unsettled(
            _("欠费核定 %(number)s 已列入补缴单 %(slip)s，请先退回该单")
            % {"number": number, "slip": slip.number}
        )
    released = ClaimItem.objects.filter(claim_id=claim.id, live=True).update(live=False)
    if released != claim.items:
        raise RuntimeError(
            f"claim {number} has {claim.items} items, {released} of them live; bin/books check"
        )
    claim.state = Claim.State.TAKEN_BACK
    claim.closed_at = clock.now()
    claim.save(update_fields=["state", "closed_at"])
    audit.record("arrears.assessment-taken-back", ref(claim), by=by, person_id=claim.person_id)
    return claim


def ref(claim: Claim) -> str:
    """How other records name this assessment of arrears."""
    return f"claim:{claim.number}"


def of_payer(
    payer_id: int,
    *,
    states: Collection[str] | None = None,
    numbers: Collection[str] | None = None,
    search: str = "",
    before: int | None = None,
    limit: int | None = 20,
) -> list[dict]:
    """A payer's assessments with their person, newest first, one page; the next page is `before` the last id.

    `search` is a number of theirs, the beginning of a name, or an ID number.
    """
    scope = {
        "payer_id": payer_id,
        "states": None if states is None else [str(state) for state in states],
        "numbers": None if numbers is None else list(numbers),
        "search": search,
        "before": before,
        "limit": limit,
    }
    return [
        {**row, "first_month": Month.of(row["first_month"]), "last_month": Month.of(row["last_month"])}
        for row in sql.rows(_SQL["listed"], scope)
    ]
