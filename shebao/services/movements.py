"""单位增减员异动表 (EMP-3): what changed in an employer's roster in a month, and the form that says so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.registry import employers
from shebao.services import forms
from shebao.services.departures import Reason
from shebao.statements.prints import Head, Kind, Sheet

_SQL = sql.queries("shebao.services", "movements.sql")
# A case files back-dated hires of some months and wages of a year; what counts from further off isn't looked for.
_BACK, _AHEAD = 24, 2
TITLE = "单位增减员异动表"
KINDS = {"joined": "增员", "left": "减员", "wage": "工资变更"}
_FIRST = (0, 0, date.min)


@dataclass(frozen=True)
class Movement:
    """One change. `counts` is the first month with it, for a leaver the last month that is paid."""

    place: int
    kind: str  # joined, left, wage
    person_id: int
    name: str
    id_number: str
    counts: Month
    wage_before: Decimal | None
    wage: Decimal | None
    reason: str
    case_number: str

    @property
    def key(self) -> str:
        """Where the next page begins."""
        return f"{self.place}.{self.person_id}.{self.counts}"

    @property
    def remark(self) -> str:
        """What the form says about it, in Chinese as all forms."""
        if self.kind == "joined":
            return f"自 {self.counts} 起缴费"
        if self.kind == "wage":
            return f"自 {self.counts} 起按新工资缴费"
        words = dict(Reason.choices).get(self.reason)
        return f"缴费至 {self.counts}" + (f"，{words}" if words else "")


def of_month(payer_id: int, month: Month, *, after: str = "", limit: int = 20) -> list[Movement]:
    """One page of a month's changes: who joined, who left, whose wage changed; `after` is the last one's `key`."""
    place, person, counts = _place(after)
    params = _scope(payer_id, month) | {"place": place, "person": person, "counts": counts, "limit": limit}
    return [_movement(row) for row in sql.rows(sql.using(_relations(), _SQL["page"]), params)]


def counted(payer_id: int, month: Month) -> dict[str, int]:
    """How many joined, left, and had their wage changed."""
    rows = sql.rows(sql.using(_relations(), _SQL["counts"]), _scope(payer_id, month))
    return dict.fromkeys(KINDS, 0) | {row["kind"]: row["people"] for row in rows}


def form(payer_id: int, month: Month, *, shown: list[int] | None = None) -> Sheet:
    """The month's form. The ids of the people on it are put into `shown` as the lines are read."""
    numbers = counted(payer_id, month)
    employer = employers.get(payer_id)
    return Sheet(
        title=TITLE,
        subtitle=forms.month_in_words(month),
        facts=forms.facts_of(employer),
        unit="单位：元",
        heads=(
            Head("序号", Kind.COUNT, width=12),
            Head("异动类型", Kind.CODE, width=20),
            Head("姓名", width=26),
            Head("身份证号码", Kind.CODE, width=42),
            Head("原申报工资", Kind.MONEY, width=26),
            Head("现申报工资", Kind.MONEY, width=26),
            Head("说明", width=62),
            Head("业务顺序号", Kind.CODE, width=46),
        ),
        lines=_lines(payer_id, month, [] if shown is None else shown),
        notes=["本月" + "，".join(f"{KINDS[kind]} {number} 人" for kind, number in numbers.items()) + "。"],
        stamps=forms.STAMPS,
        landscape=True,
        empty="（本月没有增减员和工资变更）",
    )


def _lines(payer_id: int, month: Month, shown: list[int]) -> Iterator[tuple]:
    place, person, counts = _FIRST
    params = _scope(payer_id, month) | {"place": place, "person": person, "counts": counts, "limit": None}
    for number, row in enumerate(sql.stream(sql.using(_relations(), _SQL["page"]), params), 1):
        one = _movement(row)
        shown.append(one.person_id)
        yield (
            number,
            KINDS[one.kind],
            one.name,
            one.id_number,
            one.wage_before,
            one.wage,
            one.remark,
            one.case_number,
        )


def _relations() -> dict[str, str]:
    return {name: _SQL[name] for name in ("chained", "filed", "movement")}


def _scope(payer_id: int, month: Month) -> dict[str, object]:
    return {
        "payer_id": payer_id,
        "month": month,
        "since": month.plus(-_BACK),
        "until": month.plus(_AHEAD),
    }


def _place(after: str) -> tuple[int, int, date]:
    place, _dot, rest = after.partition(".")
    person, _dot, counts = rest.partition(".")
    month = Month.parse(counts, default=None)
    if not (place.isdecimal() and person.isdecimal() and len(place + person) < 19 and month):
        return _FIRST
    return int(place), int(person), month.first_day


def _movement(row: Mapping) -> Movement:
    return Movement(**{**row, "counts": Month.of(row["counts"])})
