"""Keys by which an employer's own systems act: issued by its administrator, shown once, limited, revocable at once."""

import hashlib
import re
import secrets
import string
from collections.abc import Collection
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from shebao import audit, notices
from shebao.foundation import clock, sql
from shebao.foundation.writing import plain
from shebao.identity.acting import Acting
from shebao.identity.models import ApiKey
from shebao.identity.refusals import Refused

Scope = ApiKey.Scope
LIFETIMES = (30, 90, 180, 365)
"""For how many days a key may be issued. None is for ever: a key that leaked unseen must end by itself."""
MOST = 10
"""Keys in use that one employer may have."""
PER_REQUEST = timedelta(milliseconds=100)
"""What one request costs: ten a second for as long as one likes."""
BURST = timedelta(seconds=30)
"""How far ahead of that a key may run: three hundred requests at once."""
_SQL = sql.queries("shebao.identity", "api_keys.sql")
_ALPHABET = string.ascii_lowercase + string.digits
# With a word in front, so that scanners for leaked secrets know one.
_WRITTEN = re.compile(r"shebao_([a-z0-9]{8})_[A-Za-z0-9_-]{43}")


class KeyRefused(Exception):
    """A request without a key that counts. `reason` is one of unknown, revoked, expired."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def issue(name: str, scopes: Collection[str], days: int, *, by: Acting) -> tuple[ApiKey, str]:
    """A new key of the employer acted for, and its secret, which nobody can ever see again. Refused says all
    that is wrong."""
    name, problems = plain(name), []
    if not name or len(name) > 40:
        problems.append(("name", _("请写这个密钥给哪个系统用，最多 40 个字，例如：薪资系统")))
    elif of(by).filter(revoked_at=None, name=name).exists():
        problems.append(("name", _("已有一个同名的密钥在用，请换一个名称，或先吊销原来的")))
    if not scopes or set(scopes) - set(Scope.values):
        problems.append(("scopes", _("请至少选择一项权限")))
    if days not in LIFETIMES:
        problems.append(("days", _("请选择有效期")))
    if of(by).filter(revoked_at=None, expires_at__gt=clock.now()).count() >= MOST:
        problems.append(
            ("", _("在用的密钥已有 %(most)s 个，请先吊销不再使用的，再签发新的") % {"most": MOST})
        )
    if problems:
        raise Refused(*problems)
    now = clock.now()
    prefix = "".join(secrets.choice(_ALPHABET) for _each in range(8))
    secret = f"shebao_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        employer_id=by.party_id,
        name=name,
        prefix=prefix,
        digest=_digest(secret),
        scopes=[scope for scope in Scope.values if scope in scopes],
        issued_by=by.account_id,
        issued_by_name=by.account_name,
        issued_at=now,
        expires_at=now + timedelta(days=days),
        spent_until=clock.instant(),
    )
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError as crossed:
        raise Refused(("name", _("已有一个同名的密钥在用，请换一个名称，或先吊销原来的"))) from crossed
    audit.record("api_key.issued", key.ref, by=by, details={"name": name, "scopes": key.scopes, "days": days})
    notices.later("api-key-issued", to=by.party_ref, about=key.ref, name=name, who=by.account_name)
    return key, secret


@transaction.atomic
def revoke(key: ApiKey, *, by: Acting) -> None:
    """From this moment on the key opens nothing. Harmless a second time."""
    key.refresh_from_db(from_queryset=of(by).select_for_update())
    if key.revoked_at:
        return
    key.revoked_at = clock.now()
    key.revoked_by_name = by.account_name
    key.save(update_fields=["revoked_at", "revoked_by_name"])
    audit.record("api_key.revoked", key.ref, by=by, details={"name": key.name})
    notices.later("api-key-revoked", to=by.party_ref, about=key.ref, name=key.name, who=by.account_name)


def of(by: Acting) -> QuerySet[ApiKey]:
    """The keys of the employer acted for, the newest first."""
    return ApiKey.objects.filter(employer_id=by.employer_id).order_by("-id")


def known(secret: str) -> ApiKey:
    """The key with this secret, if it counts at this moment; KeyRefused otherwise.

    Why it doesn't count is told only to whoever has the whole secret.
    """
    written = _WRITTEN.fullmatch(secret)
    key = ApiKey.objects.filter(prefix=written[1]).first() if written else None
    # A comparison either way: an unknown prefix takes as long as a wrong secret.
    if not constant_time_compare(_digest(secret), key.digest if key else "") or key is None:
        raise KeyRefused("unknown")
    if reason := why_not(key):
        raise KeyRefused(reason)
    return key


def why_not(key: ApiKey) -> str:
    """revoked, expired, or empty for a key that counts."""
    if key.revoked_at:
        return "revoked"
    return "expired" if key.expires_at <= clock.now() else ""


def again(key_id: int) -> ApiKey:
    """The key as it is now."""
    return ApiKey.objects.get(pk=key_id)


def spend(key: ApiKey, cost: int = 1) -> timedelta:
    """Charge a key for a request that counts as so many, and answer zero; or how long it has to wait, charging nothing.

    One request costs PER_REQUEST; what a key has not used it may use at once, up to BURST.
    """
    price = min(cost * PER_REQUEST, BURST)
    now = clock.instant()
    scope = {"id": key.pk, "instant": now, "now": clock.now(), "cost": price, "burst": BURST}
    with sql.run(_SQL["spend"], scope) as cursor:
        if cursor.fetchone():
            return timedelta(0)
    until = ApiKey.objects.values_list("spent_until", flat=True).get(pk=key.pk)
    return max(until + price - BURST - now, timedelta(seconds=1))


def _digest(secret: str) -> str:
    # Not a slow hash: what is hashed is 256 random bits, which nobody guesses.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
