"""Runs of a month for everybody, as they stand on file. The verb that makes one is in assessment."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.ledger.dues import SchemeTotal
from shebao.ledger.models import Run

_SQL = sql.queries("shebao.ledger", "month_runs.sql")


@dataclass(frozen=True)
class MonthRun:
    """One run. `alive` says that it is at work at this moment; one that was killed is neither alive nor finished."""

    id: int
    month: Month
    state: str
    source: str
    started_at: datetime
    finished_at: datetime | None
    lines: int
    problem: str
    totals: tuple[SchemeTotal, ...]
    alive: bool

    @property
    def persons(self) -> int:
        return max((total.persons for total in self.totals), default=0)

    @property
    def amount(self) -> Decimal:
        return sum((total.amount for total in self.totals), Decimal("0.00"))

    @property
    def seconds(self) -> float | None:
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


def last(month: Month) -> MonthRun | None:
    """The newest run of a month, whatever came of it."""
    return next(iter(_read(Run.objects.filter(kind="month", month=month), 1)), None)


def last_done(month: Month) -> MonthRun | None:
    """The newest run of a month that was carried out."""
    return next(iter(_read(Run.objects.filter(kind="month", month=month, state=Run.State.DONE), 1)), None)


def listed(*, before: int | None = None, limit: int = 12) -> list[MonthRun]:
    """Runs of all months, newest first, one page; the next page is `before` the last id."""
    runs = Run.objects.filter(kind="month")
    return _read(runs if before is None else runs.filter(id__lt=before), limit)


def _read(runs, limit: int) -> list[MonthRun]:
    page = list(runs.order_by("-id")[:limit])
    at_work = set()
    if any(run.state == Run.State.RUNNING for run in page):
        at_work = {
            Month.of(row["month"]) for row in sql.rows(_SQL["at_work"], {"months": [r.month for r in page]})
        }
    return [
        MonthRun(
            run.id,
            run.month,
            run.state,
            run.source,
            run.started_at,
            run.finished_at,
            run.lines,
            run.problem,
            tuple(
                SchemeTotal(
                    scheme, one["persons"], Decimal(one["employer_part"]), Decimal(one["personal_part"])
                )
                for scheme, one in run.totals.items()
            ),
            alive=run.state == Run.State.RUNNING and run.month in at_work,
        )
        for run in page
    ]
