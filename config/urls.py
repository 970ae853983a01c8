"""One line per door."""

from django.urls import include, path

from config import health

urlpatterns = [
    path("healthz", health.healthz),
    path("", include("shebao.pages.urls")),
]
