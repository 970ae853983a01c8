"""个人工资年度申报: once a year an employer declares what each employee earned a month in the year before (EMP-11)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.assessment import runs
from shebao.casework import rows
from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.models import Case, Row
from shebao.casework.service import Material, Occasion, Review, Service, Who, by_grade, flag, note, on
from shebao.foundation.identifiers import IdNumber
from shebao.foundation.values import Money, PersonName
from shebao.policy import base_years, inforce
from shebao.registry import declarations, people
from shebao.services import employees, forms, wages, windows
from shebao.statements.prints import Head, Kind, Sheet

FORM = "社会保险缴费工资基数申报表"


@dataclass(frozen=True, kw_only=True)
class Declared:
    """One line of the declaration (社会保险缴费工资基数申报表)."""

    id_number: IdNumber = label(lazy("身份证号码"), fixed=True)
    name: PersonName = label(lazy("姓名"), fixed=True)
    present: Money | None = label(
        lazy("现申报工资"), fixed=True, default=None, help=lazy("系统登记的工资，元")
    )
    wage: Money = label(
        lazy("上年度月平均工资"),
        help=lazy("元，两位小数；与现申报工资相同的不用改"),
        example="7200",
    )


def this_year(today: date) -> Occasion | None:
    """Which base year is declared, whose roster it is, what the two wages are, and from when they count."""
    year = base_years.at(today)
    if year is None:
        return None
    words = {"year": year.year, "last_year": year.year - 1, "before": year.before}
    words |= {"first": year.first, "last": year.last, "day": year.closes}
    factor = inforce.value_or_none("undeclared_factor", on=year.first)
    undeclared = ()
    if year.closes and factor:
        words["percent"] = f"{factor * 100:.0f}"
        said = _(
            "%(day)s 以后，从 %(first)s 起按 %(before)s 缴费基数的 %(percent)s%% 计缴（《社会保险法》第六十二条）；"
            "仍可补报，审核后按申报的工资结算"
        )
        undeclared = ((_("没有申报的"), said % words),)
    return Occasion(
        title=_("%(year)s 年度") % words,
        says=(
            (_("申报年度"), _("%(year)s 年度（%(first)s 至 %(last)s）") % words),
            (_("申报谁"), _("%(before)s 在本单位参保、%(first)s 仍在的职工") % words),
            (_("何时生效"), _("从 %(first)s 起作缴费基数；已经核定的月份补差额") % words),
            *undeclared,
        ),
        of_fields={
            "present": _("%(before)s 的月申报工资") % words,
            "wage": _("%(last_year)s 年的工资总额除以当年工作月数") % words,
        },
    )


@dataclass(frozen=True)
class Known:
    """What counts for everybody on the list."""

    today: date
    closes: date | None
    floor: Decimal | None
    ceiling: Decimal | None


def known(declared: Sequence[Declared], case) -> Mapping[str, Known]:
    """The city's figures of the base year, once; who is on the list is asked of the file."""
    year = base_years.at(case.filed_on)
    limits = wages.limits(year.first) if year else (None, None)
    one = Known(case.filed_on, year and year.closes, *limits)
    return dict.fromkeys((row.id_number for row in declared), one)


def roster(case, keys: Collection[str] | None) -> Iterator[Mapping[str, Any]]:
    """The people of the month before the base year who aren't declared yet; their wage is what stands until altered."""
    year = base_years.at(case.filed_on)
    if year is None:
        return
    ids = None if keys is None else people.ids_of(keys).values()
    for row in declarations.declarable(case.party_id, year.first, person_ids=ids):
        yield {
            "id_number": row["id_number"],
            "name": row["name"],
            "present": row["wage"],
            "wage": row["wage"],
        }


def wage_is_not_above_zero(row, known, case):
    if row.wage <= 0:
        return _("上年度月平均工资须大于 0；不申报的请删除这一行")


def far_from_the_present(row, known, case):
    return wages.far_off(row.wage, row.present)


def declared_late(row, known, case):
    if known.closes and known.today > known.closes:
        return _("已过申报截止日 %(day)s，由经办人员核对后，按申报的工资结算") % {
            "day": known.closes.isoformat()
        }


def declare(declared: Sequence[Declared], case) -> None:
    """The wages count from the base year's first month; months already assessed get lines of difference."""
    year = windows.declared_year(case.filed_on)
    numbers = [row.id_number for row in declared]
    people.lock(numbers)
    ids = people.ids_of(numbers)
    declarations.declare_many(
        [
            declarations.Wage(ids[row.id_number], case.party_id, row.wage, case.ref_of(row))
            for row in declared
        ],
        first=year.first,
    )
    runs.catch_up(list(ids.values()), since=year.first, source=case.ref)


def form(case) -> Sheet:
    """社会保险缴费工资基数申报表, filled in with a case."""
    year = base_years.at(case.filed_on)
    limits = wages.limits(year.first) if year else (None, None)
    return Sheet(
        title=FORM,
        subtitle=this_year(case.filed_on).title if year else "",
        facts=forms.facts_of_case(case),
        unit="单位：元",
        heads=(
            Head("序号", Kind.COUNT, width=14),
            Head("身份证号码", Kind.CODE, width=46),
            Head("姓名", width=34),
            Head("现申报工资", Kind.MONEY, width=34),
            Head("上年度月平均工资", Kind.MONEY, width=36),
            Head("缴费基数", Kind.MONEY, width=34),
        ),
        lines=(
            (number, str(row.id_number), str(row.name), row.present, row.wage, wages.base(row.wage, *limits))
            for number, row in enumerate(forms.rows_of(case), 1)
        ),
        number=case.number,
        stamps=forms.STAMPS,
    )


def waiting(payer_ids: Collection[int]) -> set[tuple[int, str]]:
    """(employer, ID number) of everybody whose declaration is handed in, or being so, and not yet decided."""
    cases = rows.handed_in(Case.objects.filter(service_code=SERVICE.code, party_id__in=payer_ids))
    handed_in = rows.waiting(Row.objects.filter(case__in=cases))
    return set(handed_in.values_list("case__party_id", "key"))


SERVICE = Service(
    code="declare-wages",
    title=lazy("个人工资年度申报"),
    purpose=lazy(
        "每年一次，申报每位职工上一年度的月平均工资，作为本年度的缴费基数。到期没有申报的，依法确定"
    ),
    also_called=(
        "工资",
        "年度申报",
        "基数申报",
        "缴费基数",
        "申报基数",
        "社保年审",
        "declaration",
        "declare",
        "annual",
        "wage",
        "salary",
        "contribution base",
    ),
    related=("change-wages",),
    who=(Who.EMPLOYER,),
    basis="《中华人民共和国社会保险法》第六十条、第六十二条；《社会保险费征缴暂行条例》第十条",
    promised_days=5,
    opens=windows.base_year,
    occasion=this_year,
    row=Declared,
    most_rows=50_000,
    unique="id_number",
    unit=Unit.PEOPLE,
    prefill=roster,
    facts=known,
    checks=(
        on("wage", wage_is_not_above_zero, rule="EMP-11/2"),
        note("wage", wages.base_is_not_the_wage, rule="EMP-1/8"),
        note("wage", far_from_the_present, rule="hint/far-off"),
        flag("wage", declared_late, rule="EMP-11/4"),
    ),
    materials=(Material(FORM, waived_for="trusted"),),
    printouts=forms.printed("form", FORM, form),
    review=by_grade(trusted=Review.AUTOMATIC, ordinary=Review.OFFICER),
    effect=declare,
    people=people.ids_of,
    by_machine=True,
    declaration=employees.DECLARATION,
    group=lazy("工资申报"),
    icon="receipt",
)
