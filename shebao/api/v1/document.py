"""The OpenAPI document: made from the operations and the services, in the reader's language."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.api.v1 import answers, assembly, corrections, problems, words
from shebao.api.v1.bodies import Later
from shebao.api.v1.door import ALWAYS, OPERATIONS
from shebao.api.v1.filing import offered, row_schemas

PREFIX = "/api/v1"
_HEADERS = {
    "Location": ("string", lazy("要查询的地址")),
    "Retry-After": ("integer", lazy("多少秒后再来")),
}


def document() -> dict[str, Any]:
    """The whole document, in the language of the moment."""
    return json.loads(written(translation.get_language() or settings.LANGUAGE_CODE))


@cache
def written(language: str) -> str:
    """The same as text. It changes with the code alone."""
    with translation.override(language):
        found = _plain(assembly.api().get_openapi_schema(path_prefix=""))
        found["info"] |= {
            "title": _("社保网上办事大厅：单位接口"),
            "description": _(
                "供单位的薪资、人事系统使用：提交业务、查询结果、读回名册和账单。"
                "业务的数据格式由大厅的业务声明生成，与网页、Excel 模板一致。"
            ),
        }
        found["servers"] = [{"url": f"{settings.URL}{PREFIX}"}]
        schemas = found["components"]["schemas"] | _problem_schemas()
        for name, schema in schemas.items():
            _named(name, schema)
        corrected = {corrections.correction_name(one): corrections.schema(one) for one in offered()}
        found["components"]["schemas"] = schemas | dict(row_schemas()) | corrected
        for path, methods in found["paths"].items():
            for one in methods.values():
                _complete(path, one)
        return json.dumps(found, ensure_ascii=False, cls=DjangoJSONEncoder)


def _named(name: str, schema: dict[str, Any]) -> None:
    """Titles, meanings, units and examples of an answer's fields; what stands in the code is for us."""
    schema.pop("description", None)
    if name in words.CHOICES:
        choices = words.CHOICES[name].choices
        schema["description"] = "、".join(f"{value}（{label}）" for value, label in choices)
    for field, one in schema.get("properties", {}).items():
        word = words.of_field(name, field)
        money = answers.MONEY in [part.get("pattern") for part in (one, *one.get("anyOf", []))]
        unit = _("单位：元，两位小数") if money else ""
        one["title"] = str(word.title)
        one["description"] = _said(word.meaning, unit) or one["title"]
        if word.example is not None:
            one["examples"] = [word.example]


def _said(*sentences: Any) -> str:
    return _("。").join(str(one) for one in sentences if one)


def _complete(path: str, one: dict[str, Any]) -> None:
    """What Ninja leaves out of an operation: the right it needs, its headers, and every problem it may end in."""
    declared = OPERATIONS[one["operationId"]]
    one["security"] = [{"ApiKey": [str(declared.scope)]}]
    one["x-scope"] = str(declared.scope)
    for parameter in one["parameters"]:
        # Ninja takes the words for one example's text; OpenAPI wants them by name.
        parameter.pop("examples", None)
        word = words.of_parameter(path, parameter["name"])
        parameter["description"] = _said(word.title, word.meaning)
        parameter["schema"]["title"] = str(word.title)
        if word.example is not None:
            parameter["example"] = word.example
    responses = one["responses"]
    for status, response in responses.items():
        response["description"] = {"200": _("成功"), "201": _("已生成"), "202": _("已收件")}[status]
        if status in ("201", "202"):
            response["headers"] = _headers("Location", *(["Retry-After"] if status == "202" else []))
    for status, kinds in problems.documented((*ALWAYS, *declared.troubles)).items():
        response = responses[str(status)] = {
            "description": "；".join(f"{kind.code}（{kind.title}）" for kind in kinds),
            "content": {
                problems.MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {kind.code: {"value": _example(kind)} for kind in kinds},
                }
            },
        }
        if status in (429, 503):
            response["headers"] = _headers("Retry-After")


def _headers(*names: str) -> dict[str, Any]:
    return {
        name: {
            "description": str(_HEADERS[name][1]),
            "required": True,
            "schema": {"type": _HEADERS[name][0]},
        }
        for name in names
    }


def _example(kind: problems.Kind) -> dict[str, Any]:
    return {
        "type": f"/api/#{kind.code}",
        "code": kind.code,
        "title": str(kind.title),
        "status": kind.status,
        "detail": str(kind.remedy),
        "instance": "request:5f2c9a1b7d30",
    }


def _problem_schemas() -> dict[str, Any]:
    found = answers.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return found.pop("$defs") | {"Problem": found}


def _plain(part: Any) -> Any:
    """The document without what isn't JSON yet: words in the language of the moment, parts that are made for it."""
    if isinstance(part, Later):
        part = part.make()
    if isinstance(part, dict):
        return {str(name): _plain(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_plain(one) for one in part]
    if isinstance(part, str | int | float | bool) or part is None:
        return part
    return str(part)
