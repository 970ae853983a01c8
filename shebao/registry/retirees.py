"""非统筹退休人员: an employer's retirees whose pension comes from outside the city's pool."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.registry.models import OutsideRetiree

_SQL = sql.queries("shebao.registry", "retirees.sql")


@dataclass(frozen=True)
class Entry:
    """Which employer answers for somebody, and since which month."""

    payer_id: int
    payer_name: str
    starts: Month


@dataclass(frozen=True)
class Retiree:
    """Somebody to enter: who pays the pension, and from which month."""

    person_id: int
    starts: Month
    pool: str
    source: str


def entries(id_numbers: Iterable[str]) -> dict[str, Entry]:
    """Of these ID numbers, those whom an employer answers for now. One query."""
    found = sql.rows(_SQL["entries"], {"id_numbers": [str(number) for number in id_numbers]})
    return {
        row["id_number"]: Entry(row["payer_id"], row["payer_name"], Month.of(row["starts"])) for row in found
    }


def enter_many(retirees: Sequence[Retiree], payer_id: int) -> None:
    """Let the employer answer for them. The people's rows must be locked.

    IntegrityError where somebody answers for one of them already.
    """
    OutsideRetiree.objects.bulk_create(
        OutsideRetiree(
            person_id=one.person_id, payer_id=payer_id, starts=one.starts, pool=one.pool, source=one.source
        )
        for one in retirees
    )


def end_many(last_months: Mapping[int, Month], payer_id: int) -> None:
    """By person, the last month in which the employer answers for him. All, or Unsettled and none."""
    params = {
        "person_ids": list(last_months),
        "ends": list(last_months.values()),
        "payer_id": payer_id,
    }
    if sql.run(_SQL["end"], params).rowcount != len(last_months):
        raise Unsettled(_("名单中有人已不是本单位的非统筹退休人员，没有任何变动；请重新检查名单"))
