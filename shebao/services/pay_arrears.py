"""单位员工欠费补缴: an employer has its arrears for people assessed, with the late fee (EMP-5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import (
    Figures,
    Offer,
    Offers,
    OfferWords,
    Review,
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
from shebao.ledger import arrears, claims
from shebao.policy import inforce
from shebao.registry import people


@dataclass(frozen=True)
class InArrears:
    """One person whose arrears with this employer are to be paid."""

    id_number: IdNumber = label(lazy("身份证号码"), example="420102199202299993", picked=True)
    name: PersonName = label(
        lazy("姓名"),
        help=lazy("此人在本单位的全部欠费，各险种、各月份一并核定"),
        example="李小明",
        picked=True,
    )


@dataclass(frozen=True)
class Known:
    standing: people.Standing
    owed: arrears.Owed | None  # with this employer, after the deadline
    held: claims.Held | None
    elsewhere: bool
    today: date
    last_day: int | None  # of the month, for this business
    fee_day: date | None  # up to which the late fee is worked out


def known(rows: Sequence[InArrears], case) -> Mapping[str, Known]:
    """One look-up of the archive and three of the books for all of them."""
    today = clock.today()
    found = people.standings([row.id_number for row in rows], since=Month.of(today))
    ids = [standing.person_id for standing in found.values() if standing.person_id]
    owed = arrears.of_people(ids, case.party_id, today=today)
    held = claims.held(list(owed), case.party_id, today=today) if owed else {}
    strangers = [person_id for person_id in ids if person_id not in owed]
    elsewhere = claims.elsewhere(strangers, case.party_id, today=today) if strangers else set()
    day = inforce.value_or_none("arrears_payment_day", on=Month.of(today))
    until = claims.fee_day(today)
    return {
        number: Known(
            standing,
            owed.get(standing.person_id),
            held.get(standing.person_id),
            standing.person_id in elsewhere,
            today,
            None if day is None else int(day),
            until,
        )
        for number, standing in found.items()
    }


def owes_nothing_here(row, known, case):
    if known.owed:
        return None
    ours = known.standing.with_payer(case.party_id) and known.standing.name == str(row.name)
    if ours and known.elsewhere:  # whoever isn't ours is told nothing of his affairs
        return _("此人在本单位没有欠费；在其他单位的欠费，须由本人或该单位到社保经办机构办理")
    return _("此人在本单位没有社会保险欠费，无需补缴；请核对身份证号码")


def name_differs(row, known, case):
    if known.owed and known.owed.name != str(row.name):
        return _("姓名与档案不一致，请核对身份证")


def stands_on_a_slip(row, known, case):
    if known.owed and known.held and known.held.slip_number:
        return _("此人的欠费已列入缴费单 %(number)s，请按该单缴费；要重新核定，请先退回该单") % {
            "number": known.held.slip_number
        }


def is_assessed_already(row, known, case):
    if known.owed and known.held and not known.held.slip_number:
        return _("此人的欠费已核定（%(number)s），请生成欠费补缴单；要重新核定，请先办理欠费补缴回退") % {
            "number": known.held.claim_number
        }


def is_after_the_day(row, known, case):
    if known.last_day is not None and known.today.day > known.last_day:
        return _("每月 %(day)s 日以后办理补缴，本月的其他业务可能要等到下月才能办理") % {
            "day": known.last_day
        }


def late_fee_is_unknown(row, known, case):
    if known.owed and known.fee_day is None:
        return _("本市缴款截止日没有公布，滞纳金未计；以经办机构核定的为准")


OFFER_WORDS = OfferWords(nothing=lazy("没有欠费，不用补缴。"))


def offered(case, wanted: Wanted) -> Offers:
    """The people for whom this employer is in arrears, to be ticked; also those who have left."""
    today = clock.today()
    if wanted.keys:
        ids = people.ids_of(wanted.keys)
        page = list(arrears.of_people(ids.values(), case.party_id, today=today).values())
    else:
        after = wanted.at or 0
        page = arrears.of_payer(
            case.party_id, today=today, after=after, search=wanted.search, limit=wanted.most
        )
    heads = (_("姓名"), _("身份证号码"), _("欠费月份"), _("欠费（元，不含滞纳金）"))
    lines = tuple(
        Offer(
            key=owed.id_number,
            shows=(owed.name, masks.id_number(owed.id_number), in_words(owed), owed.amount),
            fills={"id_number": owed.id_number, "name": owed.name},
        )
        for owed in page
    )
    return Offers(heads, lines, str(page[-1].person_id) if wanted.has_more(page) else "", OFFER_WORDS)


def in_words(owed: arrears.Owed) -> str:
    """2026-08 至 2026-09（2 个月）."""
    words = {"first": owed.first_month, "last": owed.last_month, "months": owed.months}
    if owed.months == 1:
        return str(owed.first_month)
    return _("%(first)s 至 %(last)s（%(months)s 个月）") % words


def owing(rows: Sequence[InArrears], case) -> Figures | None:
    """What is owed by month, with the late fee up to the next last day of payment."""
    today = clock.today()
    ids = people.ids_of(row.id_number for row in rows)
    months = claims.preview(ids.values(), case.party_id, today=today)
    if not months:
        return None
    until = claims.fee_day(today)
    title = (
        _("欠费补缴金额（滞纳金由单位承担，计至 %(day)s）") % {"day": until}
        if until
        else _("欠费补缴金额（缴款截止日未公布，滞纳金未计）")
    )
    heads = (_("单位应缴"), _("个人应缴"), _("滞纳金"), _("合计"))
    lines = (
        (_of_month(month), month.employer_part, month.personal_part, month.late_fee, month.total)
        for month in months
    )
    return Figures.added_up(title, heads, lines, _("合计"))


def _of_month(month: claims.Owing) -> str:
    if month.without_day:
        return _("%(month)s（缴款截止日未知，滞纳金未计）") % {"month": month.month}
    words = {"month": month.month, "persons": month.persons, "days": month.days}
    return _("%(month)s（%(persons)s 人，逾期 %(days)s 天）") % words


def assess(rows: Sequence[InArrears], case) -> None:
    """核定: a person's lines and late fee are frozen until a slip asks for them, or the assessment is taken back."""
    ids = people.ids_of(row.id_number for row in rows)
    claims.assess(
        {ids[row.id_number]: case.ref_of(row) for row in rows}, case.party_id, by=f"account:{case.filed_by}"
    )


SERVICE = Service(
    code="pay-arrears",
    title=lazy("单位员工欠费补缴"),
    purpose=lazy("核定职工在本单位欠缴的社会保险费和滞纳金；通过后再生成欠费补缴单"),
    also_called=(
        "补缴",
        "补交",
        "漏缴",
        "欠费",
        "欠款",
        "滞纳金",
        "补社保",
        "arrears",
        "back payment",
        "overdue",
        "late fee",
        "debt",
        "unpaid",
    ),
    related=("make-arrears-slip", "write-off-month"),
    who=(Who.EMPLOYER,),
    basis="《中华人民共和国社会保险法》第八十六条",
    row=InArrears,
    most_rows=5_000,
    unique="id_number",
    unit=Unit.PEOPLE,
    facts=known,
    offers=offered,
    checks=(
        on("id_number", owes_nothing_here, rule="EMP-5/1"),
        on("name", name_differs, rule="EMP-5/1"),
        on("id_number", stands_on_a_slip, rule="EMP-5/2", leads_to=("take-back-arrears",)),
        on(
            "id_number",
            is_assessed_already,
            rule="EMP-5/2",
            leads_to=("make-arrears-slip", "take-back-arrears"),
        ),
        note("id_number", is_after_the_day, rule="EMP-5/5"),
        note("id_number", late_fee_is_unknown, rule="EMP-5/3"),
    ),
    review=by_grade(Review.AUTOMATIC),
    preview=owing,
    previews=5_000,
    effect=assess,
    people=people.ids_of,
    by_machine=True,
    declaration=lazy("我已核对欠费人员和金额，申请按核定的金额补缴"),
    group=lazy("缴费与欠费"),
    icon="coins",
)
