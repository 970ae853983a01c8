"""非统筹退休人员工资申报: what an employer's retirees outside the city's pool get a month, once a year (EMP-12).

The declaration is kept in the archive and no dues follow from it: what the medical account of such a retiree is
credited is not known (docs/algorithms/policy.md).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Material, Occasion, Review, Service, Who, by_grade, on
from shebao.foundation.identifiers import IdNumber
from shebao.foundation.values import Money, PersonName
from shebao.policy import base_years
from shebao.registry import declarations, people
from shebao.services import windows


@dataclass(frozen=True, kw_only=True)
class Pension:
    """One line of the declaration."""

    id_number: IdNumber = label(lazy("身份证号码"), fixed=True)
    name: PersonName = label(lazy("姓名"), fixed=True)
    present: Money | None = label(
        lazy("现申报养老金"),
        fixed=True,
        default=None,
        help=lazy("元；没有申报过的为空"),
    )
    pension: Money = label(lazy("上年度月平均养老金"), help=lazy("元，两位小数"), example="4300")


def this_year(today: date) -> Occasion | None:
    """Which year is declared, and what the two pensions are."""
    year = base_years.at(today)
    if year is None:
        return None
    words = {"year": year.year, "last_year": year.year - 1, "before": year.before}
    words |= {"first": year.first, "last": year.last}
    return Occasion(
        title=_("%(year)s 年度") % words,
        says=(
            (_("申报年度"), _("%(year)s 年度（%(first)s 至 %(last)s）") % words),
            (
                _("申报谁"),
                _("%(before)s 已登记为本单位的非统筹退休人员；没有登记的，先办理“非统筹退休人员登记”")
                % words,
            ),
            (_("申报后"), _("记入 %(year)s 年度档案，不产生缴费") % words),
        ),
        of_fields={
            "present": _("%(year)s 年度以前最近一次申报的月养老金") % words,
            "pension": _("%(last_year)s 年领取的养老金除以领取的月数") % words,
        },
    )


def retirees(case, keys: Collection[str] | None) -> Iterator[Mapping[str, Any]]:
    """Those on file who aren't declared for the year yet; what was declared last stands until altered."""
    year = base_years.at(case.filed_on)
    if year is None:
        return
    ids = None if keys is None else people.ids_of(keys).values()
    for row in declarations.retirees(case.party_id, year.first, person_ids=ids):
        yield {
            "id_number": row["id_number"],
            "name": row["name"],
            "present": row["pension"],
            "pension": row["pension"],
        }


def pension_is_not_above_zero(row, known, case):
    if row.pension <= 0:
        return _("上年度月平均养老金须大于 0；不申报的请删除这一行")


def declare(rows: Sequence[Pension], case) -> None:
    """What counts for the base year, in the archive."""
    year = windows.declared_year(case.filed_on)
    people.lock(row.id_number for row in rows)
    ids = people.ids_of(row.id_number for row in rows)
    declarations.record_many(
        [declarations.Wage(ids[row.id_number], case.party_id, row.pension, case.ref_of(row)) for row in rows],
        year=year.year,
        how=declarations.How.PENSION,
    )


SERVICE = Service(
    code="declare-pensions",
    title=lazy("非统筹退休人员工资申报"),
    purpose=lazy(
        "养老金不在本市统筹发放的退休人员，由原单位每年申报一次月养老金。申报结果记入档案，不产生缴费"
    ),
    also_called=("退休金", "退休工资", "退休人员", "pension", "retiree"),
    related=("register-retirees",),
    who=(Who.EMPLOYER,),
    basis="《社会保险费征缴暂行条例》第十条；武汉市社会保险网上办事大厅服务指南（九）",
    promised_days=5,
    opens=windows.base_year,
    occasion=this_year,
    row=Pension,
    most_rows=50_000,
    unique="id_number",
    unit=Unit.PEOPLE,
    prefill=retirees,
    checks=(on("pension", pension_is_not_above_zero, rule="EMP-12/2"),),
    materials=(Material("年度工资申报文件规定的资料", waived_for="trusted"),),
    review=by_grade(trusted=Review.AUTOMATIC, ordinary=Review.OFFICER),
    effect=declare,
    people=people.ids_of,
    declaration=lazy("我已与退休人员本人核对，以上信息真实、完整，材料留存备查"),
    group=lazy("工资申报"),
    icon="home-heart",
)
