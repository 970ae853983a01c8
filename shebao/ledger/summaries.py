"""Sums that pages show again and again, kept until what they are the sums of has changed.

Adding up the 250,000 lines of a large employer's month takes a second; its page must not. A kept sum carries the
version of the books that it was made from. It can be deleted at any time: the next reader makes it anew.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import models

from shebao.foundation import clock, ownership, sql
from shebao.foundation.months import Month

_SQL = sql.queries("shebao.ledger", "summaries.sql")
Rows = Sequence[Mapping[str, object]]


class Summary(models.Model):
    """Sums kept under a name, with the version of the books they were made from. Made anew when missing."""

    ownership = ownership.LOCAL

    about = models.CharField(max_length=120, primary_key=True)
    version = models.CharField(max_length=200)
    content = models.JSONField()

    class Meta:
        app_label = "ledger"

    def __str__(self) -> str:
        return self.about


def of_payer(payer_id: int, what: str, compute: Callable[[], Rows]) -> Rows:
    """These rows of an employer, made anew on another day and when anything was assessed, settled or asked for since.

    Of a payer without bills (a person who pays for himself) nothing is kept.
    """
    version = sql.rows(_SQL["version"], {"payer_id": payer_id})[0]["version"]
    if version is None:
        return compute()
    return kept(f"payer:{payer_id}/{what}", f"{clock.today()} {version}", compute)


def kept(about: str, version: str, compute: Callable[[], Rows]) -> Rows:
    """The rows kept under this name if they are of this version; else they are made, and kept."""
    scope = {"about": about, "version": version}
    if found := sql.rows(_SQL["find"], scope):
        return json.loads(found[0]["content"], object_hook=_read)
    rows = [dict(row) for row in compute()]
    sql.run(_SQL["keep"], scope | {"content": json.dumps(rows, default=_written)}).close()
    return rows


def _written(value: object) -> dict[str, str]:
    if isinstance(value, Decimal):
        return {"yuan": str(value)}
    if isinstance(value, Month):
        return {"day": value.first_day.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    raise TypeError(f"{value!r} can't be kept")


def _read(value: dict) -> object:
    if value.keys() == {"yuan"}:
        return Decimal(value["yuan"])
    if value.keys() == {"day"}:
        return date.fromisoformat(value["day"])
    return value
