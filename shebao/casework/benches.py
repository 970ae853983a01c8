"""The work bench: what waits for its filer (待办), and what he has handed over (已办)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from shebao.casework import cases, catalogue, papers, rows
from shebao.casework.listing import Asked, Page, page_of
from shebao.casework.models import OPEN_STATES, Case, Row, State, Upload
from shebao.foundation import clock, sql
from shebao.foundation.writing import packed
from shebao.identity.acting import Acting

_SQL = sql.queries("shebao.casework", "benches.sql")
AWAITING_PAPERS = "awaiting-papers"  # beside the states of a case: submitted, and papers have to be brought
DONE = (State.SUBMITTED, AWAITING_PAPERS, State.APPROVED, State.WITHDRAWN)
STANDINGS = (*OPEN_STATES, *DONE)


@dataclass(frozen=True)
class Sought:
    """What a list is narrowed to: a service, one of STANDINGS, days (both included) on which a case was saved
    or submitted, a number or a person; and whether the oldest come first."""

    service: str = ""
    text: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    oldest_first: bool = False

    def __bool__(self) -> bool:
        return bool(self.service or self.text or self.state or self.since or self.until)


def standing(case: Case) -> str:
    """Where a case stands for its filer: its state, or AWAITING_PAPERS; one of STANDINGS."""
    return AWAITING_PAPERS if papers.awaited(case) else case.state


def standing_so(standing: str) -> Q:
    """The cases that stand so, as a condition of a query."""
    if standing == AWAITING_PAPERS:
        return papers.AWAITED
    return Q(state=standing) & (~papers.AWAITED if standing == State.SUBMITTED else Q())


def mine(by: Acting) -> QuerySet[Case]:
    """The cases of this party, but for drafts in which nothing is: a workbook that could not be read leaves one."""
    being_read = Upload.objects.filter(case=OuterRef("pk"), finished_at=None)
    # In this order the database looks for an upload of empty drafts alone.
    return cases.of(by).exclude(Q(state=State.DRAFT, total=0) & ~Exists(being_read))


def tally(by: Acting) -> dict[str, int]:
    """How many cases of this party stand how; of the finished ones, those of this month. `done` is all it ever
    handed over."""
    since = clock.beginning_of(clock.this_month().first_day)
    return sql.rows(_SQL["tally"], {"kind": by.kind, "party": by.party_id, "since": since})[0]


def todo(by: Acting, sought: Sought, asked: Asked) -> Page:
    """Saved and returned cases; the returned first, then the newest."""
    found = _narrowed(mine(by).filter(state__in=OPEN_STATES), sought, "saved_at")
    # "returned" is after "draft" in the alphabet.
    order = ("-state", "saved_at", "id") if sought.oldest_first else ("-state", "-saved_at", "-id")
    return page_of(found, order, asked)


def being_read(cases: Sequence[Case]) -> dict[int, int]:
    """Of these cases, those whose workbook is being read, with how far that is, in per cent."""
    found = Upload.objects.filter(case__in=[case.pk for case in cases], finished_at=None)
    return {upload.case_id: upload.percent for upload in found}


def done(by: Acting, sought: Sought, asked: Asked) -> Page:
    """Cases that were handed over or taken back, the newest first."""
    found = _narrowed(_handed_over(by), sought, "submitted_at")
    return page_of(found, ("submitted_at", "id") if sought.oldest_first else ("-submitted_at", "-id"), asked)


def to_the_counter(by: Acting, most: int) -> list[Case]:
    """Cases whose papers somebody has to bring, the newest first."""
    waiting = _handed_over(by).filter(papers.AWAITED, state=State.SUBMITTED)
    return list(waiting.order_by("-submitted_at", "-id")[:most])


def under_way_since(page: Page) -> datetime | None:
    """When the newest case of a page that is still being decided was handed over."""
    return max((case.submitted_at for case in page.lines if case.state == State.SUBMITTED), default=None)


def _handed_over(by: Acting) -> QuerySet[Case]:
    return (
        cases.of(by)
        .filter(state__in=(State.SUBMITTED, State.APPROVED, State.WITHDRAWN))
        .exclude(submitted_at=None)
    )


def _narrowed(found: QuerySet[Case], sought: Sought, moment: str) -> QuerySet[Case]:
    if sought.service:
        found = found.filter(service_code=sought.service)
    if sought.state:
        found = found.filter(standing_so(sought.state))
    if sought.since:
        found = found.filter(**{f"{moment}__gte": clock.beginning_of(sought.since)})
    if sought.until:
        found = found.filter(**{f"{moment}__lt": clock.beginning_of(sought.until + timedelta(days=1))})
    if text := packed(sought.text):
        named = Row.objects.filter(rows.naming(text, catalogue.declared()), case=OuterRef("pk"))
        found = found.filter(Q(number__startswith=text) | Exists(named))
    return found
