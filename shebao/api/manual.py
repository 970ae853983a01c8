"""The document as a page shows it: operations by topic, with what each asks and answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from shebao.api.v1.answers import CaseStatus
from shebao.identity.api_keys import Scope


@dataclass(frozen=True)
class Item:
    """A field or parameter: its name, type, whether it must be there, what it means, and an example."""

    name: str
    type: str
    required: bool
    title: str
    meaning: str
    example: str


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    description: str
    right: str
    parameters: list[Item]
    body: list[Item]
    row: list[Item]
    example: str
    answer: list[Item]
    answers: list[tuple[str, str]]


@dataclass(frozen=True)
class Topic:
    title: str
    operations: list[Operation]


def topics(document: dict[str, Any]) -> list[Topic]:
    """All operations, by their tags."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            found.setdefault(one["tags"][0], []).append(_operation(document, method, path, one))
    return [Topic(title, operations) for title, operations in found.items()]


def statuses() -> list[tuple[str, str, str]]:
    """Every status a case can have: its name, its word, and what it means for whoever polls."""
    meanings = {
        CaseStatus.PROCESSING: _("已收件，系统正在检查和提交；过几秒再查"),
        CaseStatus.DRAFT: _("已保存，等您提交"),
        CaseStatus.NEEDS_CORRECTION: _("有的行有问题，或没能提交；原因见 reason 和各行的 problems"),
        CaseStatus.SUBMITTED: _("已提交审批，等系统或窗口审核"),
        CaseStatus.RETURNED: _("有的行被回退；原因见 reason 和各行，改好后重新提交"),
        CaseStatus.APPROVED: _("审核通过，已经生效"),
        CaseStatus.WITHDRAWN: _("已经取消"),
    }
    return [(one.value, str(one.label), meanings[one]) for one in CaseStatus]


def _operation(document: dict[str, Any], method: str, path: str, one: dict[str, Any]) -> Operation:
    content = one.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = content.get("schema", {})
    rows = schema.get("properties", {}).get("rows", {})
    row = _resolved(document, rows.get("items", {}))
    return Operation(
        id=one["operationId"],
        method=method.upper(),
        path=path,
        summary=one["summary"],
        description=one.get("description", ""),
        right=str(Scope(one["x-scope"]).label),
        parameters=[_parameter(document, parameter) for parameter in one["parameters"]],
        body=_items(document, schema),
        row=_items(document, row),
        example=_spelled(content.get("examples", {}).get("whole", {}).get("value"), 2),
        answer=_answer(document, one["responses"]),
        answers=[(status, answer["description"]) for status, answer in one["responses"].items()],
    )


def _parameter(document: dict[str, Any], parameter: dict[str, Any]) -> Item:
    schema = _resolved(document, parameter["schema"])
    bare = next((one for one in schema.get("anyOf", []) if one.get("type") != "null"), schema)
    bare = _resolved(document, bare)
    return Item(
        parameter["name"],
        bare.get("type", "string"),
        parameter["required"],
        "",
        _("：").join(filter(None, [parameter["description"], "、".join(bare.get("enum", []))])),
        str(parameter.get("example") or schema.get("default") or ""),
    )


def _items(document: dict[str, Any], schema: dict[str, Any]) -> list[Item]:
    required = schema.get("required", [])
    return [
        Item(
            name,
            _type(document, one),
            name in required,
            one.get("title", ""),
            _meaning(document, one),
            ", ".join(_spelled(example) for example in one.get("examples", [])),
        )
        for name, one in schema.get("properties", {}).items()
    ]


def _meaning(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """What its title leaves unsaid; of a word from a closed list, the list."""
    meaning = schema.get("description", "") if schema.get("description") != schema.get("title") else ""
    choices = _resolved(document, schema)["description"] if "$ref" in schema else ""
    return _("：").join(filter(None, [meaning, choices]))


def _answer(document: dict[str, Any], responses: dict[str, Any]) -> list[Item]:
    """What a success says, field by field; those of lists' lines with the list's name before them: cases[].number."""
    (success,) = (answer for status, answer in responses.items() if status < "400")
    return list(_whole(document, success["content"]["application/json"]["schema"], ""))


def _whole(document: dict[str, Any], schema: dict[str, Any], before: str) -> Iterator[Item]:
    whole = _resolved(document, schema)
    for item in _items(document, whole):
        one = whole["properties"][item.name]
        yield replace(item, name=before + item.name, required=False)
        if "$ref" in one.get("items", {}):
            yield from _whole(document, one["items"], f"{before}{item.name}[].")


def _type(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """string, or string | null."""
    found = [_resolved(document, one).get("type", "") for one in schema.get("anyOf", [schema])]
    return " | ".join(name for one in found for name in ([one] if isinstance(one, str) else one))


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"].get(name, schema)


def _spelled(example: Any, indent: int | None = None) -> str:
    return "" if example is None else json.dumps(example, ensure_ascii=False, indent=indent)


def samples(base: str) -> list[tuple[str, str]]:
    """The first requests to try, as they are typed on a command line."""
    key = '-H "Authorization: Bearer $SHEBAO_KEY"'
    row = {"id_number": "420102199202299993", "name": "李小明", "hired_on": "2026-11-02", "wage": "6500.00"}
    rows = json.dumps({"rows": [row]}, ensure_ascii=False)
    return [
        (_("看看密钥能不能用"), f"curl {base}/me \\\n  {key}"),
        (
            _("检查一行，不保存"),
            f"curl {base}/services/enrol-employees/check \\\n  {key} \\\n"
            f"  -H 'Content-Type: application/json' \\\n  -d '{rows}'",
        ),
        (
            _("办理"),
            f"curl -i {base}/services/enrol-employees/cases \\\n  {key} \\\n"
            f"  -H 'Content-Type: application/json' \\\n  -H 'Idempotency-Key: 2026-11-0042' \\\n  -d '{rows}'",
        ),
        (_("查询办到哪里了"), f"curl '{base}/cases?limit=1' \\\n  {key}"),
    ]
