"""挂账: money that came and fits no slip, with the reason of each."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shebao.ledger import receipts
from shebao.ledger.models import Receipt, Slip

PAGE_SIZE = 20


def shown(request: HttpRequest, totals: Mapping[str, tuple[int, Decimal]]) -> dict:
    """One page of it as the desk shows it, of all reasons or of the one that `why` names.

    `totals` is how much waits for each reason: what `receipts.suspense_totals` says.
    """
    why = request.GET.get("why", "")
    why = why if why in receipts.SUSPENSE else ""
    after = request.GET.get("after", "")
    before = int(after) if after.isdecimal() else None
    found = receipts.suspense(state=why or None, before=before, limit=PAGE_SIZE + 1)
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    return {
        "suspense": explained(found),
        "next": found[-1].id if more else "",
        "why": why,
        "reasons": [(one.value, one.label, totals[one][0]) for one in receipts.SUSPENSE if one in totals],
    }


def explained(found: Sequence[Receipt]) -> list[dict]:
    """Receipts in suspense, each with why it waits; the slips they name are read once."""
    named = Slip.objects.in_bulk({one.slip_id for one in found if one.slip_id})
    return [
        {
            "id": one.id,
            "receipt_number": one.reference,
            "slip_number": one.slip_number,
            "amount": one.amount,
            "paid_on": one.received_on,
            "why": _why(one, named.get(one.slip_id)),
        }
        for one in found
    ]


def _why(receipt: Receipt, slip: Slip | None) -> str:
    label = Receipt.State(receipt.state).label
    if slip and receipt.slip_number != slip.number:
        return _("%(label)s：已转到重开的补缴单 %(number)s，总额 %(total)s 元") % {
            "label": label, "number": slip.number, "total": f"{slip.total:,.2f}",
        }  # fmt: skip
    if receipt.state == Receipt.State.WRONG_AMOUNT and slip:
        return _("%(label)s：缴费单为 %(total)s 元") % {"label": label, "total": f"{slip.total:,.2f}"}
    if receipt.state == Receipt.State.LATE and slip:
        return _("%(label)s：滞纳金只计到 %(day)s，要重新计算") % {"label": label, "day": slip.fee_until}
    return str(label)
