"""What may be written in JSON, made from the declarations that pages and workbooks are made from.

Payroll systems get one spelling of everything: a day is 2026-11-02, money is the text "6500.00". The schema says so,
and `misfit` holds a value against that very schema; what it means is then read by the reader of every other door.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from shebao.casework import ask
from shebao.casework.ask import Problem, Question
from shebao.casework.service import Service
from shebao.foundation.identifiers import BankCard, IdNumber, Mobile, OrgCode, SocialCard, Uscc
from shebao.foundation.months import Month
from shebao.foundation.values import Day, Money, PersonName, Text

Schema = dict[str, Any]

UNKNOWN_FIELD = "unknown-field"
_YEAR = "(19[0-9]{2}|2[01][0-9]{2})"  # Month.FIRST_YEAR to LAST_YEAR
_LONGEST = 500  # characters kept of one field
_MOST = 100  # values of one field
_TEXT: Schema = {"type": "string", "format": "text-line", "minLength": 1, "maxLength": _LONGEST}
KINDS: dict[type, Schema] = {
    IdNumber: {"type": "string", "format": "cn-id-number", "pattern": "^[1-9][0-9]{16}[0-9X]$"},
    PersonName: {"type": "string", "format": "person-name", "minLength": 2, "maxLength": 50},
    Text: _TEXT,
    str: _TEXT,
    Money: {"type": "string", "pattern": r"^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,2})?$"},
    Day: {"type": "string", "format": "date", "pattern": f"^{_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"},
    Month: {"type": "string", "format": "month", "pattern": f"^{_YEAR}-(0[1-9]|1[0-2])$"},
    Mobile: {"type": "string", "format": "cn-mobile", "pattern": "^1[3-9][0-9]{9}$"},
    Uscc: {"type": "string", "format": "cn-uscc", "pattern": "^[0-9A-Z]{18}$"},
    OrgCode: {"type": "string", "format": "cn-org-code", "pattern": "^[0-9A-Z]{8}-?[0-9X]$"},
    BankCard: {"type": "string", "format": "bank-card", "pattern": "^[0-9]{16,19}$"},
    SocialCard: {"type": "string", "format": "social-card", "pattern": "^[A-Z0-9][0-9]{8}$"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": -(10**18) + 1, "maximum": 10**18 - 1},
}  # fmt: skip
"""By value type: its JSON. A type that isn't here is text of any kind."""
MOST_OF: dict[type, int] = {}
"""Of values of this kind there may be more in one field."""
EXAMPLES: dict[type, Any] = {
    IdNumber: "420102199202299993",
    PersonName: "李小明",
    Money: "6500.00",
    Day: "2026-11-02",
    Month: "2026-11",
    Mobile: "13100000000",
    int: 1,
}
_TYPES = {"string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}


def of_question(question: Question) -> Schema:
    """The JSON schema of one field, with the words that a form would ask it in."""
    about = [question.help or _about_kind(question.kind), _choices(question)]
    if question.words.blank:
        about.append(_("不填：%(blank)s") % {"blank": question.words.blank})
    words = {"title": question.label, "description": _("。").join(str(one) for one in about if one)}
    return _form(question.kind, question.many, question.required) | words | {"examples": [example(question)]}


def _about_kind(kind: type) -> str:
    """What holds of every value of this kind, where the service has no more to say."""
    known = {
        IdNumber: _("18 位，最后一位可以是 X"),
        PersonName: _("与身份证一致"),
        Money: _("单位：元"),
        Month: _("费款所属期，如 2026-11"),
        Day: _("如 2026-11-02"),
    }
    return known.get(kind, "")


def of_row(row_type: type) -> Schema:
    """The JSON schema of one row: every field by name, and no other."""
    questions = ask.questions(row_type)
    found: Schema = {
        "type": "object",
        "properties": {one.name: of_question(one) for one in questions},
        "additionalProperties": False,
    }
    if required := [one.name for one in questions if one.required]:
        found["required"] = required
    return found


def of_service(service: Service) -> Schema:
    """The JSON schema of a service's row."""
    return {"title": str(service.title), "description": str(service.purpose)} | of_row(service.row)


def example_row(row_type: type, *, whole: bool = True) -> dict[str, Any]:
    """A row as somebody would send it: all of its fields, or those it must have."""
    return {one.name: example(one) for one in ask.questions(row_type) if whole or one.required}


def example(question: Question) -> Any:
    """A value for this field, in its JSON spelling."""
    if issubclass(question.kind, Enum):
        one = next(iter(question.kind)).value
    elif question.kind is bool:
        one = question.required or bool(question.default)
    elif question.words.example and question.kind is not Money:
        one = str(question.words.example)
    else:
        one = EXAMPLES.get(question.kind, question.label)
    return [one] if question.many else one


def spelled(row_type: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values in their JSON spelling; a field that has none is left out."""
    written = {one.name: one.json(values.get(one.name)) for one in ask.questions(row_type)}
    return {name: value for name, value in written.items() if value is not None}


def read(row_type: type, written: Any) -> tuple[ask.Reading, list[Problem]]:
    """Read a JSON object as a row: all that is wrong with it, with fields nobody knows called by name."""
    if not isinstance(written, Mapping):
        return ask.read(row_type, {}), [
            Problem("", _("这里应是一个 JSON 对象 {…}，每项一个名称和值"), "readable")
        ]
    questions = {one.name: one for one in ask.questions(row_type)}
    reading = ask.read(row_type, written)
    told = {one.field: one for one in reading.problems}
    problems = []
    for name, question in questions.items():
        spelled = misfit(question, written[name]) if name in written else None
        if spelled and (name not in told or not _is_of_type(_form_of(question), written[name])):
            problems.append(Problem(name, spelled, "readable"))
        elif name in told:
            problems.append(told[name])
    known = "、".join(questions)
    problems += [
        Problem(name, _("没有这一项，请删除或改名；可写的有：%(known)s") % {"known": known}, UNKNOWN_FIELD)
        for name in written
        if name not in questions
    ]
    return reading, problems


def misfit(question: Question, written: Any) -> str | None:
    """Why a value isn't spelled as the schema asks, and how to spell it; None when it is."""
    schema = _form_of(question)
    if not _is_of_type(schema, written):
        return _("JSON 类型不对，这里应是%(type)s，例如 %(example)s") % {
            "type": _in_words(schema),
            "example": _shown(example(question)),
        }
    if all(_fits(one, value) for one, value in _parts(schema, written)):
        return None
    if choices := _choices(question):
        return _("不在可选的内容里，请从以下选一项：%(offered)s") % {"offered": choices}
    return _("写法不对，请写成 %(example)s 这样；没有内容的请不写这一项") % {
        "example": _shown(example(question))
    }


def _form_of(question: Question) -> Schema:
    return _form(question.kind, question.many, question.required)


@cache
def _form(kind: type, many: bool, required: bool) -> Schema:
    """The schema without its words, made once for all rows. Nobody may change it."""
    found: Schema = dict(KINDS.get(kind, _TEXT))
    if issubclass(kind, Enum):
        found = {"type": "string", "enum": [one.value for one in kind]}
    if many:
        found = {"type": "array", "items": found, "maxItems": MOST_OF.get(kind, _MOST)} | (
            {"minItems": 1} if required else {}
        )
    if not required:
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    return found


def _choices(question: Question) -> str:
    if not issubclass(question.kind, Enum):
        return ""
    return "、".join(f"{value}（{label}）" for value, label in question.choices)


def _parts(schema: Schema, written: Any) -> Iterator[tuple[Schema, Any]]:
    """The value itself, and each item of a list, with its schema."""
    yield schema, written
    if isinstance(written, list):
        yield from ((schema["items"], item) for item in written)


def _fits(schema: Schema, written: Any) -> bool:
    """Whether a value keeps to the words of JSON Schema that are used here."""
    if not _is_of_type(schema, written):
        return False
    if "enum" in schema and written not in schema["enum"]:
        return False
    if isinstance(written, str):
        pattern = schema.get("pattern", "^.*$").removeprefix("^").removesuffix("$")
        long_enough = schema.get("minLength", 0) <= len(written) <= schema.get("maxLength", _LONGEST)
        return long_enough and re.fullmatch(pattern, written, re.DOTALL) is not None
    if isinstance(written, list):
        return schema.get("minItems", 0) <= len(written) <= schema.get("maxItems", len(written))
    if isinstance(written, int | Decimal) and not isinstance(written, bool):
        return schema.get("minimum", written) <= written <= schema.get("maximum", written)
    return True


def _is_of_type(schema: Schema, written: Any) -> bool:
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    for one in types:
        if one == "integer":
            if isinstance(written, int) and not isinstance(written, bool):
                return True
        elif isinstance(written, _TYPES[one]):
            return True
    return False


def _in_words(schema: Schema) -> str:
    words = {
        "string": _("文字（string）"),
        "boolean": _("是或否（boolean）"),
        "integer": _("整数（integer）"),
        "array": _("列表（array）"),
    }
    return words[schema["type"] if isinstance(schema["type"], str) else schema["type"][0]]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_shown(one) for one in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)
