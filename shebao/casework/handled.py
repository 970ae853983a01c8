"""What a party has filed, whatever became of it: its cases, and the rows of its batches with their results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet

from shebao.casework import benches, catalogue
from shebao.casework.listing import Asked, Page, page_of
from shebao.casework.models import Case, Row, RowState, State
from shebao.casework.rows import naming
from shebao.foundation.writing import packed

RESULTS = (RowState.SUBMITTED, RowState.APPROVED, RowState.RETURNED)
FINISHED = "finished"  # beside the states of a case: whatever nobody can change any more


@dataclass(frozen=True)
class Sought:
    """What a list is narrowed to; days are those on which a case was filed, inclusive."""

    service: str = ""
    state: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None


def cases(party: tuple[str, int], sought: Sought, asked: Asked) -> Page:
    """The cases of a party (kind, id), newest first, one page."""
    return page_of(_cases(party, sought), ("-id",), asked)


def count_cases(party: tuple[str, int], sought: Sought) -> int:
    return _cases(party, sought).count()


def every_case(party: tuple[str, int], sought: Sought) -> Iterator[Case]:
    return _cases(party, sought).order_by("-id").iterator(chunk_size=2_000)


def rows(party: tuple[str, int], sought: Sought, asked: Asked) -> Page:
    """The handed-over rows of a party's cases of one service, newest case first, one page, each with its case."""
    return page_of(_rows(party, sought), ("-case_id", "number"), asked)


def count_rows(party: tuple[str, int], sought: Sought) -> int:
    return _rows(party, sought).count()


def every_row(party: tuple[str, int], sought: Sought) -> Iterator[Row]:
    return _rows(party, sought).order_by("-case_id", "number").iterator(chunk_size=2_000)


def _cases(party: tuple[str, int], sought: Sought) -> QuerySet[Case]:
    kind, number = party
    found = Case.objects.filter(party_kind=kind, party_id=number)
    if sought.service:
        found = found.filter(service_code=sought.service)
    if sought.state == FINISHED:
        found = found.filter(state__in=(State.APPROVED, State.WITHDRAWN))
    elif sought.state:
        found = found.filter(benches.standing_so(sought.state))
    if sought.since:
        found = found.filter(filed_on__gte=sought.since)
    if sought.until:
        found = found.filter(filed_on__lte=sought.until)
    if text := packed(sought.text):
        of_party = Row.objects.filter(case__party_kind=kind, case__party_id=number)
        told = naming(text, catalogue.declared())
        found = found.filter(Q(number__startswith=text) | Q(pk__in=of_party.filter(told).values("case_id")))
    return found


def _rows(party: tuple[str, int], sought: Sought) -> QuerySet[Row]:
    cases = _cases(party, replace(sought, text="", state=""))
    states = [sought.state] if sought.state in RESULTS else RESULTS
    found = Row.objects.filter(case__in=cases, state__in=states).select_related("case")
    if text := packed(sought.text):
        services = [one for one in catalogue.declared() if one.code == sought.service]
        found = found.filter(naming(text, services) | Q(case__number=text))
    return found
