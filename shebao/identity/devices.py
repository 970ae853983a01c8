"""Devices that an account was logged in on before: a stranger's failures elsewhere don't concern them.

The cookie holds, for the last few accounts, a random mark and its seal. The seal contains the password's hash: a new
password makes all old marks worthless. It proves nothing but that; nobody gets in without the password.
"""

import secrets

from django.conf import settings
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from shebao.identity.models import Account

COOKIE = "shebao_device"
_MOST = 5
_YEAR = 365 * 24 * 3600


def mark_of(cookie: str, account: Account | None) -> str | None:
    """The mark this device carries for the account, or None if it doesn't know it."""
    for one in cookie.split("~")[:_MOST]:
        number, _, rest = one.partition(".")
        mark, _, seal = rest.partition(".")
        if account and number == str(account.pk) and constant_time_compare(seal, _seal(account, mark)):
            return mark
    return None


def remember(response: HttpResponse, cookie: str, account: Account) -> None:
    """Give the device a fresh mark for this account; it keeps those of the other accounts used on it."""
    mark = secrets.token_urlsafe(9)
    others = [one for one in cookie.split("~") if one and not one.startswith(f"{account.pk}.")]
    kept = [f"{account.pk}.{mark}.{_seal(account, mark)}", *others][:_MOST]
    response.set_cookie(
        COOKIE,
        "~".join(kept),
        max_age=_YEAR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _seal(account: Account, mark: str) -> str:
    value = f"{account.pk}|{mark}|{account.password}"
    return salted_hmac("shebao.identity.device", value, algorithm="sha256").hexdigest()[:32]
