"""How a party's cases came out: rows that were approved, and rows that were sent back."""

from collections.abc import Collection, Mapping
from datetime import datetime

from shebao.foundation import sql

_SQL = sql.queries("shebao.casework", "track_record.sql")


def decided(kind: str, party_ids: Collection[int], *, since: datetime) -> Mapping[int, tuple[int, int]]:
    """(rows approved, rows returned) since then, by party; who had none decided is left out. One query."""
    asked = {"kind": kind, "party_ids": sorted(party_ids), "since": since}
    return {row["party_id"]: (row["approved"], row["returned"]) for row in sql.rows(_SQL["decided"], asked)}
