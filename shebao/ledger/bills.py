"""Bills (月度账单): an employer's month, by scheme and by person."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.ledger import payers, summaries
from shebao.ledger.models import Bill
from shebao.registry import schemes as order

_SQL = sql.queries("shebao.ledger", "bills.sql")


@dataclass(frozen=True)
class SchemeBill:
    scheme: str
    persons: int
    employer_part: Decimal
    personal_part: Decimal
    amount: Decimal


@dataclass(frozen=True)
class MonthBill:
    """One month of one payer, in yuan; `schemes` is empty in a list of months."""

    month: Month
    persons: int
    employer_part: Decimal
    personal_part: Decimal
    amount: Decimal
    schemes: tuple[SchemeBill, ...] = ()


@dataclass(frozen=True)
class Settled:
    """How a payer's month stands, in yuan: the three add up to the bill."""

    paid: Decimal
    written_off: Decimal
    outstanding: Decimal

    @property
    def credit(self) -> Decimal:
        """What was paid beyond the bill after a correction, waiting to be set off; 0 where there is none."""
        return max(-self.outstanding, Decimal("0.00"))


def count_settled(relations: Mapping[str, str], params: Mapping[str, object]) -> None:
    """Let the employers' bills count the due lines that were just settled: those of the relation `settled_lines`."""
    sql.run(sql.using(relations, _SQL["count_settled"]), params).close()


def of_payer(payer_id: int, month: Month) -> MonthBill | None:
    """The bill of a month; None when nothing was assessed for it."""
    rows = sql.rows(_SQL["of_month"], {"payer_id": payer_id, "month": month})
    schemes = tuple(SchemeBill(**row) for row in sorted(rows, key=lambda row: order.place(row["scheme"])))
    if not schemes:
        return None
    return MonthBill(
        month,
        max(scheme.persons for scheme in schemes),
        sum(scheme.employer_part for scheme in schemes),
        sum(scheme.personal_part for scheme in schemes),
        sum(scheme.amount for scheme in schemes),
        schemes,
    )


def months(payer_id: int, *, before: Month | None = None, limit: int = 12) -> list[MonthBill]:
    """The months a payer was billed for, newest first, one page; the next page is `before` the last month."""
    scope = {"payer_id": payer_id, "before": before, "limit": limit}
    return [MonthBill(**{**row, "month": Month.of(row["month"])}) for row in sql.rows(_SQL["months"], scope)]


def people(payer_id: int, month: Month, *, after: int = 0, limit: int = 50) -> list[dict]:
    """Who stands on a month's bill, one page by person; the next page begins `after` the last person_id.

    Each with name, id_number (mask them for the page), base, schemes, employer_part, personal_part, amount,
    whether all of it is settled, and what of it is outstanding (yuan; below zero for a credit).
    """
    return sql.rows(_SQL["people"], {"payer_id": payer_id, "month": month, "after": after, "limit": limit})


def settled(payer_id: int, month: Month) -> Settled:
    """How much of a payer's month is paid, written off, or still open."""
    scope = {"payer_ids": [payer_id], "month": month}

    def add_up() -> list[dict]:
        return sql.rows(sql.using(payers.PEOPLE, _SQL["settled"]), scope)

    return Settled(**summaries.of_payer(payer_id, f"settled {month}", add_up)[0])


def lines(payer_id: int, month: Month) -> Iterator[dict]:
    """Every due line of a payer's month with the rates it rests on, from a cursor on the server."""
    return sql.stream(sql.using(payers.PEOPLE, _SQL["lines"]), {"payer_ids": [payer_id], "month": month})


def count_lines(payer_id: int, month: Month) -> int:
    return sql.rows(_SQL["count_lines"], {"payer_id": payer_id, "month": month})[0]["lines"]


def unsettled_months(payer_id: int) -> list[Month]:
    """The months of which something is billed and not settled yet, oldest first."""
    found = Bill.objects.filter(payer_id=payer_id, settled__lt=F("lines")).order_by("month")
    return list(found.values_list("month", flat=True).distinct())


def outstanding(payer_id: int, months: Iterable[Month]) -> Decimal:
    """What is open of these months of a payer together (yuan); below zero for a credit."""
    return sum((settled(payer_id, month).outstanding for month in months), Decimal("0.00"))


def of_year(payer_id: int, year: int) -> dict[Month, dict]:
    """For each billed month of a year: amount (yuan), persons, and whether all of it is settled (bool)."""
    scope = {"payer_id": payer_id, "first": Month(year, 1), "last": Month(year, 12)}
    return {Month.of(row["month"]): row for row in sql.rows(_SQL["of_year"], scope)}


def open_in(month: Month, *, after: int = 0, limit: int = 500) -> list[dict]:
    """The employers that still owe something of a month: payer_id and what is open (yuan), one page by payer_id."""
    return sql.rows(_SQL["open_in"], {"month": month, "after": after, "limit": limit})
