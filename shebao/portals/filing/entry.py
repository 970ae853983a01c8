"""录入信息: the first step for one person, typed into a form."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shebao import audit
from shebao.audit.models import AuditEvent
from shebao.casework import ask, cases, catalogue, examination, prefilled, rows
from shebao.casework.ask import Problem
from shebao.casework.models import MATERIAL, OPEN_ROWS, Case
from shebao.casework.service import Material, Service
from shebao.foundation import clock, ids
from shebao.foundation.unsettled import Unsettled
from shebao.identity import applicants
from shebao.identity.acting import Acting
from shebao.identity.models import Kind
from shebao.pages import keys
from shebao.pages.screens import page
from shebao.portals.appointments.card import url_instead
from shebao.portals.filing import fields
from shebao.portals.filing.access import (
    bench,
    bench_url,
    for_filers,
    go,
    leads,
    open_case_of,
    service_of,
    to,
    token_in,
)

LOOKS_A_DAY = 200
_PICKED = "picked"  # in the session
FRESH = "fresh"  # in the address of a form that opens with what is on file
_LOOKED_UP = "person.looked-up"


@require_safe
@for_filers
def start(request: HttpRequest, acting: Acting, service: str) -> HttpResponse:
    """Wherever this service begins: at a form, or at a list to pick from."""
    found = service_of(acting, service)
    if found.prefill and found.in_batches:  # a whole roster, and nobody is added to it
        return redirect("filing:batch", service=found.code)
    return redirect("filing:pick" if found.offers else "filing:form", service=found.code)


@for_filers
def new(request: HttpRequest, acting: Acting, service: str) -> HttpResponse:
    found = service_of(acting, service)
    if acting.kind == applicants.KIND and request.method != "POST" and (begun := cases.of(acting).first()):
        return go("case", begun)  # he applies once
    if found.prefill and (
        found.in_batches or (found.offers and not _picked(request, found) and request.method != "POST")
    ):
        return redirect("filing:start", service=found.code)
    return _form(request, acting, found, None, 1)


@for_filers
def edit(request: HttpRequest, acting: Acting, number: str, row: int) -> HttpResponse:
    case = open_case_of(acting, number)
    there = rows.at(case, row)
    if there is None or there.state not in OPEN_ROWS:
        raise Http404
    return _form(request, acting, case.service, case, row)


@require_POST
@for_filers
def autosave_new(request: HttpRequest, acting: Acting, service: str) -> HttpResponse:
    """A form that nobody has saved yet, kept as a draft once it says whom it is about."""
    found = service_of(acting, service)
    return _autosave(request, acting, found, None, 1)


@require_POST
@for_filers
def autosave(request: HttpRequest, acting: Acting, number: str, row: int) -> HttpResponse:
    """What has been typed so far, kept in case the session ends or the power goes."""
    case = open_case_of(acting, number)
    there = rows.at(case, row)
    if there is None or there.state not in OPEN_ROWS:
        raise Http404
    return _autosave(request, acting, case.service, case, row)


@require_POST
@for_filers
def look(request: HttpRequest, acting: Acting, service: str) -> HttpResponse:
    """查询: whether anything is known by now that stands against this person, before the rest is filled in."""
    found = service_of(acting, service)
    if acting.kind == applicants.KIND:  # anybody may begin: there is nothing to be looked up for strangers
        raise Http404
    raw = fields.posted(found, request.POST)  # never in the address: that stands in logs
    examined = examination.glance(cases.blank(found, by=acting), raw)
    if not examined.key:
        key = next((one for one in examined.problems if one.field in found.key_fields), None)
        return page(request, "filing/who_part.html", told=key.sentence if key else "")
    if _looks_today(acting) >= LOOKS_A_DAY:
        return page(
            request, "filing/who_part.html", told=_("今天查询的次数较多，请直接填写，保存时会逐项检查")
        )
    # Such a question tells something about somebody: who asked stays on record, and is told to him.
    audit.record(_LOOKED_UP, acting.party_ref, by=acting, details={"service": found.code})
    examination.own_up(found, [examined.key], by=acting, about=acting.party_ref)
    against = [one for one in examined.problems if one.rule not in examination.OF_FORM]
    if against:
        told = _("；").join(one.sentence for one in against)
        led = leads(acting, (code for one in against for code in one.leads_to))
        return page(request, "filing/who_part.html", told=told, leads=led)
    return page(request, "filing/who_part.html", found=[(_("查询结果"), _("没有发现不能办理的情形"))])


def _looks_today(acting: Acting) -> int:
    """How often this party has asked about people today: an honest clerk enrols a few, a fisher tries many."""
    since = clock.beginning_of(clock.today())
    return AuditEvent.objects.filter(about=acting.party_ref, event=_LOOKED_UP, at__gte=since).count()


def _form(
    request: HttpRequest, acting: Acting, service: Service, case: Case | None, number: int
) -> HttpResponse:
    raw: Mapping[str, object] = {}
    found: list[Problem] = []
    conflict = ""
    if request.method == "POST":
        raw = fields.posted(service, request.POST)
        found = _problems(acting, service, case, raw, number)
        found += fields.unticked(case or cases.blank(service, by=acting), raw)
        if all(problem.rule == MATERIAL for problem in found):  # papers come with the next page
            try:
                case = _saved(request, acting, service, case, raw, number)
                # One row of many was corrected: back to the others.
                return go("confirm", case, saved=1) if case.total == 1 else go("roster", case)
            except Unsettled as refused:
                conflict = refused.sentence
    elif case:
        raw = rows.at(case, number).raw
        # Nobody has written anything yet: that nothing has changed is no fault.
        found = [] if FRESH in request.GET else _problems(acting, service, case, raw, number)
    elif service.prefill:
        there = prefilled.written(cases.blank(service, by=acting), _picked(request, service))
        raw = next(iter(there), {})
    problems = [problem for problem in found if problem.rule != MATERIAL]
    wanted = {problem.field for problem in found} - {problem.field for problem in problems}
    return page(
        request,
        "filing/form.html",
        status=422 if request.method == "POST" else 200,
        acting=acting,
        case=case,
        token="" if case else request.POST.get("token") or ids.uuid7(),
        version=request.POST.get("version", "") if request.method == "POST" else case.version if case else "",
        writer=token_in(request.POST, "writer") or ids.uuid7(),
        autosave_url=_autosave_url(acting, service, case, number),
        panels=fields.sections(
            case or cases.blank(service, by=acting), raw, problems, look_url=_look_url(service)
        ),
        wrongs=fields.wrongs(service, problems),
        visit_url=url_instead(problems) if acting.kind == Kind.EMPLOYER else "",
        leads=leads(acting, (code for problem in problems for code in problem.leads_to)),
        conflict=conflict,
        single_url=request.path,
        cancel_url=to("roster", case) if case and case.total > 1 else bench_url(acting),
        withdraw_url=to("withdraw", case) if case and case.total == 1 else "",
        **about(acting, service, case, wanted),
    )


def keep_picked(request: HttpRequest, service: Service, key: str) -> None:
    """Remember whose form comes next: a number never stands in an address."""
    request.session[_PICKED] = [service.code, key]


def _picked(request: HttpRequest, service: Service) -> list[str] | None:
    """Whom this browser has picked for a service; None for one that isn't about picked people."""
    code, *key = request.session.get(_PICKED, [""])
    return (key if code == service.code else []) if service.offers else None


def _autosave(
    request: HttpRequest, acting: Acting, service: Service, case: Case | None, number: int
) -> HttpResponse:
    raw, writer = fields.posted(service, request.POST), token_in(request.POST, "writer")
    told = {"writer": writer, "case": None, "refused": ""}
    reading = ask.read(service.row, raw)
    named = rows.key_text(service, ask.kept(service.row, reading.values))
    if writer and (named or case):
        try:
            if case is None and _in_vain(acting, service, raw):
                raise Unsettled(_("此人现在还不能办理，先不存草稿；原因请点“保存”查看"))
            with transaction.atomic():
                if case is None:
                    case = cases.start(service.code, by=acting, token=token_in(request.POST))
                version = keys.number(request.POST.get("version", ""))
                if version is None and case.version:  # of this very form: its first answer is on its way
                    version = case.version if case.writer == writer else -1
                cases.autosave(case, {number: raw}, by=acting, version=version, writer=writer)
            told["case"] = case
        except Unsettled as refused:
            told["refused"] = refused.sentence
    return page(request, "filing/autosave_part.html", **told)


def _in_vain(acting: Acting, service: Service, raw: Mapping[str, object]) -> bool:
    """Whether this person can't be handled by what is known: a draft of that would only lie about."""
    blank = cases.blank(service, by=acting)
    who = {name: raw[name] for name in service.key_fields}
    (refused,) = examination.against(blank, [who])
    if refused:
        key = rows.key_text(service, ask.kept(service.row, ask.read(service.row, who).values))
        examination.own_up(service, [key], by=acting, about=acting.party_ref)
    return refused is not None


def _autosave_url(acting: Acting, service: Service, case: Case | None, number: int) -> str:
    """Where the form saves itself; an applicant's has no inbox to come back to, and does not."""
    if acting.kind == applicants.KIND:
        return ""
    if case is None:
        return reverse("filing:autosave-new", args=[service.code])
    return reverse("filing:autosave", args=[case.number, number])


def _look_url(service: Service) -> str:
    """Whoever is on file is known: nobody has to be looked up; nor is an employer, which is no person."""
    person = service.question(service.key_fields[0]).identifies_a_person
    return "" if service.prefill or not person else reverse("filing:look", args=[service.code])


def _problems(
    acting: Acting, service: Service, case: Case | None, raw: Mapping[str, object], number: int
) -> list[Problem]:
    """All that is wrong with the form, and which papers it wants."""
    examined = examination.glance(case or cases.blank(service, by=acting), raw, number)
    if examined.tells:  # a form that isn't saved has told it all the same
        examination.own_up(service, [examined.key], by=acting, about=case.ref if case else acting.party_ref)
    return examined.problems


@transaction.atomic
def _saved(
    request: HttpRequest, acting: Acting, service: Service, case: Case | None, raw: Mapping, number: int
) -> Case:
    if case is None:
        case = cases.start(service.code, by=acting, token=token_in(request.POST))
    seen, writer = keys.number(request.POST.get("version")), token_in(request.POST, "writer")
    cases.save(case, {number: raw}, by=acting, version=seen, writer=writer)
    return case


def about(acting: Acting, service: Service, case: Case | None, wanted: Collection[str] | None = None) -> dict:
    """What the pages of the first step say about a service, whichever way it is filled in.

    Of papers that only some rows need, the `wanted` ones are listed; all, where the rows aren't known yet.
    """
    if not service.in_batches or (service.prefill and case):
        batch_url = ""
    elif case is None:
        batch_url = reverse("filing:batch", args=[service.code])
    else:
        batch_url = to("roster", case)
    papers = service.materials_of(acting.grade)
    window = service.opens(clock.today()) if service.opens else None
    return {
        "service": service,
        **bench(acting),
        "batch_url": batch_url,
        "materials": [
            _material(one, wanted)
            for one in papers
            if one.asked_of is None or wanted is None or one.name in wanted
        ],
        "related": [catalogue.service(code) for code in service.leads_on],
        "window": window,
        "shut": window.shut_on(clock.today()) if window else "",
        "ordinary": any(paper.brought for paper in papers),
    }


def _material(one: Material, wanted: Collection[str] | None) -> str:
    if one.kept:
        return _("%s（单位自行留存备查）") % one.name
    return _("%s（需要时）") % one.name if one.asked_of and wanted is None else str(one.name)
