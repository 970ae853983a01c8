"""An employer downloads what was certified of it, sees who verified it, and nobody else sees either."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.statements import issuance, verification
from tests.identity import people

pytestmark = pytest.mark.django_db
PATH = "/employer/statements/"


@pytest.fixture(autouse=True)
def november():
    with clock.fixed(date(2026, 11, 22)):
        yield


@pytest.fixture
def statement(books):
    employer = books.city.employer("汉江机械厂示例")
    person = books.worker(employer=employer)
    books.city.works(person, employer, since=Month(2025, 1))
    return issuance.issue_of_employer(employer.id, Month(2025, 1), Month(2025, 12), by="account:7")


def clerk_of(employer_id: int, username: str, *roles: str) -> Client:
    client = Client()
    client.force_login(
        people.opened(
            username, "employer", employer_id=employer_id, party_name="示例公司", roles=frozenset(roles)
        )
    )
    return client


def test_its_own_statement_is_listed_and_downloaded_as_issued(statement):
    client = clerk_of(statement.employer_id, "hanjiang01", "filer")
    page = client.get(PATH).content.decode()
    assert statement.serial in page and "开具对账单" in page
    answer = client.get(f"{PATH}{statement.serial}.pdf")
    assert answer.content == issuance.pdf_of(statement)


def test_it_sees_that_a_stranger_verified(statement):
    client = clerk_of(statement.employer_id, "hanjiang01", "filer")
    assert "谁核验过" not in client.get(PATH).content.decode()
    verification.of_file(issuance.pdf_of(statement), origin="203.0.113.0/24")
    page = client.get(PATH).content.decode()
    assert "谁核验过" in page and "203.0.113.0/24" in page


def test_another_employer_finds_nothing(statement, books):
    client = clerk_of(books.city.employer().id, "donghu01", "filer")
    assert statement.serial not in client.get(PATH).content.decode()
    assert client.get(f"{PATH}{statement.serial}.pdf").status_code == 404


def test_a_clerk_who_may_not_file_is_not_offered_to(statement):
    client = clerk_of(statement.employer_id, "hanjiang02", "payer")
    assert "开具对账单" not in client.get(PATH).content.decode()


def test_a_stranger_who_drops_the_file_reads_employer_and_sums(statement, client):
    file = SimpleUploadedFile("x.pdf", issuance.pdf_of(statement), "application/pdf")
    page = client.post("/verify/", {"file": file}).content.decode()
    assert "查验一致" in page and "汉江机械厂示例" in page
    assert "单位应缴 19,200.00 元，已到账 19,200.00 元，欠费 0.00 元" in page
    assert "李*明" in page and "李小明" not in page
