"""The door itself: one way to declare an operation, one way to say no, and an answer in JSON whatever happens."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.renderers import JSONRenderer

from shebao.api.v1 import problems
from shebao.api.v1.keys import ApiKey
from shebao.api.v1.problems import Fault, Trouble
from shebao.foundation.unsettled import Unsettled
from shebao.identity.api_keys import Scope
from shebao.identity.models import Kind

log = logging.getLogger(__name__)
ALWAYS = ("no-key", "key-revoked", "key-expired", "scope-missing", "employer-suspended", "invalid",
          "too-many-requests", "broken", "away")  # fmt: skip
"""What any operation may end in."""
OPERATIONS: dict[str, Operation] = {}
"""By id: all that have been declared."""
_HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {}


class Readable(JSONRenderer):
    """JSON in which Chinese stands as Chinese: people read it in logs and on command lines."""

    json_dumps_params = {"ensure_ascii": False}


@dataclass(frozen=True)
class Operation:
    """What can be asked: the right it needs, the problems it may end in, and the rest in Ninja's words."""

    method: str
    path: str
    view: Callable[..., Any]
    scope: Scope
    troubles: tuple[str, ...]
    parameters: frozenset[str]
    words: dict[str, Any]


def operation(
    method: str,
    path: str,
    *,
    id: str,
    scope: Scope,
    summary: Any,
    tag: Any,
    response: dict[int, Any],
    troubles: Sequence[str] = (),
    description: Any = "",
    extra: dict[str, Any] | None = None,
) -> Callable[[Callable], Callable]:
    """Declare an operation: its address, the right it needs, what it answers and what it may refuse.

    A parameter that nobody knows is refused by name: a misspelled filter must not pass for none.
    """

    def declare(view: Callable) -> Callable:
        known = frozenset(
            getattr(one.default, "alias", None) or name
            for name, one in inspect.signature(view).parameters.items()
            if type(one.default).__name__ == "Query"
        )

        @wraps(view)
        def asked(request: HttpRequest, *args, **kwargs):
            if strange := _strangers(request, known):
                raise Trouble("invalid", faults=strange)
            return view(request, *args, **kwargs)

        words = {
            "operation_id": id, "url_name": id, "summary": summary, "description": description, "tags": [tag],
            "response": response, "openapi_extra": extra,
        }  # fmt: skip
        OPERATIONS[id] = Operation(method, path, asked, scope, tuple(troubles), known, words)
        return view

    return declare


def built() -> NinjaAPI:
    """An API of all operations declared so far, and no part of any that was built before."""
    api = NinjaAPI(
        title="社保网上办事大厅", version="1", openapi_url=None, docs_url=None, urls_namespace="api-v1",
        renderer=Readable(),
    )  # fmt: skip
    for one in OPERATIONS.values():
        getattr(api, one.method)(one.path, auth=ApiKey(one.scope), **one.words)(one.view)
    for error, handler in _HANDLERS.items():
        api.add_exception_handler(error, handler)
    return api


def _on(error: type[Exception]) -> Callable[[Callable], Callable]:
    """How this exception is answered."""

    def declare(handler: Callable) -> Callable:
        _HANDLERS[error] = handler
        return handler

    return declare


def _strangers(request: HttpRequest, known: Collection[str]) -> list[Fault]:
    sentence = _("没有这个查询参数；可写的有：%(known)s") % {"known": "、".join(sorted(known)) or "—"}
    names = sorted(set(request.GET) - set(known))
    return [Fault(sentence, "unknown-parameter", parameter=name[:80]) for name in names]


@_on(Trouble)
def _trouble(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    return problems.answer(request, trouble)


@_on(Unsettled)
def _unsettled(request: HttpRequest, refusal: Unsettled) -> HttpResponse:
    return problems.answer(request, problems.impossible(refusal))


@_on(Http404)
def _not_found(request: HttpRequest, missing: Http404) -> HttpResponse:
    return problems.answer(request, Trouble("not-found"))


@_on(AuthenticationError)
def _no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problems.answer(request, Trouble("no-key"))


@_on(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Parameters and headers that can't be read, and those that nobody knows: all of them."""
    faults = [
        Fault(
            _said(one),
            "required" if one["type"] == "missing" else "readable",
            parameter=str(one["loc"][-1]) if one["loc"] else "",
        )
        for one in error.errors
    ]
    known = OPERATIONS[request.resolver_match.url_name].parameters
    return problems.answer(request, Trouble("invalid", faults=[*faults, *_strangers(request, known)]))


@_on(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("the API broke")
    return problems.answer(request, Trouble("broken"))


def _said(error: dict[str, Any]) -> str:
    """What is wrong with a parameter, in our words: the checker's are English and for programmers of Python."""
    limits = error.get("ctx", {})
    sentences = {
        "missing": _("请求头里还没有写，请写上"),
        "int_parsing": _("这里应填整数，请写成 12 这样的数字"),
        "greater_than_equal": _("不能小于 %(limit)s") % {"limit": limits.get("ge")},
        "less_than_equal": _("不能大于 %(limit)s") % {"limit": limits.get("le")},
        "string_too_short": _("不能少于 %(limit)s 个字符") % {"limit": limits.get("min_length")},
        "string_pattern_mismatch": _("写法不对，应符合 %(limit)s（正则表达式）")
        % {"limit": limits.get("pattern")},
        "string_too_long": _("不能超过 %(limit)s 个字符") % {"limit": limits.get("max_length")},
        "enum": _("不在可选的内容里，请从以下选一项：%(offered)s") % {"offered": limits.get("expected")},
    }
    return sentences.get(error["type"], _("写法不对，请对照接口说明"))


def spoken(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around every route: what Ninja says in plain text becomes a problem; nothing is ever kept by a cache."""

    @wraps(view)
    def answered(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            response = problems.answer(
                request, Trouble("method-not-allowed", headers={"Allow": response["Allow"]})
            )
        response.headers.setdefault("Cache-Control", "no-store, private")
        patch_vary_headers(response, ["Authorization", "Accept-Language"])
        return response

    answered.csrf_exempt = True
    answered.acting_for = (Kind.EMPLOYER,)  # by its key; a promise test asks every route
    return answered


@spoken
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any address below this door that isn't one."""
    detail = _("没有这个地址；有哪些地址请看 %(manual)s") % {"manual": reverse("api")}
    return problems.answer(request, Trouble("not-found", detail))


nowhere.csrf_exempt = True
