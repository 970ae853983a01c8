"""挂账处理: where a ledger clerk says what becomes of money that matched no slip."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shebao.backoffice.ledger_desk import suspense as desk
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind, Role
from shebao.ledger import receipts, suspense
from shebao.ledger.models import Resolution
from shebao.pages.screens import page

WAITING_SHOWN = 200


@require_safe
@acting_for(Kind.AGENCY, role=Role.LEDGER)
def suspended(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Slips for which money waits, all money that waits, refunds that need a second officer, and what was done."""
    proposed = suspense.refunds(Resolution.State.PROPOSED)
    return page(
        request,
        "ledger/suspense.html",
        acting=acting,
        slips=suspense.slips_with_money(),
        suspense=desk.explained(receipts.suspense(limit=WAITING_SHOWN, oldest_first=True)),
        proposed=[(one, one.proposed_by == acting.ref) for one in proposed],
        done=suspense.done(),
    )


@require_POST
@acting_for(Kind.AGENCY, role=Role.LEDGER)
def settle(request: HttpRequest, acting: Acting) -> HttpResponse:
    """What was ticked: assigned to the slip that is named, or proposed for refund."""
    ids = [int(text) for text in request.POST.getlist("receipt") if text.isdecimal()]
    try:
        if request.POST.get("deed") == "refund":
            made = suspense.propose_refund(ids, request.POST.get("reason", "")[:400], by=acting)
            told = _("已提出退款 %(amount)s 元，等另一名经办人员复核")
        else:
            made = suspense.assign(request.POST.get("slip", "").strip()[:24], ids, by=acting)
            told = _("已认领入单，%(amount)s 元已到账")
    except Unsettled as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, told % {"amount": f"{made.amount:,.2f}"})
    return redirect("backoffice:ledger-suspense")


@require_POST
@acting_for(Kind.AGENCY, role=Role.LEDGER)
def of_slip(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """All that waits for a slip together pays it, or the slip is issued anew for money that came too late."""
    try:
        if request.POST.get("deed") == "reissue":
            fresh = suspense.reissue(number, by=acting)
            messages.success(
                request,
                _("已重开补缴单 %(number)s，总额 %(total)s 元；补足差额后可以认领")
                % {"number": fresh.number, "total": f"{fresh.total:,.2f}"},
            )
        else:
            suspense.assign_all(number, by=acting)
            messages.success(request, _("缴费单 %(number)s 已到账") % {"number": number})
    except Unsettled as refused:
        messages.warning(request, refused.sentence)
    return redirect("backoffice:ledger-suspense")


@require_POST
@acting_for(Kind.AGENCY, role=Role.LEDGER)
def refund(request: HttpRequest, acting: Acting, resolution_id: int) -> HttpResponse:
    """复核退款 by another officer."""
    agreed = request.POST.get("deed") == "agree"
    try:
        suspense.decide_refund(resolution_id, agreed, by=acting)
    except Resolution.DoesNotExist as none:
        raise Http404 from none
    except Unsettled as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, _("退款已复核通过") if agreed else _("退款未通过，款项继续挂账"))
    return redirect("backoffice:ledger-suspense")
