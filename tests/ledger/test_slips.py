"""An employer asks for one number to pay everything that is outstanding."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger import slips
from shebao.ledger.models import Slip, SlipItem
from shebao.ledger.numbers import check_digit, slip_number
from tests.ledger.books import A_MONTH, CLERK, PAYER, broken

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER, DECEMBER = Month(2026, 10), Month(2026, 11), Month(2026, 12)


def is_sound(number: str) -> bool:
    return number[-1] == check_digit(number[:-1])


def test_a_number_with_one_wrong_digit_or_two_swapped_is_no_slip_number():
    number = slip_number("420100", NOVEMBER, 42)
    assert len(number) == 21 and number.startswith("42010020261100000042") and is_sound(number)
    for place in range(21):
        for digit in "0123456789":
            changed = number[:place] + digit + number[place + 1 :]
            assert is_sound(changed) is (changed == number)
    swapped = [number[:i] + number[i + 1] + number[i] + number[i + 2 :] for i in range(20)]
    assert not any(is_sound(text) for text in swapped if text != number)


def test_a_slip_takes_all_that_is_outstanding_up_to_its_month(books):
    employer = books.city.employer()
    team = books.team(employer, 3, since=OCTOBER)
    books.owed(team, employer, OCTOBER, NOVEMBER, DECEMBER)
    slip = books.slip(employer, NOVEMBER)
    assert slip.total == 2 * 3 * A_MONTH
    assert (slip.persons, slip.items, slip.first_month, slip.last_month) == (3, 18, OCTOBER, NOVEMBER)
    assert slip.employer_part + slip.personal_part == slip.total
    assert slip.number.startswith("420100202611") and is_sound(slip.number)
    assert Slip.objects.get().state == "open"
    assert not broken()


def test_a_slip_may_be_asked_for_chosen_months(books):
    employer = books.city.employer()
    books.owed(books.team(employer, 1, since=OCTOBER), employer, OCTOBER, NOVEMBER)
    assert books.slip(employer, NOVEMBER, months=[OCTOBER]).total == A_MONTH
    assert books.slip(employer, NOVEMBER).first_month == NOVEMBER


def test_a_second_slip_says_on_which_slip_the_dues_stand(books):
    employer = books.city.employer()
    books.owed(books.team(employer, 1, since=NOVEMBER), employer, NOVEMBER)
    slip = books.slip(employer, NOVEMBER)
    with pytest.raises(Unsettled, match=slip.number):
        books.slip(employer, NOVEMBER)


def test_who_owes_nothing_needs_no_slip(books):
    employer = books.city.employer()
    with pytest.raises(Unsettled, match="没有未缴"):
        books.slip(employer, NOVEMBER)
    assert not Slip.objects.exists()


def test_what_others_owe_for_the_same_person_is_not_ours(books):
    old, new = books.city.employer(), books.city.employer()
    (person,) = books.team(old, 1, since=OCTOBER, until=OCTOBER)
    books.city.works(person, new, since=NOVEMBER)
    books.owed([person], old, OCTOBER)
    books.owed([person], new, NOVEMBER)
    assert books.slip(new, NOVEMBER).first_month == NOVEMBER
    assert books.slip(old, NOVEMBER).last_month == OCTOBER
    assert not broken()


def test_a_flexible_worker_gets_a_slip_of_his_own(books):
    person = books.city.person()
    books.city.flexible(person, since=NOVEMBER)
    books.owed([person], person, NOVEMBER, schemes=["pension"])
    assert books.slip(person, NOVEMBER).total == Decimal("1440.00")
    assert not broken()


def test_a_credit_is_set_off_against_the_next_month(books):
    employer = books.city.employer()
    team = books.team(employer, 2, since=OCTOBER)
    books.owed(team, employer, OCTOBER)
    books.pays(books.slip(employer, OCTOBER))
    books.differs(team[0], employer, OCTOBER, "pension", "-100.00", "-50.00", "-50.00")
    with pytest.raises(Unsettled):
        books.slip(employer, NOVEMBER)
    assert not SlipItem.objects.filter(line=2).exists(), "the credit waits; it is not lost on a refused slip"
    books.owed(team, employer, NOVEMBER)
    assert books.slip(employer, NOVEMBER).total == 2 * A_MONTH - 150
    assert not broken()


def test_slips_for_many_payers_leave_out_those_who_owe_nothing(books):
    employers = [books.city.employer() for _ in range(4)]
    for employer in employers[:3]:
        books.owed(books.team(employer, 2, since=NOVEMBER), employer, NOVEMBER)
    made = slips.make_many([e.id for e in employers], NOVEMBER, by=CLERK)
    assert {slip.payer_id for slip in made} == {e.id for e in employers[:3]}
    assert len({slip.number for slip in made}) == 3
    assert slips.make_many([e.id for e in employers], NOVEMBER, by=CLERK) == []
    assert not broken()


def test_a_slip_taken_back_frees_its_dues_and_stays_on_file(books):
    employer = books.city.employer()
    books.owed(books.team(employer, 1, since=NOVEMBER), employer, NOVEMBER)
    first = books.slip(employer, NOVEMBER)
    slips.take_back(first.id, by=PAYER, payer_id=employer.id)
    second = books.slip(employer, NOVEMBER)
    assert second.total == first.total and second.number != first.number
    assert [s.state for s in slips.of_payer(employer.id)] == ["open", "taken_back"]
    with pytest.raises(Unsettled, match="已经退回"):
        slips.take_back(first.id, by=PAYER)
    assert not broken()


def test_a_paid_slip_is_not_taken_back_by_anybody(books):
    employer = books.city.employer()
    books.owed(books.team(employer, 1, since=NOVEMBER), employer, NOVEMBER)
    slip = books.slip(employer, NOVEMBER)
    books.pays(slip)
    for who in (PAYER, CLERK):
        with pytest.raises(Unsettled, match="已经到账"):
            slips.take_back(slip.id, by=who)


def test_when_wrong_money_came_only_the_agency_takes_the_slip_back(books):
    employer = books.city.employer()
    books.owed(books.team(employer, 1, since=NOVEMBER), employer, NOVEMBER)
    slip = books.slip(employer, NOVEMBER)
    books.money_comes(books.transfer(slip, amount="1.00"))
    with pytest.raises(Unsettled, match="到经办机构"):
        slips.take_back(slip.id, by=PAYER)
    assert slips.take_back(slip.id, by=CLERK).state == "taken_back"
    assert not broken()


def test_a_strangers_slip_does_not_exist(books):
    employer = books.city.employer()
    books.owed(books.team(employer, 1, since=NOVEMBER), employer, NOVEMBER)
    slip = books.slip(employer, NOVEMBER)
    for look in (
        lambda: slips.get(slip.number, payer_id=employer.id + 1),
        lambda: slips.take_back(slip.id, by=PAYER, payer_id=employer.id + 1),
    ):
        with pytest.raises(Slip.DoesNotExist):
            look()


def test_slips_and_their_lines_page_by_key(books):
    employer = books.city.employer()
    team = books.team(employer, 5, since=OCTOBER)
    books.owed(team, employer, OCTOBER, NOVEMBER)
    october, november = (books.slip(employer, NOVEMBER, months=[m]) for m in (OCTOBER, NOVEMBER))
    assert [s.id for s in slips.of_payer(employer.id, limit=1)] == [november.id]
    assert [s.id for s in slips.of_payer(employer.id, before=november.id)] == [october.id]
    first = slips.lines(november.id, limit=3)
    rest = slips.lines(november.id, after=first[-1]["person_id"], limit=3)
    assert [row["person_id"] for row in first + rest] == sorted(p.id for p in team)
    assert {row["amount"] for row in first + rest} == {A_MONTH}
    assert sum(row["amount"] for row in slips.by_scheme(november.id)) == november.total


def test_the_number_of_queries_does_not_grow_with_the_team(books):
    def queries(size):
        employer = books.city.employer()
        books.owed(books.team(employer, size, since=NOVEMBER), employer, NOVEMBER)
        with CaptureQueriesContext(connection) as asked:
            books.slip(employer, NOVEMBER)
        return len(asked)

    assert queries(3) == queries(60) <= 16
