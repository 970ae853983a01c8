"""按时缴费: in which months an employer paid its bill by the deadline. From bills, slips and receipts alone."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.ledger.deadlines import deadlines, overdue_until

_SQL = sql.queries("shebao.ledger", "punctuality.sql")
_MONEY = {"slip_money": sql.queries("shebao.ledger", "receipts.sql")["slip_money"]}


@dataclass(frozen=True)
class Punctuality:
    """Of the months with a bill whose deadline has passed: how many there were, which were late, which are unpaid."""

    billed: int = 0
    late: tuple[Month, ...] = ()
    unpaid: tuple[Month, ...] = ()

    @property
    def on_time(self) -> int:
        return self.billed - len(self.late) - len(self.unpaid)


def of(payer_ids: Collection[int], *, today: date, months: int) -> Mapping[int, Punctuality]:
    """How these payers paid over so many months: one query for all of them. Who had no bill is left out."""
    last = overdue_until(today)
    span = list(Month.range(last.plus(1 - months), last))
    days = deadlines(span)
    found: dict[int, list] = defaultdict(list)
    asked = {
        "payer_ids": sorted(payer_ids),
        "months": [month.first_day for month in span],
        "deadlines": [days[month] or month.last_day for month in span],
    }
    for row in sql.rows(sql.using(_MONEY, _SQL["months"]), asked):
        found[row["payer_id"]].append(row)
    return {payer_id: _summed(rows) for payer_id, rows in found.items()}


def _summed(rows: list[dict]) -> Punctuality:
    return Punctuality(
        len(rows),
        late=tuple(Month.of(row["month"]) for row in rows if row["settled"] and not row["on_time"]),
        unpaid=tuple(Month.of(row["month"]) for row in rows if not row["settled"]),
    )
