"""The hall as an app on the phone: its manifest, its worker that keeps static files only, its page without network."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shebao.pages import city
from shebao.pages.screens import page


@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """The names and icons a phone shows."""
    ours = city.ours()
    return JsonResponse(
        {
            "id": "/",
            "name": ours.title,
            "short_name": ours.short_title,
            "lang": "zh-CN",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0a2f5c",
            "icons": [
                {"src": static("ui/icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": static("ui/icon-512.png"), "sizes": "512x512", "type": "image/png"},
                {
                    "src": static("ui/icon-maskable.png"),
                    "sizes": "512x512",
                    "type": "image/png",
                    "purpose": "maskable",
                },
            ],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


@require_safe
@cache_control(max_age=0, must_revalidate=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It stands at the root so that it may answer for the whole hall when there is no network."""
    kept = [static(f"ui/css/{sheet}.css") for sheet in ("tokens", "base", "components", "pages")]
    kept += [static("ui/mark.svg"), static("ui/app.js")]
    response = render(
        request,
        "ui/worker.js",
        {"kept": kept, "static_url": settings.STATIC_URL},
        content_type="text/javascript",
    )
    response.headers["Service-Worker-Allowed"] = "/"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the worker shows without network; it says nothing about anybody."""
    return page(request, "ui/offline.html")
