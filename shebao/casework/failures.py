"""Lists handed back to the filer: rows that failed, with the reasons, and how every row came out.

The list of failures is a template filled in: put right and uploaded again, its rows take the failed ones'
place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shebao.casework import rows, sheets
from shebao.casework.models import FAILED_ROWS, Case, Row, RowState


def workbook(case: Case) -> bytes:
    """The rows that can't go on, as they were written, with the reason in the last column."""
    found = rows.search(case, "").filter(state__in=FAILED_ROWS)
    mark = sheets.mark_of(case.service, case.number)
    return sheets.workbook(
        case.service, _lines(case, found, result=False), mark=mark, extra=[str(sheets.REASON)]
    )


def results(case: Case) -> bytes:
    """Every row with how it came out and, where it didn't, why."""
    extra = [str(sheets.RESULT), str(sheets.REASON)]
    return sheets.workbook(case.service, _lines(case, rows.search(case, ""), result=True), extra=extra)


def reasons(case: Case, row: Row) -> list[str]:
    """What is wrong with a row, each with the name of its column."""
    labels = {question.name: question.label for question in case.service.questions}
    found = [
        f"{labels[problem['field']]}：{problem['sentence']}"
        if problem["field"] in labels
        else problem["sentence"]
        for problem in row.problems
    ]
    return found or ([row.reason] if row.reason else [])


def _lines(case: Case, found, *, result: bool) -> Iterator[tuple[Mapping[str, object], Sequence[str]]]:
    for row in found.iterator(chunk_size=2_000):
        reason = "；".join(reasons(case, row))
        yield row.raw, [RowState(row.state).label, reason] if result else [reason]
