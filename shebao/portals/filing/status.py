"""查看状态: where a case stands, who acts next and by when, what has happened, and how each row came out."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shebao import audit
from shebao.casework import benches, errands, failures, history, issues, papers, rows
from shebao.casework.listing import Asked, page_of
from shebao.casework.models import FAILED_ROWS, Awaits, Case, Errand, Row, RowState, State
from shebao.foundation import clock
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from shebao.identity.models import Kind
from shebao.pages import downloads, states
from shebao.pages.screens import page
from shebao.pages.templatetags.jc import day_words, moment
from shebao.portals.appointments.card import url_for
from shebao.portals.filing import fields
from shebao.portals.filing.access import bench, case_to_read, for_filers, leads, may_file, to
from shebao.portals.filing.submission import edit_url_of
from shebao.statements import issuance

PAGE = 20
SHOWN_RETURNED = 50
POLLED = timedelta(minutes=15)  # then the page stops asking and says so


@require_safe
@for_filers
def go_on(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """Wherever there is something to do with a case, or its status."""
    case = case_to_read(acting, number)
    if not may_file(acting, case.service):
        return redirect(to("status", case))
    if case.state == State.RETURNED and case.total > 1:
        return redirect(to("status", case))
    if not case.is_open or errands.under_way(case):
        return redirect(to("status", case))
    if case.uploads.filter(finished_at=None).exists():
        return redirect(to("roster", case))
    if case.state == State.DRAFT and case.good and not case.bad:
        return redirect(to("confirm", case))
    return redirect(edit_url_of(case))


@require_safe
@for_filers
def status(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    case = case_to_read(acting, number)
    service = case.service
    text = request.GET.get("q", "").strip()
    asked = Asked(request.GET.get("after", ""), request.GET.get("before", ""), PAGE)
    listed = page_of(rows.search(case, text), ("number",), asked) if case.total > 1 else None
    may = may_file(acting, service)  # else the case is read, and nothing is offered to be done
    look = _look(case) | ({} if may else {"actions": []})
    response = page(
        request,
        "filing/status.html",
        part="state",
        acting=acting,
        service=service,
        case=case,
        **bench(acting),
        look=look,
        moves=timeline(case),
        facts=_facts(case),
        bring=papers.to_bring(case) if papers.awaited(case) else [],
        figures=case.figures,
        figures_now=figures_now(case),
        documents=_documents(case),
        printouts=[
            (one.title, reverse("filing:printout", args=[case.number, one.code]))
            for one in service.printouts
            if one.fits(case)
        ],
        left_behind=_left_behind(case) if may else None,
        next_steps=leads(acting, service.related) if case.state == State.APPROVED else [],
        returned=_returned(acting, case) if case.state == State.RETURNED else [],
        fix_url=edit_url_of(case) if may and case.state == State.RETURNED else "",
        heads=fields.who_heads(service),
        rows=[_row(acting, case, row) for row in listed.lines] if listed else [],
        previous=listed.previous if listed else "",
        next=listed.next if listed else "",
        said=_("共 %(rows)s") % {"rows": case.counted(case.total)},
        q=text,
        key_label=fields.key_label(case.service),
        results_url=to("results", case),
    )
    if getattr(request, "htmx", False) and not look["poll"]:
        response.headers["HX-Refresh"] = "true"  # the rest of the page follows from what came out
    return response


@require_safe
@for_filers
def printout(request: HttpRequest, acting: Acting, number: str, code: str) -> HttpResponse:
    """A form of the service, filled in with the case."""
    case = case_to_read(acting, number)
    for one in case.service.printouts:
        if one.code == code and one.fits(case):
            audit.record("case.printed", case.ref, by=acting, details={"form": code})
            if case.service.people:
                keys = case.rows.exclude(state=RowState.REMOVED).values_list("key", flat=True)
                there = case.service.people(list(keys)).values()
                audit.looked_many(by=acting, person_ids=there, what=case.service.title, about=case.ref)
            return downloads.file(one.make(case), _numbered(one.filename, case))
    raise Http404


def _numbered(filename: str, case: Case) -> str:
    """The file's name with the case's number, so that the forms of two cases don't take each other's place."""
    stem, dot, kind = filename.rpartition(".")
    return f"{stem}{case.number}{dot}{kind}"


@require_safe
@for_filers
def issued(request: HttpRequest, acting: Acting, number: str, document: int) -> HttpResponse:
    """A document that the case ended in, as it was issued."""
    found = case_to_read(acting, number).issued.filter(pk=document).first()
    if found is None:
        raise Http404
    try:
        return downloads.file(issues.content(found), found.filename)
    except Unsettled as gone:
        messages.warning(request, gone.sentence)
        return redirect(to("status", found.case))


def _documents(case: Case) -> list[dict]:
    """What the case ended in; of a statement that is in force no more, why, and the one that took its place."""
    found = list(case.issued.all())
    of_employer = case.party_kind == Kind.EMPLOYER
    over = issuance.over(case.party_id, [one.about for one in found]) if of_employer else {}
    return [
        {
            "title": one.title,
            "url": reverse("filing:issued", args=[case.number, one.pk]),
            "over": (ended := over.get(one.about)),
            "instead": reverse("employer:statement", args=[ended.superseded_by])
            if ended and ended.superseded_by
            else "",
        }
        for one in found
    ]


def figures_now(case: Case) -> dict | None:
    """The figures of the last decision, where they weren't those that the filer was shown."""
    found = [move.outcome["figures"] for move in case.moves.all() if "figures" in move.outcome]
    return found[-1] if found else None


def note_on(case: Case) -> str:
    """What happens next with a case that was handed over, in a few words."""
    if case.state == State.APPROVED:
        return _approved(case, case.good)
    if case.state != State.SUBMITTED:
        return ""
    if case.awaits == Awaits.MACHINE:
        return _("系统审核，一般几秒钟")
    if papers.awaited(case) and (day := papers.brought_by(case)):
        return _("请于 %(day)s前带材料审核") % {"day": day_words(day)}
    return _("等待窗口审核")


def timeline(case: Case) -> list[dict]:
    """What has happened, and what is next."""
    moves = []
    for move in case.moves.all():
        itself = move.by.startswith("system:")
        said = [_("系统自动审核") if itself else _("经办：%(who)s") % {"who": move.by_name}]
        said += history.told(case, move)
        moves.append(
            {"title": history.title(move), "at": move.at, "note": _("；").join(said), "state": "done"}
        )
    if case.is_open and moves:
        moves[-1]["state"] = "current"  # the filer is at it
    if case.state == State.SUBMITTED:
        word = Awaits(case.awaits).label
        moves.append({"title": word, "at": _("等待中"), "note": note_on(case), "state": "current"})
        moves.append({"title": _("结束"), "at": "", "note": "", "state": "todo"})
    return moves


def _look(case: Case) -> dict:
    errand = errands.under_way(case)
    if errand:
        return _under_way(case, errand)
    looks = {
        State.DRAFT: _draft_words,
        State.RETURNED: _returned_words,
        State.APPROVED: _approved_words,
        State.WITHDRAWN: _withdrawn_words,
        State.SUBMITTED: _submitted_words,
    }
    tone, icon, title, sentences = looks[State(case.state)](case)
    actions = []
    if case.is_open:
        word = _("修改后重新提交") if case.state == State.RETURNED else _("继续办理")
        actions = [(word, edit_url_of(case), "pencil")]
        if case.good:
            actions.append((_("核对并提交"), to("confirm", case), "list-check"))
    elif papers.awaited(case) and case.party_kind == Kind.EMPLOYER:
        actions = [(_("预约审核时间"), url_for(case.number), "calendar-event")]
    fresh = case.submitted_at is not None and clock.now() - case.submitted_at < POLLED
    under_way = case.state == State.SUBMITTED and case.awaits == Awaits.MACHINE
    return {
        "tone": tone,
        "icon": icon,
        "title": title,
        "sentences": sentences,
        "actions": actions,
        "poll": to("status", case) if under_way and fresh else "",
        "stale": under_way and not fresh,
    }


def _under_way(case: Case, errand: Errand) -> dict:
    """How far a worker has come with many rows."""
    fresh = clock.now() - errand.touched_at < POLLED
    return {
        "tone": "wait",
        "icon": "loader-2",
        "title": _("正在提交") if errand.deed == Errand.Deed.SUBMIT else _("正在审核"),
        "sentences": [_("名单较长，系统正在逐行办理。可以离开本页，办理会继续；办完后在这里看结果。")],
        "progress": progress(errand),
        "actions": [],
        "poll": to("status", case) if fresh else "",
        "stale": not fresh,
    }


def progress(errand: Errand) -> tuple[int, int, str]:
    """How many rows are done, of how many, and that in words."""
    counted = {"done": f"{errand.done:,}", "total": errand.case.counted(errand.total)}
    if errand.done >= errand.total:
        return errand.done, errand.total, _("共 %(total)s，正在收尾…") % counted
    words = (
        _("已检查 %(done)s / %(total)s")
        if errand.deed == Errand.Deed.SUBMIT
        else _("已办 %(done)s / %(total)s")
    )
    return errand.done, errand.total, words % counted


def _draft_words(case: Case) -> tuple[str, str, str, list[str]]:
    if refusal := errands.refused(case):
        return "bad", "alert-circle", _("没有提交成"), [refusal]
    return "", "pencil", _("未提交"), [_("已经保存，核对无误后请提交审批。")]


def _withdrawn_words(case: Case) -> tuple[str, str, str, list[str]]:
    return "", "x", _("已退单"), [_("这笔业务已取消；要办请重新填写。")]


def _submitted_words(case: Case) -> tuple[str, str, str, list[str]]:
    if case.awaits == Awaits.MACHINE:
        return "wait", "loader-2", _("进行中"), [_("系统正在审核，一般几秒钟出结果。")]
    if papers.awaited(case):
        days = {"days": case.service.promised_days}
        sentences = [_("系统校验已通过，收到材料后 %(days)s 日内办结。") % days]
        day = papers.brought_by(case)
        by = _("请在 %(day)s前，带材料到辖区社会保险经办机构审核。") % {"day": day and day_words(day)}
        sentences.append(by if day else _("请带材料到辖区社会保险经办机构审核。"))
        icon, title = "calendar-event", states.of(benches.AWAITING_PAPERS).word
    else:
        sentences = [_("系统校验已通过，承诺 %(day)s前办结。") % {"day": day_words(case.due)}]
        icon, title = "clock", states.of(State.SUBMITTED).word
    if waiting := case.rows.filter(state=RowState.SUBMITTED).count():
        done = case.total - waiting - case.bad
        if done:
            words = {"done": case.counted(done), "waiting": case.counted(waiting)}
            sentences.insert(0, _("已处理 %(done)s，还有 %(waiting)s待审核。") % words)
    return "wait", icon, title, sentences


def _returned_words(case: Case) -> tuple[str, str, str, list[str]]:
    sentences = [errands.refused(case)] if errands.refused(case) else []
    approved = case.rows.filter(state=RowState.APPROVED).count()
    if approved:
        returned = case.rows.filter(state__in=FAILED_ROWS).count()
        words = {"approved": case.counted(approved), "returned": case.counted(returned)}
        told = _("%(approved)s已通过，%(returned)s被回退。请照回退原因修改后再提交。") % words
        return "bad", "arrow-back-up", _("被回退"), [*sentences, told]
    sentences += [_("回退原因：%(reason)s") % {"reason": case.reason}, _("请照回退原因修改后再提交。")]
    return "bad", "arrow-back-up", _("被回退"), sentences


def _approved_words(case: Case) -> tuple[str, str, str, list[str]]:
    if case.service.issues:
        return "ok", "circle-check", _("结束"), [_("文件已出具，可以在本页下载。")]
    approved = case.rows.filter(state=RowState.APPROVED).count()
    said = _("%(approved)s，已经生效。") % {"approved": _approved(case, approved)}
    return "ok", "circle-check", _("结束"), [said]


def _approved(case: Case, rows: int) -> str:
    if case.service.issues:
        return _("文件已出具")
    if not case.service.in_batches:
        return _("审核通过")
    return _("审核通过 %(rows)s") % {"rows": case.counted(rows)}


def _facts(case: Case) -> list[tuple[str, str]]:
    return [
        (_("业务顺序号"), case.number),
        (_("业务名称"), str(case.service.title)),
        *case.service.occasion_on(case.filed_on).which,
        (_("办理对象"), case.about),
        (_("经办人"), case.filed_by_name),
        (_("保存时间"), moment(case.saved_at)),
        (_("提交时间"), moment(case.submitted_at)),
        (_("办结时间"), moment(case.closed_at)),
    ]


def _returned(acting: Acting, case: Case) -> list[tuple[str, str, list[str], list[tuple[str, str]]]]:
    found = case.rows.filter(state__in=FAILED_ROWS).exclude(reason="").order_by("number")
    return [
        (" ".join(fields.who(case.service, row.raw)), row.spot, [row.reason], _leads(acting, row))
        for row in found[:SHOWN_RETURNED]
    ]


def _left_behind(case: Case) -> dict | None:
    """The rows that were not handed in with the others, while these are under review; and what can be done."""
    if case.state != State.SUBMITTED or case.total == 1 or not case.bad:
        return None
    again = reverse("filing:batch", args=[case.service_code]) if case.service.in_batches else ""
    return {"rows": case.counted(case.bad), "failures_url": to("failures", case), "again_url": again}


def _leads(acting: Acting, row: Row) -> list[tuple[str, str]]:
    return leads(acting, (code for problem in row.problems for code in problem.get("leads_to", ())))


def _row(acting: Acting, case: Case, row: Row) -> dict:
    return {
        "leads": _leads(acting, row) if case.is_open else [],
        "cells": list(zip(fields.who_heads(case.service), fields.who(case.service, row.raw), strict=True)),
        "state": "passed" if row.state == RowState.APPROVED else row.state,  # the case ends, a row passes
        "reason": row.reason or _("；").join(failures.reasons(case, row)),
    }
