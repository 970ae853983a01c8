"""The two lists of the work bench: in pages, narrowed, and never another party's."""

from datetime import date, timedelta

import pytest

from shebao.casework import benches, cases, review
from shebao.casework.benches import Sought
from shebao.casework.listing import Asked
from shebao.casework.review import send_back
from shebao.foundation import clock
from tests.casework.conftest import clerk, loan, number, officer

ALL = Sought()


def numbers(page):
    return [case.number for case in page.lines]


@pytest.fixture
def twelve(here):
    made = []
    for n in range(12):
        with clock.fixed(date(2026, 11, 1) + timedelta(days=n)):
            made.append(here.saved(loan(n + 1)))
    return made


def test_the_to_do_list_is_walked_forth_and_back_in_pages(here, twelve):
    newest_first = [case.number for case in reversed(twelve)]
    first = benches.todo(here.by, ALL, Asked(most=5))
    second = benches.todo(here.by, ALL, Asked(after=first.next, most=5))
    third = benches.todo(here.by, ALL, Asked(after=second.next, most=5))
    assert numbers(first) + numbers(second) + numbers(third) == newest_first
    assert (first.previous, third.next) == ("", "")
    back = benches.todo(here.by, ALL, Asked(before=third.previous, most=5))
    assert numbers(back) == numbers(second)
    assert numbers(benches.todo(here.by, ALL, Asked(before=back.previous, most=5))) == numbers(first)


def test_an_address_that_leads_nowhere_leads_to_the_first_page(here, twelve):
    for nonsense in ("x", "[1]", '["draft","yesterday",1]', "[null,null,null]"):
        assert len(benches.todo(here.by, ALL, Asked(after=nonsense)).lines) == 10


def test_returned_cases_stand_first(here, twelve):
    cases.submit(twelve[0], by=here.by)
    review.decide_all(twelve[0], send_back("书名写错"), by=officer())
    assert numbers(benches.todo(here.by, ALL, Asked(most=3)))[0] == twelve[0].number
    assert numbers(benches.todo(here.by, Sought(state="returned"), Asked())) == [twelve[0].number]


def test_a_case_is_found_by_its_number_its_service_or_a_person_in_it(here, twelve):
    other = here.saved(loan(50, name="王强"))
    for text in (other.number, number(50), number(50)[:17], "王强", " 王 强 "):
        assert numbers(benches.todo(here.by, Sought(text=text), Asked())) == [other.number]
    assert not benches.todo(here.by, Sought(service="return-books"), Asked()).lines
    assert not benches.todo(clerk(party=8), Sought(text="王强"), Asked()).lines


def test_the_tally_sums_up_both_lists(here, twelve):
    for case in twelve[:3]:
        cases.submit(case, by=here.by)
    review.decide_all(twelve[0], review.APPROVE, by=officer())
    cases.withdraw(twelve[5], by=here.by)
    counted = benches.tally(here.by)
    assert (counted["returned"], counted["draft"], counted["submitted"], counted["approved"]) == (0, 8, 2, 1)
    assert len(benches.done(here.by, ALL, Asked(most=50)).lines) == counted["done"] == 3
    assert benches.under_way_since(benches.done(here.by, ALL, Asked())) == twelve[2].submitted_at


def test_both_lists_are_narrowed_by_state_and_day_and_turned_round(twelve, here):
    fifth = date(2026, 11, 5)
    found = benches.todo(here.by, Sought(since=fifth, until=fifth), Asked(most=50))
    assert numbers(found) == [twelve[4].number]
    assert not benches.todo(here.by, Sought(since=date(2026, 11, 13)), Asked()).lines
    assert not benches.todo(here.by, Sought(until=date(2026, 10, 31)), Asked()).lines
    newest = numbers(benches.todo(here.by, ALL, Asked(most=50)))
    assert numbers(benches.todo(here.by, Sought(oldest_first=True), Asked(most=50))) == newest[::-1]
    cases.withdraw(twelve[3], by=here.by)
    for case in twelve[:3]:
        cases.submit(case, by=here.by)
    review.decide_all(twelve[0], review.APPROVE, by=officer())
    done = benches.done(here.by, Sought(state="approved", since=clock.today()), Asked())
    assert numbers(done) == [twelve[0].number]
    oldest = benches.done(here.by, Sought(oldest_first=True), Asked())
    assert numbers(oldest)[0] == twelve[0].number
