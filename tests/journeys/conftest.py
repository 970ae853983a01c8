"""A small city, its people at their desks, and the words in which journeys speak. Everything goes through HTTP."""

import re
from datetime import date
from html import unescape
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from shebao.casework.models import Case
from shebao.foundation import clock
from shebao.ledger import invariants
from tests import policies
from tests.identity import people
from tests.jobs import work
from tests.scenes import City
from tests.statements.conftest import hall, key_folder

__all__ = ["hall", "key_folder"]


class Desk:
    """Somebody signed in, and what he does on the pages."""

    def __init__(self, account=None):
        self.account = account
        self.signs_in()

    def signs_in(self) -> None:
        """In a fresh browser: the next morning, or months later."""
        self.client = Client()
        if self.account:
            self.client.force_login(self.account)

    def reads(self, url, **query) -> str:
        """What a page says, without its markup."""
        return words(self.client.get(url, query, follow=True))

    def does(self, url, **posted) -> str:
        """Post a form, let the workers work, and read the page that follows."""
        answer = self.client.post(url, posted, follow=True)
        assert answer.status_code in (200, 422), f"{url}: {answer.status_code}"
        work()
        return words(answer)

    def enters(self, service, **written) -> Case:
        self.does(
            f"/filing/{service}/new/", deed="save", token=str(uuid4()), **self._ticked(service) | written
        )
        return Case.objects.latest("id")

    def _ticked(self, service) -> dict[str, list[str]]:
        """What comes ticked with the form: a browser posts it back."""
        form = self.client.get(f"/filing/{service}/new/", follow=True).content.decode()
        found: dict[str, list[str]] = {}
        for box in re.findall(r'<input type="checkbox"[^>]*>', form):
            if re.search(r"\bchecked\b", box):
                name, value = (re.search(rf'\b{one}="([^"]*)"', box)[1] for one in ("name", "value"))
                found.setdefault(name, []).append(value)
        return found

    def submits(self, case) -> str:
        return self.does(
            f"/filing/case/{case.number}/confirm/", declared="1", token=str(uuid4()), deed="submit"
        )

    def template(self, service):
        """The workbook as it is downloaded."""
        return load_workbook(BytesIO(self.client.get(f"/filing/{service}/template.xlsx").content))

    def uploads(self, service, book, name="名单.xlsx") -> Case:
        out = BytesIO()
        book.save(out)
        self.does(
            f"/filing/{service}/batch/", token=str(uuid4()), file=SimpleUploadedFile(name, out.getvalue())
        )
        return Case.objects.latest("id")


def words(answer) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))).strip()


@pytest.fixture(autouse=True)
def today():
    with clock.fixed(date(2026, 11, 12)):
        yield


@pytest.fixture
def city(db) -> City:
    policies.load(synthetic=True)
    return City()


@pytest.fixture
def clerk_of():
    """A clerk of an employer, signed in."""

    def signed_in(employer) -> Desk:
        return Desk(
            people.opened(
                f"danwei{employer.id}",
                "employer",
                employer_id=employer.id,
                party_name=employer.name,
                grade=employer.grade,
                office_code=employer.office_id,
                roles=frozenset({"filer", "payer"}),
            )
        )

    return signed_in


@pytest.fixture
def officer(db) -> Desk:
    return Desk(people.officer(office_code="420102"))


@pytest.fixture
def cashier(db) -> Desk:
    return Desk(
        people.opened(
            "zhangwu01",
            "agency",
            display_name="钱账务",
            party_name="江岸区社保处",
            office_code="420102",
            roles=frozenset({"ledger"}),
        )  # fmt: skip
    )


@pytest.fixture
def books_balance():
    """Every journey ends by proving the books."""

    def prove():
        broken = invariants.broken()
        assert not broken, [(one.invariant.in_english, one.examples) for one in broken]

    yield prove
    prove()
