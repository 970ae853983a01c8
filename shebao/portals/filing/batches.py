"""批量办理: template, upload, progress, failures, search, removal."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shebao import audit
from shebao.casework import cases, corrections, errands, failures, prefilled, rosters, rows, sheets, workbooks
from shebao.casework.listing import Asked, page_of
from shebao.casework.models import READY_ROWS, Case, Row, RowState, Upload
from shebao.casework.service import Service
from shebao.foundation import clock, ids
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from shebao.pages import downloads, keys
from shebao.pages.screens import page
from shebao.portals.filing import fields, row_papers
from shebao.portals.filing.access import (
    bench,
    case_of,
    case_to_read,
    for_filers,
    go,
    leads,
    open_case_of,
    service_of,
    to,
    token_in,
)

PAGE = 20
SHOWN_FAILURES = 20
_OWN_SHOWN = 3  # workbooks that failed rows came from
FILLED = 200  # rows that are corrected on the page; more are for a workbook


@for_filers
def first(request: HttpRequest, acting: Acting, service: str) -> HttpResponse:
    """Before there is a case: the first workbook starts one."""
    found = service_of(acting, service)
    if not found.in_batches:
        raise Http404
    wrongs = []
    if request.method == "POST":
        try:
            with transaction.atomic():  # a file that isn't taken leaves no empty case behind
                case = cases.start(found.code, by=acting, token=token_in(request.POST))
                _hand_in(request, acting, case)
            return _look_on(case)
        except Unsettled as refused:
            wrongs = [("id_file", _("名单文件"), refused.sentence)]
    return _batch(request, acting, found, None, wrongs)


@require_POST
@for_filers
def fill(request: HttpRequest, acting: Acting, service: str) -> HttpResponse:
    """Start a case with everything on file in it, to be corrected row by row on the page."""
    found = service_of(acting, service)
    if not (found.prefill and found.in_batches):
        raise Http404
    try:
        with transaction.atomic():
            case = cases.start(found.code, by=acting, token=token_in(request.POST))
            cases.fill(case, by=acting, most=FILLED)
    except Unsettled as refused:
        return _batch(request, acting, found, None, [("", "", refused.sentence)])
    return go("roster", case)


@for_filers
def roster(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """The roster of a case: how reading goes on, what failed, what can be submitted; and the next workbook."""
    case = open_case_of(acting, number)
    if errands.under_way(case):
        return go("status", case)
    wrongs = []
    if request.method == "POST":
        try:
            _hand_in(request, acting, case)
            return _look_on(case)
        except Unsettled as refused:
            wrongs = [("id_file", _("名单文件"), refused.sentence)]
    return _batch(request, acting, case.service, case, wrongs)


@require_POST
@for_filers
def remove(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """Take the ticked rows out, or all that failed."""
    case = case_of(acting, number)
    boxes = [*request.POST.getlist("row"), *request.POST.getlist("failed")]
    ticked = [found for one in boxes if (found := keys.number(one))]
    try:
        if request.POST.get("deed") == "remove-failed":
            removed = cases.remove_failed(case, by=acting)
        else:
            removed = cases.remove(case, ticked, by=acting) if ticked else 0
    except Unsettled:
        return go("status", case)
    if removed:
        messages.success(request, _("已删除 %(rows)s 行") % {"rows": removed})
    else:
        messages.warning(request, _("请先勾选要删除的行"))
    return go("roster", case)


@require_POST
@for_filers
def stop(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """Leave off reading a workbook, which was the wrong one perhaps."""
    case = open_case_of(acting, number)
    try:
        rosters.stop(case, by=acting)
    except Unsettled as refused:
        messages.warning(request, refused.sentence)
    return go("roster", case)


@require_safe
@for_filers
def template(request: HttpRequest, acting: Acting, service: str) -> HttpResponse:
    found = service_of(acting, service)
    if not found.in_batches:
        raise Http404
    filed = prefilled.written(cases.blank(found, by=acting)) if found.prefill else ()
    title = f"{found.title}{found.occasion_on(clock.today()).title}"
    name = _("%(title)s模板") % {"title": title.replace(" ", "")}
    return downloads.file(sheets.template(found, filed), f"{name}.xlsx")


@require_safe
@for_filers
def failed(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    case = case_of(acting, number)
    audit.record("case.failures-downloaded", case.ref, by=acting)
    name = _("导入失败列表%(number)s") % {"number": case.number}
    return downloads.file(failures.workbook(case), f"{name}.xlsx")


@require_safe
@for_filers
def own(request: HttpRequest, acting: Acting, number: str, upload: int) -> HttpResponse:
    """The filer's own workbook with its wrong cells marked."""
    case = case_of(acting, number)
    found = failures.uploads(case).filter(pk=upload).first()
    if found is None:
        raise Http404
    audit.record("case.failures-downloaded", case.ref, by=acting, details={"upload": upload})
    found.case = case
    stem = found.filename.rpartition(".")[0] or found.filename
    name = _("%(name)s（标红）") % {"name": stem}
    return downloads.file(failures.own_workbook(found), f"{name}.xlsx")


@require_safe
@for_filers
def results(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    case = case_to_read(acting, number)
    audit.record("case.results-downloaded", case.ref, by=acting)
    name = _("办理结果%(number)s") % {"number": case.number}
    return downloads.file(failures.results(case), f"{name}.xlsx")


def _look_on(case: Case) -> HttpResponse:
    """To where the progress is seen, below the upload."""
    return redirect(f"{to('roster', case)}#roster")


def _hand_in(request: HttpRequest, acting: Acting, case: Case) -> None:
    file = request.FILES.get("file")
    if file is None:
        raise Unsettled(_("请先选择填好的名单文件"))
    rosters.hand_in(case, file, by=acting)


def _batch(
    request: HttpRequest, acting: Acting, service: Service, case: Case | None, wrongs: list
) -> HttpResponse:
    upload = case.uploads.order_by("-id").first() if case else None
    window = service.opens(clock.today()) if service.opens else None
    context = {
        "acting": acting,
        "service": service,
        "case": case,
        "token": "" if case else request.POST.get("token") or ids.uuid7(),
        **bench(acting),
        "single_url": "" if case or service.prefill else reverse("filing:start", args=[service.code]),
        "window": window,
        "shut": window.shut_on(clock.today()) if window else "",
        "prefilled": service.prefill is not None,
        "occasion": service.occasion_on(case.filed_on if case else clock.today()),
        "fill_url": reverse("filing:fill", args=[service.code]) if service.prefill and not case else "",
        "template_url": reverse("filing:template", args=[service.code]),
        "most_rows": f"{service.most_rows:,}",
        "most_megabytes": workbooks.MOST_BYTES // 10**6,
        "wrongs": wrongs,
        "upload": upload or (case and _nothing_uploaded(case)),
        "roster": _roster(request, acting, case, upload) if case else {},
        "confirm_url": to("confirm", case) if case else "",
        "withdraw_url": to("withdraw", case) if case else "",
    }
    status = 422 if wrongs else 200
    response = page(request, "filing/batch.html", part="upload", status=status, **context)
    if getattr(request, "htmx", False) and not context["roster"].get("reading"):
        response.headers["HX-Refresh"] = "true"  # the rest of the page follows from what was read
    return response


def _nothing_uploaded(case: Case) -> Upload:
    """Rows that were picked or typed are shown on the same page as those of a workbook."""
    return Upload(case=case, stage=Upload.Stage.DONE, filename=_("已选名单"), created_at=case.saved_at)


def _roster(request: HttpRequest, acting: Acting, case: Case, upload: Upload | None) -> dict:
    if upload and not upload.is_finished:
        stoppable = not (upload.corrects and upload.stage == Upload.Stage.EXAMINING)
        stop_url = to("stop", case) if stoppable else ""
        return {"reading": True, "poll": to("roster", case), "stop_url": stop_url, "good": 0, "bad": 0}
    text, noted_only = request.GET.get("q", "").strip(), request.GET.get("only") == "noted"
    found = rows.search(case, text).select_related("upload")
    asked = Asked(request.GET.get("after", ""), request.GET.get("before", ""), PAGE)
    ready = found.filter(state__in=READY_ROWS)
    good = page_of(rows.noted(ready) if noted_only else ready, ("number",), asked)
    asked = Asked(request.GET.get("failed_after", ""), request.GET.get("failed_before", ""), SHOWN_FAILURES)
    bad = page_of(found.filter(state=RowState.BAD), ("number",), asked)
    service = case.service
    listed = fields.table(service, [row.raw for row in good.lines])
    return {
        "good": (all_good := case.rows.filter(state__in=READY_ROWS)).count(),
        "bad": case.bad,
        "noted": rows.noted(all_good).count(),
        "noted_only": noted_only,
        "failures_url": to("failures", case),
        "own": [
            {
                "name": found.filename,
                "at": found.created_at,
                "failed": found.failed,
                "url": reverse("filing:own", args=[case.number, found.pk]),
                "same": failures.keeps_its_form(found),
            }
            for found in failures.uploads(case)[:_OWN_SHOWN]
        ],
        "left": corrections.left(case, upload) if upload and upload.pk and upload.corrects else 0,
        "key_label": fields.key_label(service),
        "failed": [_failed(acting, service, row) for row in bad.lines],
        "failed_previous": bad.previous,
        "failed_next": bad.next,
        "heads": listed.heads,
        "money": listed.money,
        "rows": [
            {
                "number": row.number,
                "spot": row.spot,
                "cells": list(zip(listed.heads, cells, strict=True)),
                "notes": [note["sentence"] for note in row.notes],
                "url": _edit_url(case, row),
            }
            for row, cells in zip(good.lines, listed.rows, strict=True)
        ],
        "q": text,
        "previous": good.previous,
        "next": good.next,
        "said": _("本页 %(lines)s 行") % {"lines": len(good.lines)},
        "failed_said": _("本页 %(lines)s 行") % {"lines": len(bad.lines)},
        "remove_url": to("remove", case),
        "lacking": row_papers.wanted(case),
    }


def _edit_url(case: Case, row: Row) -> str:
    """Where one row is corrected on the page; picked ones are picked anew."""
    return "" if case.service.offers else reverse("filing:edit", args=[case.number, row.number])


def _failed(acting: Acting, service: Service, row: Row) -> dict:
    """A failed row: who, and each problem with its cell, its column, what was written there, and what puts it right."""
    questions = {question.name: question for question in service.questions}
    problems = [
        (
            row.cell(problem["field"]),
            questions[problem["field"]].label if problem["field"] in questions else "",
            sheets.as_text(row.raw.get(problem["field"])),
            problem["sentence"],
            leads(acting, problem.get("leads_to", ())),
        )
        for problem in row.problems
    ]
    return {
        "number": row.number,
        "spot": row.spot,
        "url": _edit_url(row.case, row),
        "who": fields.name(service, row.raw),
        "id": fields.key(service, row.raw) if row.key else "",
        "problems": problems or [("", "", "", row.reason, ())],
    }
