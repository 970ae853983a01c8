"""A payroll system that lost its connection sends the same again, while the first is still on its way."""

from datetime import date

import pytest

from shebao.api import intakes
from shebao.api.intakes import Reused, Taken, Wish
from shebao.api.models import Intake
from shebao.casework import catalogue
from shebao.casework.models import Case
from shebao.foundation import clock
from shebao.identity import api_keys
from shebao.identity.acting import acting_as
from tests.casework.conftest import loan
from tests.identity import people
from tests.races.test_two_employers_one_person import at_once
from tests.scenes import City

pytestmark = pytest.mark.django_db(transaction=True)
WISH = Wish("", True, "hold")


@pytest.fixture
def admin(here_committed):
    employer = City().employer()
    roles = frozenset({"admin", "filer"})
    return acting_as(people.clerk(employer_id=employer.id, office_code="420102", roles=roles))


@pytest.fixture
def key(admin):
    return api_keys.issue("薪资系统", ["read", "file"], 90, by=admin)[0]


def received(rows, by, key, once="retry-1", wish=WISH):
    service = catalogue.service("borrow-books")
    return intakes.receive(service, rows, wish, idempotency_key=once, key=key, by=by)


def test_the_same_request_twice_at_once_opens_one_case(admin, key):
    results = at_once(*(lambda: received([loan(1)], admin, key) for _each in range(4)))
    assert {intake.case.number for intake, _again in results} == {Case.objects.get().number}
    assert sorted(again for _intake, again in results) == [False, True, True, True]
    assert Intake.objects.count() == 1


def test_of_two_requests_with_one_idempotency_key_one_is_refused(admin, key):
    results = at_once(*(lambda n=n: received([loan(n)], admin, key) for n in (1, 2)))
    assert sum(isinstance(one, Reused) for one in results) == 1
    assert Case.objects.count() == 1


def test_a_client_reference_is_taken_once_however_close_they_come(admin, key):
    wish = Wish("2026-11/0042", True, "hold")
    results = at_once(*(lambda n=n: received([loan(n)], admin, key, f"request-{n}", wish) for n in (1, 2)))
    (taken,) = [one for one in results if isinstance(one, Taken)]
    assert taken.number == Case.objects.get().number


def test_two_workers_at_one_intake_put_it_together_once(admin, key):
    with clock.fixed(date(2026, 11, 12)):
        intake, _again = received([loan(1), loan(2)], admin, key)
    at_once(*(lambda: intakes.carry_out(intake.pk) for _each in range(3)))
    case = Case.objects.get()
    assert case.rows.count() == 2
