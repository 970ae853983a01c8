"""An employer in arrears: assessed, asked for, paid in parts, put together at the desk; taken back; refunded by two."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shebao.assessment import runs
from shebao.casework.models import Case
from shebao.foundation.months import Month
from shebao.ledger.models import Claim, Receipt, Resolution, Slip
from tests.identity import people
from tests.journeys.conftest import Desk

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def employer(city):
    employer = city.employer("武汉江汇精密制造示例公司")
    employer.team = [city.person(name) for name in ("赵立新", "陈建国")]
    for person in employer.team:
        city.works(person, employer, since=Month(2026, 8))
    runs.assess([p.id for p in employer.team], [Month(2026, 8), Month(2026, 9)], source="scene")
    return employer


@pytest.fixture
def second_cashier(db) -> Desk:
    roles = frozenset({"ledger"})
    return Desk(
        people.opened("zhangwu02", "agency", display_name="孙复核", party_name="江岸区社保处", office_code="420102",
                      roles=roles)
    )  # fmt: skip


def picks(clerk, service, *keys, **typed) -> Case:
    clerk.does(f"/filing/{service}/pick/", deed="save", pick=list(keys), token="", **typed)
    case = Case.objects.latest("id")
    clerk.submits(case)
    return case


def bank(cashier, *rows):
    csv = "凭单号,金额,到账日期,流水号\n" + "".join(f"{n},{a},2026-11-12,{ref}\n" for n, a, ref in rows)
    name = f"{rows[0][2]}.csv"
    return cashier.does("/office/ledger/receipts/", file=SimpleUploadedFile(name, csv.encode()))


def test_arrears_are_assessed_asked_for_and_paid_in_two_parts(
    employer, clerk_of, cashier, second_cashier, books_balance
):
    clerk = clerk_of(employer)
    assert "单位员工欠费补缴" in clerk.reads("/employer/bills/")
    offered = clerk.reads("/filing/pay-arrears/pick/")
    assert "赵立新" in offered and "2026-08 至 2026-09（2 个月）" in offered

    # The figures are shown before submission, with the late fee of each month.
    clerk.does("/filing/pay-arrears/pick/", deed="save", pick=[p.id_number for p in employer.team], token="")
    case = Case.objects.latest("id")
    shown = clerk.reads(f"/filing/case/{case.number}/confirm/")
    assert "滞纳金由单位承担，计至 2026-11-25" in shown and "2026-08（2 人，逾期 92 天）" in shown
    clerk.submits(case)
    assert Claim.objects.filter(state="ready").count() == 2
    assert "待生成缴费单" in clerk.reads("/employer/bills/")

    # One slip over both, with its two forms.
    made = picks(
        clerk, "make-arrears-slip", *Claim.objects.values_list("number", flat=True), pays_on="2026-11-20"
    )
    slip = Slip.objects.get()
    page = clerk.reads(f"/employer/slips/{slip.number}/")
    assert "欠费补缴单" in page and f"{slip.late_fee:,.2f}" in page and "87 天 × 0.05%" in page
    for form in ("approval", "details"):
        assert clerk.client.get(f"/employer/slips/{slip.number}/{form}.pdf").content[:5] == b"%PDF-"
        assert clerk.client.get(f"/employer/slips/{slip.number}/{form}.xlsx").content[:2] == b"PK"
        assert clerk.client.get(f"/filing/case/{made.number}/status/{form}-pdf/").content[:5] == b"%PDF-"
    assert clerk.client.get(f"/employer/slips/{slip.number}/other.pdf").status_code == 404
    books_balance()

    # Money comes in two parts, and once too much.
    bank(cashier, (slip.number, "100.00", "BANK1"))
    assert "有 100.00 元在挂账" in clerk.reads(f"/employer/slips/{slip.number}/")
    picked = clerk.does(f"/employer/slips/{slip.number}/take-back/")
    assert "请带缴费凭证到经办机构办理退回" in picked
    bank(cashier, (slip.number, slip.total - 100, "BANK2"), ("420100209900000000000", "8.88", "BANK3"))
    desk = cashier.reads("/office/ledger/suspense/")
    assert "合计相符，认领入单" in desk and employer.name in desk
    assert "已到账" in cashier.does(f"/office/ledger/suspense/slip/{slip.number}/", deed="assign")
    assert Slip.objects.get().state == "paid"
    assert "认领入单" in clerk.reads(f"/employer/slips/{slip.number}/")
    books_balance()

    # The stray payment goes back: one officer proposes, another agrees.
    stray = Receipt.objects.get(reference="BANK3").id
    cashier.does("/office/ledger/suspense/settle/", deed="refund", receipt=stray, reason="付款人写错凭单号")
    (refund,) = Resolution.objects.filter(kind="refunded")
    assert "不能复核自己提出的退款" in cashier.does(
        f"/office/ledger/suspense/refund/{refund.id}/", deed="agree"
    )
    assert "退款已复核通过" in second_cashier.does(
        f"/office/ledger/suspense/refund/{refund.id}/", deed="agree"
    )
    refund.refresh_from_db()
    assert (refund.state, refund.proposed_by_name, refund.decided_by_name) == ("done", "钱账务", "孙复核")


def test_a_slip_and_its_assessment_are_taken_back_and_stay_to_be_seen(employer, clerk_of, books_balance):
    clerk = clerk_of(employer)
    person = employer.team[0]
    picks(clerk, "pay-arrears", person.id_number)
    claim = Claim.objects.get()
    picks(clerk, "make-arrears-slip", claim.number)
    slip = Slip.objects.get()
    picks(clerk, "take-back-arrears", slip.number)
    picks(clerk, "take-back-arrears", claim.number)
    assert "已退回" in clerk.reads("/employer/bills/")
    assert "已退回" in clerk.reads(f"/employer/slips/{slip.number}/")
    assert "可以办理" in clerk.reads("/filing/pay-arrears/pick/")
