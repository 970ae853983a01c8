"""单位登记: how the employer is registered, what is due, its certificate, its standing, and what has been changed."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shebao import audit
from shebao.casework import cases, catalogue
from shebao.foundation import clock
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind, Role
from shebao.pages import downloads
from shebao.pages.screens import page
from shebao.registry import employers, histories, registrations, verifications
from shebao.registry.models import Employer
from shebao.services import certificates, trust

SERVICES = (
    "change-employer",
    "verify-employer",
    "reissue-certificate",
    "apply-for-trust",
    "deregister-employer",
)
_SHOWN = 50


@require_safe
@acting_for(Kind.EMPLOYER)
def show(request: HttpRequest, acting: Acting) -> HttpResponse:
    employer, today = employers.get(acting.party_id), clock.today()
    offered = {one.code: one for one in catalogue.offered_to(acting.kind)}
    standing = verifications.of([employer.id], today=today)[employer.id]
    return page(
        request,
        "employer/registration.html",
        acting=acting,
        employer=employer,
        facts=histories.facts(employer),
        certificate=registrations.certificate_of(employer),
        verification=standing,
        overdue=standing.due is not None and standing.due < today,
        criteria=trust.of(employer.id, today=today),
        trusted=employer.grade == Employer.Grade.TRUSTED,
        lost_trust=histories.lost_trust(employer.id),
        synthetic_figures=settings.DEMO,
        services=[offered[code] for code in SERVICES if code in offered] if acting.may(Role.FILER) else [],
        changes=changes_of(acting, employer.id),
        may_administer=acting.may(Role.ADMIN),
    )


def changes_of(acting: Acting, employer_id: int) -> list[tuple[histories.Change, str]]:
    """The last changes of the registration, each with the address of the case by which it came, if it is its own."""
    found = histories.of(employer_id, limit=_SHOWN)
    numbers = {one.case for one in found} - {""}
    own = set(cases.of(acting).filter(number__in=numbers).values_list("number", flat=True))
    return [(one, reverse("filing:status", args=[one.case]) if one.case in own else "") for one in found]


@require_safe
@acting_for(Kind.EMPLOYER)
def certificate(request: HttpRequest, acting: Acting) -> HttpResponse:
    """社会保险登记证 as a PDF."""
    employer = employers.get(acting.party_id)
    found = registrations.certificate_of(employer)
    if found is None:
        raise Http404
    audit.record("certificate.printed", acting.party_ref, by=acting, details={"number": found.number})
    return downloads.file(certificates.pdf(found), _("社会保险登记证") + f"-{employer.number}.pdf")
