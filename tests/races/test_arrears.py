"""Two hands on the same arrears at the same moment: assessment, slip, money, taking back, refund. Exactly one wins."""

from datetime import date

import pytest

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.identity.acting import Acting
from shebao.ledger import arrears_slips, claims, receipts, slips, suspense, writeoffs
from shebao.ledger.models import Allocation, Claim, Receipt, Resolution, Slip
from tests.ledger.books import CLERK, PAYER, PRICES, Books, bank_file, broken
from tests.races.test_money import losers
from tests.races.test_two_employers_one_person import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SEPTEMBER = Month(2026, 9)
ROUNDS = range(3)  # who comes first is up to the machine
SECOND = Acting(33, "孙复核", "agency", None, "江岸区社保处", frozenset({"ledger"}), "420102")


@pytest.fixture(autouse=True)
def on_the_22nd_of_november(settings):
    settings.SHEBAO_TODAY = "2026-11-22"
    assert clock.today() == date(2026, 11, 22)


@pytest.fixture
def books():
    books = Books()
    books.last_days_are_known()
    return books


@pytest.fixture
def employer(books):
    employer = books.city.employer()
    employer.team = books.team(employer, 2, since=SEPTEMBER)
    books.owed(employer.team, employer, SEPTEMBER)
    return employer


def assess(employer):
    return claims.assess({person.id: "case:1" for person in employer.team}, employer.id, by=PAYER)


def ask(employer, made):
    return arrears_slips.make(employer.id, [one.number for one in made], by=PAYER)


@pytest.mark.parametrize("round", ROUNDS)
def test_two_assessments_of_the_same_people(employer, round):
    assert len(losers(at_once(lambda: assess(employer), lambda: assess(employer)))) == 1
    assert Claim.objects.count() == 2
    assert not broken()


@pytest.mark.parametrize("round", ROUNDS)
def test_an_assessment_while_the_dues_are_written_off(employer, round):
    keys = [writeoffs.DueKey(employer.team[0].id, scheme, employer.id, SEPTEMBER) for scheme in PRICES]
    results = at_once(
        lambda: assess(employer),
        lambda: writeoffs.write_off(keys, on=date(2026, 11, 22), source="case:2", by=CLERK),
    )
    assert len(losers(results)) == 1
    assert (Claim.objects.count(), Allocation.objects.count()) in {(2, 0), (0, 3)}
    assert not broken()


@pytest.mark.parametrize("round", ROUNDS)
def test_a_slip_is_made_while_its_assessment_is_taken_back(employer, round):
    made = assess(employer)
    results = at_once(
        lambda: ask(employer, made), lambda: claims.take_back(made[0].number, by=PAYER, payer_id=employer.id)
    )
    assert len(losers(results)) == 1
    states = set(Claim.objects.values_list("state", flat=True))
    assert states == ({"asked"} if Slip.objects.exists() else {"taken_back", "ready"})
    assert not broken()


@pytest.mark.parametrize("round", ROUNDS)
def test_two_slips_over_one_assessment(employer, round):
    made = assess(employer)
    assert len(losers(at_once(lambda: ask(employer, made), lambda: ask(employer, made)))) == 1
    assert Slip.objects.count() == 1
    assert not broken()


@pytest.mark.parametrize("round", ROUNDS)
def test_money_comes_while_the_slip_is_taken_back(books, employer, round):
    slip = ask(employer, assess(employer))
    data = bank_file(books.transfer(slip))
    results = at_once(
        lambda: slips.take_back(slip.id, by=PAYER), lambda: receipts.take_in(data, "a.csv", by=CLERK)
    )
    paid = bool(losers(results))
    assert Slip.objects.get().state == ("paid" if paid else "taken_back")
    assert Receipt.objects.get().state == ("matched" if paid else "slip_taken_back")
    assert set(Claim.objects.values_list("state", flat=True)) == ({"paid"} if paid else {"ready"})
    assert not broken()


@pytest.mark.parametrize("round", ROUNDS)
def test_the_same_money_is_assigned_and_refunded(books, employer, round):
    slip = ask(employer, assess(employer))
    books.money_comes(books.transfer(slip, amount="100.00"), books.transfer(slip, amount=slip.total - 100))
    ids = list(Receipt.objects.values_list("id", flat=True))
    results = at_once(
        lambda: suspense.assign(slip.number, ids, by=CLERK),
        lambda: suspense.propose_refund(ids[:1], "写错", by=SECOND),
    )
    assert len(losers(results)) == 1
    assert Resolution.objects.count() == 1
    assert not broken()


@pytest.mark.parametrize("round", ROUNDS)
def test_the_same_money_is_assigned_twice(books, employer, round):
    slip = ask(employer, assess(employer))
    books.money_comes(books.transfer(slip, amount="100.00"), books.transfer(slip, amount=slip.total - 100))
    ids = list(Receipt.objects.values_list("id", flat=True))
    results = at_once(*(lambda: suspense.assign(slip.number, ids, by=CLERK),) * 2)
    assert len(losers(results)) == 1
    assert not broken()
