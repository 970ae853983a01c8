"""挂账处理: what becomes of money that matched no slip. Nothing vanishes: each deed is one row, by name, and final.

Receipts together of exactly a slip's total pay it; money that belongs nowhere is refunded when two officers say so; a
slip whose money came after its last day is issued anew, with the late fee up to the day on which it came.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from shebao import audit
from shebao.foundation import clock, sql
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from shebao.ledger import arrears_slips, payers, receipts, slips
from shebao.ledger.models import Claim, Receipt, Resolution, Slip

_SQL = sql.queries("shebao.ledger", "receipts.sql")


@dataclass(frozen=True)
class Waiting:
    """An open slip for which money waits; yuan."""

    id: int
    number: str
    payer_id: int
    payer_name: str
    total: Decimal
    fee_until: date | None
    came: Decimal
    receipts: int
    last_day: date
    late: bool

    @property
    def missing(self) -> Decimal:
        return max(self.total - self.came, Decimal("0.00"))

    @property
    def surplus(self) -> Decimal:
        return max(self.came - self.total, Decimal("0.00"))


def slips_with_money(*, limit: int = 50) -> list[Waiting]:
    """The open slips for which money waits; whose money has waited longest stands first."""
    return [Waiting(**row) for row in sql.rows(_SQL["slips_with_money"], {"limit": limit})]


@transaction.atomic
def assign_all(slip_number: str, *, by: Acting) -> Resolution:
    """All the money that waits for this slip pays it. Raises Unsettled, as `assign`."""
    waiting = of_slip(_open_slip(slip_number).id)
    if not waiting:
        raise Unsettled(_("缴费单 %(number)s 没有挂账的到账，请刷新后再看") % {"number": slip_number})
    return assign(slip_number, [one.id for one in waiting], by=by)


def of_slip(slip_id: int) -> list[Receipt]:
    """The money that waits for this slip: it names it, or one in whose place this one was issued."""
    waiting = Receipt.objects.filter(slip_id=slip_id, state__in=receipts.SUSPENSE, resolution_id=None)
    return list(waiting.order_by("id"))


@transaction.atomic
def assign(slip_number: str, receipt_ids: Collection[int], *, by: Acting) -> Resolution:
    """认领入单: these receipts together pay this slip, which is open, to the fen. Raises Unsettled."""
    sql.run(_SQL["one_file_at_a_time"]).close()
    if not receipt_ids:
        raise Unsettled(_("还没有勾选到账；请先在上表勾选要认领的款项"))
    if not slip_number:
        raise Unsettled(_("还没有填凭单号；请填写这些款项要缴的缴费单"))
    slip = _open_slip(slip_number)
    found = _waiting(receipt_ids)
    amount = sum((one.amount for one in found), Decimal("0.00"))
    if amount != slip.total:
        raise Unsettled(
            _("所选到账合计 %(amount)s 元，缴费单为 %(total)s 元，须分毫不差才能认领")
            % {"amount": f"{amount:,.2f}", "total": f"{slip.total:,.2f}"}
        )
    last_day = max(one.received_on for one in found)
    if _are_late(found, slip):
        raise Unsettled(
            _("款项于 %(day)s 到账，滞纳金只计到 %(until)s，要重新计算，请先重开补缴单")
            % {"day": last_day, "until": slip.fee_until}
        )
    return _pay(slip, found, last_day, by=by)


def _pay(slip: Slip, found: Sequence[Receipt], last_day: date, *, by: Acting) -> Resolution:
    resolution = Resolution.objects.create(
        kind=Resolution.Kind.ASSIGNED,
        state=Resolution.State.DONE,
        slip_id=slip.id,
        receipt_ids=[one.id for one in found],
        amount=slip.total,
        proposed_by=by.ref,
        proposed_by_name=by.account_name,
        decided_by=by.ref,
        decided_by_name=by.account_name,
        decided_at=clock.now(),
    )
    Receipt.objects.filter(pk__in=resolution.receipt_ids).update(resolution_id=resolution.id)
    locked = {row["id"]: row for row in sql.rows(_SQL["lock_slips"], {"slip_numbers": [slip.number]})}
    lead = {
        "id": max(resolution.receipt_ids), "slip_id": slip.id, "amount": slip.total, "received_on": last_day,
    }  # fmt: skip
    receipts.pay([lead], locked)
    audit.record(
        "suspense.assigned",
        slips.ref(slip),
        by=by,
        details={"receipts": len(found), "amount": str(slip.total), "resolution": resolution.id},
    )
    return resolution


@transaction.atomic
def propose_refund(receipt_ids: Collection[int], reason: str, *, by: Acting) -> Resolution:
    """提出退款: the money waits for a second officer's word. Raises Unsettled without a reason."""
    if not receipt_ids:
        raise Unsettled(_("还没有勾选到账；请先在上表勾选要退款的款项"))
    if not reason.strip():
        raise Unsettled(_("请写明退款的原因和收款账户"))
    sql.run(_SQL["one_file_at_a_time"]).close()
    found = _waiting(receipt_ids)
    resolution = Resolution.objects.create(
        kind=Resolution.Kind.REFUNDED,
        state=Resolution.State.PROPOSED,
        receipt_ids=[one.id for one in found],
        amount=sum((one.amount for one in found), Decimal("0.00")),
        reason=reason.strip(),
        proposed_by=by.ref,
        proposed_by_name=by.account_name,
    )
    Receipt.objects.filter(pk__in=resolution.receipt_ids).update(resolution_id=resolution.id)
    audit.record(
        "suspense.refund-proposed", ref(resolution), by=by, details={"amount": str(resolution.amount)}
    )
    return resolution


@transaction.atomic
def decide_refund(resolution_id: int, agreed: bool, *, by: Acting) -> Resolution:
    """复核退款: another officer than the one who proposed it agrees, or refuses and the money waits again."""
    sql.run(_SQL["one_file_at_a_time"]).close()
    resolution = Resolution.objects.select_for_update().get(pk=resolution_id, kind=Resolution.Kind.REFUNDED)
    if resolution.state != Resolution.State.PROPOSED:
        raise Unsettled(_("这笔退款已经复核过，没有任何变动"))
    if resolution.proposed_by == by.ref:
        raise Unsettled(_("退款须由另一名经办人员复核，不能复核自己提出的退款"))
    resolution.state = Resolution.State.DONE if agreed else Resolution.State.REFUSED
    resolution.decided_by, resolution.decided_by_name = by.ref, by.account_name
    resolution.decided_at = clock.now()
    resolution.save(update_fields=["state", "decided_by", "decided_by_name", "decided_at"])
    if not agreed:
        Receipt.objects.filter(resolution_id=resolution.id).update(resolution_id=None)
    deed = "suspense.refunded" if agreed else "suspense.refund-refused"
    audit.record(deed, ref(resolution), by=by, details={"amount": str(resolution.amount)})
    return resolution


@transaction.atomic
def reissue(slip_number: str, *, by: Acting) -> Slip:
    """重开补缴单: for money that came after the day to which the late fee was counted. The new slip asks for the fee up
    to the day on which the money covered the contributions; what waits goes with it, and pays it once the rest of the
    fee has come, on whatever day: a fee bears no fee. Raises Unsettled.
    """
    sql.run(_SQL["one_file_at_a_time"]).close()
    slip = _open_slip(slip_number)
    waiting = of_slip(slip.id)
    if not _are_late(waiting, slip):
        raise Unsettled(_("这张单没有逾期到账的款项，不需要重开"))
    payers.lock([slip.payer_id])
    claims = list(Claim.objects.select_for_update().filter(slip_id=slip.id).order_by("id"))
    slips.take_back(slip.id, by=by)
    fresh = arrears_slips.issue(
        slip.payer_id,
        claims,
        _covered_on(waiting, slip.total - slip.late_fee),
        arrears_slips.pay_by(clock.today()),
        by=by,
        source=f"reissued:{slip.number}",
    )
    Receipt.objects.filter(pk__in=[one.id for one in waiting]).update(slip_id=fresh.id)
    audit.record("suspense.reissued", slips.ref(slip), by=by, details={"slip": fresh.number})
    return fresh


def ref(resolution: Resolution) -> str:
    """How other records name this deed."""
    return f"resolution:{resolution.id}"


def refunds(state: str, *, limit: int = 20) -> list[Resolution]:
    """Refunds in this state, oldest first."""
    found = Resolution.objects.filter(kind=Resolution.Kind.REFUNDED, state=state)
    return list(found.order_by("id")[:limit])


def done(*, limit: int = 20) -> list[Resolution]:
    """The newest deeds, of whatever kind, that are decided."""
    return list(Resolution.objects.exclude(state=Resolution.State.PROPOSED).order_by("-id")[:limit])


def _open_slip(number: str) -> Slip:
    slip = Slip.objects.select_for_update().filter(number=number).first()
    if slip is None:
        raise Unsettled(_("没有凭单号为 %(number)s 的缴费单，请核对") % {"number": number})
    if slip.state != Slip.State.OPEN:
        raise Unsettled(
            _("缴费单 %(number)s %(state)s，不能再认领")
            % {"number": number, "state": Slip.State(slip.state).label}
        )
    return slip


def _are_late(found: Sequence[Receipt], slip: Slip) -> bool:
    """Whether money came after the day to which the late fee was counted, and what had come by then doesn't cover the
    contributions themselves.
    """
    until = slip.fee_until
    if until is None or not found or max(one.received_on for one in found) <= until:
        return False
    return not covers_in_time(slip, ((one.received_on, one.amount) for one in found))


def covers_in_time(slip: Slip, came: Iterable[tuple[date, Decimal]]) -> bool:
    """Whether what came (day, yuan) by the day to which the late fee was counted covers the contributions themselves:
    what is missing then is fee, and a fee bears no fee. False for a slip without a late fee.
    """
    if slip.fee_until is None:
        return False
    in_time = sum((amount for day, amount in came if day <= slip.fee_until), Decimal("0.00"))
    return in_time >= slip.total - slip.late_fee


def _covered_on(found: Sequence[Receipt], contributions: Decimal) -> date:
    """The day on which this money together covered the contributions; if it never did, the day of the last of it."""
    came = Decimal("0.00")
    in_order = sorted(found, key=lambda one: one.received_on)
    for one in in_order:
        came += one.amount
        if came >= contributions:
            return one.received_on
    return in_order[-1].received_on


def _waiting(receipt_ids: Collection[int]) -> list[Receipt]:
    wanted = set(receipt_ids)
    found = list(
        Receipt.objects.select_for_update()
        .filter(pk__in=wanted, state__in=receipts.SUSPENSE, resolution_id=None)
        .order_by("id")
    )
    if len(found) != len(wanted):
        raise Unsettled(_("所选到账中有的已经处理过，没有任何变动；请刷新后重选"))
    return found
