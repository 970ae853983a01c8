"""Writing an export: lines come from a cursor on the server and go to the file, so memory doesn't grow with them.

Writing begins anew when its worker was killed: until the end there is nothing but a temporary file.
"""

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import xlsxwriter
from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from shebao.exports import sources
from shebao.exports.models import Export
from shebao.exports.sources import Column, Source
from shebao.foundation import clock, languages, spreadsheets, sql
from shebao.foundation.months import Month

ROWS_A_SHEET = 1_000_000  # a sheet ends at 1,048,576
_HEADS = 2  # the row of the columns' heads, from 0
STEP = 2_000  # lines between two looks at whether it was stopped
_SQL = sql.queries("shebao.exports", "exports.sql")
log = logging.getLogger(__name__)


class Stopped(Exception):
    """Somebody stopped it while it was being written."""


def write(export_id: int) -> None:
    """Write an export to its end. Harmless a second time, and beside another writer."""
    with _alone(export_id) as mine:
        export = Export.objects.get(pk=export_id)
        if not mine or not export.is_under_way:
            return
        try:
            _write(export)
        except Stopped:
            return
        except Exception:
            log.exception("export %s could not be written", export_id)
            _end(export, Export.State.FAILED)


@contextmanager
def _alone(export_id: int) -> Iterator[bool]:
    with sql.run(_SQL["claim"], {"export_id": export_id}) as cursor:
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            sql.run(_SQL["release"], {"export_id": export_id}).close()


def _write(export: Export) -> None:
    source = sources.source(export.source)
    total = source.count(export.party_id, export.filters)
    if not _goes_on(export, state=Export.State.WRITING, rows_total=total, rows_done=0):
        raise Stopped
    people: set[int] = set()

    def step(rows: int) -> None:
        if not _goes_on(export, rows_done=rows):
            raise Stopped

    with (
        tempfile.NamedTemporaryFile(suffix=".xlsx") as file,
        languages.of_the_hall(),
    ):
        lines = source.lines(export.party_id, export.filters)
        rows = write_workbook(file.name, source, export.subtitle, lines, people, step)
        _keep(export, file, rows, people)


def _goes_on(export: Export, **changes) -> bool:
    return bool(Export.objects.filter(pk=export.pk, finished_at=None).update(**changes))


def _keep(export: Export, file, rows: int, people: set[int]) -> None:
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    now = clock.now()
    storage = export.file.storage
    storage.delete(export.place)  # of a writer who was killed after it
    name = storage.save(export.place, File(file))
    with transaction.atomic():
        kept = _goes_on(
            export,
            state=Export.State.DONE,
            file=name,
            size=size,
            rows_total=rows,
            rows_done=rows,
            people=sorted(people),
            finished_at=now,
            expires_at=now + timedelta(days=settings.EXPORTS_KEPT_DAYS),
        )
    if not kept:
        storage.delete(name)


def _end(export: Export, state: str) -> None:
    _goes_on(export, state=state, finished_at=clock.now())


def write_workbook(
    path: str, source: Source, subtitle: str, lines, people: set[int], step: Callable[[int], None]
) -> int:
    """The workbook at this path; answers how many lines it has. `step` is called now and then with their number."""
    book = xlsxwriter.Workbook(
        path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": str(source.title), "comments": subtitle})
    looks = {
        "head": book.add_format({"bold": True, "bg_color": "#E8EEF6", "border": 1, "text_wrap": True}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "text": book.add_format({"num_format": "@"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "number": book.add_format({"num_format": "0"}),
    }
    looks |= {"month": looks["text"], "day": looks["text"]}
    sheet, place, rows = None, 0, 0
    try:
        for line in lines:
            if sheet is None or rows % ROWS_A_SHEET == 0:
                sheet, place = _begin_sheet(book, source, subtitle, looks, rows // ROWS_A_SHEET)
            _put(sheet, place, source.columns, line, looks)
            if (person_id := line.get("person_id")) is not None:
                people.add(person_id)
            rows, place = rows + 1, place + 1
            if rows % STEP == 0:
                step(rows)
        if sheet is None:
            _begin_sheet(book, source, subtitle, looks, 0)
    finally:
        book.close()
    return rows


def _begin_sheet(book, source: Source, subtitle: str, looks: dict, number: int) -> tuple:
    sheet = book.add_worksheet(str(number + 1) if number else None)
    for column, one in enumerate(source.columns):
        sheet.set_column(column, column, one.width)
    sheet.freeze_panes(_HEADS + 1, 0)
    sheet.hide_gridlines(0)  # printed too
    footer = f"{source.title}　{subtitle}".strip()
    spreadsheets.on_a4(
        sheet, heads=(_HEADS, _HEADS), footer=footer, right=_text(clock.now(), ""), landscape=True
    )
    sheet.write_string(0, 0, str(source.title), looks["title"])
    sheet.write_string(1, 0, subtitle)
    for column, one in enumerate(source.columns):
        sheet.write_string(_HEADS, column, str(one.label), looks["head"])
    return sheet, _HEADS + 1


def _put(sheet, place: int, columns: tuple[Column, ...], line, looks: dict) -> None:
    for column, one in enumerate(columns):
        value = line.get(one.key)
        if one.said is not None:
            value = one.said(value)
        if value is None or value == "":
            continue
        if one.sort in ("money", "number"):
            sheet.write_number(place, column, value, looks[one.sort])
        else:
            sheet.write_string(place, column, _text(value, one.sort), looks["text"])


def _text(value, sort: str) -> str:
    if sort == "month" and isinstance(value, date):
        return str(Month.of(value))
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return str(value)
