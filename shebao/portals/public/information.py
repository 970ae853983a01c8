"""What a public site says about itself. The texts are samples: a city's lawyers write the real ones."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shebao.pages.context import acting_of
from shebao.pages.screens import page
from shebao.portals.public import samples


@require_safe
def text(request: HttpRequest, name: str) -> HttpResponse:
    """accessibility, terms, privacy or help."""
    return page(request, f"public/{name}.html", drafts_kept=settings.DRAFTS_KEPT_DAYS)


@require_safe
def licences(request: HttpRequest) -> HttpResponse:
    """Whose work this page is made with, and under which licences."""
    found = finders.find("vendor/LICENCES.txt")
    return page(request, "public/licences.html", licences=Path(found).read_text("utf-8") if found else "")


@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """Each component in each state, for those who build pages; the public has no use for it."""
    acting = acting_of(request)
    if not settings.DEBUG and getattr(acting, "kind", "") != "agency":
        raise Http404
    return page(request, "public/patterns.html", **samples.patterns())
