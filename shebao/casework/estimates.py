"""Figures computed before a case is submitted: shown, kept as shown, computed again when it is decided."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from shebao.casework import ask, rows
from shebao.casework.models import READY_ROWS, Case, Row

Kept = dict[str, Any]
"""Figures as JSON: see `service.Figures.kept`."""


def of(case: Case) -> Kept | None:
    """The figures of the rows that can be submitted; None where the service has none, or the rows are too many.

    A single row that lacks nothing but a paper counts: the page that shows the figures takes the paper in, too.
    """
    service = case.service
    if service.preview is None:
        return None
    raws = (
        Row.objects.filter(case=case, state__in=READY_ROWS).order_by("number").values_list("raw", flat=True)
    )
    found = list(raws[: service.previews + 1]) or _but_for_a_paper(case)
    if not found or len(found) > service.previews:
        return None
    return of_rows(case, [row for raw in found if (row := ask.read(service.row, raw).row)])


def _but_for_a_paper(case: Case) -> list[dict[str, Any]]:
    only = rows.only_open(case)
    return [only.raw] if only and only.lacks_papers_only else []


def of_rows(case: Case, some: Sequence[Any]) -> Kept | None:
    """The figures of these rows, at this moment."""
    service = case.service
    if service.preview is None or not 0 < len(some) <= service.previews:
        return None
    figures = service.preview(some, case)
    return figures.kept if figures else None


def fingerprint(kept: Kept | None) -> str:
    """What a page hands back, to tell whether the figures still are those that it showed."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16] if kept else ""
