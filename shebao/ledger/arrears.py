"""Arrears (欠费): what is due and still unpaid after its deadline."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.ledger import deadlines, payers, summaries

_SQL = sql.queries("shebao.ledger", "arrears.sql")
_STANDING = {"standing": _SQL["standing"], "overdue": _SQL["overdue"]}
_OF_PAYERS = {**payers.PEOPLE, "dues": _SQL["dues_of_payers"], **_STANDING}
_OF_PEOPLE = {"dues": _SQL["dues_of_people"], **_STANDING}


@dataclass(frozen=True)
class Owed:
    """What is owed for one person by one payer: months and schemes of it, and yuan."""

    person_id: int
    name: str
    id_number: str  # whole; mask it for the page
    first_month: Month
    last_month: Month
    months: int
    schemes: tuple[str, ...]
    employer_part: Decimal
    personal_part: Decimal
    amount: Decimal


@dataclass(frozen=True)
class OwedMonth:
    """What a payer owes for one month, in which schemes, for how many people; yuan."""

    month: Month
    persons: int
    schemes: tuple[str, ...]
    employer_part: Decimal
    personal_part: Decimal
    amount: Decimal


def of_people(person_ids: Iterable[int], payer_id: int, *, today: date) -> dict[int, Owed]:
    """Those of these people for whom this payer is in arrears, by person id: one query."""
    asked = sorted({person_id for person_id in person_ids if person_id is not None})
    scope = {
        **_overdue(payer_id, today),
        "person_ids": asked,
        "payer_id": payer_id,
        "after": 0,
        "search": "",
        "limit": None,
    }
    if scope["months"] == []:
        return {}
    return {row["person_id"]: _owed(row) for row in sql.rows(sql.using(_OF_PEOPLE, _SQL["by_person"]), scope)}


def of_payer(
    payer_id: int, *, today: date, after: int = 0, search: str = "", limit: int | None = 50
) -> list[Owed]:
    """The people for whom this payer is in arrears, one page; the next page begins `after` the last person_id.

    `search` is the beginning of a name, or an ID or personal number.
    """
    scope = {
        **_overdue(payer_id, today),
        "payer_ids": [payer_id], "after": after, "search": search, "limit": limit,
    }  # fmt: skip
    if scope["months"] == []:
        return []

    def add_up() -> list[dict]:
        return sql.rows(sql.using(_OF_PAYERS, _SQL["by_person"]), scope)

    if after or search or limit is None:
        return [_owed(row) for row in add_up()]
    return _named(_kept(payer_id, f"arrears of the first {limit}", today, lambda: _nameless(add_up())))


def by_month(payer_id: int, *, today: date) -> list[OwedMonth]:
    """A payer's arrears by month, oldest first; an empty list is nothing owed."""
    scope = {**_overdue(payer_id, today), "payer_ids": [payer_id]}
    if scope["months"] == []:
        return []

    def add_up() -> list[dict]:
        return sql.rows(sql.using(_OF_PAYERS, _SQL["by_month"]), scope)

    return [_owed_month(row) for row in _kept(payer_id, "arrears by month", today, add_up)]


def by_payer(employer_ids: Collection[int], *, today: date) -> dict[int, list[OwedMonth]]:
    """The arrears of several employers by month, oldest first: those with an open bill are looked at, in one query."""
    scope = overdue_scope(today)
    until = scope["overdue_until"]
    looked_at = payers.with_open_bills(employer_ids, until=until)
    if not looked_at:
        return {}
    scope |= {"until": until, "payer_ids": looked_at, "months": payers.open_months(looked_at, until=until)}
    found: dict[int, list[OwedMonth]] = {}
    for row in sql.rows(sql.using(_OF_PAYERS, _SQL["by_payer"]), scope):
        found.setdefault(row.pop("payer_id"), []).append(_owed_month(row))
    return found


def by_scheme(payer_id: int, *, today: date) -> list[dict]:
    """A payer's arrears by scheme: persons, months, first_month, last_month (days), and the parts in yuan."""
    scope = {**_overdue(payer_id, today), "payer_ids": [payer_id]}
    if scope["months"] == []:
        return []

    def add_up() -> list[dict]:
        return sql.rows(sql.using(_OF_PAYERS, _SQL["by_scheme"]), scope)

    return _kept(payer_id, "arrears by scheme", today, add_up)


def lines(payer_id: int, *, today: date) -> Iterator[dict]:
    """Every person, month and scheme in arrears, from a cursor on the server."""
    scope = {**_overdue(payer_id, today), "payer_ids": [payer_id]}
    if scope["months"] == []:
        return iter(())
    return sql.stream(sql.using(_OF_PAYERS, _SQL["lines"]), scope)


def overdue_scope(today: date) -> dict:
    """The parameters of the relation `standing`: `overdue_until`, `found_before`, and `months`, None for all."""
    until, passed = deadlines.overdue(today)
    found_before = clock.beginning_of(passed + timedelta(days=1))
    return {"overdue_until": until, "found_before": found_before, "months": None}


def overdue_until(today: date) -> Month:
    """The last month whose deadline has passed."""
    return deadlines.overdue_until(today)


def _overdue(payer_id: int, today: date) -> dict:
    """Where to look: `months` is None for all up to `until`, and empty when nothing can be overdue."""
    scope = overdue_scope(today)
    until = scope["overdue_until"]
    return {**scope, "until": until, "months": payers.open_months([payer_id], until=until)}


def _kept(payer_id: int, what: str, today: date, add_up: Callable[[], summaries.Rows]) -> summaries.Rows:
    """Kept for the day that it is; of another day it is added up anew, and keeps nothing."""
    return summaries.of_payer(payer_id, what, add_up) if today == clock.today() else add_up()


def _nameless(rows: Iterable[dict]) -> list[dict]:
    """What is kept names nobody: the register does, and may forget."""
    return [{key: row[key] for key in row if key not in ("name", "id_number")} for row in rows]


def _named(rows: summaries.Rows) -> list[Owed]:
    """Kept rows with the names and numbers that these people have now."""
    now = {
        row["person_id"]: row
        for row in sql.rows(_SQL["names"], {"person_ids": [r["person_id"] for r in rows]})
    }
    return [_owed({**row, **now[row["person_id"]]}) for row in rows]


def _owed_month(row: Mapping) -> OwedMonth:
    return OwedMonth(**{**row, "month": Month.of(row["month"]), "schemes": tuple(row["schemes"])})


def _owed(row: dict) -> Owed:
    return Owed(
        **{
            **row,
            "first_month": Month.of(row["first_month"]),
            "last_month": Month.of(row["last_month"]),
            "schemes": tuple(row["schemes"]),
        }
    )
