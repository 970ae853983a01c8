"""参保缴费记录: one person's months, as the overview shows them and the statement freezes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.ledger import arrears, deadlines

_ARREARS = sql.queries("shebao.ledger", "arrears.sql")
_SQL = sql.queries("shebao.ledger", "record.sql")
_MONTHS = {"dues": _SQL["dues_of_person"], "standing": _ARREARS["standing"], "months": _SQL["months"]}


class Status(models.TextChoices):
    """How a month stands in one scheme."""

    PAID = "paid", _("已缴")
    ARREARS = "arrears", _("欠费")
    WRITTEN_OFF = "written_off", _("已注销")
    NOT_YET_DUE = "not_yet_due", _("未到期")


_WORST_FIRST = (Status.ARREARS, Status.NOT_YET_DUE, Status.PAID, Status.WRITTEN_OFF)


def worst(statuses: Iterable[str]) -> Status:
    """How a month stands over several schemes: as the worst of them."""
    there = set(statuses)
    return next(status for status in _WORST_FIRST if status in there)


@dataclass(frozen=True)
class SchemeMonth:
    """One month of a person in one scheme through one payer, in yuan.

    Differences found later are already in the figures; `lines` tells how many due lines there are. `terms_id`
    leads to how it was computed. `late` says that the last payment came after the deadline.
    """

    month: Month
    scheme: str
    payer_id: int
    payer_name: str | None  # None: the person paid for himself
    declared: Decimal
    base: Decimal
    terms_id: int
    lines: int
    employer_part: Decimal
    personal_part: Decimal
    account_part: Decimal
    amount: Decimal
    paid: Decimal
    outstanding: Decimal
    paid_on: date | None
    status: str
    late: bool


@dataclass(frozen=True)
class SchemeTotal:
    """What a span of months comes to in one scheme; the parts are those of paid months, in yuan."""

    scheme: str
    first_month: Month
    last_month: Month
    months_paid: int
    months_in_arrears: int
    employer_part: Decimal
    personal_part: Decimal
    arrears: Decimal


def months(person_id: int, first: Month, last: Month, *, today: date) -> list[SchemeMonth]:
    """A person's months from first to last (inclusive), by month, scheme and payer."""
    rows = sql.rows(sql.using(_MONTHS, _SQL["listed"]), _scope(person_id, first, last, today))
    last_days = deadlines.deadlines(Month.of(row["month"]) for row in rows)
    return [_month(row, last_days) for row in rows]


def by_scheme(person_id: int, first: Month, last: Month, *, today: date) -> list[SchemeTotal]:
    """累计: what the same span comes to in each scheme, in one query."""
    rows = sql.rows(sql.using(_MONTHS, _SQL["by_scheme"]), _scope(person_id, first, last, today))
    return [
        SchemeTotal(
            **{
                **row,
                "first_month": Month.of(row["first_month"]),
                "last_month": Month.of(row["last_month"]),
                "employer_part": row["employer_part"] or Decimal("0.00"),
                "personal_part": row["personal_part"] or Decimal("0.00"),
            }
        )
        for row in rows
    ]


def _scope(person_id: int, first: Month, last: Month, today: date) -> dict:
    return {**arrears.overdue_scope(today), "person_id": person_id, "first": first, "last": last}


def _month(row: dict, last_days: dict[Month, date | None]) -> SchemeMonth:
    month = Month.of(row["month"])
    last_day = last_days[month]
    late = row["paid_on"] is not None and last_day is not None and row["paid_on"] > last_day
    return SchemeMonth(**{**row, "month": month, "late": late})
