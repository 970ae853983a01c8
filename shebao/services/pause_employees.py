"""暂停缴费（减员）: an employer stops paying for people, in all their schemes together (EMP-2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.assessment import runs
from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Material, Occasion, Review, Service, Who, by_grade, on
from shebao.foundation import clock
from shebao.foundation.identifiers import IdNumber
from shebao.foundation.months import Month
from shebao.foundation.values import PersonName
from shebao.ledger import arrears
from shebao.registry import enrolments, people
from shebao.services import employees, forms, windows
from shebao.services.departures import Reason
from shebao.statements.prints import Head, Kind, Sheet


@dataclass(frozen=True)
class Leaver:
    """One line of the roster of leavers (企业参保人员减员表)."""

    id_number: IdNumber = label(lazy("身份证号码"), example="420102199202299993", picked=True)
    name: PersonName = label(lazy("姓名"), example="李小明", picked=True)
    reason: Reason = label(lazy("暂停原因"), help=lazy("全部险种一并暂停，从下月起不再缴费"))


def last_month(today: date) -> Occasion:
    """The last month that is paid for whoever is paused on this day."""
    month = Month.of(today)
    words = {"month": month, "next": month.plus(1)}
    return Occasion("", ((_("最后缴费月"), _("%(month)s；自 %(next)s 起不再为这些人缴费") % words),))


@dataclass(frozen=True)
class Known:
    standing: people.Standing
    owed: arrears.Owed | None  # with this employer, after the deadline
    today: date


def known(leavers: Sequence[Leaver], case) -> Mapping[str, Known]:
    """One look-up of the archive and one of the books for all of them."""
    today = clock.today()
    found = people.standings([leaver.id_number for leaver in leavers], since=Month.of(today))
    ids = [standing.person_id for standing in found.values() if standing.person_id]
    owed = arrears.of_people(ids, case.party_id, today=today)
    return {
        number: Known(standing, owed.get(standing.person_id), today) for number, standing in found.items()
    }


def not_ours(leaver, known, case):
    if not known.standing.with_payer(case.party_id):
        return _("此人在本单位没有参保关系，无需暂停缴费；请核对身份证号码")


def in_arrears(leaver, known, case):
    if known.owed:
        return _(
            "存在社会保险欠费，不能办理暂停缴费：%(first)s 至 %(last)s 共欠 %(amount)s 元。"
            "请先办理单位员工欠费补缴；只欠本月的，也可办理当月欠费注销"
        ) % {
            "first": known.owed.first_month,
            "last": known.owed.last_month,
            "amount": f"{known.owed.amount:,.2f}",
        }


def starts_later(leaver, known, case):
    begins = known.standing.begins(case.party_id)
    if begins and begins > Month.of(known.today):
        return _("此人的参保从下月开始，尚未缴费；请带情况说明到辖区社保处撤销")


def pause(leavers: Sequence[Leaver], case) -> None:
    """All their periods with this employer end with the month of filing; nothing is due from the next one on.

    Where the next month was run before the decision, its dues are taken back by differences.
    """
    people.lock(leaver.id_number for leaver in leavers)
    ids = people.ids_of(leaver.id_number for leaver in leavers)
    enrolments.close_many(
        [enrolments.Leaver(ids[leaver.id_number], leaver.reason, case.ref_of(leaver)) for leaver in leavers],
        case.party_id,
        ends=case.month,
    )
    runs.catch_up(list(ids.values()), since=case.month.plus(1), source=case.ref)


def form(case) -> Sheet:
    """企业参保人员减员表, filled in with a case."""
    return Sheet(
        title="企业参保人员减员表",
        subtitle=forms.month_in_words(case.month),
        facts=forms.facts_of_case(case),
        heads=(
            Head("序号", Kind.COUNT, width=12),
            Head("姓名", width=32),
            Head("身份证号码", Kind.CODE, width=46),
            Head("暂停原因", Kind.CODE, width=28),
            Head("缴费截止月", Kind.CODE, width=26),
            Head("备注", width=38),
        ),
        lines=(
            (number, str(leaver.name), str(leaver.id_number), str(leaver.reason.label), case.month, "")
            for number, leaver in enumerate(forms.rows_of(case), 1)
        ),
        notes=["全部险种一并暂停，自缴费截止月的次月起不再缴费。"],
        number=case.number,
        stamps=forms.STAMPS,
    )


SERVICE = Service(
    code="pause-employees",
    title=lazy("暂停缴费"),
    purpose=lazy("职工离职、退休等，从下月起停止缴费"),
    also_called=(
        "减人",
        "减员",
        "离职",
        "辞职",
        "辞退",
        "开除",
        "解除合同",
        "停保",
        "停缴",
        "停社保",
        "退休",
        "调出",
        "去世",
        "pause",
        "suspend",
        "stop",
        "leave",
        "leaver",
        "resign",
        "quit",
        "dismiss",
        "terminate",
    ),
    who=(Who.EMPLOYER,),
    basis="《社会保险费征缴暂行条例》第十条",
    promised_days=1,
    opens=windows.whole_month,
    occasion=last_month,
    row=Leaver,
    most_rows=50_000,
    unique="id_number",
    unit=Unit.PEOPLE,
    facts=known,
    offers=employees.offered,
    checks=(
        on("id_number", not_ours, rule="EMP-2/1"),
        on("name", employees.name_differs, rule="EMP-2/1"),
        on("id_number", in_arrears, rule="EMP-2/2", leads_to=("pay-arrears", "write-off-month")),
        on("id_number", starts_later, rule="EMP-2/3"),
    ),
    materials=(
        Material("企业参保人员减员表", waived_for="trusted"),
        Material("解除或终止劳动关系的证明", waived_for="trusted"),
    ),
    review=by_grade(trusted=Review.AUTOMATIC, ordinary=Review.OFFICER),
    printouts=forms.printed("roster", "企业参保人员减员表", form),
    effect=pause,
    people=people.ids_of,
    declaration=employees.DECLARATION,
    group=lazy("人员增减"),
    icon="user-minus",
    by_machine=True,
)
