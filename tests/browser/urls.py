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
from shebao.pages.screens import page
from tests.browser.samples import PAGES


def sample(request: HttpRequest, name: str) -> HttpResponse:
    if name not in PAGES:
        raise Http404
    template, context = PAGES[name]
    return page(request, template, **context())


urlpatterns = [*urlpatterns, path("_samples/<slug:name>/", sample)]
