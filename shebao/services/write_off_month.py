"""当月欠费注销: what is still unpaid of this month for an employee is written off, with his signed word (EMP-8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import (
    Figures,
    Material,
    Offer,
    Offers,
    OfferWords,
    Service,
    Wanted,
    Who,
    by_grade,
    note,
    on,
)
from shebao.foundation import clock, masks
from shebao.foundation.identifiers import IdNumber
from shebao.foundation.months import Month
from shebao.foundation.values import PersonName
from shebao.ledger import writeoffs
from shebao.registry import people, schemes


@dataclass(frozen=True)
class Unpaid:
    """One employee whose dues of this month are to be written off."""

    id_number: IdNumber = label(lazy("身份证号码"), example="420102199202299993", picked=True)
    name: PersonName = label(
        lazy("姓名"),
        help=lazy("只注销当月欠费，各险种一并注销；注销后无法恢复"),
        example="李小明",
        picked=True,
    )


@dataclass(frozen=True)
class Known:
    open: writeoffs.OpenMonth | None
    month: Month
    this_month: Month


def known(rows: Sequence[Unpaid], case) -> Mapping[str, Known]:
    ids = people.ids_of(row.id_number for row in rows)
    found = writeoffs.open_in_month(case.party_id, case.month, person_ids=list(ids.values()))
    by_person = {one.person_id: one for one in found}
    this_month = clock.this_month()
    return {
        row.id_number: Known(by_person.get(ids.get(row.id_number)), case.month, this_month) for row in rows
    }


def owes_nothing_this_month(row, known, case):
    if known.open is None:
        return _(
            "此人 %(month)s 没有未缴的社会保险费，无需注销；网上只能注销当月欠费，以前月份的请办理单位员工欠费补缴"
        ) % {"month": known.month}


def name_differs(row, known, case):
    if known.open and known.open.name != str(row.name):
        return _("姓名与档案不一致，请核对身份证")


def stands_on_a_slip(row, known, case):
    if known.open and known.open.slip_number:
        return _("此人本月的费款已列入缴费单 %(number)s，请先退回该单") % {"number": known.open.slip_number}


def is_assessed(row, known, case):
    if known.open and known.open.claim_number and not known.open.slip_number:
        return _("此人本月的费款已核定（%(number)s），请先办理欠费补缴回退") % {
            "number": known.open.claim_number
        }


def month_is_over(row, known, case):
    if known.month != known.this_month:
        return _("网上只能注销当月欠费：%(month)s 已经过去，请办理单位员工欠费补缴") % {"month": known.month}


def is_partly_paid(row, known, case):
    if known.open and known.open.paid > 0:
        return _(
            "此人 %(month)s 的费款已缴 %(paid)s 元，余下的 %(amount)s 元是同月的差额，不能单独注销，请按缴费单缴清"
        ) % {
            "month": known.month,
            "paid": f"{known.open.paid:,.2f}",
            "amount": f"{known.open.amount:,.2f}",
        }


def is_final(row, known, case):
    if known.open:
        return _(
            "注销后无法恢复：%(month)s 的 %(count)s 个险种共 %(amount)s 元不再缴纳，请确认职工本人已签字"
        ) % {
            "month": known.month,
            "count": len(known.open.schemes),
            "amount": f"{known.open.amount:,.2f}",
        }


OFFER_WORDS = OfferWords(nothing=lazy("本月没有还没缴的费款。"))


def offered(case, wanted: Wanted) -> Offers:
    """The people for whom this month is not paid, to be ticked."""
    after = wanted.at or 0
    ids = list(people.ids_of(wanted.keys).values()) if wanted.keys else None
    page = writeoffs.open_in_month(
        case.party_id,
        case.month,
        person_ids=ids,
        after=after,
        search=wanted.search,
        limit=None if wanted.keys else wanted.most,
    )
    heads = (_("姓名"), _("身份证号码"), _("险种"), _("本月未缴（元）"))
    lines = tuple(
        Offer(
            key=one.id_number,
            shows=(
                one.name,
                masks.id_number(one.id_number),
                schemes.named(one.schemes),
                one.amount,
            ),
            fills={"id_number": one.id_number, "name": one.name},
        )
        for one in page
    )
    return Offers(heads, lines, str(page[-1].person_id) if wanted.has_more(page) else "", OFFER_WORDS)


def written_off(rows: Sequence[Unpaid], case) -> Figures | None:
    found = known(rows, case)
    lines = tuple(
        (masks.name(row.name), one.employer_part, one.personal_part, one.amount)
        for row in rows
        if (one := found[row.id_number].open)
    )
    if not lines:
        return None
    title = _("注销 %(month)s 的欠费（注销后无法恢复）") % {"month": case.month}
    return Figures.added_up(title, (_("单位应缴"), _("个人应缴"), _("合计")), lines, _("合计"))


def write_off(rows: Sequence[Unpaid], case) -> None:
    people.lock(row.id_number for row in rows)
    ids = people.ids_of(row.id_number for row in rows)
    writeoffs.write_off_month(
        sorted(ids.values()), case.party_id, case.month, source=case.ref, by=f"account:{case.filed_by}"
    )


SERVICE = Service(
    code="write-off-month",
    title=lazy("当月欠费注销"),
    purpose=lazy("没有及时办理暂停缴费而多出的当月费款，经职工本人签字后注销；注销后无法恢复"),
    also_called=("多缴", "多交", "注销欠费", "冲销", "write off", "overpaid", "cancel dues", "arrears"),
    related=("pause-employees",),
    who=(Who.EMPLOYER,),
    basis="武汉市社会保险网上办事大厅服务指南（2011年）",
    row=Unpaid,
    most_rows=200,
    unique="id_number",
    unit=Unit.PEOPLE,
    facts=known,
    offers=offered,
    checks=(
        on("id_number", month_is_over, rule="EMP-8/1", leads_to=("pay-arrears",)),
        on("id_number", owes_nothing_this_month, rule="EMP-8/1", leads_to=("pay-arrears",)),
        on("name", name_differs, rule="EMP-8/1"),
        on("id_number", stands_on_a_slip, rule="EMP-8/2", leads_to=("take-back-arrears",)),
        on("id_number", is_assessed, rule="EMP-8/2", leads_to=("take-back-arrears",)),
        on("id_number", is_partly_paid, rule="EMP-8/3"),
        note("id_number", is_final, rule="EMP-8/4"),
    ),
    materials=(Material("经职工本人签字确认的欠费注销情况说明", must_be_uploaded=True),),
    review=by_grade(),
    preview=written_off,
    previews=200,
    effect=write_off,
    people=people.ids_of,
    declaration=lazy("职工本人已书面同意，我确认注销本月欠费；注销后不能恢复"),
    group=lazy("缴费与欠费"),
    icon="receipt-refund",
)
