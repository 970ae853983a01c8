"""验证: who was verified when, and by when the next one is due."""

import calendar
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from shebao.foundation import clock, sql
from shebao.policy import inforce

_SQL = sql.queries("shebao.registry", "verifications.sql")


@dataclass(frozen=True)
class Standing:
    """`last` is None where it was never verified: then the day of registration counts. `due` is None where the
    city names no term."""

    last: date | None
    since: date
    due: date | None


def of(employer_ids: Collection[int], *, today: date | None = None) -> Mapping[int, Standing]:
    """How these employers stand, by id: one query."""
    months = term(today)
    rows = sql.rows(_SQL["last"], {"employer_ids": list(employer_ids)})
    return {
        row["id"]: Standing(row["last"], row["since"], months and later(row["since"], months)) for row in rows
    }


def due_until(day: date, *, limit: int, after: int = 0) -> list[dict]:
    """The employers in business whose verification is due by this day, in the order of their ids; one page."""
    months = term(day)
    if months is None:
        return []
    return sql.rows(_SQL["due"], {"before": later(day, -months), "after": after, "limit": limit})


def term(on: date | None = None) -> int | None:
    """After how many months the next verification is due; None where the city's rule isn't known."""

    found = inforce.value_or_none("employer_verification_months", on=on or clock.today())
    return None if found is None else int(found)


def later(day: date, months: int) -> date:
    """The same day so many months later, or the month's last."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def enrolled(employer_id: int) -> int:
    """How many people are enrolled with it now."""
    return sql.rows(_SQL["enrolled"], {"payer_id": employer_id})[0]["persons"]
