"""One employer on the registry desk: all that is on file, and the deeds of the registrar."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shebao import audit
from shebao.backoffice.registry_desk.listing import ROLES, visible
from shebao.foundation import clock
from shebao.foundation.unreadable import Unreadable
from shebao.foundation.unsettled import Unsettled
from shebao.foundation.values import Day
from shebao.identity import clerks, password_slips
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Account, Kind, PasswordSlip, Role
from shebao.pages import downloads
from shebao.pages.password_slips import hand_out
from shebao.pages.screens import page
from shebao.registry import employers, histories, inspections, registrations, schemes, verifications
from shebao.registry.industries import IndustryClass
from shebao.registry.models import Employer, Evaluation, Inspection
from shebao.services import certificates, trust


@acting_for(Kind.AGENCY, role=ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """GET: the employer. POST: a deed, by the registrar of its office."""
    employer = _employer(acting, number)
    wrong = ""
    if request.method == "POST":
        if not _may(acting, employer):
            raise Http404
        try:
            messages.success(request, _do(request, acting, employer))
            return redirect("backoffice:registry-employer", number=number)
        except (Unsettled, Unreadable) as refused:
            wrong = refused.sentence
        employer.refresh_from_db()
    else:
        audit.record("employer.looked-at", f"employer:{employer.id}", by=acting)
    return page(
        request,
        "registry/employer.html",
        status=422 if wrong else 200,
        acting=acting,
        wrongs=[("", "", wrong)] if wrong else [],
        posted=request.POST,
        **_shown(acting, employer),
    )


def _shown(acting: Acting, employer: Employer) -> dict:
    today = clock.today()
    standing = verifications.of([employer.id], today=today)[employer.id]
    industry = employers.injury_class_of(employer.id, clock.this_month())
    accounts = clerks.of(employer.id)
    slips = password_slips.last_of([account.pk for account in accounts])
    return {
        "employer": employer,
        "may": _may(acting, employer),
        "facts": histories.facts(employer)
        + [
            (_("行业类别"), IndustryClass(str(industry)).label if industry else ""),
            (_("参加险种"), schemes.named(employer.schemes)),
            (_("参保职工"), _("%(count)s 人") % {"count": f"{verifications.enrolled(employer.id):,}"}),
            (_("联系人"), " ".join((employer.contact_name, employer.contact_phone)).strip()),
        ],
        "certificate": registrations.certificate_of(employer),
        "verification": standing,
        "overdue": standing.due is not None and standing.due < today,
        "criteria": trust.of(employer.id, today=today),
        "evaluation": Evaluation.objects.filter(employer=employer).order_by("-id").first(),
        "trusted": employer.grade == Employer.Grade.TRUSTED,
        "clerks": [(account, slips.get(account.pk)) for account in accounts],
        "inspections": inspections.of(employer.id),
        "ways": Inspection.Way.choices,
        "outcomes": Inspection.Outcome.choices,
        "changes": histories.of(employer.id, limit=50),
        "today": today,
    }


def _do(request: HttpRequest, acting: Acting, employer: Employer) -> str:
    deed, reason = request.POST.get("deed"), request.POST.get("reason", "").strip()[:200]
    if deed == "inspect":
        inspections.record(
            employer.id,
            held_on=Day.read(request.POST.get("held_on", "")),
            way=request.POST.get("way", ""),
            outcome=request.POST.get("outcome", ""),
            note=request.POST.get("note", ""),
            by=acting,
        )
        return _("稽核情况已登记")
    if deed == "take-away":
        trust.take_away(employer.id, reason, by=acting)
        return _("已改为普通单位，立即生效")
    if deed not in ("suspend", "resume"):
        raise Http404
    if not reason:
        raise Unsettled(_("请写明原因，单位会看到"))
    if deed == "suspend":
        registrations.suspend(employer.id, reason=reason, by=acting, source=acting.ref)
        return _("已停办，所有账户立即退出")
    registrations.resume(employer.id, reason=reason, by=acting, source=acting.ref)
    return _("已恢复办理")


@require_POST
@acting_for(Kind.AGENCY, role=Role.REGISTRY)
def slip(request: HttpRequest, acting: Acting, number: str, account_id: int) -> HttpResponse:
    """打印密码条 over the counter, to somebody who showed who he is."""
    employer = _employer(acting, number)
    if not _may(acting, employer):
        raise Http404
    account: Account | None = next((a for a in clerks.of(employer.id) if a.pk == account_id), None)
    if account is None:
        raise Http404
    back = redirect("backoffice:registry-employer", number=number)
    return hand_out(request, account, way=PasswordSlip.Way.COUNTER, by=acting, otherwise=back)


@require_safe
@acting_for(Kind.AGENCY, role=Role.REGISTRY)
def certificate(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """打印社会保险登记证."""
    employer = _employer(acting, number)
    found = registrations.certificate_of(employer)
    if found is None:
        raise Http404
    details = {"number": found.number}
    audit.record("certificate.printed", f"employer:{employer.id}", by=acting, details=details)
    return downloads.file(certificates.pdf(found), f"社会保险登记证-{employer.number}.pdf")


def _employer(acting: Acting, number: str) -> Employer:
    found = visible(acting).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _may(acting: Acting, employer: Employer) -> bool:
    """To read the city, as supervisors do, gives no right to a deed."""
    return acting.may(Role.REGISTRY) and employer.office_id == acting.office_code
