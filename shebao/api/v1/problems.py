"""What the API says no with: application/problem+json (RFC 9457), with all that is wrong, in the reader's language.

`type` leads to the explanation on the page for programmers; `code` is its last part and never changes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shebao.foundation.unsettled import Unsettled

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """One kind of trouble: its code, status, title, and what to do about it."""

    code: str
    status: int
    title: Promise
    remedy: Promise


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and where: the JSON pointer, or the name of a parameter or header.

    `row` counts from 1, as the rows of the case do.
    """

    sentence: str
    rule: str = ""
    pointer: str = ""
    parameter: str = ""
    row: int | None = None
    field: str = ""
    label: str = ""

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if value not in ("", None)}


_KINDS = (
    Kind("no-key", 401, _("没有可用的密钥"), _("请在请求头写上 Authorization: Bearer 加上密钥全文")),
    Kind("key-revoked", 401, _("密钥已吊销"), _("请单位管理员签发新的密钥")),
    Kind("key-expired", 401, _("密钥已过期"), _("请单位管理员签发新的密钥，换上之后吊销原来的")),
    Kind(
        "scope-missing",
        403,
        _("密钥没有这项权限"),
        _("请单位管理员签发一个有这项权限的密钥"),
    ),
    Kind(
        "employer-suspended",
        403,
        _("本单位已停办网上业务或已注销"),
        _("请到辖区社保处办理"),
    ),
    Kind(
        "not-found",
        404,
        _("没有找到"),
        _("请核对编号；别的单位的业务也按没有找到回答"),
    ),
    Kind("method-not-allowed", 405, _("这个地址不支持这种请求方法"), _("可用的方法见应答头 Allow")),
    Kind("impossible", 409, _("现在不能办理"), _("原因见 detail；没有任何变动")),
    Kind(
        "client-reference-taken",
        409,
        _("客户端编号已经用过"),
        _("每个客户端编号只能对应一笔业务；要再办一笔，请换一个编号"),
    ),
    Kind("too-large", 413, _("请求内容太大"), _("请分成几个请求，每个最多 16 MB")),
    Kind("not-json", 415, _("请求内容不是 JSON"), _("请写 Content-Type: application/json，用 UTF-8 编码")),
    Kind("malformed", 400, _("JSON 写法有误"), _("请用标准的 JSON 库生成请求内容")),
    Kind(
        "invalid", 422, _("填写的内容有问题"), _("全部问题列在 errors 里；改正后重新提交。没有办理任何一项")
    ),
    Kind(
        "idempotency-key-reused",
        409,
        _("幂等键已经用于另一个请求"),
        _("重试时请原样重发；新的请求请用新的 Idempotency-Key"),
    ),
    Kind("too-many-requests", 429, _("请求太频繁"), _("请等待应答头 Retry-After 所写的秒数再试")),
    Kind(
        "broken",
        500,
        _("系统出错"),
        _("请稍后用同一个 Idempotency-Key 重试；求助时请报 instance 里的请求编号"),
    ),
    # deploy/nginx.conf says this one.
    Kind(
        "away",
        503,
        _("系统暂停服务"),
        _("请等待应答头 Retry-After 所写的秒数再试；办理业务请用同一个 Idempotency-Key"),
    ),
)
KINDS: dict[str, Kind] = {kind.code: kind for kind in _KINDS}


class Trouble(Exception):
    """A request that ends in a problem."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        faults: Sequence[Fault] = (),
        headers: dict[str, str] | None = None,
        **more: Any,
    ):
        super().__init__(code, detail)
        self.kind = KINDS[code]
        self.detail = detail
        self.faults = faults
        self.headers = headers or {}
        self.more = more


def impossible(refusal: Unsettled, **more: Any) -> Trouble:
    """What the hall refused to do, with everything that has a rule of its own."""
    faults = [
        Fault(one.sentence, one.rule, field=one.field) for one in getattr(refusal, "problems", ()) if one.rule
    ]
    return Trouble("impossible", refusal.sentence, faults=faults, **more)


def too_fast(wait: timedelta) -> Trouble:
    seconds = max(1, math.ceil(wait.total_seconds()))
    detail = gettext("请等 %(seconds)s 秒再试；每个密钥平均每秒 10 个请求，名单每 100 行再算一个") % {
        "seconds": seconds
    }
    return Trouble("too-many-requests", detail, headers={"Retry-After": str(seconds)})


def answer(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """The answer that tells it."""
    kind = trouble.kind
    body = {
        "type": f"/api/#{kind.code}",
        "code": kind.code,
        "title": str(kind.title),
        "status": kind.status,
        "detail": str(trouble.detail or kind.remedy),
        "instance": f"request:{getattr(request, 'number', '')}",
        **trouble.more,
    }
    if trouble.faults:
        body["errors"] = [fault.as_json() for fault in trouble.faults]
    # What a stranger wrote may hold half a surrogate pair, which no encoding takes.
    written = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    response = HttpResponse(written, status=kind.status, content_type=MEDIA_TYPE)
    for name, value in trouble.headers.items():
        response.headers[name] = value
    if kind.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="shebao"'
    return response


def documented(codes: Iterable[str]) -> dict[int, list[Kind]]:
    """Kinds by status, for the document."""
    found: dict[int, list[Kind]] = {}
    for code in codes:
        found.setdefault(KINDS[code].status, []).append(KINDS[code])
    return dict(sorted(found.items()))
