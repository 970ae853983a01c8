"""Corrections (改好的名单): a list of failures, or the filer's own marked workbook, that comes back put right.

Only what was mended is taken: a failed row that was changed gives way to the line that stands for it; one that wasn't
stays as it is, and a line whose person is on the roster already changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from shebao.casework import ask, rows, sheets
from shebao.casework.models import FAILED_ROWS, Case, Row, RowState, Upload
from shebao.foundation import sql

_SQL = sql.queries("shebao.casework", "rows.sql")


@dataclass(frozen=True)
class Line:
    """A line that came back: where it stands, the number that its reason column still bears, what is written."""

    line: int
    number: int | None
    raw: Mapping[str, Any]


@dataclass
class Placed:
    """Which lines stand for which rows, by the rows' numbers."""

    written: dict[int, Line] = field(default_factory=dict)  # to be written over failed rows, or as new ones
    unchanged: dict[int, Line] = field(default_factory=dict)
    known: int = 0  # lines whose person is on the roster already


def place(case: Case, upload: Upload, lines: Sequence[Line]) -> Placed:
    """Find the failed row that each of these lines stands for. Rows that this upload brought are no failed ones."""
    keys = {line.line: _key(case, line) for line in lines}
    failed = _failed(case, upload, lines, set(keys.values()) - {""})
    sound = _sound(case, set(keys.values()) - {""})
    by_key = {row.key: row for row in reversed(failed.values()) if row.key}
    by_line = {row.line: row for row in failed.values() if row.line}
    placed, next_number = Placed(), rows.last_number(case) + 1
    for line in lines:
        row, key = failed.get(line.number), keys[line.line]
        if row is None and key in sound:
            placed.known += 1
            continue
        if row is None:
            row = by_key.get(key) or _same_place(by_line.get(line.line), line)
        if row is None:
            placed.written[next_number] = line
            next_number += 1
        elif row.number in placed.written or row.number in placed.unchanged:
            placed.known += 1
        elif _as_text(row.raw) == _as_text(line.raw):
            placed.unchanged[row.number] = line
        else:
            placed.written[row.number] = line
    return placed


def point(case: Case, upload: Upload, unchanged: Mapping[int, Line]) -> None:
    """Rows that came back as they were are found in the newer workbook from now on."""
    if unchanged:
        params = {
            "case": case.pk,
            "upload": upload.pk,
            "numbers": list(unchanged),
            "lines": [line.line for line in unchanged.values()],
        }
        sql.run(_SQL["point"], params).close()


def _failed(case: Case, upload: Upload, lines: Sequence[Line], keys: set[str]) -> dict[int, Row]:
    numbers = [line.number for line in lines if line.number]
    told = Q(number__in=numbers) | Q(key__in=keys) | Q(line__in=[line.line for line in lines])
    found = Row.objects.filter(told, case=case, state__in=FAILED_ROWS).exclude(upload=upload)
    return {row.number: row for row in found.order_by("number")}


def _sound(case: Case, keys: set[str]) -> set[str]:
    found = Row.objects.filter(case=case, key__in=keys).exclude(state__in=(*FAILED_ROWS, RowState.REMOVED))
    return set(found.values_list("key", flat=True))


def _key(case: Case, line: Line) -> str:
    service = case.service
    return rows.key_text(service, ask.kept(service.row, ask.read(service.row, line.raw).values))


def _same_place(row: Row | None, line: Line) -> Row | None:
    """The failed row of the same line, unless nothing in it is the same: lines may have been deleted above."""
    if row is None:
        return None
    before, now = _as_text(row.raw), _as_text(line.raw)
    return row if any(now[name] and now[name] == before.get(name) for name in now) else None


def _as_text(raw: Mapping[str, Any]) -> dict[str, str]:
    """What is written, as a cell shows it: our list has text where the filer's own sheet had a number or a day."""
    return {name: sheets.as_text(written) for name, written in raw.items()}
