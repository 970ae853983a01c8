"""缴费: the employer's monthly bills and its slips."""

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from shebao import audit
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind, Role
from shebao.ledger import arrears, arrears_slips, bills, claims, receipts, revisions, slips, suspense
from shebao.ledger.models import Receipt, Slip
from shebao.pages import downloads, keys
from shebao.pages.screens import page
from shebao.portals.employer.queries import payments
from shebao.registry.schemes import Scheme
from shebao.services import arrears_forms
from shebao.statements import prints

PAGE_SIZE = 20
_FORMS = {
    "payment": arrears_forms.PAYMENT,
    "approval": arrears_forms.APPROVAL,
    "details": arrears_forms.DETAILS,
}


@acting_for(Kind.EMPLOYER)
def months(request: HttpRequest, acting: Acting) -> HttpResponse:
    """What was billed month by month, what is overdue, and the newest slips."""
    before = Month.parse(request.GET.get("after"), default=None)
    billed = bills.months(acting.party_id, before=before, limit=13)
    more, billed = len(billed) > 12, billed[:12]
    return page(
        request,
        "employer/bills.html",
        acting=acting,
        bills=billed,
        following=str(billed[-1].month) if more else "",
        owed=arrears.by_month(acting.party_id, today=clock.today()),
        slips=slips.of_payer(acting.party_id, limit=5),
        preview=slips.preview(acting.party_id, clock.this_month()) if acting.may(Role.PAYER) else None,
        until=clock.this_month(),
        may_assess=acting.may(Role.FILER),
        may_pay=acting.may(Role.PAYER),
        claims=claims.of_payer(acting.party_id, limit=10),
        revised=revisions.of_payer(acting.party_id),
    )


@acting_for(Kind.EMPLOYER)
def bill(request: HttpRequest, acting: Acting, month: str) -> HttpResponse:
    """One month: by scheme, how much of it is paid, and person by person."""
    wanted = _month(month)
    found = bills.of_payer(acting.party_id, wanted)
    if found is None:
        raise Http404
    after = request.GET.get("after", "")
    people = bills.people(acting.party_id, wanted, after=keys.number(after, 0), limit=PAGE_SIZE + 1)
    more, people = len(people) > PAGE_SIZE, people[:PAGE_SIZE]
    audit.looked_many(
        by=acting,
        person_ids=[row["person_id"] for row in people],
        what=lazy("单位月度账单"),
        about=acting.party_ref,
    )
    return page(
        request,
        "employer/bill.html",
        acting=acting,
        bill=found,
        labels=dict(Scheme.choices),
        settled=bills.settled(acting.party_id, wanted),
        people=people,
        following=people[-1]["person_id"] if more else "",
    )


@require_POST
@acting_for(Kind.EMPLOYER, role=Role.PAYER)
def make_slip(request: HttpRequest, acting: Acting) -> HttpResponse:
    """生成缴费单 over all that is outstanding up to this month; arrears with a late fee have slips of their own."""
    month = _month(request.POST.get("month", ""))
    if month > clock.this_month():
        raise Http404
    try:
        slip = slips.make_monthly(acting.party_id, clock.this_month(), by=acting)
    except Unsettled as refused:
        messages.warning(request, refused.sentence)
        return redirect("employer:bills")
    messages.success(
        request, _("缴费单已生成，凭单号 %(number)s；请在缴款日前按总额一次缴清") % {"number": slip.number}
    )
    return redirect("employer:slip", number=slip.number)


@acting_for(Kind.EMPLOYER)
def slip(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """A slip: what it asks for, what came for it, and, where it is no longer to be paid, that before all else."""
    found = _slip(acting, number)
    money = _money_of(found)
    return page(
        request,
        "employer/slip.html",
        acting=acting,
        slip=found,
        today=clock.today(),
        lines=slips.by_scheme(found.id),
        fees=arrears_slips.fees_by_month(found.id) if found.late_fee else [],
        labels=dict(Scheme.choices),
        **money,
        void=found.state == Slip.State.TAKEN_BACK,
        instead=slips.taken_its_place(found) if found.state == Slip.State.TAKEN_BACK else None,
        fee_slip=slips.fee_of(found) if found.state == Slip.State.PAID else None,
        fee_of=found.source.removeprefix("slip:") if found.kind == Slip.Kind.LATE_FEE else "",
        may_take_back=found.state == Slip.State.OPEN
        and found.kind != Slip.Kind.LATE_FEE
        and not money["receipts"]
        and acting.may(Role.PAYER),
        forms=[
            (form, title, extension)
            for form, title in _FORMS.items()
            for extension in ("pdf", "xlsx")
            if found.kind == Slip.Kind.ARREARS
        ],
    )


def _money_of(slip: Slip) -> dict:
    """What came in for a slip, how much of it waits, and what is missing or too much."""
    came = receipts.for_slips_of(slip.payer_id, slip_id=slip.id)
    waits = [(one["received_on"], one["amount"]) for one in came if _waits(one)]
    waiting = sum((amount for _day, amount in waits), Decimal("0.00"))
    awaited = slip.total - waiting if slip.state == Slip.State.OPEN else None
    return {
        "receipts": [(one, payments.outcome(one)) for one in came],
        "waiting": waiting,
        "enough": awaited == 0,
        "missing": awaited if awaited and awaited > 0 else None,
        "surplus": -awaited if awaited and awaited < 0 else None,
        "covered": bool(awaited and awaited > 0) and suspense.covers_in_time(slip, waits),
    }


def _waits(receipt: dict) -> bool:
    return receipt["state"] != Receipt.State.MATCHED and receipt["resolved"] is None


@acting_for(Kind.EMPLOYER)
def slip_form(request: HttpRequest, acting: Acting, number: str, form: str, extension: str) -> HttpResponse:
    """欠费补缴单, 单位社会保险费核定表 or 社会保险费补缴明细表 of an arrears slip, printed or as a workbook."""
    found = _slip(acting, number)
    if form not in _FORMS or extension not in ("pdf", "xlsx") or found.kind != Slip.Kind.ARREARS:
        raise Http404
    if form == "payment":
        sheet = arrears_forms.payment(acting.party_id, found)
    elif form == "approval":
        sheet = arrears_forms.approval(acting.party_id, found)
    else:
        sheet = arrears_forms.details(acting.party_id, found, printed=extension == "pdf")
        there = {one["person_id"] for one in arrears_slips.person_months(found.id)}
        audit.looked_many(by=acting, person_ids=there, what=_FORMS[form], about=acting.party_ref)
    content = prints.pdf(sheet) if extension == "pdf" else prints.excel(sheet)
    audit.record("slip.printed", slips.ref(found), by=acting, details={"form": form})
    return downloads.file(content, f"{_FORMS[form]}.{extension}")


@acting_for(Kind.EMPLOYER)
def all_slips(request: HttpRequest, acting: Acting) -> HttpResponse:
    before = request.GET.get("after", "")
    found = slips.of_payer(acting.party_id, before=keys.number(before), limit=PAGE_SIZE + 1)
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    return page(
        request, "employer/slips.html", acting=acting, slips=found, following=found[-1].id if more else ""
    )


@require_POST
@acting_for(Kind.EMPLOYER, role=Role.PAYER)
def take_back(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """缴费单退回, as long as no money has come for it."""
    found = _slip(acting, number)
    try:
        slips.take_back(found.id, by=acting, payer_id=acting.party_id)
    except Unsettled as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, _("缴费单 %(number)s 已退回，可以重新生成") % {"number": number})
    return redirect("employer:slip", number=number)


def _slip(acting: Acting, number: str) -> Slip:
    try:
        return slips.get(number, payer_id=acting.party_id)
    except Slip.DoesNotExist as none:
        raise Http404 from none


def _month(text: str) -> Month:
    wanted = Month.parse(text, default=None)
    if wanted is None:
        raise Http404
    return wanted
