"""A small employer's year: bills, a raise, arrears and their late fee, the yearly declaration, and its end."""

import re
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shebao.casework.models import Case
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger import arrears
from shebao.ledger.models import Due, Slip
from shebao.ledger.pursuit import Claim
from shebao.registry.models import Employer, Enrolment
from tests.identity import people
from tests.journeys.conftest import Desk
from tests.services.test_register_employer import PDF

pytestmark = [pytest.mark.django_db]


def picked(clerk, service, *keys, **typed) -> Case:
    clerk.does(f"/filing/{service}/pick/", deed="save", pick=list(keys), token=str(uuid4()), **typed)
    return Case.objects.latest("id")


def submitted(clerk, case, *papers) -> str:
    """Submit what the check page shows, with these papers by their place on it."""
    address = f"/filing/case/{case.number}/confirm/"
    shown = re.search(r'name="shown" value="([^"]*)"', clerk.client.get(address).content.decode())[1]
    files = {f"paper{place}": SimpleUploadedFile(f"{place}.pdf", PDF) for place in papers}
    told = clerk.does(address, declared="1", token=str(uuid4()), deed="submit", shown=shown, **files)
    case.refresh_from_db()
    return told


def pays(cashier, slip, amount=None, reference=None) -> None:
    line = f"{slip.number},{amount or slip.total},{clock.today()},{reference or uuid4().hex[:20]}\n"
    csv = "凭单号,金额,到账日期,流水号\n" + line
    cashier.does("/office/ledger/receipts/", file=SimpleUploadedFile("到账.csv", csv.encode()))


def slip_of(employer) -> Slip:
    return Slip.objects.filter(payer_id=employer.id).latest("id")


@contextmanager
def on_the_day(year, month, day, *desks):
    """Months later everybody has to sign in again."""
    with clock.fixed(date(year, month, day)):
        for desk in desks:
            desk.signs_in()
        yield


def test_from_the_first_bill_to_the_end_of_the_employer(city, clerk_of, officer, cashier, books_balance):
    employer = city.employer("武汉江汉示例贸易有限公司")
    chen, zhao = city.person("陈建国"), city.person("赵立新")
    city.works(chen, employer, since=Month(2025, 12), wage="6000")
    city.works(zhao, employer, since=Month(2025, 12), wage="8000")
    clerk = clerk_of(employer)
    second = Desk(
        people.opened(
            "jiangan02", "agency", display_name="孙复核", office_code="420102", roles=frozenset({"reviewer"})
        )
    )

    everybody = [clerk, officer, second, cashier]

    # Month by month a bill, a slip, and the money in time. In August Chen gets a raise, from September on.
    for month in Month.range(Month(2025, 12), Month(2026, 8)):
        with on_the_day(month.year, month.month, 10, *everybody):
            cashier.does("/office/ledger/run/", month=str(month))
            clerk.does("/employer/slips/new/", month=str(month))
            pays(cashier, slip_of(employer))
            assert slip_of(employer).state == Slip.State.PAID
    with on_the_day(2026, 8, 11, *everybody):
        raising = picked(clerk, "change-wages", chen.id_number, wage="7000", reason="post")
        assert "1,680.00" in clerk.reads(f"/filing/case/{raising.number}/confirm/"), (
            "24% of 7,000 for the pension"
        )
        submitted(clerk, raising)
        assert raising.state == "approved"
        assert "7,000.00" in clerk.reads("/employer/roster/?month=2026-09")

    # September is not paid. After the deadline it is in arrears; nobody can be paused.
    with on_the_day(2026, 9, 10, *everybody):
        cashier.does("/office/ledger/run/", month="2026-09")
    with on_the_day(2026, 10, 28, *everybody):
        cashier.does("/office/ledger/run/", month="2026-10")
        told = clerk.does(
            "/filing/pause-employees/pick/", deed="save", pick=zhao.id_number, reason="resigned", token=""
        )
        assert "存在社会保险欠费，不能办理暂停缴费" in told

        # Both are assessed together, with the late fee by day; a slip is made, taken back, and made again.
        assessing = picked(clerk, "pay-arrears", chen.id_number, zhao.id_number)
        assert "滞纳金" in clerk.reads(f"/filing/case/{assessing.number}/confirm/")
        submitted(clerk, assessing)
        assert assessing.state == "approved"
        claims = list(Claim.objects.filter(payer_id=employer.id).values_list("number", flat=True))
        assert len(claims) == 2
        submitted(clerk, picked(clerk, "make-arrears-slip", *claims))
        first = slip_of(employer)
        assert first.kind == Slip.Kind.ARREARS and first.late_fee > 0
        told = clerk.does(f"/employer/slips/{first.number}/take-back/")
        assert "已退回" in told
        submitted(clerk, picked(clerk, "make-arrears-slip", *claims))
        again = slip_of(employer)
        assert (again.total, again.id > first.id) == (first.total, True)
        for form in ("approval", "details"):
            case = Case.objects.latest("id")
            pdf = clerk.client.get(f"/filing/case/{case.number}/status/{form}-pdf/")
            assert pdf.status_code == 200, form
        pays(cashier, again)
        assert "已到账" in clerk.reads(f"/employer/slips/{again.number}/")
        books_balance()

    # October is paid with the next monthly slip; nothing is owed any more.
    with on_the_day(2026, 11, 5, *everybody):
        clerk.does("/employer/slips/new/", month="2026-10")
        pays(cashier, slip_of(employer))
        assert not arrears.by_month(employer.id, today=clock.today())

    # The yearly declaration: the roster comes filled in, Zhao's wage is put right, and every month gets a difference.
    with on_the_day(2026, 11, 10, *everybody):
        cashier.does("/office/ledger/run/", month="2026-11")
        clerk.does("/filing/declare-wages/fill/", token=str(uuid4()))
        declaring = Case.objects.latest("id")
        (row,) = declaring.rows.filter(key=zhao.id_number)
        told = clerk.does(
            f"/filing/case/{declaring.number}/rows/{row.number}/", deed="save", version=declaring.version,
            **row.raw | {"wage": "9000"},
        )  # fmt: skip
        assert "9,000.00" in told, told
        told = submitted(clerk, declaring)
        assert declaring.state == "submitted", told
        told = officer.does(f"/office/review/{declaring.number}/", deed="approve-all")
        declaring.refresh_from_db()
        assert declaring.state == "approved", (declaring.reason, told)
        later = Due.objects.filter(person_id=zhao.id, scheme="pension", line=2)
        assert sorted(str(one.month) for one in later) == [f"2026-{month:02d}" for month in range(1, 12)]
        assert {one.base for one in later} == {Decimal("9000.00")}
        raised = Enrolment.objects.get(person=chen, scheme="pension", ends=None)
        assert raised.declared_wage == 7000, "a raise that came later stays"

        # Zhao's November is written off with his signature; what is left comes in two parts, which suit together.
        writing_off = picked(clerk, "write-off-month", zhao.id_number)
        assert "注销后无法恢复" in clerk.reads(f"/filing/case/{writing_off.number}/confirm/")
        submitted(clerk, writing_off, 0)
        officer.does(f"/office/review/{writing_off.number}/", deed="approve-all")
        clerk.does("/employer/slips/new/", month="2026-11")
        slip = slip_of(employer)
        pays(cashier, slip, amount=slip.total - 100)
        assert "100.00" not in clerk.reads("/employer/"), "nothing is settled by a part"
        pays(cashier, slip, amount=Decimal("100.00"))
        assert slip.number in cashier.reads("/office/ledger/suspense/")
        cashier.does(f"/office/ledger/suspense/slip/{slip.number}/", deed="assign")
        assert "已到账" in clerk.reads(f"/employer/slips/{slip.number}/")
        books_balance()

        # It can't close while people are with it; both are paused, to the end of the month.
        closing = {
            "uscc": employer.uscc,
            "name": employer.name,
            "reason": "dissolved",
            "ended_on": "2026-11-02",
            "mobile": "13812345678",
        }
        told = clerk.does("/filing/deregister-employer/new/", deed="save", token=str(uuid4()), **closing)
        assert "还有 2 名职工在本单位参保，不能注销" in told
        leaving = picked(clerk, "pause-employees", chen.id_number, zhao.id_number, reason="contract_ended")
        submitted(clerk, leaving)
        officer.does(f"/office/review/{leaving.number}/", deed="approve-all")
        assert "陈建国" in clerk.reads("/employer/changes/?month=2026-11")

    # In December two officers close it, and its clerk is out.
    with on_the_day(2026, 12, 3, *everybody):
        told = clerk.does("/filing/deregister-employer/new/", deed="save", token=str(uuid4()), **closing)
        ending = Case.objects.latest("id")
        told = submitted(clerk, ending, 0)
        assert ending.state == "submitted", told
        officer.does(f"/office/review/{ending.number}/", deed="approve-all")
        second.does(f"/office/review/{ending.number}/", deed="approve-all")
        employer.refresh_from_db()
        assert employer.state == Employer.State.CLOSED
        assert clerk.client.get("/employer/").status_code in (302, 404)
        assert not Due.objects.filter(payer_id=employer.id, month=Month(2026, 12)).exists()
