"""The queue, and one case of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shebao import audit
from shebao.backoffice.review import single
from shebao.casework import ask, catalogue, errands, examination, history, papers, review, rows
from shebao.casework.models import Awaits, Case, Errand, Move, Row, RowState, State
from shebao.casework.settlement import Settled
from shebao.foundation import clock
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind, Role
from shebao.pages import downloads, keys
from shebao.pages.screens import page
from shebao.pages.templatetags.jc import moment
from shebao.registry.models import Employer

QUEUE_SIZE, ROWS_SIZE = 20, 50
OFFICERS = (Role.REVIEWER, Role.SUPERVISOR)


@acting_for(Kind.AGENCY, role=OFFICERS)
def queue(request: HttpRequest, acting: Acting) -> HttpResponse:
    return page(request, "review/queue.html", acting=acting, **_queue(request, acting))


@acting_for(Kind.AGENCY, role=OFFICERS)
def case(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """GET: one case with its rows, a page of them. POST: decide on those shown, or on all that wait."""
    found = _case(acting, number)
    wrongs: list[tuple[str, str, str]] = []
    if request.method == "POST":
        try:
            _decide(request, found, acting)
        except Unsettled as refused:
            wrongs = [("id_reason", "", refused.sentence)]
        else:
            there = reverse("backoffice:case", args=[number])
            return redirect(f"{there}?{request.GET.urlencode()}" if request.GET else there)
    elif not getattr(request, "htmx", False):
        details = {"full": True} if _full(request, found) else {}
        audit.record("case.looked-at", found.ref, by=acting, details=details)
    found.refresh_from_db()
    if getattr(request, "htmx", False):  # how far a worker is, and nothing of the people
        errand = errands.under_way(found)
        response = page(request, "review/errand_part.html", errand=_errand(found, errand))
        if errand is None:
            response.headers["HX-Refresh"] = "true"
        return response
    detail = _detail(request, found, acting, wrongs)
    shown = [row["key"] for row in detail["rows"] if row["key"]]
    examination.own_up(found.service, shown, by=acting, about=found.ref)
    return page(
        request,
        "review/case.html",
        acting=acting,
        status=422 if wrongs else 200,
        **_queue(request, acting, current=found),
        detail=detail,
    )


@acting_for(Kind.AGENCY, role=OFFICERS)
def paper(request: HttpRequest, acting: Acting, number: str, pk: int) -> HttpResponse:
    """A paper of a case, as it was handed in."""
    found = papers.of(_case(acting, number)).filter(pk=pk).first()
    if found is None:
        raise Http404
    audit.record("case.material-looked-at", found.case.ref, by=acting, details={"name": found.name})
    return downloads.stored(found.file.open("rb"), found.filename)


def _case(acting: Acting, number: str) -> Case:
    found = review.visible(acting).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _decide(request: HttpRequest, found: Case, acting: Acting) -> None:
    deed, reason = request.POST.get("deed", "some"), request.POST.get("reason", "")
    if deed == "approve-all":
        settled = review.decide_all(found, review.APPROVE, by=acting)
    elif deed == "return-all":
        settled = review.decide_all(found, review.send_back(reason), by=acting)
    else:
        settled = review.decide(found, _verdicts(request, returning=deed == "return-shown"), by=acting)
    if settled is None:  # a worker does it; the page says how far it is
        return
    messages.success(request, _told(found, settled))


def _told(found: Case, settled: Settled) -> str:
    """What a decision came to, for the officer who made it."""
    said = []
    if settled.first:
        words = {"rows": found.counted(settled.first)}
        said.append(_("初审已通过，等待复核：%(rows)s，须由另一位经办人办理") % words)
    if settled.approved:
        said.append(_("%(rows)s通过") % {"rows": found.counted(len(settled.approved))})
    if settled.returned:
        said.append(_("%(rows)s回退") % {"rows": found.counted(len(settled.returned))})
    return _("结论已保存：%(told)s") % {"told": "，".join(said)}


def _verdicts(request: HttpRequest, *, returning: bool) -> dict[int, review.Verdict]:
    """What was chosen for each row shown; `returning`, they all go back."""
    verdicts = {}
    for name, verdict in request.POST.items():
        prefix, _underscore, row = name.partition("_")
        if prefix != "verdict" or not keys.number(row):
            continue
        if returning or verdict == "return":
            verdicts[int(row)] = review.send_back(request.POST.get("reason", ""))
        elif verdict == "approve":
            verdicts[int(row)] = review.APPROVE
    return verdicts


@dataclass(frozen=True)
class Line:
    """A case in the queue."""

    case: Case
    url: str
    tone: str
    icon: str
    due: str
    current: bool


def _queue(request: HttpRequest, acting: Acting, current: Case | None = None) -> dict:
    everything = review.queue(acting)
    q, service = request.GET.get("q", "").strip(), request.GET.get("service", "")
    counts = dict(everything.order_by().values_list("service_code").annotate(Count("pk")))
    total = sum(counts.values())
    waiting = everything.filter(service_code=service) if service else everything
    if q and current is None:
        waiting = waiting.filter(Q(number__startswith=q) | Q(party_name__contains=q))
    cases, following = _after(waiting, request.GET.get("after", "") if current is None else "")
    here = reverse("backoffice:review")
    chips = [(_("全部"), here, total, not service)] + [
        (catalogue.service(code).title, f"{here}?service={code}", count, code == service)
        for code, count in counts.items()
    ]
    return {
        "total": total,
        "chips": chips if len(counts) > 1 else [],
        "queue": [_line(one, clock.today(), current) for one in cases],
        "q": q if current is None else "",
        "next": following if current is None else "",
        "said": _("共 %(total)s 件待审") % {"total": total},
    }


def _after(waiting: QuerySet[Case], key: str) -> tuple[list[Case], str]:
    """A page of the queue behind `key` (day_id), and the key of the next one."""
    day, _underscore, number = key.partition("_")
    if keys.number(number):
        try:
            since = date.fromisoformat(day)
        except ValueError:
            since = None
        if since:
            waiting = waiting.filter(Q(due__gt=since) | Q(due=since, id__gt=int(number)))
    cases = list(waiting[: QUEUE_SIZE + 1])
    more, cases = len(cases) > QUEUE_SIZE, cases[:QUEUE_SIZE]
    return cases, f"{cases[-1].due.isoformat()}_{cases[-1].pk}" if more else ""


def _line(one: Case, today: date, current: Case | None) -> Line:
    late = one.due is not None and one.due < today
    soon = one.due == today
    words = _("已超时") if late else _("今天到期") if soon else _("%(day)s 到期") % {"day": one.due}
    return Line(
        one,
        reverse("backoffice:case", args=[one.number]),
        "bad" if late else "warn" if soon else "",
        "alert-circle" if late else "clock",
        words,
        current is not None and current.pk == one.pk,
    )


def _detail(request: HttpRequest, found: Case, acting: Acting, wrongs: list) -> dict:
    waiting = Row.objects.filter(case=found, state=RowState.SUBMITTED).count()
    for_him = review.open_to(found, acting).count()
    errand = errands.under_way(found)
    may = (
        errand is None
        and found.state == State.SUBMITTED
        and found.awaits in review.OFFICERS
        and for_him > 0
        and review.decidable(acting).filter(pk=found.pk).exists()
    )
    own = _papers(found)
    return {
        "case": found,
        "url": reverse("backoffice:case", args=[found.number]),
        "here": request.get_full_path(),
        "back_url": reverse("backoffice:review"),
        "grade_words": Employer.Grade(found.grade).label if found.grade in Employer.Grade.values else "",
        "standing": [
            *found.service.occasion_on(found.filed_on).which,
            (_("申报人"), found.filed_by_name),
            (_("提交时间"), moment(found.submitted_at)),
            (_("办结期限"), found.due and found.due.isoformat()),
            (_("办理依据"), found.service.basis),
        ],
        "figures": found.figures,
        "papers": own.get(None, []),
        "errand": _errand(found, errand),
        "asked": papers.to_bring(found),
        **_listed(request, found, acting, own),
        "waiting": for_him,
        "said": _("共 %(total)s，%(waiting)s待审")
        % {"total": found.counted(found.total), "waiting": found.counted(waiting)},
        "wrongs": wrongs,
        "reason": request.POST.get("reason", ""),
        "second": found.awaits == Awaits.SECOND_OFFICER,
        "moves": _moves(found),
        "may": may,
        "unfinished": history.unfinished(found),
        "why_not": "" if may or errand else _why_not(found, seen_by_him=waiting > for_him),
    }


def _listed(
    request: HttpRequest, found: Case, acting: Acting, own: Mapping[int | None, list[tuple[str, str]]]
) -> dict:
    """The rows that were handed over, one page of them, as far as they were asked for."""
    q, told_only = request.GET.get("q", "").strip(), request.GET.get("only") == "told"
    unsent = (RowState.DRAFT, RowState.BAD)
    submitted = rows.search(found, q).exclude(state__in=unsent)
    listed = rows.told_of(submitted) if told_only else submitted
    shown = list(listed.filter(number__gt=keys.number(request.GET.get("after"), 0))[: ROWS_SIZE + 1])
    more, shown = len(shown) > ROWS_SIZE, shown[:ROWS_SIZE]
    hides, full = found.service.people is not None, _full(request, found)
    masked = hides and not full
    lines = [
        _row(found, row, acting, _posted(request, row), own.get(row.pk, []), masked=masked) for row in shown
    ]
    # Columns in which nobody wrote anything of his own would push the verdicts out of sight.
    used = [
        place
        for place, asked in enumerate(found.service.questions)
        if asked.required
        or {line["cells"][place] for line in lines} - {"", asked.shown(asked.default, masked=masked)}
    ]
    questions = [found.service.questions[place] for place in used]
    for line in lines:
        line["cells"] = [
            (one.label, line["cells"][place]) for place, one in zip(used, questions, strict=True)
        ]
    return {
        "heads": [question.label for question in questions],
        "money": [place for place, question in enumerate(questions) if question.is_money],
        "rows": lines,
        "one": None if q else single.shown(found, shown, lines, masked=masked),
        "hides": hides,
        "full": full,
        "q": q,
        "told": rows.told_of(rows.search(found, "").exclude(state__in=unsent)).count(),
        "told_only": told_only,
        "next": str(shown[-1].number) if more else "",
    }


def _why_not(found: Case, *, seen_by_him: bool) -> str:
    if seen_by_him:
        return _("您已初审通过，等待另一位经办人复核")
    if found.state == State.SUBMITTED and found.awaits in review.OFFICERS:
        return _("这笔业务不归您审核")
    return _("这笔业务现在不需要审核：%(state)s") % {"state": found.get_state_display()}


def _errand(found: Case, errand: Errand | None) -> dict:
    """How far a worker is with a decision on many rows."""
    if errand is None:
        return {}
    counted = {"done": f"{errand.done:,}", "total": found.counted(errand.total)}
    return {
        "url": reverse("backoffice:case", args=[found.number]),
        "done": errand.done,
        "total": errand.total,
        "words": _("已办 %(done)s / %(total)s") % counted,
        "by": errands.asked_by(errand).account_name if errand.deed == Errand.Deed.DECIDE else "",
    }


def _papers(found: Case) -> dict[int | None, list[tuple[str, str]]]:
    """(name, url) of the papers by the row they belong to; those of the whole case by None."""
    lying: dict[int | None, list[tuple[str, str]]] = {}
    for one in papers.of(found):
        url = reverse("backoffice:paper", args=[found.number, one.pk])
        lying.setdefault(one.row_id, []).append((one.name, url))
    return lying


def _full(request: HttpRequest, found: Case) -> bool:
    """Whether people's names and numbers are asked for whole, to be compared with the papers."""
    return found.service.people is not None and request.GET.get("full") == "1"


def _posted(request: HttpRequest, row: Row) -> bool:
    return request.POST.get(f"verdict_{row.number}") == "return"


def _row(
    found: Case, row: Row, acting: Acting, returning: bool, own: list[tuple[str, str]], *, masked: bool
) -> dict:
    reading = ask.read(found.service.row, row.raw)
    return {
        "number": row.number,
        "key": row.key,
        "cells": [q.shown(reading.values.get(q.name), masked=masked) for q in found.service.questions],
        "flags": [one["sentence"] for one in row.flags],
        "notes": [one["sentence"] for one in row.notes if one["rule"] != rows.OTHER_DRAFT],
        "papers": own,
        "state": row.state,
        "reason": row.reason,
        "first_officer": row.first_officer is not None,
        "own": row.first_officer == acting.account_id,
        "returning": returning,
    }


def _moves(found: Case) -> list[Mapping]:
    moves = [
        {
            "title": history.title(move),
            "at": move.at,
            "note": " · ".join(part for part in (_by(move), *history.told(found, move)) if part),
            "state": "done",
        }
        for move in found.moves.all()
    ]
    if found.state == State.SUBMITTED:  # not done: it is what the officer is at
        word = Awaits(found.awaits).label
        moves.append({"title": word, "at": _("等待中"), "note": "", "state": "current"})
    return moves


def _by(move: Move) -> str:
    return _("系统自动审核") if move.by.startswith("system:") else move.by_name
