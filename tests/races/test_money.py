"""Two hands reach for the same dues at the same moment: exactly one wins, the other reads why."""

from datetime import date

import pytest

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger import receipts, slips, writeoffs
from shebao.ledger.models import Allocation, Receipt, Slip, SlipItem
from tests.ledger.books import CLERK, PAYER, PRICES, Books, bank_file, broken
from tests.races.test_two_employers_one_person import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NOVEMBER = Month(2026, 11)
ROUNDS = range(4)  # who comes first is up to the machine


@pytest.fixture
def books():
    return Books()


@pytest.fixture
def employer(books):
    employer = books.city.employer()
    employer.team = books.team(employer, 3, since=NOVEMBER)
    books.owed(employer.team, employer, NOVEMBER)
    return employer


def losers(results) -> list[Unsettled]:
    assert all(not isinstance(one, Exception) or isinstance(one, Unsettled) for one in results), results
    return [one for one in results if isinstance(one, Unsettled)]


def states() -> list[str]:
    return sorted(Receipt.objects.values_list("state", flat=True))


@pytest.mark.parametrize("round", ROUNDS)
def test_two_slips_for_the_same_dues(employer, round):
    ask = lambda: slips.make_monthly(employer.id, NOVEMBER, by=PAYER)  # noqa: E731
    results = at_once(ask, ask)
    (loser,) = losers(results)
    assert Slip.objects.get().number in loser.sentence
    assert SlipItem.objects.count() == 9
    assert not broken()


@pytest.mark.parametrize("round", ROUNDS)
def test_two_files_with_money_for_one_slip(books, employer, round):
    slip = books.slip(employer, NOVEMBER)
    files = [bank_file(books.transfer(slip)) for _ in range(2)]
    results = at_once(*(lambda f=f: receipts.take_in(f, "a.csv", by=CLERK) for f in files))
    assert not losers(results)
    assert states() == ["already_paid", "matched"]
    assert Allocation.objects.count() == 9
    assert not broken()


@pytest.mark.parametrize("round", ROUNDS)
def test_one_file_taken_in_twice_at_once(books, employer, round):
    data = bank_file(books.transfer(books.slip(employer, NOVEMBER)))
    results = at_once(*(lambda: receipts.take_in(data, "a.csv", by=CLERK),) * 2)
    assert sorted(one.again for one in results) == [False, True]
    assert states() == ["matched"]
    assert not broken()


@pytest.mark.parametrize("round", ROUNDS)
def test_two_files_with_the_same_bank_reference(books, employer, round):
    slip = books.slip(employer, NOVEMBER)
    row = books.transfer(slip)
    other = ("420100202611999999990", "5.00", "2026-11-12", "B-other")
    files = [bank_file(row), bank_file(row, other)]
    results = at_once(*(lambda f=f: receipts.take_in(f, "a.csv", by=CLERK) for f in files))
    assert sum(one.file.repeated for one in results) == 1
    assert states() == ["matched", "unknown_slip"]
    assert not broken()


@pytest.mark.parametrize("round", ROUNDS)
def test_a_slip_is_taken_back_while_its_money_comes(books, employer, round):
    slip = books.slip(employer, NOVEMBER)
    data = bank_file(books.transfer(slip))
    results = at_once(
        lambda: slips.take_back(slip.id, by=PAYER),
        lambda: receipts.take_in(data, "a.csv", by=CLERK),
    )
    if losers(results):
        assert (Slip.objects.get().state, states()) == ("paid", ["matched"])
    else:
        assert (Slip.objects.get().state, states()) == ("taken_back", ["slip_taken_back"])
        assert not Allocation.objects.exists()
    assert not broken()


@pytest.mark.parametrize("round", ROUNDS)
def test_dues_are_written_off_while_a_slip_is_made(employer, round):
    person = employer.team[0]
    keys = [writeoffs.DueKey(person.id, scheme, employer.id, NOVEMBER) for scheme in PRICES]
    results = at_once(
        lambda: slips.make_monthly(employer.id, NOVEMBER, by=PAYER),
        lambda: writeoffs.write_off(keys, on=date(2026, 11, 22), source="case:1", by=CLERK),
    )
    (slip,) = Slip.objects.all()
    assert slip.items == (9 if losers(results) else 6)
    assert Allocation.objects.count() == (0 if losers(results) else 3)
    assert not broken()


@pytest.fixture(autouse=True)
def on_the_22nd_of_november(settings):
    # A setting, not `clock.fixed`: that would hold in this thread alone.
    settings.SHEBAO_TODAY = "2026-11-22"
    assert clock.today() == date(2026, 11, 22)
