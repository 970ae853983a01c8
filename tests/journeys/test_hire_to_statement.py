"""Hires become insured, billed and paid, and stand on a signed statement that a stranger verifies."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shebao.foundation.months import Month
from shebao.ledger.models import Receipt, Slip
from shebao.registry.models import Enrolment, Person
from shebao.statements import issuance
from tests.identity import people
from tests.journeys.conftest import Desk

pytestmark = [pytest.mark.django_db]
NOVEMBER = "2026-11"


def hire(number, name, wage="6500", hired_on="2026-11-02"):
    return {"id_number": number, "name": name, "hired_on": hired_on, "wage": wage}


def test_the_main_job_end_to_end(city, clerk_of, officer, cashier, books_balance):
    employer = city.employer("武汉江汇精密制造示例公司")
    veteran, leaver = city.person("陈建国"), city.person("赵立新")
    for person in (veteran, leaver):
        city.works(person, employer, since=Month(2026, 11))
    clerk = clerk_of(employer)
    assert "没有待办" in clerk.reads("/employer/") or "待办任务列表" in clerk.reads("/employer/")

    # One new hire by form: enter, check, submit.
    wang = city.stranger(sex="F")
    case = clerk.enters("enrol-employees", **hire(wang, "王晓兰"))
    assert "王晓兰" in clerk.reads(f"/filing/case/{case.number}/confirm/")
    clerk.submits(case)
    assert "待窗口审核" in clerk.reads(f"/filing/case/{case.number}/status/")

    # A roster by workbook: good rows, bad rows, all problems at once, and the failures back as a workbook.
    book = clerk.template("enrol-employees")
    sheet = book.worksheets[0]
    good = [city.stranger() for _ in range(4)]
    for line, number in enumerate(good, 2):
        for column, text in enumerate([number, f"新员工{'一二三四'[line - 2]}", "2026-11-03", "7000"], 1):
            sheet.cell(line, column, text)
    for column, text in enumerate([city.stranger(), "坏行", "2026-03-01", "伍仟"], 1):
        sheet.cell(6, column, text)
    roster = clerk.uploads("enrol-employees", book)
    page = clerk.reads(f"/filing/case/{roster.number}/roster/")
    roster.refresh_from_db()
    assert (roster.good, roster.bad) == (4, 1)
    assert "请填数字" in page or "数字" in page
    failures = clerk.client.get(f"/filing/case/{roster.number}/failures.xlsx")
    assert failures.content[:2] == b"PK"
    clerk.submits(roster)

    # The agency approves the first case whole, and of the roster all but one, which comes back with its reason.
    assert case.number in officer.reads("/office/review/")
    officer.does(f"/office/review/{case.number}/", deed="approve-all")
    # Rows are numbered as the margin of the sheet counts: the first person stands in line 2.
    verdicts = {f"verdict_{number}": "approve" for number in (2, 3, 4)} | {"verdict_5": "return"}
    officer.does(f"/office/review/{roster.number}/", deed="some", reason="劳动合同未盖章", **verdicts)
    assert "劳动合同未盖章" in clerk.reads("/employer/")
    assert "结束" in clerk.reads(f"/filing/case/{case.number}/status/")
    assert Enrolment.objects.filter(payer_id=employer.id, scheme="pension", ends=None).count() == 6

    # One leaves: picked from the roster.
    pause = clerk.does(
        "/filing/pause-employees/pick/", deed="save", pick=leaver.id_number, reason="resigned", token=""
    )
    assert "赵立新" in pause or "赵*新" in pause
    pausing = type(case).objects.latest("id")
    clerk.submits(pausing)
    officer.does(f"/office/review/{pausing.number}/", deed="approve-all")
    assert not Enrolment.objects.filter(person=leaver, ends=None).exists()

    # The month is run at the ledger desk; the employer sees the bill and makes a slip.
    cashier.does("/office/ledger/run/", month=NOVEMBER)
    assert NOVEMBER in clerk.reads("/employer/bills/")
    clerk.does("/employer/slips/new/", month=NOVEMBER)
    slip = Slip.objects.get(payer_id=employer.id)
    assert f"{slip.total:,.2f}" in clerk.reads(f"/employer/slips/{slip.number}/")

    # Money comes: a wrong amount and an unknown slip into suspense, the exact amount settles everything.
    csv = (
        "凭单号,金额,到账日期,流水号\n"
        f"{slip.number},{slip.total - 1},2026-11-12,BANK001\n"
        f"{slip.number},{slip.total},2026-11-12,BANK002\n"
    )
    cashier.does("/office/ledger/receipts/", file=SimpleUploadedFile("到账.csv", csv.encode()))
    assert dict(Receipt.objects.values_list("reference", "state")) == {
        "BANK001": "wrong_amount",
        "BANK002": "matched",
    }
    assert "已到账" in clerk.reads(f"/employer/slips/{slip.number}/")
    books_balance()

    # The hired person signs in, reads how it was worked out, and takes a signed statement.
    person = Person.objects.get(id_number=wang)
    me = Desk(people.opened(wang, "person", person_id=person.id, display_name="王晓兰"))
    overview = me.reads("/individual/")
    assert "520.00" in overview, "8% of 6,500 in the pension account"
    why = me.reads(f"/individual/contributions/{NOVEMBER}/")
    assert "6,500.00 × 16%" in why and "6,500.00 × 8%" in why
    me.does("/individual/statements/", first=NOVEMBER, last=NOVEMBER)
    (statement,) = issuance.of_person(person.id)
    pdf = me.client.get(f"/individual/statements/{statement.serial}/")
    assert pdf["Content-Type"] == "application/pdf"

    # A stranger drops the file on the page; one changed byte is caught.
    stranger = Desk()
    told = stranger.does("/verify/", file=SimpleUploadedFile("对账单.pdf", pdf.content))
    assert "查验一致" in told
    broken = bytearray(pdf.content)
    broken[1000] ^= 1
    told = stranger.does("/verify/", file=SimpleUploadedFile("对账单.pdf", bytes(broken)))
    assert "内容被改动" in told


def test_a_trusted_employers_roster_goes_through_by_itself_but_for_the_late_one(
    city, clerk_of, officer, books_balance
):
    trusted = city.employer("武汉东湖软件示例公司", grade="trusted")
    clerk = clerk_of(trusted)
    book = clerk.template("enrol-employees")
    for line, hired_on in enumerate(["2026-11-02", "2026-11-03", "2026-09-01"], 2):
        for column, text in enumerate([city.stranger(), "新员工", hired_on, "9000"], 1):
            book.worksheets[0].cell(line, column, text)
    case = clerk.uploads("enrol-employees", book)
    clerk.submits(case)
    assert Enrolment.objects.filter(payer_id=trusted.id, scheme="pension").count() == 2
    assert case.number in officer.reads("/office/review/")
    officer.does(f"/office/review/{case.number}/", deed="approve-all")
    assert Enrolment.objects.filter(payer_id=trusted.id, scheme="pension").count() == 3


def test_somebody_with_arrears_is_not_paused(city, clerk_of, books_balance):
    from shebao.assessment import runs

    employer = city.employer()
    debtor = city.person("周芳")
    city.works(debtor, employer, since=Month(2026, 8))
    runs.assess([debtor.id], [Month(2026, 8), Month(2026, 9)], source="scene")
    clerk = clerk_of(employer)
    page = clerk.does(
        "/filing/pause-employees/pick/", deed="save", pick=debtor.id_number, reason="resigned", token=""
    )
    assert "存在社会保险欠费，不能办理暂停缴费" in page
    assert Enrolment.objects.filter(person=debtor, ends=None).exists()


def test_what_is_somebody_elses_does_not_exist(city, clerk_of):
    ours, theirs = city.employer(), city.employer()
    case = clerk_of(ours).enters("enrol-employees", **hire(city.stranger(), "李小明"))
    other = clerk_of(theirs).client
    for url in (
        f"/filing/case/{case.number}/",
        f"/filing/case/{case.number}/confirm/",
        "/employer/slips/123/",
    ):
        assert other.get(url).status_code == 404
    person = Desk(people.opened("420102199202299993", "person", person_id=1, display_name="李"))
    assert person.client.get("/employer/roster/").status_code == 404
    assert person.client.get("/office/review/").status_code == 404


def test_nobody_signed_in_is_led_to_the_door(db):
    for url in ("/employer/", "/individual/", "/office/review/", "/office/ledger/"):
        answer = Desk().client.get(url)
        assert answer.status_code == 302 and "/login/" in answer["Location"]
