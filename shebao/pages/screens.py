"""One way to answer with a page: whole, or its part when htmx asks for that alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from shebao.pages.context import acting_of


def page(
    request: HttpRequest, template: str, part: str | None = None, *, status: int = 200, **context
) -> HttpResponse:
    """The page `employer/arrears.html`; for htmx, with part="owed", its `employer/owed_part.html`.

    A page gives its context by name. Pages of somebody signed in are never kept by a browser or a proxy.
    """
    wants_part = part and _is_swap(request)
    if wants_part:
        template = f"{template.rpartition('/')[0]}/{part}_part.html"
    if "acting" in context and acting_of(request) is None:
        request.acting = context["acting"]
    response = render(request, template, context, status=status)
    if acting_of(request) is not None or getattr(request, "user", None) and request.user.is_authenticated:
        response.headers["Cache-Control"] = "no-store, private"
    patch_vary_headers(response, ["Cookie", "HX-Request"])
    return response


def _is_swap(request: HttpRequest) -> bool:
    """Whether htmx will put the answer into a part of the page (not when it walks back through history)."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request
