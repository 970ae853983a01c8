"""欠费补缴回退: an employer takes back an arrears slip before it is paid, or an assessment before its slip (EMP-7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

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
from shebao.foundation.months import span
from shebao.foundation.values import Text
from shebao.ledger import claims, slips
from shebao.ledger.models import Claim, Receipt, Slip
from shebao.services import assessed


@dataclass(frozen=True)
class TakenBack:
    """One arrears slip, or one assessment of arrears."""

    number: Text = label(
        lazy("凭单号或核定号"),
        help=lazy("退回补缴单后，其中的核定仍然有效，可以重新生成补缴单，也可以再退回核定"),
        example="HD20261100000012",
        picked=True,
    )


@dataclass(frozen=True)
class Known:
    slip: Slip | None
    claim: dict | None
    came: bool  # money for the slip, whatever became of it

    @property
    def total(self) -> Decimal:
        return self.slip.total if self.slip else self.claim["total"] if self.claim else Decimal("0.00")


def known(rows: Sequence[TakenBack], case) -> Mapping[str, Known]:
    numbers = [str(row.number) for row in rows]
    found = {
        slip.number: slip
        for slip in Slip.objects.filter(payer_id=case.party_id, number__in=numbers, kind=Slip.Kind.ARREARS)
    }
    came = set(
        Receipt.objects.filter(slip_id__in=[slip.id for slip in found.values()]).values_list(
            "slip_id", flat=True
        )
    )
    known_claims = assessed.by_number(case, numbers)
    return {
        number: Known(
            found.get(number), known_claims.get(number), number in found and found[number].id in came
        )
        for number in numbers
    }


def is_none_of_ours(row, known, case):
    if known.slip is None and known.claim is None:
        return _("本单位没有这个号码的欠费补缴单或核定，请从名单勾选")


def is_paid(row, known, case):
    paid = known.slip.state == Slip.State.PAID if known.slip else False
    if paid or (known.claim and known.claim["state"] == Claim.State.PAID):
        return _("%(number)s 已经到账，不能退回") % {"number": row.number}


def was_taken_back(row, known, case):
    back = known.slip.state == Slip.State.TAKEN_BACK if known.slip else False
    if back or (known.claim and known.claim["state"] == Claim.State.TAKEN_BACK):
        return _("%(number)s 已经退回，无需再次办理") % {"number": row.number}


def money_has_come(row, known, case):
    if known.slip and known.slip.state == Slip.State.OPEN and known.came:
        return _("缴费单 %(number)s 已有款项到账，请带缴费凭证到经办机构办理退回") % {"number": row.number}


def stands_on_a_slip(row, known, case):
    if known.claim and known.claim["state"] == Claim.State.ASKED:
        return _("这份欠费核定已列入补缴单 %(number)s，请先退回该单") % {"number": known.claim["slip_number"]}


def slip_number_ends(row, known, case):
    if known.slip:
        return _("退回后原凭单号作废，请不要再按它缴款；税务部门已开具税票的不能退回")


OFFER_WORDS = OfferWords(
    title=lazy("勾选要退回的补缴单或核定"),
    search=lazy("补缴单号、核定号、姓名或身份证号码"),
    nothing=lazy("没有可以退回的：没有缴款的补缴单和没有列入补缴单的核定会出现在这里。"),
)


def offered(case, wanted: Wanted) -> Offers:
    """Open arrears slips, then assessments that wait for one."""
    open_slips = Slip.objects.filter(
        payer_id=case.party_id, kind=Slip.Kind.ARREARS, state=Slip.State.OPEN
    ).order_by("-id")
    if wanted.keys:
        open_slips = open_slips.filter(number__in=wanted.keys)
    elif wanted.search:
        open_slips = open_slips.filter(number__startswith=wanted.search)
    first = [] if wanted.at else list(open_slips[: wanted.most])
    ready = assessed.waiting(case, wanted)
    heads = (_("号码"), _("种类"), _("职工"), _("欠费月份"), _("金额（元，含滞纳金）"))
    lines = [
        Offer(
            key=slip.number,
            shows=(slip.number, _("欠费补缴单"), _("%(persons)s 人") % {"persons": slip.persons},
                   span(slip.first_month, slip.last_month), slip.total),
            fills={"number": slip.number},
        )
        for slip in first
    ] + [
        Offer(
            key=one["number"],
            shows=(one["number"], _("欠费核定"), one["name"], span(one["first_month"], one["last_month"]),
                   one["total"]),
            fills={"number": one["number"]},
        )
        for one in ready
    ]  # fmt: skip
    return Offers(heads, tuple(lines), after=assessed.following(wanted, ready), words=OFFER_WORDS)


def returned(rows: Sequence[TakenBack], case) -> Figures:
    found = known(rows, case)
    lines = ((str(row.number), found[row.number].total) for row in rows)
    return Figures.added_up(_("退回的金额"), (_("金额"),), lines, _("合计"))


def take_back(rows: Sequence[TakenBack], case) -> None:
    """Slips first, so that their assessments are free; nothing of either is deleted."""
    by = f"account:{case.filed_by}"
    for number, one in known(rows, case).items():
        if one.slip:
            slips.take_back(one.slip.id, by=by, payer_id=case.party_id)
        else:
            claims.take_back(number, by=by, payer_id=case.party_id)


SERVICE = Service(
    code="take-back-arrears",
    title=lazy("欠费补缴回退"),
    purpose=lazy("还没有缴款的补缴单，或还没有生成补缴单的欠费核定，取消后可以重新办理"),
    also_called=(
        "取消缴费单",
        "撤销补缴单",
        "退回缴费单",
        "作废",
        "take back",
        "cancel slip",
        "revoke slip",
        "arrears",
    ),
    related=("make-arrears-slip",),
    who=(Who.EMPLOYER,),
    basis="武汉市社会保险网上办事大厅服务指南（2011年）",
    row=TakenBack,
    most_rows=200,
    unique="number",
    unit=Unit.ENTRIES,
    facts=known,
    offers=offered,
    checks=(
        on("number", is_none_of_ours, rule="EMP-7/1"),
        on("number", is_paid, rule="EMP-7/1"),
        on("number", was_taken_back, rule="EMP-7/1"),
        on("number", money_has_come, rule="EMP-7/2"),
        on("number", stands_on_a_slip, rule="EMP-7/3"),
        note("number", slip_number_ends, rule="EMP-7/4"),
    ),
    review=by_grade(Review.AUTOMATIC),
    preview=returned,
    previews=200,
    effect=take_back,
    declaration=lazy("我已核对以上凭单，确认退回；缴费单退回后不能再凭原单号缴款"),
    group=lazy("缴费与欠费"),
    right="payer",
    icon="arrow-back-up",
)
