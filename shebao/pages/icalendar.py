"""Calendar files (iCalendar, RFC 5545) for a phone or a computer."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from django.http import HttpResponse

from shebao.pages import downloads

_LONGEST = 75  # bytes of a line


def event(key: str, *about: str, summary: str, alarm: str) -> list[str]:
    """The lines of one event. `key` stays the same whenever it is handed out, `about` are its further lines, and
    `alarm` is how long before it the calendar rings, e.g. -P3D."""
    told = escaped(summary)
    return [
        "BEGIN:VEVENT", f"UID:{key}@shebao", *about, f"SUMMARY:{told}",
        "BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:{alarm}", f"DESCRIPTION:{told}", "END:VALARM",
        "END:VEVENT",
    ]  # fmt: skip


def file(events: Iterable[list[str]], filename: str, *, title: str = "") -> HttpResponse:
    """A calendar of these events, to be saved; `title` names it in the reader's calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//shebao//hall//ZH", "CALSCALE:GREGORIAN"]
    if title:
        lines.append(f"X-WR-CALNAME:{escaped(title)}")
    for one in events:
        lines += one
    lines.append("END:VCALENDAR")
    content = "".join(f"{part}\r\n" for line in lines for part in _folded(line))
    return downloads.file(content.encode(), filename)


def utc(moment: datetime) -> str:
    """A moment as a line may hold it."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A text as a line may hold it."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Lines that are not too long; the next begins with a space, and characters stay whole."""
    part = ""
    for sign in line:
        if len((part + sign).encode()) > _LONGEST:
            yield part
            part = " "
        part += sign
    yield part
