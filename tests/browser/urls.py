"""The hall's routes and, below /_samples/, pages with invented contexts."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from config.urls import (  # noqa: F401 (Django looks for the handlers here)
    handler400,
    handler403,
    handler404,
    handler500,
    urlpatterns,
)
from shebao.identity.acting import to_log_in
from shebao.pages.screens import page
from tests.browser.samples import PAGES


def sample(request: HttpRequest, name: str) -> HttpResponse:
    if name not in PAGES:
        raise Http404
    if request.method == "POST":  # nobody is ever signed in here
        return to_log_in(request, "employer")
    template, context = PAGES[name]
    return page(request, template, **context())


def deliberately_wrong(request: HttpRequest) -> HttpResponse:
    """A page with one of each fault, to see that looking finds it."""
    return HttpResponse(
        '<!doctype html><html lang="zh"><title>x</title><p style="color:red">'
        '<img src="/static/ui/mark.svg" width="3000"><input></html>'
    )


urlpatterns = [
    *urlpatterns,
    path("_samples/deliberately-wrong/", deliberately_wrong),
    path("_samples/<slug:name>/", sample),
]
