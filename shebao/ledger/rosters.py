"""花名册: whom an employer had in any month, with wage, base and schemes."""

from collections.abc import Iterator
from dataclasses import dataclass

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.foundation.writing import packed
from shebao.registry import enrolments

_SQL = sql.queries("shebao.ledger", "rosters.sql")
_OF_MONTH = sql.using(
    {"people": _SQL["people_of_month"], "stretches": enrolments.STRETCHES}, _SQL["of_month"]
)


@dataclass(frozen=True)
class Sought:
    """What a roster is narrowed to: a number or the beginning of a name, a scheme."""

    text: str = ""
    scheme: str = ""


ALL = Sought()


def page(payer_id: int, month: Month, sought: Sought = ALL, *, after: int = 0, limit: int = 50) -> list[dict]:
    """One page of a month's roster; the next page begins `after` the last person_id.

    Each with name, id_number (mask it for the page), personal_number, hired_on, starts and ends of the unbroken time
    with this employer that the month lies in (ends None while it goes on), wage and base (yuan a month; base None
    while the month isn't assessed), schemes.
    """
    return sql.rows(_OF_MONTH, _scope(payer_id, month, sought) | {"after": after, "limit": limit})


def every(payer_id: int, month: Month, sought: Sought) -> Iterator[dict]:
    """All of it, from a cursor on the server."""
    return sql.stream(_OF_MONTH, _scope(payer_id, month, sought) | {"after": 0, "limit": None})


def count(payer_id: int, month: Month, sought: Sought) -> int:
    return sql.rows(_SQL["count_of_month"], _scope(payer_id, month, sought))[0]["people"]


def periods(payer_id: int, person_id: int) -> list[dict]:
    """The enrolment periods of one person with one employer, newest first; empty when there never was one."""
    return sql.rows(_SQL["periods"], {"payer_id": payer_id, "person_id": person_id})


def _scope(payer_id: int, month: Month, sought: Sought) -> dict:
    text = packed(sought.text)
    by_number = any(sign.isdigit() for sign in text)
    found = (
        [row["person_id"] for row in sql.rows(_SQL["numbered"], {"value": text.upper()})]
        if by_number
        else None
    )
    return {
        "payer_id": payer_id,
        "month": month,
        "person_ids": found,
        "name": "" if by_number else text,
        "scheme": sought.scheme,
    }
