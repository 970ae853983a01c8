"""核对并提交: check the answers, hand in papers, submit; or take the case back."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shebao.casework import cases, errands, estimates, papers, rows
from shebao.casework.ask import Problem
from shebao.casework.models import READY_ROWS, Case, Row, RowState
from shebao.casework.models import Material as Paper
from shebao.casework.obstacles import NotSubmitted
from shebao.casework.service import Material, Review
from shebao.foundation import ids
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from shebao.pages import downloads
from shebao.pages.screens import page
from shebao.pages.templatetags.jc import day_words
from shebao.portals.filing import fields
from shebao.portals.filing.access import bench, bench_url, case_of, for_filers, go, to, token_in

SHOWN = 10  # rows of a long roster


@for_filers
def confirm(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    case = case_of(acting, number)
    if errands.under_way(case):
        return go("status", case)
    wrongs = []
    if request.method == "POST" and case.is_open:
        wrongs = _hand_in_papers(request, acting, case)
        try:
            if not request.POST.get("declared"):
                wrongs += _against(case, cases.check(case, by=acting))
                wrongs.append(("id_declared", _("声明"), _("请先勾选，确认以上声明")))
            elif not wrongs:
                shown = request.POST.get("shown")
                cases.submit(case, by=acting, token=token_in(request.POST), shown=shown)
                return go("status", case)
        except NotSubmitted as refused:
            wrongs = _against(case, refused.problems)
        except Unsettled as refused:
            wrongs.append(("", "", refused.sentence))
        case.refresh_from_db()
    if not case.is_open:  # the second of two clicks ends here as well
        return go("status", case)
    return _confirm(request, acting, case, wrongs)


def _against(case: Case, problems: Iterable[Problem]) -> list[tuple[str, str, str]]:
    """What keeps it from being submitted, each with its rule, and a link where this page can mend it."""
    asked = _asked_papers(case, rows.only_open(case))
    places = {str(material.name): f"id_paper{place}" for place, (material, _row) in enumerate(asked)}
    return [
        (places.get(problem.field, ""), "", fields.with_rule(problem.sentence, problem.rule))
        for problem in problems
    ]


@for_filers
def withdraw(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """退单, on a page of its own."""
    case = case_of(acting, number)
    if request.method == "POST":
        try:
            cases.withdraw(case, by=acting)
        except Unsettled as refused:
            messages.warning(request, refused.sentence)
            return go("status", case)
        messages.success(request, _("业务 %(number)s 已退单") % {"number": case.number})
        return redirect(bench_url(acting))
    if not case.is_open or errands.under_way(case):
        return go("status", case)
    approved = case.rows.filter(state=RowState.APPROVED).count()
    return page(
        request,
        "filing/withdraw.html",
        acting=acting,
        service=case.service,
        case=case,
        **bench(acting),
        back_url=to("case", case),
        approved=case.counted(approved) if approved else "",
        rest=case.counted(case.total - approved),
    )


@require_safe
@for_filers
def paper(request: HttpRequest, acting: Acting, number: str, paper: int) -> HttpResponse:
    found = _paper(acting, number, paper)
    return downloads.stored(found.file.open("rb"), found.filename)


@require_POST
@for_filers
def remove_paper(request: HttpRequest, acting: Acting, number: str, paper: int) -> HttpResponse:
    found = _paper(acting, number, paper)
    try:
        papers.remove(found, by=acting)
    except Unsettled as refused:
        messages.warning(request, refused.sentence)
    return go("confirm", found.case)


def _paper(acting: Acting, number: str, paper: int) -> Paper:
    found = papers.of(case_of(acting, number)).filter(pk=paper).first()
    if found is None:
        raise Http404
    return found


def _confirm(request: HttpRequest, acting: Acting, case: Case, wrongs: list) -> HttpResponse:
    service = case.service
    ready = list(case.rows.filter(state__in=READY_ROWS).order_by("number")[: SHOWN + 1])
    only = rows.only_open(case)
    edit_url = edit_url_of(case)
    shown = [only] if only else ready[:SHOWN]
    total = case.rows.filter(state__in=READY_ROWS).count()
    listed = fields.table(service, [row.raw for row in shown])
    figures = estimates.of(case)
    return page(
        request,
        "filing/confirm.html",
        status=422 if wrongs else 200,
        acting=acting,
        service=service,
        case=case,
        **bench(acting),
        edit_url=edit_url,
        withdraw_url=to("withdraw", case),
        saved="saved" in request.GET,
        panels=fields.summary(service, only.raw, edit_url) if only else [],
        heads=listed.heads,
        rows=[] if only else listed.rows,
        total=total,
        skipped=0 if only else case.bad,
        figures=figures,
        shown=estimates.fingerprint(figures),
        notes=_told(shown, "notes") if only else [*_noted(case), *_begun_elsewhere(case)],
        notes_url="" if only or not case.service.in_batches else f"{to('roster', case)}?only=noted#ready",
        occasion=service.occasion_on(case.filed_on),
        flags=_told(shown, "flags") if only else _flagged(case),
        papers=_papers(case, only, wrongs),
        declared="declared" in request.POST,
        token=request.POST.get("token") or ids.uuid7(),
        wrongs=wrongs,
        afterwards=_afterwards(case),
        declaration=service.declaration,
    )


def edit_url_of(case: Case) -> str:
    """Where the rows of a case are changed: in the form, in the list to pick from, or on the page of its roster."""
    service = case.service
    if service.offers and not case.uploads.exists() and not (service.prefill and not service.in_batches):
        return to("pick-again", case)
    if only := rows.only_open(case):
        return reverse("filing:edit", args=[case.number, only.number])
    return to("roster", case)


def _told(shown: list[Row], what: str) -> list[str]:
    return list(dict.fromkeys(one["sentence"] for row in shown for one in getattr(row, what)))


def _begun_elsewhere(case: Case) -> list[str]:
    ready = case.rows.filter(state__in=READY_ROWS)
    count = ready.filter(notes__contains=[{"rule": rows.OTHER_DRAFT}]).count()
    counted = case.counted(count)
    return [_("%(rows)s另有未提交的业务，请核对有没有重复") % {"rows": counted}] if count else []


def _flagged(case: Case) -> list[str]:
    if not case.flagged:
        return []
    found = case.rows.filter(state__in=READY_ROWS).exclude(flags=[]).order_by("number")[:SHOWN]
    words = {"rows": case.counted(case.flagged), "first": _("；").join(_told(list(found), "flags"))}
    return [_("%(rows)s需要经办人员核对：%(first)s") % words]


def _noted(case: Case) -> list[str]:
    """What is worth knowing about some rows of many: about how many, and of the first what."""
    drafts = [{"rule": rows.OTHER_DRAFT}]  # counted apart
    noted = case.rows.filter(state__in=READY_ROWS).exclude(notes=[]).exclude(notes__contains=drafts)
    noted = noted.order_by("number")
    first = noted.first()
    if first is None:
        return []
    words = {
        "rows": case.counted(noted.count()),
        "spot": first.spot,
        "first": _("；").join(_told([first], "notes")),
    }
    return [_("%(rows)s请留意，例如%(spot)s：%(first)s") % words]


def _asked_papers(case: Case, only: Row | None) -> list[tuple[Material, Row | None]]:
    """The papers that this page can take: of the case, and of its row where there is but one."""
    asked: list[tuple[Material, Row | None]] = []
    for material in case.service.materials_of(case.grade):
        if not material.per_row:
            asked.append((material, None))
        elif only and (
            material.asked_of is None
            or any(problem["field"] == material.name for problem in only.problems)
            or papers.of(case).filter(row=only, name=material.name).exists()
        ):
            asked.append((material, only))
    return asked


def _papers(case: Case, only: Row | None, wrongs: list[tuple[str, str, str]]) -> list[dict]:
    here = {(paper.name, paper.row_id): paper for paper in papers.of(case)}
    shown = []
    for place, (material, row) in enumerate(_asked_papers(case, only)):
        paper = here.get((material.name, row and row.pk))
        kinds = (
            material.hint()
            if material.hint
            else _("%(kinds)s 文件，不超过 %(most)s MB")
            % {
                "kinds": fields.formats(material),
                "most": material.most_bytes // 1_000_000,
            }
        )
        may_bring = _("；也可以带到窗口") if material.brought else ""
        if material.kept:
            may_bring = _("；可以不上传，由单位留存备查")
        shown.append(
            {
                "name": material.name,
                "must": material.must_be_uploaded,
                "note": kinds + may_bring,
                "paper": paper,
                "field": f"paper{place}",
                "errors": [sentence for id, _label, sentence in wrongs if id == f"id_paper{place}"],
                "accept": fields.accept(material),
                "remove_url": reverse("filing:remove-paper", args=[case.number, paper.pk]) if paper else "",
            }
        )
    return shown


def _hand_in_papers(request: HttpRequest, acting: Acting, case: Case) -> list[tuple[str, str, str]]:
    """Keep what was chosen in the file controls; what is wrong with a file stands beside it."""
    wrongs = []
    for place, (material, row) in enumerate(_asked_papers(case, rows.only_open(case))):
        file: UploadedFile | None = request.FILES.get(f"paper{place}")
        if file is None:
            continue
        try:
            papers.attach(case, material.name, file, by=acting, row=row)
        except Unsettled as refused:
            wrongs.append((f"id_paper{place}", material.name, refused.sentence))
    return wrongs


def _afterwards(case: Case) -> list[tuple[str, str]]:
    service = case.service
    if service.issues:
        return [("file-certificate", _("提交后立即出具，可以马上下载；以后打开这笔业务还能再下载"))]
    window = service.opens(case.filed_on) if service.opens else None
    automatic = service.review(case, case.grade) == Review.AUTOMATIC
    said = [("clock", _("系统自动审核，一般几秒钟出结果") if automatic else _("先由系统校验，再由窗口审核"))]
    if window and window.papers_by and service.materials_of(case.grade) and not automatic:
        said.append(("calendar-event", _("%(day)s前带材料到窗口审核") % {"day": day_words(window.papers_by)}))
    return [*said, ("arrow-back-up", _("审核不通过会退回给您修改，并写明原因"))]
