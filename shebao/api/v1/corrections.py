"""Rows that failed or were returned, put right in their case: whole rows by number, and numbers to be dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.api import intakes
from shebao.api.v1 import answers, bodies, keys, shapes
from shebao.api.v1.bodies import fault_of
from shebao.api.v1.cases import TAG, sent, whole
from shebao.api.v1.door import operation
from shebao.api.v1.filing import Words, schema_name
from shebao.api.v1.problems import Fault, Trouble
from shebao.casework import cases, rows
from shebao.casework.ask import label
from shebao.casework.corrections import NotCorrected
from shebao.casework.service import Service
from shebao.foundation.unreadable import Missing, Unreadable
from shebao.foundation.writing import reader
from shebao.identity.api_keys import Scope

SETTLED, UNKNOWN = "settled", "unknown-row"


class RowNumber(int):
    """The number of a row within its case, from 1."""

    @reader
    def read(cls, raw: object) -> Self:
        if raw is None:
            raise Missing
        if not isinstance(raw, int):
            raise Unreadable(_("这里应填整数，请写成 12 这样的数字"))
        return cls(raw)


shapes.KINDS[RowNumber] = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
shapes.EXAMPLES[RowNumber] = 2
shapes.MOST_OF[RowNumber] = bodies.MOST_CHECKED


@dataclass(frozen=True)
class Correcting:
    """What a request to correct says besides the rows."""

    remove: tuple[RowNumber, ...] = label(
        lazy("要删除的行"), help=lazy("行号；不办的行从这笔业务里删除"), default=()
    )


@dataclass(frozen=True)
class Numbered:
    """Which row a corrected one takes the place of."""

    number: RowNumber = label(lazy("行号"), help=lazy("与查询各行时的 number 相同"))


def declare(service: Service) -> None:
    """The operation that corrects the cases of this service."""
    operation(
        "patch",
        f"/services/{service.code}/cases/{{number}}/rows",
        id=f"correct-{service.code}",
        scope=Scope.FILE,
        tag=TAG,
        summary=Words(lazy("修改：%(title)s"), {"title": service.title}),
        description=lazy(
            "修改没有提交的、待修改的或被回退的业务：按行号整行重写或删除，然后重新检查；没有写到的行不变。"
            "改好后用 submit 重新提交。重发同样的请求，结果不变。"
        ),
        response={200: answers.CaseWhole},
        troubles=("malformed", "too-large", "not-json", "not-found", "impossible"),
        extra=bodies.document(lambda: _body(service)),
    )(_correcting(service))


def _correcting(service: Service) -> Callable:
    def correct(request: HttpRequest, number: str):
        with sent(request.auth, number, service) as case:
            removed, written = _read(request, service)
            places = {row: place for place, row in enumerate(written)}
            try:
                cases.correct(case, written, removed, by=request.auth)
            except NotCorrected as refused:
                raise Trouble("impossible", refused.sentence, faults=_named(refused, places)) from None
            intakes.mended(case)
        return whole(request.auth, number)

    return correct


def _named(refused: NotCorrected, places: Mapping[int, int]) -> list[Fault]:
    """Each row that can't be changed, at its place in the request."""
    told = dict.fromkeys(refused.unknown, (UNKNOWN, _("这笔业务里没有这一行，或已经删除")))
    told |= dict.fromkeys(refused.settled, (SETTLED, _("这一行已经提交或办结，不能再改")))
    return [
        Fault(
            sentence,
            rule,
            pointer=f"#/rows/{places[row]}/number" if row in places else "#/remove",
            row=row,
            field="number" if row in places else "remove",
        )
        for row, (rule, sentence) in sorted(told.items())
    ]


def _read(request: HttpRequest, service: Service) -> tuple[set[int], dict[int, dict[str, Any]]]:
    """The numbers to be dropped, and the rows by their numbers. Trouble says all that is wrong with all of them."""
    said, written, faults = bodies.opened(request, Correcting, "rows", bodies.MOST_CHECKED, least=0)
    keys.charge(request.key, len(written or ()) // bodies.ROWS_PER_REQUEST)
    lines = [_line(place, one) for place, one in enumerate(written or ())]
    faults += [fault for _number, _fields, found in lines for fault in found]
    faults += _twice([number for number, _fields, _found in lines], said.remove if said else ())
    faults += _of_fields(
        request, service, [(number, fields) for number, fields, _found in lines], bool(faults)
    )
    if faults:
        raise bodies.wrong(sorted(faults, key=_place))
    kept = {number: rows.raw_of(service, fields) for number, fields, _found in lines}
    return set(said.remove), kept


def _line(place: int, one: Any) -> tuple[int | None, Any, list[Fault]]:
    """The number and the fields of one line, and what is wrong with it but for its fields."""
    where = f"#/rows/{place}"
    if not isinstance(one, Mapping):
        sentence = _("这里应是一个 JSON 对象 {…}，每项一个名称和值")
        return None, None, [Fault(sentence, "readable", pointer=where)]
    reading, problems = shapes.read(Numbered, {name: one[name] for name in one if name != "fields"})
    number = int(reading.row.number) if reading.row and not problems else None
    faults = [fault_of(Numbered, where, problem, number) for problem in problems]
    if "fields" not in one:
        missing = Fault(
            _("还没有填写，请填写"), "required", pointer=f"{where}/fields", row=number, field="fields"
        )
        faults.append(missing)
    return number, one.get("fields"), faults


def _twice(numbers: list[int | None], removed: tuple[int, ...]) -> list[Fault]:
    seen, found = set(removed), []
    for place, number in enumerate(numbers):
        if number is not None and number in seen:
            sentence = _("这一行已经写在别处（rows 或 remove），请只写一次")
            found.append(
                Fault(sentence, "unique", pointer=f"#/rows/{place}/number", row=number, field="number")
            )
        seen.add(number)
    return found


def _of_fields(
    request: HttpRequest, service: Service, lines: list[tuple[int | None, Any]], already: bool
) -> list[Fault]:
    """What is wrong with the rows themselves; where anything is, also what the archive and the books say of them."""
    there = [(place, number, one) for place, (number, one) in enumerate(lines) if one is not None]
    found = bodies.of_rows(service, [one for _place, _number, one in there])
    if found or already:
        raw = [rows.raw_of(service, one) if isinstance(one, Mapping) else {} for _p, _n, one in there]
        bodies.look_up(request, service, raw, found)
    return [
        fault_of(service.row, f"#/rows/{place}/fields", problem, number)
        for at, (place, number, _one) in enumerate(there, 1)
        for problem in found.get(at, ())
    ]


def _place(fault: Fault) -> tuple[int, int]:
    """In the order of the request: the envelope first."""
    _hash, name, *rest = [*fault.pointer.split("/"), ""]
    return (1, int(rest[0])) if name == "rows" and rest and rest[0].isdecimal() else (0, 0)


def correction_name(service: Service) -> str:
    """The name of a corrected row's schema in the document: EnrolEmployeesCorrection."""
    return schema_name(service).removesuffix("Row") + "Correction"


def schema(service: Service) -> dict[str, Any]:
    """The schema of a corrected row: its number, and the whole row as it shall be."""
    found = shapes.of_row(Numbered)
    found["properties"]["fields"] = {
        "$ref": f"#/components/schemas/{schema_name(service)}",
        "title": _("各项内容"),
        "description": _("整行的内容，与办理时 rows 里的一行相同"),
        "examples": [shapes.example_row(service.row)],
    }
    found["required"] = ["number", "fields"]
    words = {"description": _("修改一行：%(title)s") % {"title": service.title}}
    return {"title": correction_name(service)} | words | found


def _body(service: Service) -> dict[str, Any]:
    found = shapes.of_row(Correcting)
    found["properties"]["rows"] = {
        "type": "array",
        "items": {"$ref": f"#/components/schemas/{correction_name(service)}"},
        "maxItems": bodies.MOST_CHECKED,
        "uniqueItems": True,
        "title": _("要重写的行"),
        "description": _("每行写行号和整行的内容；只删除时写空的列表 []"),
    }
    found["required"] = ["rows"]
    line = {"number": 1, "fields": shapes.example_row(service.row)}
    return {
        "schema": found,
        "examples": {
            "whole": {"summary": _("全部项目"), "value": {"rows": [line], "remove": [2]}},
            "least": {
                "summary": _("必填项目"),
                "value": {"rows": [line | {"fields": shapes.example_row(service.row, whole=False)}]},
            },
        },
    }
