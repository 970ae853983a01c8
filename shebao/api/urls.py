"""The addresses of the API: version 1, its document, and the page for programmers."""

from django.urls import URLPattern, include, path, re_path

from shebao.api import pages
from shebao.api.v1 import assembly
from shebao.api.v1.door import nowhere, spoken


def _routes() -> list[URLPattern]:
    found = [one for one in assembly.api().urls[0] if one.name != "api-root"]
    for one in found:
        one.callback = spoken(one.callback)
    return found


urlpatterns = [
    path("", pages.explained, name="api"),
    path("v1/openapi.json", pages.openapi, name="openapi"),
    path("v1/", include((_routes(), "api-v1"))),
    re_path(r"^v1/(?P<rest>.*)$", nowhere),
]
