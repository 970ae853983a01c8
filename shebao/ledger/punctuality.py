"""按时缴费: in which months an employer paid its bill by the deadline. From bills, slips and receipts alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.ledger import arrears
from shebao.ledger.arrears import OwedMonth
from shebao.ledger.deadlines import deadlines, overdue_until

_SQL = sql.queries("shebao.ledger", "punctuality.sql")
_MONEY = {"slip_money": sql.queries("shebao.ledger", "receipts.sql")["slip_money"]}


@dataclass(frozen=True)
class Punctuality:
    """Of the months with a bill whose deadline has passed: how many there were, which were late, which are unpaid.

    `owed` are all months in arrears, also those before the span. A difference found later whose own deadline has not
    passed makes no month unpaid.
    """

    billed: int = 0
    late: tuple[Month, ...] = ()
    unpaid: tuple[Month, ...] = ()
    owed: tuple[OwedMonth, ...] = ()

    @property
    def on_time(self) -> int:
        return self.billed - len(self.late) - len(self.unpaid)


def of(payer_ids: Collection[int], *, today: date, months: int) -> Mapping[int, Punctuality]:
    """How these employers paid over so many months: a handful of queries for all of them."""
    last = overdue_until(today)
    span = list(Month.range(last.plus(1 - months), last))
    days = deadlines(span)
    asked = {
        "payer_ids": sorted(payer_ids),
        "months": [month.first_day for month in span],
        "deadlines": [days[month] or month.last_day for month in span],
    }
    owed = arrears.by_payer(payer_ids, today=today)
    found: dict[int, list] = {payer_id: [] for payer_id in payer_ids}
    for row in sql.rows(sql.using(_MONEY, _SQL["months"]), asked):
        found[row["payer_id"]].append(row)
    return {payer_id: _summed(rows, owed.get(payer_id, ())) for payer_id, rows in found.items()}


def _summed(rows: list[dict], owed: Sequence[OwedMonth]) -> Punctuality:
    open_months = {one.month for one in owed}
    billed = {Month.of(row["month"]): row["on_time"] for row in rows}
    return Punctuality(
        len(billed),
        late=tuple(month for month, on_time in billed.items() if not on_time and month not in open_months),
        unpaid=tuple(month for month in billed if month in open_months),
        owed=tuple(owed),
    )
