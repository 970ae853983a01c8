"""Payers as the books see them: one number for an employer and for a person who pays for himself."""

from collections.abc import Collection, Iterable

from shebao.foundation import sql
from shebao.foundation.months import Month

_SQL = sql.queries("shebao.ledger", "payers.sql")

PEOPLE = {"people": _SQL["people"]}
"""The relation `people` (payer_id, person_id) of the payers in `%(payer_ids)s`, for statements to read from."""


def lock(payer_ids: Iterable[int]) -> None:
    """Until the transaction ends no other deed settles or asks for dues of these payers."""
    sql.run(_SQL["lock"], {"payer_ids": list(payer_ids)}).close()


def open_months(payer_ids: Collection[int], *, until: Month) -> list[Month] | None:
    """The months up to this one in which something of these payers is open; an employer's thirty paid years need not
    be searched. None where the bills don't tell: somebody among them pays for himself.
    """
    (found,) = sql.rows(_SQL["open_months"], {"payer_ids": list(payer_ids)})
    if not found["known"]:
        return None
    return [month for day in found["months"] or () if (month := Month.of(day)) <= until]


def with_open_bills(payer_ids: Collection[int], *, until: Month) -> list[int]:
    """Those of these employers whose bills up to this month have something open."""
    scope = {"payer_ids": list(payer_ids), "until": until}
    return [row["payer_id"] for row in sql.rows(_SQL["with_open_bills"], scope)]


def employers_among(payer_ids: Collection[int]) -> list[int]:
    """Those of these payers that are employers."""
    return [row["id"] for row in sql.rows(_SQL["employers"], {"payer_ids": list(payer_ids)})]
