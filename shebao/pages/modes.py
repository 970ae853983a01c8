"""长者模式: fewer things, larger. The choice is a cookie, so it follows its user and needs no account."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

COOKIE = "jc_mode"
YEAR = 365 * 24 * 3600


def is_elder(request: HttpRequest) -> bool:
    return request.COOKIES.get(COOKIE) == "elder"


def switch(request: HttpRequest, mode: str) -> HttpResponse:
    """Go back to where one was, in the chosen mode. It is a link, so that the entry works without a script."""
    response = HttpResponseRedirect(_safe(request, request.GET.get("next", "/")))
    if mode == "elder":
        response.set_cookie(
            COOKIE, "elder", max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    response.headers["Cache-Control"] = "no-store"
    return response


def _safe(request: HttpRequest, target: str) -> str:
    own = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if own else "/"
