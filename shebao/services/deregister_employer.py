"""单位注销登记: an employer that ends, or leaves the city (EMP-17). Nobody may be left behind, and nothing unpaid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Material, Review, Service, Who, by_grade, on
from shebao.foundation.identifiers import Mobile, Uscc
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.foundation.values import Day, Text
from shebao.identity.acting import system
from shebao.ledger import arrears, bills, slips
from shebao.ledger.arrears import OwedMonth
from shebao.registry import enrolments, registrations
from shebao.services import own_registration, registration_forms, windows
from shebao.services.own_registration import OfOwn, not_in_business

CODE = "deregister-employer"


class Reason(models.TextChoices):
    DISSOLVED = "dissolved", lazy("解散")
    BANKRUPT = "bankrupt", lazy("破产")
    REVOKED = "revoked", lazy("被撤销或吊销营业执照")
    MERGED = "merged", lazy("合并")
    MOVED = "moved", lazy("迁出本市")
    OTHER = "other", lazy("其他")


@dataclass(frozen=True)
class Closing:
    uscc: Uscc = label(lazy("统一社会信用代码"), fixed=True)
    name: Text = label(lazy("单位名称"), fixed=True)
    reason: Reason = label(lazy("注销原因"))
    ended_on: Day = label(
        lazy("终止日期"), help=lazy("登记机关准予注销或决定终止的日期"), example="2026-11-02"
    )
    mobile: Mobile = label(lazy("注销后的联系手机"), help=lazy("注销后账户停用，有事打这个电话"))


@dataclass(frozen=True)
class Known(OfOwn):
    enrolled: int  # people who stay enrolled
    until_now: int  # people whose enrolment ends with this month or later
    owed: Sequence[OwedMonth]
    open_slips: Sequence[str]
    unpaid: Sequence[Month]  # billed, not overdue yet


def known(rows: Sequence[Closing], case) -> Mapping[str, Known]:
    payer = case.party_id
    enrolled, until_now = enrolments.left_with(payer, month=case.month)
    owed = arrears.by_month(payer, today=case.filed_on)
    overdue = {one.month for one in owed}
    open_slips = slips.open_numbers(payer)
    unpaid = [month for month in bills.unsettled_months(payer) if month not in overdue]
    if bills.outstanding(payer, unpaid) <= 0:  # a credit is nothing to be paid
        unpaid = []
    return {
        key: Known(own, enrolled, until_now, owed, open_slips, unpaid)
        for key, own in own_registration.own(rows, case).items()
    }


def somebody_is_enrolled(row, known, case):
    if known.enrolled:
        return _("还有 %(count)s 名职工在本单位参保，不能注销；请先为他们办理暂停缴费") % {
            "count": known.enrolled
        }


def somebody_is_enrolled_this_month(row, known, case):
    if known.until_now and not known.enrolled:
        return _("%(count)s 名职工参保到本月为止，不能注销；请在本月费款缴清后，于下月办理") % {
            "count": known.until_now
        }


def in_arrears(row, known, case):
    if known.owed:
        return _(
            "%(first)s 至 %(last)s 欠社会保险费共 %(amount)s 元，不能注销；请先办理单位员工欠费补缴并缴清"
        ) % {
            "first": known.owed[0].month,
            "last": known.owed[-1].month,
            "amount": f"{sum(one.amount for one in known.owed):,.2f}",
        }


def a_slip_is_open(row, known, case):
    if known.open_slips:
        return _("缴费单 %(numbers)s 还没有缴款，不能注销；请先缴款，或者退回缴费单") % {
            "numbers": "、".join(known.open_slips)
        }


def a_bill_is_open(row, known, case):
    if known.unpaid and not known.open_slips:
        return _("%(months)s 的账单还没有缴清，不能注销；请先生成缴费单并缴款") % {
            "months": "、".join(map(str, known.unpaid))
        }


def cases_are_under_way(row, known, case):
    count = sum(known.own.under_way.values())
    if count:
        return _("还有 %(count)s 件业务正在审核，不能注销；请等它们办结后再办") % {"count": count}


def ended_in_the_future(row, known, case):
    if row.ended_on > known.own.today:
        return _("终止日期晚于今天，请核对")


def close(rows: Sequence[Closing], case) -> None:
    """The employer's row is held first: whoever enrols people at this moment comes before it or after it."""
    (row,) = rows
    registrations.close(
        case.party_id, reason=str(row.reason.label), by=system("settlement"), source=case.ref_of(row)
    )
    enrolled, until_now = enrolments.left_with(case.party_id, month=case.month)
    if enrolled or until_now:
        raise Unsettled(_("刚刚有职工在本单位参保，没有注销；请核对后重新办理"))


SERVICE = Service(
    code=CODE,
    title=lazy("单位注销登记"),
    purpose=lazy("单位终止或迁出本市，注销社会保险登记；账户随即停用，档案保留"),
    also_called=(
        "销户",
        "公司注销",
        "关公司",
        "关闭公司",
        "倒闭",
        "破产",
        "解散",
        "迁出",
        "deregister",
        "close",
        "bankrupt",
        "dissolve",
    ),
    who=(Who.EMPLOYER,),
    basis="《中华人民共和国社会保险法》第五十七条",
    promised_days=15,
    opens=windows.whole_month,
    row=Closing,
    most_rows=1,
    unique="uscc",
    unit=Unit.EMPLOYERS,
    facts=known,
    prefill=own_registration.on_file,
    checks=(
        on("uscc", not_in_business, rule="ACC-10/1"),
        on("uscc", somebody_is_enrolled, rule="EMP-17/20", leads_to=("pause-employees",)),
        on("uscc", somebody_is_enrolled_this_month, rule="EMP-17/20"),
        on("uscc", in_arrears, rule="EMP-17/21", leads_to=("pay-arrears",)),
        on("uscc", a_slip_is_open, rule="EMP-17/22", leads_to=("take-back-arrears",)),
        on("uscc", a_bill_is_open, rule="EMP-17/22"),
        on("uscc", cases_are_under_way, rule="EMP-17/23"),
        on("ended_on", ended_in_the_future, rule="EMP-17/24"),
    ),
    materials=(
        Material("注销通知书，或法院裁定、主管部门批准终止的文件", must_be_uploaded=True),
        Material("社会保险登记证（原件交回）"),
    ),
    review=by_grade(Review.TWO_OFFICERS),
    effect=close,
    printouts=registration_forms.printed("form", "社会保险注销登记表"),
    declaration=own_registration.DECLARATION,
    group=lazy("单位登记"),
    icon="x",
)
