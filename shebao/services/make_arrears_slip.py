"""生成欠费补缴单: an employer asks for one number to pay its assessed arrears, late fee included (EMP-6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework import errands
from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.models import Case
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
    on,
)
from shebao.foundation import clock, masks
from shebao.foundation.months import span
from shebao.foundation.unsettled import Unsettled
from shebao.foundation.values import Day, PersonName, Text
from shebao.ledger import arrears_slips
from shebao.ledger.models import Claim, Slip
from shebao.services import arrears_forms, assessed, forms
from shebao.statements.prints import Sheet


@dataclass(frozen=True)
class Assessed:
    """One assessment of arrears (欠费核定) to be paid."""

    number: Text = label(lazy("核定号"), example="HD20261100000012", picked=True)
    name: PersonName = label(lazy("姓名"), example="李小明", picked=True)
    pays_on: Day | None = label(
        lazy("缴款日"),
        help=lazy("准备在哪一天缴款；滞纳金计到这一天，过后到账的须重新核定。全部勾选的人填同一天"),
        example="2026-11-25",
        default=None,
        blank=lazy("本期缴款截止日"),
    )


@dataclass(frozen=True)
class Known:
    claim: dict | None
    today: date
    last: date | None
    days: frozenset  # all days that the rows of this case name


def known(rows: Sequence[Assessed], case) -> Mapping[str, Known]:
    today = clock.today()
    last = arrears_slips.pay_by(today)
    found = assessed.by_number(case, (row.number for row in rows))
    days = frozenset(row.pays_on or last for row in rows)
    return {str(row.number): Known(found.get(row.number), today, last, days) for row in rows}


def is_no_assessment_of_ours(row, known, case):
    if known.claim is None:
        return _("本单位没有核定号为 %(number)s 的欠费核定，请刷新名单后重选") % {"number": row.number}


def name_differs(row, known, case):
    if known.claim and known.claim["name"] != str(row.name):
        return _("姓名与核定的不一致，请从名单勾选")


def is_not_ready(row, known, case):
    if known.claim is None or known.claim["state"] == Claim.State.READY:
        return None
    if known.claim["state"] == Claim.State.TAKEN_BACK:
        return _("这份欠费核定已退回，请重新办理单位员工欠费补缴")
    return _("这份欠费核定已列入补缴单 %(number)s") % {"number": known.claim["slip_number"]}


def is_no_day_to_pay(row, known, case):
    if row.pays_on is None:
        return None
    if row.pays_on < known.today:
        return _("缴款日不能早于今天（%(today)s）") % {"today": known.today}
    if known.last and row.pays_on > known.last:
        return _("缴款日最晚为本期缴款截止日 %(last)s；以后缴款的，到时再生成") % {"last": known.last}


def differs_from_the_others(row, known, case):
    if len(known.days) > 1:
        return _("一张补缴单只有一个缴款日，请全部填同一天")


OFFER_WORDS = OfferWords(
    title=lazy("勾选要缴的欠费核定"),
    search=lazy("姓名、身份证号码或核定号"),
    nothing=lazy("没有等着缴的欠费核定；有欠费的，请先办“单位员工欠费补缴”。"),
)


def offered(case, wanted: Wanted) -> Offers:
    """The assessments that wait for their slip, newest first."""
    page = assessed.waiting(case, wanted)
    # Up to the last day there is: what the slip asks for, unless an earlier day is chosen below.
    last = arrears_slips.pay_by(clock.today())
    foreseen = arrears_slips.foresee([one["id"] for one in page], last)
    amount = _("金额（元，含滞纳金）") if last else _("金额（元，滞纳金未计）")
    heads = (_("姓名"), _("身份证号码"), _("核定号"), _("欠费月份"), amount)
    lines = tuple(
        Offer(
            key=one["number"],
            shows=(
                one["name"],
                masks.id_number(one["id_number"]),
                one["number"],
                span(one["first_month"], one["last_month"]),
                foreseen[one["id"]][-1],
            ),
            fills={"number": one["number"], "name": one["name"]},
        )
        for one in page
    )
    return Offers(heads, lines, after=assessed.following(wanted, page), words=OFFER_WORDS)


def total(rows: Sequence[Assessed], case) -> Figures | None:
    """What the slip will ask for, person by person."""
    until = _day(rows)
    found = assessed.by_number(case, (row.number for row in rows))
    foreseen = arrears_slips.foresee([one["id"] for one in found.values()], until)
    lines = [
        (f"{masks.name(row.name)} {row.number}", *foreseen[found[row.number]["id"]])
        for row in rows
        if row.number in found and found[row.number]["id"] in foreseen
    ]
    if not lines:
        return None
    title = (
        _("补缴单金额（滞纳金计至缴款日 %(day)s）") % {"day": until}
        if until
        else _("补缴单金额（缴款截止日未公布，滞纳金未计）")
    )
    heads = (_("社会保险费"), _("滞纳金"), _("合计"))
    return Figures.added_up(title, heads, lines, _("总额"))


def _day(rows: Sequence[Assessed]) -> date | None:
    last = arrears_slips.pay_by(clock.today())
    return min((row.pays_on for row in rows if row.pays_on), default=last)


def make(rows: Sequence[Assessed], case) -> None:
    """One slip over all of them."""
    if len({row.pays_on for row in rows}) > 1:
        raise Unsettled(_("一张补缴单只有一个缴款日，请全部填同一天"))
    arrears_slips.make(
        case.party_id,
        [str(row.number) for row in rows],
        by=f"account:{case.filed_by}",
        on=rows[0].pays_on,
        source=case.ref,
    )


def _slip(case: Case) -> Slip | None:
    return Slip.objects.filter(payer_id=case.party_id, source=case.ref).first()


def payment(case: Case) -> Sheet:
    return arrears_forms.payment(case.party_id, _slip(case))


def approval(case: Case) -> Sheet:
    return arrears_forms.approval(case.party_id, _slip(case))


def details(case: Case, *, printed: bool = False) -> Sheet:
    return arrears_forms.details(case.party_id, _slip(case), printed=printed)


SERVICE = Service(
    code="make-arrears-slip",
    title=lazy("生成欠费补缴单"),
    purpose=lazy("把已核定的欠费连同滞纳金汇成一张补缴单，凭单号到税务部门缴款"),
    also_called=("缴费单", "缴款单", "凭单号", "补缴单", "缴欠费", "slip", "payment slip", "arrears"),
    related=("take-back-arrears",),
    who=(Who.EMPLOYER,),
    basis="《中华人民共和国社会保险法》第八十六条",
    row=Assessed,
    most_rows=errands.MANY,  # decided in one step: more rows would become several slips
    unique="number",
    unit=Unit.ENTRIES,
    facts=known,
    offers=offered,
    checks=(
        on("number", is_no_assessment_of_ours, rule="EMP-6/1"),
        on("number", is_not_ready, rule="EMP-6/1", leads_to=("pay-arrears",)),
        on("name", name_differs, rule="EMP-6/1"),
        on("pays_on", is_no_day_to_pay, rule="EMP-6/2"),
        on("pays_on", differs_from_the_others, rule="EMP-6/2"),
    ),
    review=by_grade(Review.AUTOMATIC),
    preview=total,
    previews=errands.MANY,
    effect=make,
    printouts=(
        *forms.printed("payment", arrears_forms.PAYMENT, payment),
        *forms.printed("approval", arrears_forms.APPROVAL, approval),
        forms.printed("details", arrears_forms.DETAILS, partial(details, printed=True))[0],
        forms.printed("details", arrears_forms.DETAILS, details)[1],
    ),
    declaration=lazy("我已核对各笔核定和缴款日期，申请生成补缴单，并按总额一次缴清"),
    group=lazy("缴费与欠费"),
    right="payer",
    icon="receipt",
)
