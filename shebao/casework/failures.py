"""Lists handed back to the filer: rows that failed, with the reasons, and how every row came out.

There are two lists of failures: the failed rows alone, in the template's form, and the filer's own workbook with the
wrong cells marked. Either, put right and uploaded again, lets its mended rows take the failed ones' place.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as lazy

from shebao.casework import redpen, rows, sheets
from shebao.casework.models import FAILED_ROWS, Case, Row, RowState, Upload
from shebao.foundation import spreadsheets

# Of the cells of a workbook: 100,000 take about 4 s and 130 MB to mark (docs/adr/0017).
MOST_CELLS = 100_000
MOST_BYTES = 5_000_000
_DELETED = lazy("已从名单里删除；这一行不改就不会再收")
_PATIENCE = 40  # seconds


def workbook(case: Case) -> bytes:
    """The rows that can't go on, as they were written, the wrong cells red, with the reason in the last column."""
    found = rows.search(case, "").filter(state__in=FAILED_ROWS)
    mark = sheets.mark_of(case.service, case.number)
    held: list[int] = []
    lines = _failed(case, found, held)
    return sheets.workbook(case.service, lines, mark=mark, extra=[sheets.REASON], held=held)


def results(case: Case) -> bytes:
    """Every row with how it came out and, where it didn't, why."""
    return sheets.workbook(case.service, _all(case), extra=[sheets.RESULT, sheets.REASON])


def uploads(case: Case) -> QuerySet[Upload]:
    """The workbooks that rows which can't go on came from, the newest first; `failed` counts these rows."""
    failed = Count("row", filter=Q(row__state__in=FAILED_ROWS))
    return case.uploads.annotate(failed=failed).filter(failed__gt=0).order_by("-id")


def keeps_its_form(upload: Upload) -> bool:
    """Whether a workbook can be handed back as it came; others come back in the template's form."""
    cells = upload.lines_total * len(upload.columns)
    return upload.file.name.endswith(".xlsx") and upload.size <= MOST_BYTES and cells <= MOST_CELLS


def own_workbook(upload: Upload) -> bytes:
    """The filer's workbook with its wrong cells red and a reason column at the end.

    One that is too large, or isn't .xlsx, comes in the template's form, with all its rows.
    """
    marked = _marked(upload) if keeps_its_form(upload) else None
    return marked or _converted(upload)


def reasons(case: Case, row: Row) -> list[str]:
    """What is wrong with a row, each with the name of its column."""
    if not row.problems:
        return [row.reason] if row.reason else []
    labels = {question.name: question.label for question in case.service.questions}
    return [
        f"{labels[problem['field']]}：{problem['sentence']}"
        if problem["field"] in labels
        else problem["sentence"]
        for problem in row.problems
    ]


def faults(case: Case, row: Row) -> dict[str, str]:
    """The sentence for each field that has to be put right; what is on no field, on the one the row is known by."""
    names = {question.name for question in case.service.questions}
    key = case.service.key_fields[0]
    told: dict[str, list[str]] = {}
    for problem in row.problems or [{"field": key, "sentence": row.reason}]:
        field = problem["field"] if problem["field"] in names else key
        told.setdefault(field, []).append(problem["sentence"])
    return {field: "；".join(sentences) for field, sentences in told.items()}


def _failed(case: Case, found: QuerySet[Row], held: list[int]) -> Iterator[tuple]:
    """Lines with the reasons of those rows that can't go on, whose numbers go to `held`; others stand as they are."""
    for row in found.iterator(chunk_size=2_000):
        if row.state in FAILED_ROWS:
            held.append(row.number)
            yield row.raw, [sheets.referred(row.number, "；".join(reasons(case, row)))], faults(case, row)
        else:
            yield row.raw, [""]


def _all(case: Case) -> Iterator[tuple]:
    for row in rows.search(case, "").iterator(chunk_size=2_000):
        yield row.raw, [RowState(row.state).label, "；".join(reasons(case, row))]


def _converted(upload: Upload) -> bytes:
    case = upload.case
    found = rows.search(case, "").filter(upload=upload).order_by("line")
    return sheets.workbook(
        case.service, _failed(case, found, []), extra=[sheets.reason_head(case.number, upload.pk)]
    )


def _marked(upload: Upload) -> bytes | None:
    """The workbook, marked in a process of its own (docs/adr/0012); None when that could not be done."""
    with tempfile.TemporaryDirectory() as folder:
        here, there = Path(folder, "in.xlsx"), Path(folder, "out.xlsx")
        with upload.file.open("rb") as file, here.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        command = [sys.executable, "-I", redpen.__file__, str(here), str(there)]
        try:
            done = subprocess.run(
                command,
                input=json.dumps(_marks(upload)).encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        return there.read_bytes() if done.returncode == 0 else None


def _marks(upload: Upload) -> dict:
    case = upload.case
    cells: list[tuple[str, str]] = []
    told: list[tuple[int, str]] = []
    found = Row.objects.filter(upload=upload, case=case, state__in=FAILED_ROWS).order_by("line")
    for row in found.iterator(chunk_size=2_000):
        row.upload = upload
        for field, sentence in faults(case, row).items():
            if cell := row.cell(field):
                cells.append((cell, sentence))
        told.append((row.line, sheets.referred(row.number, "；".join(reasons(case, row)))))
    deleted = Row.objects.filter(upload=upload, case=case, state=RowState.REMOVED).exclude(line=None)
    told += [(line, str(_DELETED)) for line in deleted.values_list("line", flat=True)]
    return {
        "head": sheets.reason_head(case.number, upload.pk),
        "ours": str(sheets.REASON),
        "colour": sheets.WRONG.strip("#"),
        "cells": cells,
        "reasons": [(line, words, spreadsheets.lines_of(words, redpen.WIDTH)) for line, words in told],
    }
