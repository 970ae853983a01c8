"""Files that a page hands out: always saved, never shown inside the hall's own pages, and held by no cache."""

from django.core.files import File
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

_HEADERS = {"Cache-Control": "no-store, private", "X-Content-Type-Options": "nosniff"}
_KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}


def file(content: bytes, filename: str) -> HttpResponse:
    """What was just made, under this name; what kind it is follows from the name's ending."""
    kind = _KINDS.get(filename.rpartition(".")[2], "application/octet-stream")
    response = HttpResponse(content, content_type=kind, headers=_HEADERS)
    response.headers["Content-Disposition"] = content_disposition_header(True, filename)
    return response


def stored(opened: File, filename: str) -> FileResponse:
    """What lies in the store, opened, under the name that it was handed in or ordered with."""
    return FileResponse(opened, as_attachment=True, filename=filename, headers=_HEADERS)
