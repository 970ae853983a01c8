"""One search for services and guides: by title, purpose, field and paper."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shebao.casework import catalogue
from shebao.casework.service import Service
from shebao.pages import navigation
from shebao.pages.screens import page
from shebao.portals.public import guides

LONGEST = 60


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:LONGEST]
    found = [
        (service, navigation.address("guide", service=service.code), guides.start_url(service))
        for service in catalogue.declared()
        if wanted and matches(service, wanted)
    ]
    return page(request, "public/search.html", wanted=wanted, found=found)


def matches(service: Service, wanted: str) -> bool:
    """Whether every word of the query stands somewhere in what the guide tells."""
    told = " ".join(
        [
            str(service.title),
            str(service.purpose),
            *(question.label for question in service.questions),
            *(str(material.name) for material in service.materials),
        ]
    ).lower()
    return all(word.lower() in told for word in wanted.split())
