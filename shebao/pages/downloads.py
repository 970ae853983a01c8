"""Files that a page hands out, which no cache may hold."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def pdf(content: bytes, filename: str) -> HttpResponse:
    """A PDF to keep or print."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(True, filename)
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
