"""Logging in and out."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shebao.identity import challenges, devices, duties, login, sessions
from shebao.identity.acting import acting_for
from shebao.identity.hashers import TooBusy
from shebao.identity.models import Account, Kind
from shebao.identity.refusals import Refused
from shebao.identity.sources import source_of
from shebao.pages.screens import page
from shebao.portals.entry import forms, homes


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest, kind: str = Kind.PERSON) -> HttpResponse:
    """The log-in page of one kind of account; the other kinds are tabs."""
    if kind not in Kind.values:
        raise Http404
    if request.method != "POST":
        if request.acting:
            return redirect(homes.home_of(request.acting))
        return _log_in_page(request, kind, forms.LogIn(kind=kind), next=request.GET.get("next", ""))
    attempt = _attempt(request, kind)
    form = forms.LogIn(request.POST, kind=kind)
    if not form.is_valid():
        return _ask_again(request, kind, form, login.asks(attempt))
    try:
        account = login.log_in(attempt)
    except Refused as refused:
        return _ask_again(request, kind, form, refused.asks, refused)
    except TooBusy:
        busy = Refused(("", _("现在登录的人很多，请过一会儿再试")))
        return _ask_again(request, kind, form, login.asks(attempt), busy, status=503)
    return welcome(request, account)


def welcome(request: HttpRequest, account: Account) -> HttpResponse:
    """Begin the session, remember the device, and go where he was going."""
    device = request.COOKIES.get(devices.COOKIE, "")
    sessions.begin(request, account, duty=duties.next_of(account))
    response = redirect(homes.back_or_home(request, request.acting))
    devices.remember(response, device, account)
    return response


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    sessions.end(request)
    messages.success(request, _("您已安全退出"))
    return redirect("login")


@require_POST
@acting_for(*Kind.values)
def stay(request: HttpRequest, acting) -> HttpResponse:
    """Somebody is still there and wants to go on."""
    return HttpResponse(status=204, headers={"X-Session-Seconds": str(sessions.seconds_left(request))})


def _attempt(request: HttpRequest, kind: str) -> login.Attempt:
    challenge = request.POST.get(login.CHALLENGE)
    return login.Attempt(
        kind=kind,
        username=request.POST.get("username", "")[:40],
        password=request.POST.get("password", "")[:256],
        source=source_of(request),
        device=request.COOKIES.get(devices.COOKIE, ""),
        challenge_passed=None if challenge is None else challenges.passed(request.session, challenge),
        mobile_tail=request.POST.get(login.MOBILE_TAIL, ""),
    )


def _ask_again(request, kind, form, asks, refused=None, *, status=422) -> HttpResponse:
    question = challenges.ask(request.session) if login.CHALLENGE in asks else ""
    form.ask(asks, question)
    if refused:
        form.refuse(refused)
    return _log_in_page(request, kind, form, next=request.POST.get("next", ""), status=status)


def _log_in_page(request: HttpRequest, kind: str, form, *, next: str, status: int = 200) -> HttpResponse:
    return page(
        request, "entry/login.html", status=status, form=form, kind=kind, kinds=Kind.choices, next=next
    )
