"""A case of one row that has a form's many fields: shown as a list of facts, not as one very wide line."""

from collections.abc import Mapping, Sequence

from shebao.casework import ask
from shebao.casework.models import Case, Row


def shown(found: Case, rows: Sequence[Row], lines: Sequence[Mapping], *, masked: bool) -> dict | None:
    """The row with all its answers; None for a service done in batches."""
    service = found.service
    if service.in_batches or len(rows) != 1:
        return None
    (row,), (line,) = rows, lines
    values = ask.read(service.row, row.raw).values
    sections: dict[str, list[tuple[str, str]]] = {}
    for question in service.questions:
        answers = sections.setdefault(str(question.words.section), [])
        answers.append((question.label, question.shown(values.get(question.name), masked=masked)))
    return {**line, "sections": list(sections.items())}
