"""Papers (材料) and photos of a case or of its rows: handed in as Base64, looked at as on the pages."""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.api import intakes
from shebao.api.v1 import answers, bodies, keys, shapes
from shebao.api.v1.bodies import fault_of
from shebao.api.v1.cases import TAG, case_of, sent
from shebao.api.v1.corrections import SETTLED, UNKNOWN, RowNumber
from shebao.api.v1.door import operation
from shebao.api.v1.filing import case_url
from shebao.api.v1.problems import Fault, Trouble
from shebao.casework import cases, papers
from shebao.casework.ask import Problem, label
from shebao.casework.models import OPEN_ROWS, Case, Row, RowState
from shebao.foundation.unreadable import Missing, Unreadable
from shebao.foundation.unsettled import Unsettled
from shebao.foundation.values import Text
from shebao.foundation.writing import reader
from shebao.identity.api_keys import Scope

MOST = 100
"""Papers of one request."""
PER_REQUEST = 10
"""So many papers count as one more request."""
FILE = "file"  # the rule of what is wrong with a file itself


class Base64(bytes):
    """A file's content."""

    @reader
    def read(cls, raw: object) -> Self:
        if raw is None:
            raise Missing
        try:
            return cls(base64.b64decode(str(raw), validate=True))
        except (binascii.Error, ValueError):
            raise Unreadable(_("不是 Base64，请用标准的 Base64 编码（不换行）")) from None


shapes.KINDS[Base64] = {
    "type": "string",
    "format": "byte",
    "contentEncoding": "base64",
    "minLength": 4,
    "maxLength": 8_000_000,
}
shapes.EXAMPLES[Base64] = "/9j/4AAQSkZJRgABAQAAAQABAAD="


@dataclass(frozen=True)
class Supplying:
    """A request to hand in papers says nothing but the papers."""


@dataclass(frozen=True)
class Handed:
    """One paper."""

    name: Text = label(lazy("材料名称"), help=lazy("与业务的 materials 里的 name 相同"), example="相片")
    filename: Text = label(lazy("文件名"), example="420102199202299993.jpg")
    content: Base64 = label(lazy("文件内容"), help=lazy("Base64"))
    row: RowNumber | None = label(
        lazy("行号"),
        help=lazy("各行分别要的材料（per_row）写是哪一行的，整笔的不写"),
        example="1",
        default=None,
    )


def _list() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "papers": {
                "type": "array",
                "items": shapes.of_row(Handed),
                "minItems": 1,
                "maxItems": MOST,
                "title": _("材料"),
                "description": _("一次全部收下，或一份也不收"),
            }
        },
        "required": ["papers"],
        "additionalProperties": False,
    }


def _body() -> dict[str, Any]:
    example = {"summary": _("全部项目"), "value": {"papers": [shapes.example_row(Handed)]}}
    return {"schema": _list(), "examples": {"whole": example}}


@operation(
    "get",
    "/cases/{number}/papers",
    id="list-papers",
    scope=Scope.READ,
    tag=TAG,
    summary=lazy("一笔业务已交的材料"),
    response={200: answers.Papers},
    troubles=("not-found",),
)
def list_papers(request: HttpRequest, number: str):
    return _lying(case_of(request.auth, number))


@operation(
    "post",
    "/cases/{number}/papers",
    id="supply-papers",
    scope=Scope.FILE,
    tag=TAG,
    summary=lazy("交材料、相片"),
    description=lazy(
        "交给没有提交的、待修改的或被回退的业务；检查与网页上传时一样，看内容，不看文件名。"
        "同一行、同一名称的材料后交的代替先交的；重发同样的请求，结果不变。交齐后用 submit 提交。"
    ),
    response={200: answers.Papers},
    troubles=("malformed", "too-large", "not-json", "not-found", "impossible"),
    extra=bodies.document(_body),
)
def supply_papers(request: HttpRequest, number: str):
    with sent(request.auth, number) as case:
        handed = _read(request)
        there = {
            row.number: row for row in Row.objects.filter(case=case, number__in=[one.row for one in handed])
        }
        _all_sound(case, handed, there)
        by_name: dict[str, list] = defaultdict(list)
        for one in handed:
            by_name[one.name].append((one.row and there[one.row], ContentFile(one.content, one.filename)))
        with transaction.atomic():
            for name, files in by_name.items():
                cases.supply(case, name, files, by=request.auth)
        intakes.mended(case)
    return _lying(case)


def _read(request: HttpRequest) -> list[Handed]:
    _said, written, faults = bodies.opened(request, Supplying, "papers", MOST)
    keys.charge(request.key, len(written or ()) // PER_REQUEST)
    found = []
    for place, one in enumerate(written or ()):
        reading, problems = shapes.read(Handed, one)
        found.append(reading.row)
        faults += [fault_of(Handed, f"#/papers/{place}", problem) for problem in problems]
    if faults:
        raise bodies.wrong(faults)
    return found


def _all_sound(case: Case, handed: Sequence[Handed], there: Mapping[int, Row]) -> None:
    """Trouble says what is wrong with all of them: for what they are, and whose."""
    faults, conflicts = [], []
    asked = {one.name: one for one in case.service.materials_of(case.grade)}
    seen = set()
    for place, one in enumerate(handed):

        def wrong(field: str, sentence: str, rule: str, place: int = place, one: Handed = one) -> Fault:
            return fault_of(Handed, f"#/papers/{place}", Problem(field, sentence, rule), one.row)

        paper = asked.get(one.name)
        if paper is None:
            names = {"names": "、".join(asked) or "—"}
            faults.append(wrong("name", _("本业务不需要这项材料；可以交的有：%(names)s") % names, FILE))
            continue
        if paper.per_row and one.row is None:
            faults.append(wrong("row", _("这项材料各行分别要，请写行号"), "required"))
        elif one.row is not None and not paper.per_row:
            faults.append(wrong("row", _("这项材料整笔业务只要一份，请不写行号"), FILE))
        elif one.row is not None and (one.row not in there or there[one.row].state == RowState.REMOVED):
            conflicts.append(wrong("row", _("这笔业务里没有这一行，或已经删除"), UNKNOWN))
        elif one.row is not None and there[one.row].state not in OPEN_ROWS:
            conflicts.append(wrong("row", _("这一行已经提交或办结，不能再改"), SETTLED))
        if (one.name, one.row) in seen:
            faults.append(wrong("name", _("同一份材料写了两次，请只留一份"), "unique"))
        seen.add((one.name, one.row))
        try:
            papers.look(paper, ContentFile(one.content, one.filename))
        except Unsettled as unfit:
            faults.append(wrong("content", unfit.sentence, FILE))
    if faults:
        raise bodies.wrong(faults + conflicts)
    if conflicts:
        raise Trouble("impossible", faults=conflicts)


def _lying(case: Case) -> dict[str, Any]:
    return {
        "case": case_url(case.number),
        "papers": [
            {
                "name": one.name,
                "row": one.row and one.row.number,
                "filename": one.filename,
                "size": one.size,
                "sha256": one.sha256,
                "received_at": one.created_at,
            }
            for one in papers.of(case)
        ],
    }
