"""Cases as their filer's system sees them: found by number or by its own reference, and read row by row."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja import Query

from shebao.api import intakes
from shebao.api.models import Intake
from shebao.api.v1 import answers, bodies, problems
from shebao.api.v1.answers import CaseStatus
from shebao.api.v1.door import operation
from shebao.api.v1.filing import RETRY_AFTER, case_url, findings, page_url
from shebao.api.v1.problems import Trouble
from shebao.casework import ask, cases, catalogue, papers
from shebao.casework.ask import Problem
from shebao.casework.models import Awaits, Case, Errand, Row, RowState, State
from shebao.casework.service import Service
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from shebao.identity.api_keys import Scope

TAG = _("查看业务")
MOST = 500
FARTHEST = 2**63 - 1  # what a key of a list can be
# Being put together, or (of many rows) being handed over by a worker: see `_of`.
_UNDER_WAY = Q(intake__isnull=False, intake__done_at=None) | Q(submitting=True)
# It was to be submitted and wasn't, and nothing has been done about it since.
_HELD = Q(intake__isnull=False, intake__done_at__gte=F("saved_at")) & ~Q(intake__reason="")
_SUBMITTING = Errand.objects.filter(case=OuterRef("pk"), deed=Errand.Deed.SUBMIT, finished_at=None)
_REFUSED = Errand.objects.filter(case=OuterRef("pk"), finished_at__gte=OuterRef("saved_at")).order_by("-id")
_STATUS: dict[CaseStatus, Q] = {
    CaseStatus.PROCESSING: _UNDER_WAY,
    CaseStatus.NEEDS_CORRECTION: Q(state=State.DRAFT) & ~_UNDER_WAY & (Q(bad__gt=0) | _HELD | ~Q(refusal="")),
    CaseStatus.DRAFT: Q(state=State.DRAFT, bad=0, refusal="") & ~_UNDER_WAY & ~_HELD,
} | {
    status: Q(state=state) & ~_UNDER_WAY
    for status, state in (
        (CaseStatus.SUBMITTED, State.SUBMITTED),
        (CaseStatus.RETURNED, State.RETURNED),
        (CaseStatus.APPROVED, State.APPROVED),
        (CaseStatus.WITHDRAWN, State.WITHDRAWN),
    )
}


@operation(
    "get",
    "/cases",
    id="list-cases",
    scope=Scope.READ,
    tag=TAG,
    summary=_("本单位的业务，新的在前"),
    response={200: answers.Cases},
)
def list_cases(
    request: HttpRequest,
    service: str | None = Query(None, max_length=60),
    status: CaseStatus | None = Query(None),
    client_reference: str | None = Query(None, pattern=f"^{bodies.REFERENCE}$"),
    after: int | None = Query(None, ge=1, le=FARTHEST),
    limit: int = Query(50, ge=1, le=MOST),
):
    found = _of(request.auth)
    if service is not None:
        found = found.filter(service_code=service) if "\0" not in service else found.none()
    if status is not None:
        found = found.filter(_STATUS[status])
    if client_reference is not None:
        found = found.filter(intake__client_reference=client_reference)
    if after is not None:
        found = found.filter(id__lt=after)
    lines = list(found.order_by("-id")[: limit + 1])
    return {
        "cases": [_line(case) for case in lines[:limit]],
        "next": following(request, lines[limit - 1].pk) if len(lines) > limit else None,
    }


@operation(
    "get",
    "/cases/{number}",
    id="get-case",
    scope=Scope.READ,
    tag=TAG,
    summary=_("一笔业务办到哪里了"),
    description=_("正在处理时，请按 Retry-After 所写的秒数再来查询。"),
    response={200: answers.CaseWhole},
    troubles=("not-found",),
)
def get_case(request: HttpRequest, response: HttpResponse, number: str):
    case = case_of(request.auth, number)
    found = _whole(case)
    if found["status"] == CaseStatus.PROCESSING or case.awaits == Awaits.MACHINE:
        response["Retry-After"] = RETRY_AFTER
    return found


@operation(
    "get",
    "/cases/{number}/rows",
    id="list-rows",
    scope=Scope.READ,
    tag=TAG,
    summary=_("一笔业务的各行：办得怎样，有什么问题"),
    response={200: answers.Rows},
    troubles=("not-found",),
)
def list_rows(
    request: HttpRequest,
    number: str,
    status: RowState | None = Query(None),
    after: int = Query(0, ge=0, le=2**31 - 1),
    limit: int = Query(100, ge=1, le=MOST),
):
    case = case_of(request.auth, number)
    found = Row.objects.filter(case=case, number__gt=after).order_by("number")
    found = found.exclude(state=RowState.REMOVED) if status is None else found.filter(state=status)
    lines = list(found[: limit + 1])
    return {
        "case": case_url(case.number),
        "rows": [_row(case, row) for row in lines[:limit]],
        "next": following(request, lines[limit - 1].number) if len(lines) > limit else None,
    }


@operation(
    "post",
    "/cases/{number}/submit",
    id="submit-case",
    scope=Scope.FILE,
    tag=TAG,
    summary=_("提交一笔保存好的业务"),
    description=_("已经提交的再提交一次，结果不变。"),
    response={200: answers.CaseWhole},
    troubles=("not-found", "impossible"),
)
def submit_case(
    request: HttpRequest,
    number: str,
    if_problems: Intake.IfProblems = Query(Intake.IfProblems.HOLD),
):
    with sent(request.auth, number) as case:
        if case.is_open and case.bad and if_problems == Intake.IfProblems.HOLD:
            raise Unsettled(intakes.held_back(case))
        # The same for the same case: asked for twice, it is done once.
        token = uuid5(NAMESPACE_URL, f"{case.ref}/submitted-by/{request.auth.ref}")
        cases.submit(case, by=request.auth, token=token)
        intakes.mended(case)
    return whole(request.auth, number)


@operation(
    "post",
    "/cases/{number}/withdraw",
    id="withdraw-case",
    scope=Scope.FILE,
    tag=TAG,
    summary=_("退单：取消一笔没有提交的业务"),
    response={200: answers.CaseWhole},
    troubles=("not-found", "impossible"),
)
def withdraw_case(request: HttpRequest, number: str):
    with sent(request.auth, number) as case:
        cases.withdraw(case, by=request.auth)
    return whole(request.auth, number)


def status_of(case: Case) -> CaseStatus:
    """Where it stands, in the words of the API."""
    intake = getattr(case, "intake", None)
    if case.submitting or (intake and intake.done_at is None):
        return CaseStatus.PROCESSING
    if case.state == State.DRAFT:
        held = case.bad or case.refusal or _why_held_on_receipt(case, intake)
        return CaseStatus.NEEDS_CORRECTION if held else CaseStatus.DRAFT
    return CaseStatus(case.state)


def following(request: HttpRequest, after: object) -> str:
    """The address of the next page: this one, from another key on."""
    query = request.GET.dict() | {"after": str(after)}
    return f"{request.path}?{urlencode(query)}"


def _of(by: Acting) -> QuerySet[Case]:
    found = cases.of(by).select_related("intake").defer("intake__rows")
    refusal = Coalesce(Subquery(_REFUSED.values("refusal")[:1]), Value(""), output_field=TextField())
    return found.annotate(submitting=Exists(_SUBMITTING), refusal=refusal)


def case_of(by: Acting, number: str) -> Case:
    if "\0" in number:
        raise Http404
    case = _of(by).filter(number=number).first()
    if case is None or case.service_code not in {one.code for one in catalogue.declared()}:
        raise Http404
    return case


@contextmanager
def sent(by: Acting, number: str, service: Service | None = None) -> Iterator[Case]:
    """A case that came through the API, to do something with it; what is refused names it.

    What a clerk has drawn up on the pages isn't a machine's to hand over.
    """
    case = case_of(by, number)
    if service and case.service_code != service.code:
        raise Http404
    try:
        if getattr(case, "intake", None) is None:
            raise Unsettled(_("这笔业务是经办人在网页上办的，请到网页上修改、提交或退单"))
        if status_of(case) == CaseStatus.PROCESSING:
            raise Unsettled(_("这笔业务还在处理，请等处理完再办"))
        yield case
    except Unsettled as refusal:
        raise problems.impossible(refusal, **known_as(case)) from None
    except Trouble as trouble:
        trouble.more |= known_as(case)
        raise


def known_as(case: Case) -> dict[str, str]:
    """What its sender knows it by."""
    intake = getattr(case, "intake", None)
    reference = {"client_reference": intake.client_reference} if intake and intake.client_reference else {}
    return {"case": case_url(case.number)} | reference


def whole(by: Acting, number: str) -> dict[str, Any]:
    """All of a case as it is now."""
    return _whole(case_of(by, number))


def _line(case: Case) -> dict[str, Any]:
    status, intake = status_of(case), getattr(case, "intake", None)
    return {
        "number": case.number,
        "service": case.service_code,
        "service_title": str(case.service.title),
        "status": status,
        "status_label": str(status.label),
        "client_reference": intake.client_reference or None if intake else None,
        "about": case.about,
        "total": case.total,
        "good": case.good,
        "bad": case.bad,
        "flagged": case.flagged,
        "reason": case.reason or _why_held(case, intake),
        "filed_by": case.filed_by_name,
        "created_at": case.created_at,
        "submitted_at": case.submitted_at,
        "due": case.due,
        "closed_at": case.closed_at,
        "url": case_url(case.number),
    }


def _why_held(case: Case, intake: Intake | None) -> str:
    """Why a case wasn't submitted though that was asked for."""
    if not case.is_open:
        return ""
    return case.refusal or _why_held_on_receipt(case, intake) or (intakes.held_back(case) if case.bad else "")


def _why_held_on_receipt(case: Case, intake: Intake | None) -> str:
    """The same of the request that brought it, while nothing has been done about it since; else empty."""
    return intake.reason if intake and intake.done_at and intake.done_at >= case.saved_at else ""


def _whole(case: Case) -> dict[str, Any]:
    counted = Row.objects.filter(case=case).values_list("state").annotate(rows=Count("id"))
    counts = dict(counted.values_list("state", "rows"))
    return _line(case) | {
        "rows_by_status": {state: counts.get(state, 0) for state in RowState.values},
        "rows_url": reverse("api-v1:list-rows", args=[case.number]),
        "correct_url": _correct_url(case),
        "papers_url": reverse("api-v1:list-papers", args=[case.number]),
        "bring": papers.to_bring(case) if papers.awaited(case) else [],
        "page": page_url(case.number),
    }


def _correct_url(case: Case) -> str | None:
    mine = getattr(case, "intake", None) is not None and case.is_open
    return reverse(f"api-v1:correct-{case.service_code}", args=[case.number]) if mine else None


def _row(case: Case, row: Row) -> dict[str, Any]:
    def found(kept: list[dict]) -> list[dict[str, str]]:
        return findings(case.service, [Problem(**one) for one in kept])

    known = {one.name for one in ask.questions(case.service.row)}
    written = {name: value for name, value in (row.raw | row.data).items() if name in known}
    state = RowState(row.state)
    return {
        "number": row.number,
        "status": state,
        "status_label": str(state.label),
        "fields": written,
        "problems": found(row.problems),
        "flags": found(row.flags),
        "notes": found(row.notes),
        "reason": row.reason,
    }
