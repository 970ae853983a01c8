"""Who is signed in with this request, and for how long.

Django's log-in machinery without its permission tables: rights are those of Acting.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from shebao.foundation import clock
from shebao.identity.acting import acting_of, to_log_in
from shebao.identity.models import Account

_SEEN = "seen_at"
_DUTY = "duty"
_KIND = "kind"
_RESOLUTION = 30  # seconds; a session isn't written at every click


class Nobody:
    """Whoever isn't signed in."""

    pk = id = None
    is_active = is_authenticated = False
    is_anonymous = True

    def __str__(self):
        return "nobody"


class Accounts:
    """Django's authentication backend: only finds who a session belongs to. Passwords are for identity.login."""

    def get_user(self, account_id: int) -> Account | None:
        return Account.objects.filter(pk=account_id, is_active=True).first()


def begin(request: HttpRequest, account: Account, *, duty: str = "") -> None:
    """Sign in: a new session number, so that one planted before is worth nothing.

    With a `duty` (the name of a page, see duties) nothing else opens until it is done.
    """
    request.session.flush()
    auth.login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[_SEEN] = clock.instant().timestamp()
    request.session[_KIND] = account.kind
    set_duty(request, duty)
    request.acting = acting_of(request)


def set_duty(request: HttpRequest, duty: str) -> None:
    """What must be done before anything else; empty when all is done."""
    request.session[_DUTY] = duty


def renew(request: HttpRequest, account: Account) -> None:
    """After a change of password: this session goes on under a new number, all others of the account end."""
    auth.update_session_auth_hash(request, account)


def end(request: HttpRequest) -> None:
    """Sign out."""
    request.session.flush()
    request.user = Nobody()
    request.acting = None


def seconds_left(request: HttpRequest) -> int:
    """Until this session ends for want of a click."""
    idle = clock.instant().timestamp() - request.session.get(_SEEN, 0)
    return max(0, int(settings.IDLE_SECONDS - idle))


def signed_in(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: `request.user` and `request.acting`; ends idle sessions; leads to a duty that is still to be done."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: _account_of(request) or Nobody())
        request.acting = None
        # Whoever carries no session costs no query.
        if auth.SESSION_KEY in request.session:
            kind = request.session.get(_KIND, "person")
            if _SEEN in request.session and not seconds_left(request):
                end(request)
                messages.warning(request, _("您有一段时间没有操作，为保护您的信息已自动退出，请重新登录"))
                return to_log_in(request, kind)
            if not request.user.is_authenticated:
                end(request)  # closed, suspended, or the password was changed elsewhere
                return get_response(request)
            request.acting = acting_of(request)
            _click(request)
            duty = request.session.get(_DUTY)
            if duty and _page_name(request) not in (duty, *_ALWAYS_OPEN):
                return _lead_to(request, reverse(duty))
        return get_response(request)

    return middleware


# While a duty waits: leaving, and what every page itself is made of.
_ALWAYS_OPEN = (
    "logout",
    "stay",
    "set_language",
    "mode-elder",
    "mode-standard",
    "manifest",
    "worker",
    "offline",
)


def _page_name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""


def _lead_to(request: HttpRequest, where: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": where})
    return redirect(where)


def _click(request: HttpRequest) -> None:
    """Somebody is there. What a page asks for by itself, with the header X-Poll, doesn't count."""
    now = clock.instant().timestamp()
    if "X-Poll" not in request.headers and now - request.session.get(_SEEN, 0) > _RESOLUTION:
        request.session[_SEEN] = now


def _account_of(request: HttpRequest) -> Account | None:
    key = request.session.get(auth.SESSION_KEY)
    account = Accounts().get_user(int(key)) if key else None
    if account is None:
        return None
    proof = request.session.get(auth.HASH_SESSION_KEY, "")
    valid = [account.get_session_auth_hash(), *account.get_session_auth_fallback_hash()]
    return account if any(constant_time_compare(proof, one) for one in valid) else None


def forget_ended() -> None:
    """Delete sessions whose time is over."""
    SessionStore.clear_expired()
