"""单位缴费对账单: the signed statements that an employer has, to download, and who verified them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from shebao import audit
from shebao.casework import catalogue
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.pages import downloads
from shebao.pages.screens import page
from shebao.portals.filing.access import may_file
from shebao.statements import issuance, layout

SERVICE = "check-contributions"


@require_safe
@acting_for(Kind.EMPLOYER)
def listed(request: HttpRequest, acting: Acting) -> HttpResponse:
    """The statements there are; each is made by a case of its service."""
    allowed = may_file(acting, catalogue.service(SERVICE))
    return page(
        request,
        "employer/statements.html",
        acting=acting,
        issued=issuance.of_employer(acting.party_id),
        lookups=issuance.lookups_of_employer(acting.party_id, limit=10),
        new=reverse("filing:start", args=[SERVICE]) if allowed else "",
    )


@require_safe
@acting_for(Kind.EMPLOYER)
def download(request: HttpRequest, acting: Acting, serial: str) -> HttpResponse:
    """The signed PDF."""
    found = issuance.find_of_employer(acting.party_id, serial)
    if found is None:
        raise Http404
    audit.record("statement.fetched", found.ref, by=acting, person_id=found.person_id)
    return downloads.file(issuance.pdf_of(found), f"{layout.TITLES[found.kind]}-{found.serial}.pdf")
