"""Who calls: the key in the Authorization header, its pace, its rights, and the employer behind it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from shebao.api import authority
from shebao.api.v1.problems import Trouble, too_fast
from shebao.identity import api_keys
from shebao.identity.acting import Acting
from shebao.identity.api_keys import KeyRefused, Scope

_REFUSED = {"unknown": "no-key", "revoked": "key-revoked", "expired": "key-expired"}


class ApiKey(HttpBearer):
    """Lets those in who hold a key with this right; `request.auth` is then who acts, `request.key` the key."""

    def __init__(self, scope: Scope):
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Acting:
        try:
            key = api_keys.known(token)
        except KeyRefused as refused:
            raise Trouble(_REFUSED[refused.reason]) from None
        charge(key)
        if self.scope not in key.scopes:
            lacking = {"label": self.scope.label, "scope": self.scope}
            detail = _(
                "这个密钥没有“%(label)s”（%(scope)s）权限；请单位管理员在“接口密钥”页签发一个有这项权限的密钥"
            )
            raise Trouble("scope-missing", detail % lacking)
        try:
            acting = authority.acting_through(key)
        except authority.Suspended:
            raise Trouble("employer-suspended") from None
        request.key = key
        return acting


def charge(key, cost: int = 1) -> None:
    """Trouble when the key has to wait first."""
    if wait := api_keys.spend(key, cost):
        raise too_fast(wait)
