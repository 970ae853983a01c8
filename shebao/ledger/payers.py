"""Payers as the books see them: one number for an employer and for a person who pays for himself."""

from collections.abc import Iterable

from shebao.foundation import sql

_SQL = sql.queries("shebao.ledger", "payers.sql")

PEOPLE = {"people": _SQL["people"]}
"""The relation `people` (payer_id, person_id) of the payers in `%(payer_ids)s`, for statements to read from."""


def lock(payer_ids: Iterable[int]) -> None:
    """Until the transaction ends no other deed settles or asks for dues of these payers."""
    sql.run(_SQL["lock"], {"payer_ids": list(payer_ids)}).close()
