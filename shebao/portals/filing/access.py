"""Who may file what, and whose case it is."""

from __future__ import annotations

from collections.abc import Iterable
from functools import wraps
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shebao.casework import cases, catalogue
from shebao.casework.models import Case
from shebao.casework.service import Service
from shebao.identity import applicants
from shebao.identity.acting import Acting, View, acting_for, lacks_right
from shebao.identity.models import Kind
from shebao.identity.refusals import Refused
from shebao.identity.sources import source_of
from shebao.pages import navigation

_BENCHES = {
    Kind.EMPLOYER: "employer:bench",
    Kind.PERSON: "individual:overview",
    applicants.KIND: "registration-mine",
}


def for_filers(view: View) -> View:
    """Only for people, for an employer's clerks, and for an applicant at his own application.

    Which right of a clerk a service takes is looked at where service or case is found (`service_of`, `case_of`).
    """

    @wraps(view)
    def where_it_is_open(request: HttpRequest, acting: Acting, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, acting, *args, **kwargs)
        except _NotOpen as closed:
            if request.method == "GET" and not getattr(request, "htmx", False):
                return go("status", closed.case)  # an old tab or bookmark: there is what became of it
            raise Http404 from None

    allowed = acting_for(Kind.EMPLOYER, Kind.PERSON)(where_it_is_open)

    @wraps(allowed)
    def at_the_counter(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        applicant = None if request.user.is_authenticated else applicants.of(request.session)
        if applicant is None:
            return allowed(request, *args, **kwargs)
        if request.method == "POST":
            try:
                applicants.slow_down(applicant, source_of(request))
            except Refused as refused:
                messages.warning(request, str(refused))
                return redirect("registration-mine")
        return where_it_is_open(request, applicants.acting_as(applicant), *args, **kwargs)

    return at_the_counter


def service_of(acting: Acting, code: str) -> Service:
    """The service, if this filer may file it."""
    for service in catalogue.offered_to(acting.kind):
        if service.code == code:
            if not may_file(acting, service):
                raise lacks_right(acting)
            return service
    raise Http404


def may_file(acting: Acting, service: Service) -> bool:
    """Whether he has the right that this service takes; only an employer's clerks have different ones."""
    return acting.kind != Kind.EMPLOYER or acting.may(service.right)


def leads(acting: Acting, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Title and address of each of these services that this filer may file: where to put right what was refused."""
    mine = {one.code: one for one in catalogue.offered_to(acting.kind) if may_file(acting, one)}
    wanted = [mine[code] for code in dict.fromkeys(codes) if code in mine]
    return [(one.title, reverse("filing:start", args=[one.code])) for one in wanted]


def case_to_read(acting: Acting, number: str) -> Case:
    """The case, if it is this party's: an employer's clerks read what the others filed, as the lists show it."""
    try:
        return cases.of(acting).get(number=number)
    except Case.DoesNotExist:
        raise Http404 from None


def case_of(acting: Acting, number: str) -> Case:
    """The case, if it is this party's and he has the right that its service takes."""
    case = case_to_read(acting, number)
    if not may_file(acting, case.service):
        raise lacks_right(acting)
    return case


def open_case_of(acting: Acting, number: str) -> Case:
    """The case, if its party may still change it; else the page leads to its status."""
    case = case_of(acting, number)
    if not case.is_open:
        raise _NotOpen(case)
    return case


class _NotOpen(Exception):
    def __init__(self, case: Case):
        super().__init__(case.number)
        self.case = case


def bench_url(acting: Acting) -> str:
    return navigation.address(_BENCHES.get(acting.kind, ""), "account")


def bench_label(acting: Acting) -> str:
    """What that page is called."""
    labels = {Kind.PERSON: _("我的社保"), applicants.KIND: _("我的登记申请")}
    return labels.get(acting.kind) or _("工作台")


def bench(acting: Acting) -> dict[str, str]:
    """Where a filer finds his cases again, for every page of filing: address, name, and where a saved one lies."""
    kept = {Kind.EMPLOYER: _("待办任务列表")}.get(acting.kind) or bench_label(acting)
    return {"bench_url": bench_url(acting), "bench_label": bench_label(acting), "bench_kept": kept}


def to(name: str, case: Case, **query: object) -> str:
    """The address of a page about a case."""
    return reverse(f"filing:{name}", args=[case.number]) + (f"?{urlencode(query)}" if query else "")


def go(name: str, case: Case, **query: object) -> HttpResponse:
    if name == "status" and case.party_kind == applicants.KIND:
        return redirect("registration-mine")  # there are his code and his slip
    return redirect(to(name, case, **query))


def token_in(data, name: str = "token") -> UUID | None:
    """The page's token, by which a second click is known; none where somebody tampered with it."""
    try:
        return UUID(data.get(name, ""))
    except ValueError:
        return None
