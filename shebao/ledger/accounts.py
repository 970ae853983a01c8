"""Personal accounts (个人账户), pension and medical: lines that only grow; a balance is their sum."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.ledger.models import AccountLine

_SQL = sql.queries("shebao.ledger", "accounts.sql")

ACCOUNTS = ("pension", "medical")


@dataclass(frozen=True)
class Movement:
    """One movement of one account, in yuan; money paid out is negative."""

    month: Month
    kind: str
    payer_id: int
    payer_name: str | None  # None: nobody but the person stands behind it
    line: int
    amount: Decimal
    posted_on: date
    source: str

    @property
    def label(self) -> str:
        return str(AccountLine.Kind(self.kind).label)

    @property
    def key(self) -> str:
        """Where the next page begins: pass it as `before`."""
        return f"{self.month}.{self.kind}.{self.payer_id}.{self.line}"


@dataclass(frozen=True)
class Year:
    """One account in one year of contribution months, in yuan; `balance` is what it held at the year's end."""

    account: str
    year: int
    contributions: Decimal
    interest: Decimal
    transferred_in: Decimal
    paid_out: Decimal
    balance: Decimal


def balances(person_id: int) -> dict[str, Decimal]:
    """The balance of both accounts in yuan; an account without lines holds 0.00."""
    found = {row["account"]: row["balance"] for row in sql.rows(_SQL["balances"], {"person_id": person_id})}
    return {account: found.get(account, Decimal("0.00")) for account in ACCOUNTS}


def lines(person_id: int, account: str, *, before: str | None = None, limit: int = 50) -> list[Movement]:
    """The movements of one account, newest first, one page; the next page is `before` the last one's key."""
    month, kind, payer, line = before.split(".") if before else (None, None, None, None)
    scope = {
        "person_id": person_id,
        "account": account,
        "before_month": Month.parse(month) if month else None,
        "before_kind": kind,
        "before_payer": int(payer) if payer else None,
        "before_line": int(line) if line else None,
        "limit": limit,
    }
    return [Movement(**{**row, "month": Month.of(row["month"])}) for row in sql.rows(_SQL["lines"], scope)]


def years(person_id: int) -> list[Year]:
    """Both accounts by year, oldest first."""
    return [Year(**row) for row in sql.rows(_SQL["years"], {"person_id": person_id})]
