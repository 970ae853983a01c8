"""Written off is final, and nothing that is being paid is written off."""

from datetime import date

import pytest

from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger import accounts, slips
from shebao.ledger.models import Allocation
from shebao.ledger.writeoffs import DueKey, write_off
from tests.ledger.books import A_MONTH, CLERK, PAYER, PRICES, broken

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)
TODAY = date(2026, 11, 22)


@pytest.fixture
def employer(books):
    employer = books.city.employer()
    employer.team = books.team(employer, 2, since=NOVEMBER)
    books.owed(employer.team, employer, NOVEMBER)
    return employer


def lines(employer, person):
    return [DueKey(person.id, scheme, employer.id, NOVEMBER) for scheme in PRICES]


def forgive(keys):
    write_off(keys, on=TODAY, source="case:42010020261122000001", by=CLERK)


def test_what_is_written_off_is_not_asked_for_and_credits_nothing(books, employer):
    first, second = employer.team
    forgive(lines(employer, first))
    assert books.slip(employer, NOVEMBER).total == A_MONTH
    assert set(accounts.balances(first.id).values()) == {0}
    assert not broken()


def test_what_stands_on_a_slip_is_not_written_off(books, employer):
    slip = books.slip(employer, NOVEMBER)
    with pytest.raises(Unsettled, match=slip.number):
        forgive(lines(employer, employer.team[0]))
    slips.take_back(slip.id, by=PAYER)
    forgive(lines(employer, employer.team[0]))
    assert not broken()


def test_one_line_that_is_settled_stops_all_of_them(books, employer):
    books.pays(books.slip(employer, NOVEMBER))
    books.owed(employer.team, employer, NOVEMBER.plus(1))
    fresh = DueKey(employer.team[0].id, "pension", employer.id, NOVEMBER.plus(1))
    with pytest.raises(Unsettled, match="已缴清或已注销"):
        forgive([fresh, *lines(employer, employer.team[0])])
    assert not Allocation.objects.filter(kind="written_off").exists()


def test_a_line_that_does_not_exist_stops_all_of_them(employer):
    with pytest.raises(Unsettled, match="不存在"):
        forgive(
            [*lines(employer, employer.team[0]), DueKey(employer.team[0].id, "injury", employer.id, NOVEMBER)]
        )
    assert not Allocation.objects.exists()
