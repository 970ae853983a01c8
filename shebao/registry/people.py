"""People of the archive: who is behind an ID number, and how that person stands."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError
from django.utils.translation import gettext as _

from shebao.foundation import sql
from shebao.foundation.identifiers import IdNumber
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.registry.models import Enrolment
from shebao.registry.schemes import RESIDENT

_SQL = sql.queries("shebao.registry", "people.sql")


@dataclass(frozen=True)
class Period:
    """One enrolment period as far as a check needs it; `ends` is None while it is open."""

    scheme: str
    payer_id: int
    payer_name: str | None
    kind: str
    starts: Month
    ends: Month | None
    wage: Decimal | None

    def reaches(self, month: Month) -> bool:
        """Is the person in this scheme in that month, or later?"""
        return self.ends is None or self.ends >= month


@dataclass(frozen=True)
class Standing:
    """What the archive knows of one ID number. An unknown person stands nowhere: everything is empty."""

    id_number: str
    person_id: int | None = None
    personal_number: str | None = None
    name: str | None = None
    sex: str | None = None  # M | F
    birth_date: date | None = None
    retired_from: Month | None = None
    died_on: date | None = None
    has_photo: bool = False
    special_group: str = ""
    ever_enrolled: bool = False
    periods: tuple[Period, ...] = ()

    def with_payer(self, payer_id: int) -> tuple[Period, ...]:
        """The open periods with this payer."""
        return tuple(p for p in self.periods if p.payer_id == payer_id and p.ends is None)

    def begins(self, payer_id: int) -> Month | None:
        """The first month of what reaches into the months asked about with this payer; None where nothing does.

        A new wage from the next month on is a period of its own behind the one that goes on until then.
        """
        return min((p.starts for p in self.periods if p.payer_id == payer_id), default=None)

    def elsewhere(self, payer_id: int, month: Month) -> tuple[Period, ...]:
        """The periods with another employer that reach into the month or beyond."""
        return tuple(
            p
            for p in self.periods
            if p.kind == Enrolment.Kind.EMPLOYEE and p.payer_id != payer_id and p.reaches(month)
        )

    def flexible(self, month: Month) -> tuple[Period, ...]:
        """The periods in the flexible-employment window that reach into the month or beyond."""
        return tuple(p for p in self.periods if p.kind == Enrolment.Kind.FLEXIBLE and p.reaches(month))

    def resident(self, month: Month) -> tuple[Period, ...]:
        """The periods in the residents' or students' medical scheme that reach into the month or beyond."""
        return tuple(p for p in self.periods if p.scheme in RESIDENT and p.reaches(month))


def standings(id_numbers: Iterable[str], *, since: Month) -> Mapping[str, Standing]:
    """How everybody behind these ID numbers stands, with the periods that reach into `since` or later: one query."""
    asked = list(dict.fromkeys(str(number) for number in id_numbers))
    found = {number: Standing(number) for number in asked}
    for row in sql.rows(_SQL["standings"], {"id_numbers": asked, "since": since}):
        periods = tuple(
            Period(
                scheme=p["scheme"],
                payer_id=p["payer_id"],
                payer_name=p["payer_name"],
                kind=p["kind"],
                starts=Month.of(date.fromisoformat(p["starts"])),
                ends=Month.of(date.fromisoformat(p["ends"])) if p["ends"] else None,
                wage=Decimal(p["wage"]) if p["wage"] else None,
            )
            for p in json.loads(row.pop("periods"))
        )
        retired = row.pop("retired_from")
        found[row["id_number"]] = Standing(
            **row, periods=periods, retired_from=Month.of(retired) if retired else None
        )
    return found


def lock(id_numbers: Iterable[str]) -> None:
    """Take the rows of these people until the transaction ends. Every effect on people begins with it."""
    sql.run(_SQL["lock"], {"id_numbers": list({str(number) for number in id_numbers})}).close()


def ids_of(id_numbers: Iterable[str]) -> dict[str, int]:
    """ID number → person id, for those that the archive knows."""
    rows = sql.rows(_SQL["ids"], {"id_numbers": list({str(number) for number in id_numbers})})
    return {row["id_number"]: row["person_id"] for row in rows}


@dataclass(frozen=True)
class Newcomer:
    """Somebody whom the archive may not know yet."""

    id_number: IdNumber
    name: str
    source: str
    mobile: str = ""


def ensure(newcomers: Sequence[Newcomer]) -> dict[str, int]:
    """Everybody's person id; those unknown until now are added to the archive. The known are left as they are.

    Raises Unsettled when somebody else adds one of them at the same moment: nothing is changed then, and the
    next try finds that person.
    """
    known = ids_of(n.id_number for n in newcomers)
    strangers = list({n.id_number: n for n in newcomers if n.id_number not in known}.values())
    if not strangers:
        return known
    with sql.run(_SQL["numbers"], {"count": len(strangers)}) as cursor:
        ids = [number for (number,) in cursor.fetchall()]
    row = {
        "ids": ids,
        "id_numbers": [str(n.id_number) for n in strangers],
        "personal_numbers": [personal_number(i) for i in ids],
        "names": [str(n.name) for n in strangers],
        "sexes": ["M" if n.id_number.sex == "男" else "F" for n in strangers],
        "birth_dates": [n.id_number.birth_date for n in strangers],
        "mobiles": [str(n.mobile or "") for n in strangers],
        "sources": [n.source for n in strangers],
    }
    try:
        sql.run(_SQL["add"], row).close()
        sql.run(_SQL["add_keys"], row).close()
    except IntegrityError as crossed:
        raise Unsettled(_("名单中有人刚刚由其他单位登记，请重新提交一次")) from crossed
    return known | dict(zip(row["id_numbers"], ids, strict=True))


def personal_number(person_id: int) -> str:
    """个人编号: ten digits, the id with leading zeros."""
    return f"{person_id:010d}"


def archive(id_number: str) -> dict | None:
    """What a self-registration is compared with (ACC-1), or None."""
    found = sql.rows(_SQL["archive"], {"id_number": str(id_number)})
    return found[0] if found else None
