"""Write-offs (欠费注销): due lines that nobody has to pay any more, and that count for nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shebao import audit
from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger import bills, dues, payers
from shebao.ledger.models import Claim, Slip

_SQL = sql.queries("shebao.ledger", "writeoffs.sql")
_CHOSEN = {"settled_lines": _SQL["chosen"]}


@dataclass(frozen=True)
class DueKey:
    """Which due line."""

    person_id: int
    scheme: str
    payer_id: int
    month: Month
    line: int = 1


@dataclass(frozen=True)
class OpenMonth:
    """What a payer still owes for one person and month, in yuan; under which number it is asked for or held.

    `paid` is what has been paid of the month already.
    """

    person_id: int
    name: str
    id_number: str  # whole; mask it for the page
    schemes: tuple[str, ...]
    employer_part: Decimal
    personal_part: Decimal
    amount: Decimal
    slip_number: str | None
    claim_number: str | None
    paid: Decimal


def open_in_month(
    payer_id: int, month: Month, *, person_ids: Sequence[int] | None = None, after: int = 0, search: str = "",
    limit: int | None = None,
) -> list[OpenMonth]:  # fmt: skip
    """Whom a payer still owes for in this month, one page; the next page begins `after` the last person_id."""
    scope = {
        "payer_ids": [payer_id], "payer_id": payer_id, "month": month, "after": after, "search": search,
        "limit": limit,
        "person_ids": None if person_ids is None else list(person_ids),
    }  # fmt: skip
    rows = sql.rows(sql.using(payers.PEOPLE, _SQL["open_in_month"]), scope)
    return [OpenMonth(**{**row, "schemes": tuple(row["schemes"])}) for row in rows]


@transaction.atomic
def write_off_month(person_ids: Sequence[int], payer_id: int, month: Month, *, source: str, by) -> None:
    """当月欠费注销 (EMP-8): all that is open for these people in the month, all insurances together. Final."""
    payers.lock([payer_id])
    dues.share_months(
        [month]
    )  # a run that is about to find a difference of it comes before, or sees it written off
    scope = {"person_ids": list(person_ids), "payer_id": payer_id, "month": month}
    rows = sql.rows(_SQL["open_lines"], scope)
    if {row["person_id"] for row in rows} != set(person_ids):
        raise Unsettled(_("所选人员中有人本月已没有未缴的费款，没有任何变动，请刷新后重选"))
    lines = [DueKey(**{**row, "month": Month.of(row["month"])}) for row in rows]
    write_off(lines, on=clock.today(), source=source, by=by)


@transaction.atomic
def write_off(lines: Sequence[DueKey], *, on: date, source: str, by) -> None:
    """Settle these lines without money, all of them or none. Final: there is no way back (EMP-8, IND-4).

    `source` names the case that decided it. Raises Unsettled when a line is settled already, or stands on a slip
    that waits for its money, or is held by an assessment of arrears, or when another line of its due is paid, or open
    and not among these. What is found of these dues later is written off with them (dues.bring_to).
    """
    lines = list(dict.fromkeys(lines))
    payers.lock(line.payer_id for line in lines)
    dues.share_months(sorted({line.month for line in lines}))
    scope = {
        "person_ids": [line.person_id for line in lines],
        "schemes": [str(line.scheme) for line in lines],
        "payer_ids": [line.payer_id for line in lines],
        "months": [line.month for line in lines],
        "lines": [line.line for line in lines],
        "settled_on": on,
        "source": source,
    }
    asked_for = [row["slip_id"] for row in sql.rows(sql.using(_CHOSEN, _SQL["on_live_slips"]), scope)]
    waiting = Slip.objects.filter(pk__in=asked_for, state=Slip.State.OPEN).order_by("id")[:3]
    if waiting:
        raise Unsettled(
            _("所选欠费已列入缴费单 %(numbers)s，请先退回该单")
            % {"numbers": "、".join(slip.number for slip in waiting)}
        )
    held_by = [row["claim_id"] for row in sql.rows(sql.using(_CHOSEN, _SQL["on_live_claims"]), scope)]
    held = Claim.objects.filter(pk__in=held_by, state=Claim.State.READY).order_by("id")[:3]
    if held:
        raise Unsettled(
            _("所选欠费已核定（%(numbers)s），请先办理欠费补缴回退")
            % {"numbers": "、".join(claim.number for claim in held)}
        )
    if sql.rows(sql.using(_CHOSEN, _SQL["partly_paid"]), scope):
        raise Unsettled(_("所选欠费中有的月份已经缴费，余下的差额不能注销，没有任何变动"))
    if sql.rows(sql.using(_CHOSEN, _SQL["left_open"]), scope):
        raise Unsettled(_("所选欠费另有刚核定的差额，须一并注销，没有任何变动，请刷新后重选"))
    try:
        with transaction.atomic():
            written = sql.run(sql.using(_CHOSEN, _SQL["write_off"]), scope).rowcount
    except IntegrityError as crossed:
        raise Unsettled(_("所选欠费中有的已缴清或已注销，没有任何变动，请刷新后重选")) from crossed
    if written != len(lines):
        raise Unsettled(_("所选欠费中有的不存在，没有任何变动，请刷新后重选"))
    bills.count_settled(_CHOSEN, scope)
    audit.record("dues.written_off", source, by=by, details={"lines": written})
