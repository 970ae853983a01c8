"""The document for programs, and the page for those who write them. Nothing in it is secret."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from shebao.api import manual
from shebao.api.v1 import document, problems
from shebao.identity.api_keys import Scope
from shebao.pages.screens import page


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    response = HttpResponse(document.written(language), content_type="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def explained(request: HttpRequest) -> HttpResponse:
    """The same for people."""
    return page(
        request,
        "api/manual.html",
        topics=manual.topics(document.document()),
        statuses=manual.statuses(),
        kinds=list(problems.KINDS.values()),
        scopes=[(scope.value, scope.label) for scope in Scope],
        base=f"{settings.URL}{document.PREFIX}",
        samples=manual.samples(f"{settings.URL}{document.PREFIX}"),
    )
