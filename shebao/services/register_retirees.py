"""非统筹退休人员登记: an employer names its retirees with pensions from outside the city's pool (EMP-12).

The city's own books know nothing of them. From here the yearly declaration does; an officer compares each with the
papers, since there is nothing on file to compare with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Material, Service, Who, by_grade, on
from shebao.foundation.identifiers import IdNumber
from shebao.foundation.months import Month
from shebao.foundation.values import PersonName, Text
from shebao.registry import people, retirees
from shebao.registry.models import Enrolment
from shebao.services import windows
from shebao.services.newcomers import name_differs


class Change(models.TextChoices):
    ENTER = "enter", lazy("登记")
    END = "end", lazy("终止")


@dataclass(frozen=True, kw_only=True)
class Retired:
    """One line of the list."""

    id_number: IdNumber = label(lazy("身份证号码"), example="420102195503128713")
    name: PersonName = label(lazy("姓名"), help=lazy("与身份证一致"), example="魏国强")
    change: Change = label(
        lazy("办理内容"),
        help=lazy("终止：去世、养老金转到别处发放，或改由别的单位负责"),
        default=Change.ENTER,
        example="登记",
    )
    month: Month = label(
        lazy("月份"), help=lazy("登记的填开始领取养老金的月份，终止的填最后一个月"), example="2019-04"
    )
    pool: Text = label(
        lazy("养老金发放单位"), help=lazy("登记的必填；终止的不填"), default="", example="铁路行业统筹"
    )


@dataclass(frozen=True)
class Known:
    standing: people.Standing
    entry: retirees.Entry | None
    this_month: Month

    def ours(self, case) -> bool:
        return self.entry is not None and self.entry.payer_id == case.party_id


def known(rows: Sequence[Retired], case) -> Mapping[str, Known]:
    """The archive and the retirees on file, once for the whole list."""
    numbers = [row.id_number for row in rows]
    entries = retirees.entries(numbers)
    standings = people.standings(numbers, since=case.month)
    return {number: Known(one, entries.get(number), case.month) for number, one in standings.items()}


def entered_already(row, known, case):
    if row.change == Change.ENTER and known.ours(case):
        return _("此人自 %(month)s 起已登记为本单位的非统筹退休人员，不用再登记") % {
            "month": known.entry.starts
        }


def entered_by_another_employer(row, known, case):
    # Whoever does not even know the name learns nothing about the person (docs/adr/0007).
    if name_differs(row, known, case) or row.change == Change.END:
        return None
    if known.entry and not known.ours(case):
        return _("此人已由%(employer)s登记，请先由该单位终止") % {"employer": known.entry.payer_name}


def still_enrolled(row, known, case):
    if name_differs(row, known, case) or row.change == Change.END:
        return None
    employee = Enrolment.Kind.EMPLOYEE
    working = [one for one in known.standing.periods if one.kind == employee and one.ends is None]
    if working:
        return _("此人在%(employer)s单位未停保，不能登记为退休人员；退休的，请先由该单位办理暂停缴费") % {
            "employer": working[0].payer_name
        }


def retired_here_or_dead(row, known, case):
    if name_differs(row, known, case) or row.change == Change.END:
        return None
    if known.standing.died_on:
        return _("该人员已办理注销登记，不能登记；有疑问请到辖区社保处查询")
    if known.standing.retired_from:
        return _("此人的养老金由本市发放，不属于非统筹退休人员，不用登记")


def month_is_to_come(row, known, case):
    if row.month > known.this_month:
        return _("月份不能晚于本月，请改为 %(month)s 或以前") % {"month": known.this_month}


def pool_is_missing(row, known, case):
    if row.change == Change.ENTER and not row.pool.strip():
        return _("请填写养老金发放单位：此人的养老金由哪里发放")


def not_entered(row, known, case):
    if row.change == Change.END and not known.ours(case):
        return _("此人没有登记为本单位的非统筹退休人员，不能终止；请核对身份证号码")


def ends_before_it_began(row, known, case):
    if row.change == Change.END and known.ours(case) and row.month < known.entry.starts:
        return _("终止的月份早于登记的开始月份 %(month)s，请改正") % {"month": known.entry.starts}


def keep(rows: Sequence[Retired], case) -> None:
    """Whoever is entered stands on the list of the next declaration; whoever has ended does no more."""
    people.lock(row.id_number for row in rows)
    ids = people.ensure([people.Newcomer(row.id_number, row.name, case.ref_of(row)) for row in rows])
    retirees.end_many(
        {ids[row.id_number]: row.month for row in rows if row.change == Change.END}, case.party_id
    )
    retirees.enter_many(
        [
            retirees.Retiree(ids[row.id_number], row.month, row.pool.strip(), case.ref_of(row))
            for row in rows
            if row.change == Change.ENTER
        ],
        case.party_id,
    )


SERVICE = Service(
    code="register-retirees",
    title=lazy("非统筹退休人员登记"),
    also_called=(
        "退休人员",
        "退休登记",
        "外地退休",
        "行业统筹",
        "异地养老金",
        "retiree",
        "retired",
        "pensioner",
    ),
    purpose=lazy("登记本单位退休、养老金不在本市统筹发放的人员。登记以后，每年申报一次月养老金"),
    related=("declare-pensions",),
    who=(Who.EMPLOYER,),
    basis="《社会保险费征缴暂行条例》第十条；武汉市社会保险网上办事大厅服务指南（九）",
    promised_days=5,
    opens=windows.whole_month,
    row=Retired,
    unit=Unit.PEOPLE,
    unique="id_number",
    facts=known,
    checks=(
        on("name", name_differs, rule="EMP-12/3"),
        on("id_number", entered_already, rule="EMP-12/4"),
        on("id_number", entered_by_another_employer, rule="EMP-12/4"),
        on("id_number", still_enrolled, rule="EMP-12/5"),
        on("id_number", retired_here_or_dead, rule="EMP-12/6"),
        on("month", month_is_to_come, rule="EMP-12/7"),
        on("pool", pool_is_missing, rule="EMP-12/8"),
        on("id_number", not_entered, rule="EMP-12/9"),
        on("month", ends_before_it_began, rule="EMP-12/9"),
    ),
    materials=(Material("退休审批表，或养老金发放单位的证明"),),
    review=by_grade(),
    effect=keep,
    people=people.ids_of,
    declaration=lazy("我已与退休人员本人核对，以上信息真实、完整，材料留存备查"),
    group=lazy("人员增减"),
    icon="home-heart",
)
