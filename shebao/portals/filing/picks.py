"""勾选人员: the first step of a service whose rows are picked from what exists."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shebao.casework import ask, cases, examination, failures, rows
from shebao.casework.ask import Problem
from shebao.casework.models import OPEN_ROWS, Case, RowState
from shebao.casework.service import Service, Wanted
from shebao.foundation import ids
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from shebao.pages import keys
from shebao.pages.screens import page
from shebao.portals.filing import fields
from shebao.portals.filing.access import bench_url, for_filers, go, leads, open_case_of, service_of, token_in
from shebao.portals.filing.entry import FRESH, about, keep_picked
from shebao.portals.filing.submission import edit_url_of

PAGE = 20
_TOLD = 10  # people of whom it is said why they can't be handled


@for_filers
def pick(request: HttpRequest, acting: Acting, service: str) -> HttpResponse:
    return _pick(request, acting, service_of(acting, service), None)


@for_filers
def again(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    case = open_case_of(acting, number)
    return _pick(request, acting, case.service, case)


def _pick(request: HttpRequest, acting: Acting, service: Service, case: Case | None) -> HttpResponse:
    if service.offers is None:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    deed = request.POST.get("deed", "")  # an address that somebody was sent does nothing
    chosen = list(dict.fromkeys(asked.getlist("pick")))
    # Of one prefilled row the form comes next, with what is on file in it.
    one = service.prefill is not None and not service.in_batches
    raw = {} if one else fields.posted(service, asked, typed_only=True)
    if request.method != "POST" and case:
        open_rows = list(case.rows.filter(state__in=OPEN_ROWS).order_by("number"))
        chosen, raw = [row.key for row in open_rows], open_rows[0].raw if open_rows else {}
    wrongs, problems, conflict = [], [], ""
    if deed == "save":
        problems = [] if one else _typed_wrong(service, raw)
        wrongs = fields.wrongs(service, problems)
        if not chosen:
            wrongs.insert(0, ("picks", "", _("请先在名单里勾选")))
        elif not service.in_batches and len(chosen) > 1:
            wrongs.insert(0, ("picks", "", _("一次办理一人，请只选一人")))
        if not wrongs:
            try:
                return _next(request, acting, service, case, chosen, raw)
            except Unsettled as refused:
                conflict = refused.sentence
            except _RefusedForAll as refused:
                problems = refused.problems
                wrongs = fields.wrongs(service, problems)
            except NobodyPasses as found:
                wrongs = found.wrongs
    text = asked.get("q", "").strip()
    after = asked.get("after", "") if deed == "next" else ""
    blank = case or cases.blank(service, by=acting)
    offers = examination.offered(blank, Wanted(text, after, most=PAGE))
    here = {line.key for line in offers.lines}
    told = here.union(chosen) if wrongs else here
    examination.own_up(service, sorted(told), by=acting, about=acting.party_ref)
    return page(
        request,
        "filing/pick.html",
        status=422 if wrongs or conflict else 200,
        acting=acting,
        case=case,
        token="" if case else asked.get("token") or ids.uuid7(),
        offers=offers,
        led={line.key: leads(acting, line.leads_to) for line in offers.lines if line.leads_to},
        q=text,
        said=_("本页 %(lines)s") % {"lines": service.counted(len(offers.lines))},
        chosen=chosen,
        kept=[key for key in chosen if key not in here],
        panels=[] if one else fields.sections(blank, raw, problems, typed_only=True),
        only=not service.in_batches,
        wrongs=wrongs,
        conflict=conflict,
        cancel_url=bench_url(acting),
        **about(acting, service, case),
    )


class _RefusedForAll(Exception):
    """What was typed for all is refused for each of them: nothing is saved, the page says so beside the field."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems


def _typed(service: Service) -> set[str]:
    return {question.name for question in service.questions if not question.words.picked}


def _typed_wrong(service: Service, raw: dict[str, object]) -> list[Problem]:
    typed = _typed(service)
    return [problem for problem in ask.read(service.row, raw).problems if problem.field in typed]


def _wrong_for_all(case: Case) -> list[Problem]:
    """What the rules have against a typed field in every row, so that it can't be the rows that are wrong."""
    typed = _typed(case.service)
    of_rows = [
        {(one["field"], one["rule"]): one for one in problems if one["field"] in typed}
        for problems in case.rows.filter(state__in=OPEN_ROWS).values_list("problems", flat=True)
    ]
    in_all = set.intersection(*map(set, of_rows)) if of_rows else set()
    return [Problem(**one) for at, one in of_rows[0].items() if at in in_all] if in_all else []


def _next(
    request: HttpRequest, acting: Acting, service: Service, case: Case | None, chosen: list[str], raw: dict
) -> HttpResponse:
    if case is None and service.prefill and not service.in_batches:
        keep_picked(request, service, chosen[0])  # nothing is written yet that would be worth a draft
        return redirect("filing:form", service=service.code)
    version = request.POST.get("version", "")
    fresh = case is None
    with transaction.atomic():
        case = case or cases.start(service.code, by=acting, token=token_in(request.POST))
        seen = keys.number(version)
        cases.pick(case, dict.fromkeys(chosen, raw), by=acting, version=seen)
        if refused := _wrong_for_all(case):
            raise _RefusedForAll(refused)
        if fresh and not case.good and not _lacks_papers_only(case):
            raise NobodyPasses(_wrongs(case))  # and no draft is left of it
    if service.prefill and not service.in_batches:
        return redirect(f"{edit_url_of(case)}?{FRESH}=1")
    # Where some can't be handled, the list says who and why, row by row; the papers of one row come with the check.
    return go("roster", case) if case.bad and not _lacks_papers_only(case) else go("confirm", case, saved=1)


class NobodyPasses(Exception):
    """Of those who were picked nobody can be handled: why, person by person."""

    def __init__(self, wrongs: list[tuple[str, str, str]]):
        super().__init__(*wrongs)
        self.wrongs = wrongs


def _wrongs(case: Case) -> list[tuple[str, str, str]]:
    found = case.rows.filter(state=RowState.BAD).order_by("number")[:_TOLD]
    service = case.service
    return [
        ("picks", fields.name(service, row.raw), _("；").join(failures.reasons(case, row))) for row in found
    ]


def _lacks_papers_only(case: Case) -> bool:
    only = rows.only_open(case)
    return only is not None and only.lacks_papers_only
