"""Services and filing them: for each service that is open to machines, its schema, a check, and a case."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import Header
from ninja.responses import Status

from shebao.api import intakes
from shebao.api.models import Intake
from shebao.api.v1 import answers, bodies, keys, shapes
from shebao.api.v1.door import operation
from shebao.api.v1.problems import Trouble
from shebao.casework import cases, catalogue, examination, obstacles
from shebao.casework import rows as cases_rows
from shebao.casework.ask import Problem
from shebao.casework.service import Material, Service, Who
from shebao.foundation import clock
from shebao.identity.api_keys import Scope

TAG = _("办理业务")
RETRY_AFTER = "2"  # seconds; a case is put together right after it came


def offered() -> tuple[Service, ...]:
    """What an employer's system may file."""
    return tuple(one for one in catalogue.offered_to(Who.EMPLOYER) if one.by_machine)


@operation(
    "get",
    "/services",
    id="list-services",
    scope=Scope.READ,
    tag=TAG,
    summary=_("可以通过接口办理的业务"),
    response={200: answers.Services},
)
def list_services(request: HttpRequest):
    return {"services": [_line(one) for one in offered()]}


@operation(
    "get",
    "/services/{code}",
    id="get-service",
    scope=Scope.READ,
    tag=TAG,
    summary=_("一项业务：每行的 JSON Schema、材料、受理时间"),
    response={200: answers.ServiceWhole},
    troubles=("not-found",),
)
def get_service(request: HttpRequest, code: str):
    service = next((one for one in offered() if one.code == code), None)
    if service is None:
        raise Http404
    window = service.opens(clock.today()) if service.opens else None
    return _line(service) | {
        "row_schema": shapes.of_service(service),
        "example_row": shapes.example_row(service.row),
        "materials": [_asked(paper) for paper in service.materials_of(request.auth.grade)],
        "papers_by": window and window.papers_by,
        "rules": list(dict.fromkeys(check.rule for check in service.checks)),
    }


def declare(service: Service) -> None:
    """The operations of one service: the rows that are on file where it has such, checking rows, and filing them."""
    title = {"title": service.title}
    if service.prefill:
        operation(
            "get",
            f"/services/{service.code}/rows",
            id=f"list-{service.code}",
            scope=Scope.READ,
            tag=TAG,
            summary=Words(_("名单：%(title)s"), title),
            description=_("系统里登记的、现在可以办的人，每人一行，一次全部给出；名单不能增加。"),
            response={200: answers.Prefilled},
        )(_on_file(service))
    operation(
        "post",
        f"/services/{service.code}/check",
        id=f"check-{service.code}",
        scope=Scope.FILE,
        tag=TAG,
        summary=Words(_("检查：%(title)s"), title),
        description=_(
            "只检查，不保存，不办理。答复与提交时的检查一致。"
            "整笔的问题（如不在受理时间内）在 problems 里，各行的在 rows 里。"
        ),
        response={200: answers.Checked},
        troubles=("malformed", "too-large", "not-json"),
        extra=_body(service, bodies.Checking, min(service.most_rows, bodies.MOST_CHECKED)),
    )(_checking(service))
    operation(
        "post",
        f"/services/{service.code}/cases",
        id=f"file-{service.code}",
        scope=Scope.FILE,
        tag=TAG,
        summary=Words(_("办理：%(title)s"), title),
        description=_(
            "收下后立即回答 202 和业务顺序号，随后由系统检查并提交。"
            "任何一行写法有误时整个请求都不收，全部问题列在 errors 里。"
            "断线重试请用同一个 Idempotency-Key 原样重发，只会办理一次。"
        ),
        response={202: answers.Receipt},
        troubles=(
            "malformed", "too-large", "not-json", "idempotency-key-reused", "client-reference-taken", "impossible",
        ),
        extra=_body(service, bodies.Filing, service.most_rows),
    )(_filing(service))  # fmt: skip


def _on_file(service: Service) -> Callable:
    def rows(request: HttpRequest):
        case = cases.blank(service, by=request.auth)
        found = [shapes.spelled(service.row, values) for values in service.prefill(case, None)]
        keys.charge(request.key, len(found) // bodies.ROWS_PER_REQUEST)
        known = [cases_rows.key_text(service, values) for values in found]
        examination.own_up(service, known, by=request.auth, about=request.key.ref)
        return {"total": len(found), "rows": found}

    return rows


def _checking(service: Service) -> Callable:
    def check(request: HttpRequest):
        most = min(service.most_rows, bodies.MOST_CHECKED)
        _envelope, written = bodies.read(request, service, bodies.Checking, most)
        case = cases.blank(service, by=request.auth)
        found = examination.glance_many(case, written)
        told = [one.key for one in found if one.tells]
        examination.own_up(service, told, by=request.auth, about=request.key.ref)
        return {
            "problems": findings(service, obstacles.of_window(case)),
            **_open(service),
            "total": len(found),
            "good": sum(not one.problems for one in found),
            "bad": sum(bool(one.problems) for one in found),
            "flagged": sum(bool(one.flags) and not one.problems for one in found),
            "rows": [
                {
                    "number": one.number,
                    "sound": not one.problems,
                    "problems": findings(service, one.problems),
                    "flags": findings(service, one.flags),
                    "notes": findings(service, one.notes),
                }
                for one in found
                if one.problems or one.flags or one.notes
            ],
        }

    return check


def _filing(service: Service) -> Callable:
    def file(
        request: HttpRequest,
        response: HttpResponse,
        idempotency_key: str = Header(
            ...,
            alias="Idempotency-Key",
            pattern=f"^{bodies.REFERENCE}$",
        ),
    ):
        envelope, written = bodies.read(request, service, bodies.Filing, service.most_rows)
        try:
            intake, again = intakes.receive(
                service,
                written,
                envelope.wish,
                idempotency_key=idempotency_key,
                key=request.key,
                by=request.auth,
            )
        except intakes.Reused:
            raise Trouble("idempotency-key-reused") from None
        except intakes.Taken as taken:
            raise Trouble(
                "client-reference-taken",
                headers={"Location": case_url(taken.number)},
                case=case_url(taken.number),
            ) from None
        response["Location"] = case_url(intake.case.number)
        response["Retry-After"] = RETRY_AFTER
        if again:
            response["Idempotent-Replayed"] = "true"
        return Status(202, receipt(intake))

    return file


def receipt(intake: Intake) -> dict[str, Any]:
    """The same every time it is asked for."""
    return {
        "number": intake.case.number,
        "service": intake.case.service_code,
        "client_reference": intake.client_reference or None,
        "received_at": intake.received_at,
        "rows": intake.count,
        "case": case_url(intake.case.number),
    }


def case_url(number: str) -> str:
    return reverse("api-v1:get-case", args=[number])


def page_url(number: str) -> str:
    """Where a person looks after the case, in a browser."""
    return settings.URL + reverse("filing:case", args=[number])


def findings(service: Service, found: list[Problem]) -> list[dict[str, str]]:
    labels = {one.name: one.label for one in service.questions}
    return [
        {
            "field": one.field,
            "label": labels.get(one.field, one.field),
            "rule": one.rule,
            "sentence": one.sentence,
        }
        for one in found
    ]


def _asked(paper: Material) -> dict[str, Any]:
    return {
        "name": paper.name,
        "per_row": paper.per_row,
        "required": paper.must_be_uploaded,
        "brought": paper.brought,
        "kinds": paper.kinds,
        "most_bytes": paper.most_bytes,
        "hint": str(paper.hint()) if paper.hint else "",
    }


def _line(service: Service) -> dict[str, Any]:
    return {
        "code": service.code,
        "title": str(service.title),
        "purpose": str(service.purpose),
        "basis": service.basis,
        "url": reverse("api-v1:get-service", args=[service.code]),
        "most_rows": service.most_rows,
        "promised_days": service.promised_days,
        **_open(service),
    }


def _open(service: Service) -> dict[str, Any]:
    """Whether it is open today, and the days on which it is, as far as they are known."""
    today = clock.today()
    window = service.opens(today) if service.opens else None
    if window is None or window.closed:
        return {"open_today": window is None, "opens_on": None, "closes_on": None}
    over = today > window.last
    return {
        "open_today": not window.shut_on(today),
        "opens_on": window.again if over else window.first,
        "closes_on": None if over else window.last,
    }


class Words:
    """Words put together in the language of the moment in which they are read."""

    def __init__(self, text: Any, facts: dict[str, Any]):
        self.text, self.facts = text, facts

    def __str__(self) -> str:
        return str(self.text) % self.facts


def _body(service: Service, envelope: type, most: int) -> dict[str, Any]:
    row = {"$ref": f"#/components/schemas/{schema_name(service)}"}

    def example(whole: bool) -> dict[str, Any]:
        return shapes.example_row(envelope) | {"rows": [shapes.example_row(service.row, whole=whole)]}

    def made() -> dict[str, Any]:
        return {
            "schema": bodies.schema(service, envelope, row, most),
            "examples": {
                "whole": {"summary": str(_("全部项目")), "value": example(True)},
                "least": {"summary": str(_("必填项目")), "value": {"rows": example(False)["rows"]}},
            },
        }

    return bodies.document(made)


def schema_name(service: Service) -> str:
    """The name of a row's schema in the document: EnrolEmployeesRow."""
    return "".join(word.capitalize() for word in service.code.split("-")) + "Row"


def row_schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    for service in offered():
        name = schema_name(service)
        # Generators of clients call their classes by the title.
        found = shapes.of_service(service)
        yield (
            name,
            found
            | {"title": name, "description": gettext("：").join((found["title"], found["description"]))},
        )
