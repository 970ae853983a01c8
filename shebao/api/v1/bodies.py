"""Request bodies: JSON from a stranger's system, read so that everything that is wrong with it is told at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.api import intakes
from shebao.api.models import Intake
from shebao.api.v1 import keys, shapes
from shebao.api.v1.problems import Fault, Trouble
from shebao.casework import ask, cases, examination, rows
from shebao.casework.ask import Problem, label
from shebao.casework.service import Service
from shebao.foundation.unreadable import Missing, Unreadable
from shebao.foundation.writing import plain, reader

ROWS_PER_REQUEST = 100
"""So many rows count as one more request: what they make the hall look up is paid for."""
MOST_CHECKED = 5_000
"""Rows that are checked while the sender waits; a case may have more."""
REFERENCE = "[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}"


class Reference(str):
    """The sender's own number for something: letters, digits and a few signs."""

    __slots__ = ()

    @reader
    def read(cls, raw: object) -> Self:
        text = plain(raw)
        if not text:
            raise Missing
        return cls(text)


shapes.KINDS[Reference] = {"type": "string", "pattern": f"^{REFERENCE}$", "minLength": 1, "maxLength": 64}


@dataclass(frozen=True)
class Filing:
    """What a request to file says besides its rows."""

    client_reference: Reference | None = label(
        lazy("客户端编号"),
        help=lazy("您的系统里这笔业务的编号；在本单位内不能重复，以后可以凭它查询"),
        example="2026-11/hires/0042",
        default=None,
    )
    submit: bool = label(
        lazy("提交审批"),
        help=lazy("false 时只保存为未提交，之后在网页上或通过接口提交"),
        default=True,
    )
    if_problems: Intake.IfProblems = label(
        lazy("有的行有问题时"),
        help=lazy("hold：整笔暂不提交，改好再来；submit_rest：没有问题的行先提交"),
        default=Intake.IfProblems.HOLD,
    )

    @property
    def wish(self) -> intakes.Wish:
        return intakes.Wish(self.client_reference or "", self.submit, str(self.if_problems))


@dataclass(frozen=True)
class Checking:
    """A request to check says nothing but its rows."""


class Later(dict):
    """A part of the document that is made anew for each language."""

    def __init__(self, make: Callable[[], dict[str, Any]]):
        super().__init__()
        self.make = make


def document(make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """How an operation's document says what its body is."""
    return {"requestBody": {"required": True, "content": {"application/json": Later(make)}}}


def alone(envelope: type) -> dict[str, Any]:
    """The document of a body without rows."""
    example = {"summary": str(lazy("全部项目")), "value": shapes.example_row(envelope)}
    return {"schema": shapes.of_row(envelope), "examples": {"whole": example}}


def schema(service: Service, envelope: type, row: dict[str, Any], most: int) -> dict[str, Any]:
    """The JSON schema of a body: the envelope's fields and the rows."""
    found = shapes.of_row(envelope)
    found["properties"]["rows"] = {
        "type": "array",
        "items": row,
        "minItems": 1,
        "maxItems": most,
        "uniqueItems": True,
        "title": str(lazy("名单")),
        "description": str(lazy("每行一人；行号从 1 开始")),
    }
    found["required"] = ["rows"]
    return found


def read_alone(request: HttpRequest, envelope: type) -> Any:
    """A body without rows."""
    body = parsed(request)
    reading, problems = shapes.read(envelope, body)
    if problems:
        raise wrong([fault_of(envelope, "#", problem) for problem in problems])
    return reading.row


def read(request: HttpRequest, service: Service, envelope: type, most: int) -> tuple[Any, list[dict]]:
    """The envelope, and the rows as they can be kept.

    Trouble says all that is wrong with all of them, be it how they are written or what the archive and the books
    say: whoever has to correct them anyway does so once.
    """
    said, written, faults = opened(request, envelope, "rows", most)
    raw, found = [], {}
    if written is not None:
        keys.charge(request.key, len(written) // ROWS_PER_REQUEST)
        found = of_rows(service, written)
        raw = [rows.raw_of(service, one) if isinstance(one, Mapping) else {} for one in written]
    if faults or found:
        look_up(request, service, raw, found)
        faults += [
            fault_of(service.row, f"#/rows/{number - 1}", problem, number)
            for number in sorted(found)
            for problem in found[number]
        ]
    if faults:
        raise wrong(faults)
    return said, raw


def opened(
    request: HttpRequest, envelope: type, name: str, most: int, least: int = 1
) -> tuple[Any, list[Any] | None, list[Fault]]:
    """The envelope of a body (None when it is wrong), the list that it holds under this name, and all that is wrong
    with the two, but for what stands in the list."""
    body = parsed(request)
    if not isinstance(body, Mapping):
        raise wrong([Fault(_("请求内容应是一个 JSON 对象 {…}"), "readable", pointer="#")])
    reading, problems = shapes.read(envelope, {one: body[one] for one in body if one != name})
    faults = [fault_of(envelope, "#", problem) for problem in problems]
    of_list = _of_list(body.get(name), name, name in body, most, least)
    return reading.row, None if of_list else body[name], faults + of_list


def wrong(faults: Sequence[Fault]) -> Trouble:
    detail = _("共有 %(faults)s 处问题，都列在 errors 里；请改正后重新提交。没有办理任何一项")
    return Trouble("invalid", detail % {"faults": len(faults)}, faults=faults)


def _of_list(written: Any, name: str, given: bool, most: int, least: int) -> list[Fault]:
    def about(sentence: str, rule: str = "readable") -> list[Fault]:
        return [Fault(sentence, rule, pointer=f"#/{name}", field=name)]

    if not given:
        return about(_("还没有填写，请填写"), "required")
    if not isinstance(written, list):
        return about(_("JSON 类型不对，这里应是列表（array），每项一个 JSON 对象"))
    if len(written) < least:
        return about(_("至少要有一项"), "required")
    if len(written) > most:
        return about(
            _("有 %(items)s 项，一次最多 %(most)s 项；请分成几个请求") % {"items": len(written), "most": most}
        )
    return []


def of_rows(service: Service, written: Sequence[Any]) -> dict[int, list[Problem]]:
    """By number: what is wrong with how a row is written."""
    found: dict[int, list[Problem]] = {}
    seen: dict[str, int] = {}
    for number, one in enumerate(written, 1):
        reading, problems = shapes.read(service.row, one)
        key = rows.key_text(service, ask.kept(service.row, reading.values))
        if key and (first := seen.setdefault(key, number)) != number:
            sentence = _("与第 %(number)s 项（下标 %(index)s）重复，请删除其中一项")
            sentence %= {"number": first, "index": first - 1}
            problems.append(Problem(service.key_fields[0], sentence, "unique"))
        if problems:
            found[number] = problems
    return found


def look_up(
    request: HttpRequest, service: Service, raw: Sequence[Mapping], found: dict[int, list[Problem]]
) -> None:
    """Add what the archive and the books say of the rows, of the first thousands."""
    told = []
    for one in examination.glance_many(cases.blank(service, by=request.auth), raw[:MOST_CHECKED]):
        known = {problem.field for problem in found.get(one.number, ())}
        if "" in known:
            continue  # it is no row at all
        # A paper is uploaded later, to the case.
        more = [
            problem
            for problem in one.problems
            if problem.field not in known and problem.rule != rows.MATERIAL
        ]
        if more:
            found.setdefault(one.number, []).extend(more)
            told += [one.key] if one.tells else []
    examination.own_up(service, told, by=request.auth, about=request.key.ref)


def fault_of(row_type: type, place: str, problem: Problem, number: int | None = None) -> Fault:
    labels = {one.name: one.label for one in ask.questions(row_type)}
    # RFC 6901: these two characters are written otherwise in a pointer.
    name = problem.field.replace("~", "~0").replace("/", "~1")
    return Fault(
        problem.sentence,
        problem.rule,
        pointer=f"{place}/{name}" if name else place,
        row=number,
        field=problem.field,
        label=labels.get(problem.field, ""),
    )


def parsed(request: HttpRequest) -> Any:
    """The JSON of a body. Trouble when there is none, or too much of it."""
    if request.content_type != "application/json":
        raise Trouble("not-json")
    written = request.read(settings.API_MOST_BYTES + 1)
    if len(written) > settings.API_MOST_BYTES:
        most = {"most": settings.API_MOST_BYTES // 2**20}
        raise Trouble("too-large", _("一次最多 %(most)s MB；请分成几个请求，各用一个 Idempotency-Key") % most)
    try:
        return json.loads(
            written.decode("utf-8-sig"),
            object_pairs_hook=_once,
            parse_float=_number,
            parse_constant=_no_constant,
        )
    except Unreadable as twice:
        raise Trouble("malformed", twice.sentence) from None
    except (ValueError, RecursionError) as wrong:
        detail = ""
        if isinstance(wrong, json.JSONDecodeError):
            where = {"line": wrong.lineno, "column": wrong.colno}
            detail = (
                _("第 %(line)s 行第 %(column)s 个字符处不是 JSON；请用标准的 JSON 库生成请求内容") % where
            )
        elif isinstance(wrong, UnicodeDecodeError):
            detail = _("请求内容不是 UTF-8；请用 UTF-8 编码")
        raise Trouble("malformed", detail) from None


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(_("同一个对象里 %(name)s 写了两次，请只留一个") % {"name": twice[:40]})
    return found


def _number(text: str) -> int | Decimal:
    """Never a float: what was written is what is meant. 5.0 is 5."""
    number = Decimal(text)
    return int(number) if number.adjusted() < 18 and number == number.to_integral_value() else number


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
