"""What an employer itself paid, certified like a person's statement: figures, document, verification."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO
from unittest import mock

import pypdf
import pytest

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.notices.models import Notice
from shebao.registry.models import Person
from shebao.statements import issuance, keys, layout, verification
from shebao.statements.models import EmployerStatement, StatementKey
from shebao.statements.verification import Answer
from tests.statements.examples import CODE
from tests.statements.test_issuance import code_on

JANUARY, DECEMBER = Month(2025, 1), Month(2025, 12)
CLERK = "account:7"


@pytest.fixture(autouse=True)
def november():
    with clock.fixed(date(2026, 11, 22)):
        yield


@pytest.fixture
def employer(books):
    """Two people; 王敏 worked elsewhere first and is owed for in December."""
    employer = books.city.employer("汉江机械厂示例")
    books.worker("李小明", employer=employer)
    elsewhere = books.worker("王敏", months="2025-01 2025-03")
    books.due(elsewhere, employer, Month(2025, 4), Month(2025, 11))
    books.due(elsewhere, employer, DECEMBER, DECEMBER, paid=False)
    people = {"李小明": JANUARY, "王敏": Month(2025, 4)}
    for name, since in people.items():
        books.city.works(_person(name), employer, since=since)
    return employer


def _person(name):
    return Person.objects.get(name=name)


def issue(employer, person=None) -> EmployerStatement:
    return issuance.issue_of_employer(
        employer.id, JANUARY, DECEMBER, by=CLERK, person_id=person and person.id
    )


def figures_of(statement) -> dict:
    return json.loads(bytes(statement.snapshot))


def text_of(statement) -> str:
    reader = pypdf.PdfReader(BytesIO(issuance.pdf_of(statement)))
    return "\n".join(page.extract_text() for page in reader.pages)


class TestOfAll:
    def test_each_employee_has_a_line_of_what_the_employer_paid_itself(self, employer):
        lines = figures_of(issue(employer))["lines"]
        first, second = (dict(zip(lines["columns"], row, strict=True)) for row in lines["rows"])
        assert first["name"] == "李小明"
        assert first["months"] == 12
        assert first["pension"] == "12000.00"
        assert (second["months"], second["from"], second["to"]) == (9, "2025-04", "2025-12")
        assert second["arrears"] == "1600.00" == str(Decimal(second["due"]) - Decimal(second["paid"]))

    def test_nothing_of_the_employees_part_nor_of_others_is_stated(self, employer):
        statement = issue(employer)
        content = bytes(statement.snapshot).decode()
        assert "personal_paid" not in content and "large_medical" not in content
        assert "江城第" not in content + text_of(statement), "another employer's name"

    def test_id_numbers_are_half_covered_on_the_page_and_in_the_data(self, employer):
        statement = issue(employer)
        for number in (_person("李小明").id_number, _person("王敏").id_number):
            assert number not in bytes(statement.snapshot).decode() + text_of(statement)
            assert f"{number[:4]}**********{number[-4:]}" in text_of(statement)

    def test_the_page_names_employer_people_sums_serial_and_code(self, employer):
        statement = issue(employer)
        text = text_of(statement)
        for said in ("单位社会保险缴费对账单", employer.name, employer.uscc, "合计 2 人", statement.serial):
            assert said in text

    def test_it_is_found_genuine_by_file_by_code_and_offline(self, employer, key_folder):
        statement = issue(employer)
        pdf = issuance.pdf_of(statement)
        offline = verification.offline(pdf, keys.read_certificates(key_folder / "authority.pem"))
        for verdict in (
            verification.of_file(pdf), verification.of_code(statement.serial, code_on(statement)), offline,
        ):  # fmt: skip
            assert verdict.answer is Answer.GENUINE
            assert verdict.certified["employer"]["name"] == employer.name
            assert verdict.certified["totals"]["persons"] == 2
            assert {one["name"] for one in verdict.certified["people"]} == {"李*明", "王*"}
        how = [(one.how, one.answer) for one in issuance.lookups_of_employer(employer.id)]
        assert sorted(how) == [("code", "genuine"), ("file", "genuine")]

    def test_of_many_people_a_stranger_is_told_sums_alone(self, employer):
        with mock.patch.object(verification, "MOST_TOLD", 1):
            certified = verification.of_file(issuance.pdf_of(issue(employer))).certified
        assert certified["people"] == []
        assert certified["totals"]["arrears"] == "1600.00"

    def test_a_changed_byte_is_altered(self, employer):
        pdf = bytearray(issuance.pdf_of(issue(employer)))
        pdf[len(pdf) // 2] ^= 1
        assert verification.of_file(bytes(pdf)).answer is Answer.ALTERED

    def test_above_what_can_be_printed_the_lines_are_in_the_signed_data_alone(self, employer):
        with mock.patch.object(layout, "MOST_LINES", 1):
            statement = issue(employer)
        text = text_of(statement)
        assert "李小明" not in text and "合计 2 人" in text and "snapshot.json" in text
        attached = pypdf.PdfReader(BytesIO(issuance.pdf_of(statement))).attachments["snapshot.json"][0]
        assert [row[0] for row in json.loads(attached)["lines"]["rows"]] == ["李小明", "王敏"]

    def test_asking_again_gives_the_same_and_a_payment_a_new_one(self, books, employer):
        old = issue(employer)
        assert issue(employer).serial == old.serial
        books.due(_person("李小明"), employer, DECEMBER, DECEMBER, wage="10", line=2)
        new = issue(employer)
        assert new.serial != old.serial
        assert verification.of_file(issuance.pdf_of(old)).answer is Answer.SUPERSEDED
        assert StatementKey.objects.filter(employer_id=employer.id).count() == 2

    def test_revoked_its_owner_is_told(self, employer):
        statement = issue(employer)
        issuance.revoke(statement, "测试", by=CLERK)
        assert verification.of_file(issuance.pdf_of(statement)).answer is Answer.REVOKED
        assert Notice.objects.get(code="statement-revoked").recipient == f"employer:{employer.id}"

    def test_a_period_without_anybody_is_certified_as_that(self, books):
        assert "本期间没有缴费记录" in text_of(issue(books.city.employer()))

    def test_a_serial_of_a_person_is_none_of_an_employers(self, books, employer):
        """Serials are one row of numbers, whoever they belong to."""
        taken = issue(employer).serial
        drawn = iter([taken, "420100-261122-AAAA-AAAA-A"])
        with mock.patch("shebao.statements.serials.new_serial", lambda *_: next(drawn)):
            person = _person("李小明")
            assert issuance.issue(person.id, JANUARY, DECEMBER, by=CLERK).serial.endswith("AAAA-AAAA-A")


class TestOfOne:
    def test_one_employees_months_are_listed_by_insurance(self, employer):
        statement = issue(employer, _person("王敏"))
        figures = figures_of(statement)
        lines = [dict(zip(figures["lines"]["columns"], row, strict=True)) for row in figures["lines"]["rows"]]
        assert {line["month"] for line in lines} == {str(m) for m in Month.range(Month(2025, 4), DECEMBER)}
        assert lines[0] == {
            "month": "2025-04", "scheme": "pension", "payer": 1, "base": "6250.00", "employer": "1000.00",
            "employer_paid": "1000.00", "paid_on": "2025-04-20", "status": "paid", "terms": 1,
        }  # fmt: skip
        assert lines[-1]["status"] == "arrears"

    def test_neither_accounts_nor_the_employees_part_are_told(self, employer):
        statement = issue(employer, _person("王敏"))
        text = text_of(statement)
        assert "个人账户" not in text and "大额" not in text
        assert _person("王敏").id_number not in text + bytes(statement.snapshot).decode()

    def test_it_stands_beside_the_statement_of_all(self, employer):
        everybody, one = issue(employer), issue(employer, _person("王敏"))
        assert {everybody.state, one.state} == {"valid"}
        certified = verification.of_file(issuance.pdf_of(one)).certified
        assert (certified["name"], certified["employer"]["name"]) == ("王*", employer.name)
        assert certified["schemes"][0]["employer_paid"] == "8000.00"
        assert "personal_paid" not in certified["schemes"][0]

    def test_it_carries_the_code_to_verify_it(self, employer):
        statement = issue(employer, _person("王敏"))
        assert len(code_on(statement)) == len(CODE)
