"""Dues (应缴): brought to what the rule says, by writing the difference.

The rule itself comes from above, as named relations of which the last is called `rule`; the books do not know why
an amount is due.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Busy
from shebao.ledger import bills

_SQL = sql.queries("shebao.ledger", "dues.sql")
_WRITTEN_OFF_BEFORE = {"settled_lines": _SQL["written_off_before"]}
_WAIT = "30s"  # for whoever is assessing the same month

EVERYBODY = {"person_ids": None, "first_person": None, "last_person": None}
"""The scope that leaves nobody out."""


def bring_to(
    rule: Mapping[str, str], params: Mapping[str, object], *, run_id: int, months: Sequence[Month],
    person_ids: Collection[int] | None = None,
) -> int:  # fmt: skip
    """Post whatever difference there is between the books and the relation `rule`, and let the bills grow by it.

    `rule` must speak of exactly these months and people (all people where None), `params` are its parameters. Call it
    in a transaction that holds the months (`share_months` or `claim_month`). Returns the lines written; when run again
    that is 0. IntegrityError when the rule has a row without terms: then nothing is written.
    """
    scope = {
        **EVERYBODY, **params, "months": list(months), "run_id": run_id,
        "person_ids": None if person_ids is None else sorted(person_ids),
    }  # fmt: skip
    with sql.run(_SQL["any_posted"], scope) as cursor:
        (posted,) = cursor.fetchone()
    relations = {**rule, "posted": _SQL["posted"]} if posted else rule
    with sql.run(sql.using(relations, _SQL["post_difference" if posted else "post_first"]), scope) as cursor:
        lines = cursor.rowcount
    if lines:
        sql.run(_SQL["bill"], scope).close()
    if lines and posted:
        write_off_too(run_id, months, person_ids)
    return lines


def write_off_too(run_id: int, months: Sequence[Month], person_ids: Collection[int] | None = None) -> None:
    """What a run found of months that had been written off is written off with them."""
    scope = {
        "run_id": run_id, "months": list(months), "settled_on": clock.today(),
        "person_ids": None if person_ids is None else sorted(person_ids),
    }  # fmt: skip
    if sql.run(sql.using(_WRITTEN_OFF_BEFORE, _SQL["write_off_too"]), scope).rowcount:
        bills.count_settled(_WRITTEN_OFF_BEFORE, scope)


def share_months(months: Sequence[Month]) -> None:
    """Hold these months until the transaction ends, beside others who assess some people of them.

    Waits while a month is being run for everybody; raises Busy when that takes too long.
    """
    with _waiting():
        sql.run(_SQL["share_months"], {"months": list(months)}).close()


def claim_month(month: Month) -> None:
    """Hold the month alone until the transaction ends. Raises Busy when another run of it is under way."""
    with sql.run(_SQL["claim_run"], {"month": month}) as cursor:
        (claimed,) = cursor.fetchone()
    if not claimed:
        raise Busy(_("%(month)s 正在由另一个进程核定，请等它完成后再看结果") % {"month": month})
    with _waiting():
        sql.run(_SQL["claim_month"], {"month": month}).close()


@contextmanager
def _waiting():
    try:
        with transaction.atomic():
            sql.run("SELECT set_config('lock_timeout', %(wait)s, true)", {"wait": _WAIT}).close()
            yield
            sql.run("SELECT set_config('lock_timeout', '0', true)").close()
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy(_("有月份正在核定，请过几分钟再办理")) from error
        raise


@dataclass(frozen=True)
class SchemeTotal:
    """What stands in the books, or would, for one scheme of one month, in yuan."""

    scheme: str
    persons: int
    employer_part: Decimal
    personal_part: Decimal

    @property
    def amount(self) -> Decimal:
        return self.employer_part + self.personal_part


def totals(months: Sequence[Month]) -> dict[Month, dict[str, SchemeTotal]]:
    """Per month and scheme: people and sums, as posted."""
    found: dict[Month, dict[str, SchemeTotal]] = {month: {} for month in months}
    for row in sql.rows(_SQL["totals"], {"months": list(months)}):
        month = Month.of(row.pop("month"))
        found[month][row["scheme"]] = SchemeTotal(**row)
    return found


def stop_left_over(month: Month, *, run_id: int, now) -> int:
    """Mark the month's runs that were cut off. Only for whoever has claimed the month."""
    with sql.run(_SQL["stop_left_over"], {"month": month, "run_id": run_id, "now": now}) as cursor:
        return cursor.rowcount


def last_run() -> Month | None:
    """The last month that was run for everybody."""
    with sql.run(_SQL["last_run"]) as cursor:
        (month,) = cursor.fetchone()
    return month and Month.of(month)


def citations(terms_ids: Collection[int]) -> Mapping[int, tuple[Month, Month]]:
    """Of these terms, those that posted dues name: the first and the last such month."""
    rows = sql.rows(_SQL["citations"], {"terms_ids": list(terms_ids)})
    return {row["terms_id"]: (Month.of(row["first"]), Month.of(row["last"])) for row in rows}
