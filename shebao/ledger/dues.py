"""Dues (应缴): brought to what the rule says, by writing the difference."""

from collections.abc import Collection, Mapping

from shebao.foundation import sql
from shebao.foundation.months import Month

_SQL = sql.queries("shebao.ledger", "dues.sql")


def citations(terms_ids: Collection[int]) -> Mapping[int, tuple[Month, Month]]:
    """Of these terms, those that posted dues name: the first and the last such month."""
    rows = sql.rows(_SQL["citations"], {"terms_ids": list(terms_ids)})
    return {row["terms_id"]: (Month.of(row["first"]), Month.of(row["last"])) for row in rows}
