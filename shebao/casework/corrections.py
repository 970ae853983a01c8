"""Corrections (改好的名单): a workbook for a case that has rows already.

It may be a list of failures or the filer's own marked workbook, put right; or simply his own file once more. Each line
is laid beside the row that it stands for: a row that says something else now is written over, one that says the same
stays as it is, and a line that stands for none is a new row. From then on these rows are found in the newer workbook.
A row that was corrected on the page stays so while its line says what it said before. A failed row that the file was
given, and whose line was deleted from it, is dropped; one that was deleted on the page doesn't come back with a marked
workbook in which its line still stands.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from shebao.casework import ask, rows, sheets
from shebao.casework.models import FAILED_ROWS, OPEN_ROWS, Case, Row, RowState, Upload
from shebao.foundation import sql
from shebao.foundation.unsettled import Unsettled

_SQL = sql.queries("shebao.casework", "rows.sql")


@dataclass(frozen=True)
class Line:
    """A line that came: where it stands, the number that its reason column still bears, what is written."""

    line: int
    number: int | None
    raw: Mapping[str, Any]


@dataclass
class Changes:
    """What rows named by their numbers shall say, beside what they say now."""

    written: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)  # submitted or approved: nothing changes them
    unknown: list[int] = field(default_factory=list)  # there is none, or it was removed

    def __bool__(self) -> bool:
        return any((self.written, self.removed, self.settled, self.unknown))


class NotCorrected(Unsettled):
    """Rows that can't be changed are among those that should be. Nothing was."""

    def __init__(self, changes: Changes):
        self.settled, self.unknown = tuple(changes.settled), tuple(changes.unknown)
        super().__init__(_("其中有的行已经提交、办结或删除，不能再改；没有修改任何一行"))


@dataclass
class Placed:
    """Which lines stand for which rows, by the rows' numbers."""

    written: dict[int, Line] = field(default_factory=dict)  # to be written over rows, or as new ones
    unchanged: dict[int, Line] = field(default_factory=dict)
    settled: list[Line] = field(default_factory=list)  # they would change what is submitted or approved


def changes(case: Case, written: Mapping[int, Mapping[str, object]], removed: Collection[int]) -> Changes:
    """What has to be done so that the rows of these numbers say this and those are gone. What is so already isn't."""
    there = {row.number: row for row in Row.objects.filter(case=case, number__in={*written, *removed})}
    found = Changes()
    for number, fields in written.items():
        row, line = there.get(number), Line(0, number, rows.raw_of(case.service, fields))
        if row is None or row.state == RowState.REMOVED:
            found.unknown.append(number)
        elif _same(row, line, _understood(case, line)):
            continue
        elif row.state in OPEN_ROWS:
            found.written[number] = line.raw
        else:
            found.settled.append(number)
    for number in removed:
        row = there.get(number)
        if row is None:
            found.unknown.append(number)
        elif row.state in OPEN_ROWS:
            found.removed.append(number)
        elif row.state != RowState.REMOVED:
            found.settled.append(number)
    return found


def given(case: Case, mark: str, held: str, reason: str) -> list[int] | None:
    """The failed rows of this case that a workbook of our own was given to mend; None for any other workbook."""
    failed = Row.objects.filter(case=case, state__in=FAILED_ROWS)
    if mark == sheets.mark_of(case.service, case.number):
        told = sheets.spanned(held, rows.last_number(case))
        return [number for number in failed.values_list("number", flat=True) if number in told]
    origin = sheets.origin_in(reason, case.number)
    if origin is None:
        return None
    return list(failed.filter(upload=origin).values_list("number", flat=True))


def place(case: Case, upload: Upload, lines: Sequence[Line], *, marked: bool) -> Placed:
    """Find the row that each of these lines stands for; rows that this upload has brought stand for none.

    In a `marked` workbook a failed row is known by its number, then by the person, then by its line; in any other by
    the person, or by line and name together; in both by all its words, where nobody could be made out. A row that was
    corrected on the page is known by what the workbook said, and a line that still says it changes nothing. A good
    line of a marked workbook in which just the person's number is another one is the same person's.
    """
    understood = {line.line: _understood(case, line) for line in lines}
    keys = {line: rows.key_text(case.service, data) for line, data in understood.items()}
    there = _rows_like(case, upload, lines, set(keys.values()) - {""}, marked=marked)
    deleted = _deleted(case) if marked else set()
    by_number = {row.number: row for row in there if marked and row.state in FAILED_ROWS}
    by_line = {row.line: row for row in there if row.line and row.state in FAILED_ROWS}
    by_key = _grouped(there, lambda row: row.key)
    nameless = _grouped(there, lambda row: "" if row.key else _words(row.raw))
    mended = _grouped(there, lambda row: row.in_file and _words(row.in_file))
    good_at = _grouped(there, lambda row: row.line if marked and row.state == RowState.DRAFT else None)
    placed, taken, next_number = Placed(), set(), rows.last_number(case) + 1
    for line in lines:
        words = _words(line.raw)
        same_person, same_words = by_key.get(keys[line.line], ()), nameless.get(words, ())
        same_place = _same_place(case, by_line.get(line.line), line, marked=marked)
        of_page = mended.get(words, ())
        candidates = [*of_page, by_number.get(line.number), *same_person, *same_words, same_place]
        row = next((one for one in candidates if one and one.number not in taken), None)
        if row is None and words in deleted:
            continue
        if row is None:
            beside = (one for one in good_at.get(line.line, ()) if one.number not in taken)
            row = next((one for one in beside if _renumbered(case, one, line)), None)
        if row is None:
            placed.written[next_number] = line
            next_number += 1
            continue
        taken.add(row.number)
        same = row in of_page or _same(row, line, understood[line.line])
        if row.state not in OPEN_ROWS:
            placed.settled += [] if same else [line]
        elif same:
            placed.unchanged[row.number] = line
        else:
            placed.written[row.number] = line
    return placed


def point(case: Case, upload: Upload, unchanged: Mapping[int, Line]) -> None:
    """Rows that came as they were are found in the newer workbook from now on."""
    if unchanged:
        params = {
            "case": case.pk,
            "upload": upload.pk,
            "numbers": list(unchanged),
            "lines": [line.line for line in unchanged.values()],
        }
        sql.run(_SQL["point"], params).close()


def drop_missing(case: Case, upload: Upload) -> int:
    """Drop the failed rows that a correction was given and whose lines aren't in it any more. Answers how many."""
    missing = Row.objects.filter(case=case, number__in=upload.expected, state__in=FAILED_ROWS)
    return rows.remove(case, missing.exclude(upload=upload).values_list("number", flat=True))


def left(case: Case, upload: Upload) -> int:
    """How many failed rows of a case weren't in this workbook, and so stay as they are."""
    return Row.objects.filter(case=case, state=RowState.BAD).exclude(upload=upload).count()


def _rows_like(
    case: Case, upload: Upload, lines: Iterable[Line], keys: set[str], *, marked: bool
) -> list[Row]:
    numbers = [line.number for line in lines if line.number]
    places = Q(line__in=[line.line for line in lines])
    failed = Q(number__in=numbers) | places | Q(key="")
    like = Q(failed, state__in=FAILED_ROWS) | Q(key__in=keys) | Q(in_file__isnull=False)
    if marked:
        like |= Q(places, state=RowState.DRAFT)
    found = Row.objects.filter(like, case=case)
    return list(found.exclude(state=RowState.REMOVED).exclude(upload=upload).order_by("number"))


def _deleted(case: Case) -> set[str]:
    found = Row.objects.filter(case=case, state=RowState.REMOVED, upload__isnull=False)
    return {_words(raw) for raw in found.values_list("raw", flat=True)}


def _grouped(there: Iterable[Row], by: Callable[[Row], Hashable]) -> dict[Any, list[Row]]:
    """Rows by something they have; those that lack it are left out."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in there:
        if one := by(row):
            found[one].append(row)
    return found


def _understood(case: Case, line: Line) -> dict[str, Any]:
    row_type = case.service.row
    return ask.kept(row_type, ask.read(row_type, line.raw).values)


def _same(row: Row, line: Line, understood: Mapping[str, Any]) -> bool:
    """Whether a line says what its row does. Of a bad row some fields could not be understood: there only the words
    tell."""
    return _says(row, line) or (row.state != RowState.BAD and understood == row.data)


def _says(row: Row, line: Line) -> bool:
    return _as_text(row.raw) == _as_text(line.raw)


def _same_place(case: Case, row: Row | None, line: Line, *, marked: bool) -> Row | None:
    """The failed row of the same line, if it may be the same: lines may have been deleted above it."""
    if row is None:
        return None
    before, now = _as_text(row.raw), _as_text(line.raw)
    told = {question.name for question in case.service.questions if marked or question.names_a_person}
    return row if any(now[name] and now[name] == before.get(name) for name in told) else None


def _renumbered(case: Case, row: Row, line: Line) -> bool:
    """Whether this line says all that the row says, but for what the row is known by."""
    before, now = _as_text(row.raw), _as_text(line.raw)
    others = set(now) - set(case.service.key_fields)
    named = any(question.names_a_person and now[question.name] for question in case.service.questions)
    return named and all(now[name] == before.get(name) for name in others)


def _words(raw: Mapping[str, Any]) -> str:
    return json.dumps(_as_text(raw), ensure_ascii=False, sort_keys=True)


def _as_text(raw: Mapping[str, Any]) -> dict[str, str]:
    """What is written, as a cell shows it: our list has text where the filer's own sheet had a number or a day."""
    return {name: sheets.as_text(written) for name, written in raw.items()}
