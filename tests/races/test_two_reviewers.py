"""Two officers, two clerks, two employers, two readers at the same moment: exactly one wins, the other reads why."""

import pytest

from shebao.casework import cases, review, rosters
from shebao.casework.models import Case
from shebao.casework.review import APPROVE, send_back
from shebao.foundation.unsettled import Unsettled
from tests.casework.conftest import again, clerk, loan, number, officer, sheet, states
from tests.races.test_two_employers_one_person import at_once


def refusals(results):
    return [one.sentence for one in results if isinstance(one, Unsettled)]


@pytest.mark.parametrize(
    "second", [APPROVE, send_back("借书单没有盖章")], ids=["both approve", "one returns"]
)
def test_one_of_two_officers_decides(here_committed, second):
    case = here_committed.submitted(loan(1))
    results = at_once(
        lambda: review.decide(again(case), {1: APPROVE}, by=officer(900)),
        lambda: review.decide(again(case), {1: second}, by=officer(901)),
    )
    assert len(refusals(results)) == 1 and "审核" in refusals(results)[0]
    assert case.moves.filter(before="submitted").count() == 1
    assert states(case) in (["结束"], ["被回退"])
    assert len(here_committed.loans()) == (states(case) == ["结束"])


def test_two_officers_on_different_rows_of_a_case_both_count(here_committed):
    case = here_committed.submitted(loan(1), loan(2))
    at_once(
        lambda: review.decide(again(case), {1: APPROVE}, by=officer(900)),
        lambda: review.decide(again(case), {2: APPROVE}, by=officer(901)),
    )
    assert (again(case).state, states(case)) == ("approved", ["结束", "结束"])


def test_of_two_cases_about_one_reader_one_takes_effect_and_the_rest_of_the_other_too(here_committed):
    mine = here_committed.submitted(loan(1), loan(2))
    theirs = here_committed.submitted(loan(1, book="边城"), loan(3), by=clerk(party=8, account=80))
    at_once(
        lambda: review.decide_all(again(mine), APPROVE, by=officer(900)),
        lambda: review.decide_all(again(theirs), APPROVE, by=officer(901)),
    )
    assert sorted([states(mine), states(theirs)]) == [["结束", "结束"], ["被回退", "结束"]]
    loser = mine if states(mine)[0] == "被回退" else theirs
    assert loser.rows.get(number=1).reason == "该读者已借有图书，请先归还"
    assert set(here_committed.loans()) == {number(1), number(2), number(3)}


def test_a_case_submitted_by_two_clerks_at_once_is_submitted_once(here_committed):
    case = here_committed.saved(loan(1))
    results = at_once(*(lambda: cases.submit(again(case), by=here_committed.by) for _ in range(2)))
    assert len(refusals(results)) == 1
    assert [move.after for move in case.moves.all()] == ["draft", "submitted"]


def test_withdrawing_and_submitting_at_once_does_one_of_them(here_committed):
    case = here_committed.saved(loan(1))
    results = at_once(
        lambda: cases.submit(again(case), by=here_committed.by),
        lambda: cases.withdraw(again(case), by=here_committed.by),
    )
    assert len(refusals(results)) == 1
    assert again(case).state in ("submitted", "withdrawn")


def test_two_readers_of_one_roster_take_each_line_once(here_committed):
    case = here_committed.started()
    upload = rosters.hand_in(case, sheet([loan(n) for n in range(1, 101)]), by=here_committed.by)
    results = at_once(*(lambda: rosters.take_in(upload.pk) for _ in range(2)))
    assert results == [None, None]
    rosters.take_in(upload.pk)
    assert list(case.rows.order_by("line").values_list("line", flat=True)) == list(range(2, 102))
    assert Case.objects.get(pk=case.pk).good == 100


def test_the_machine_and_a_second_machine_settle_a_case_once(here_committed):
    case = here_committed.submitted(loan(1), by=clerk(grade="trusted"))
    at_once(*(lambda: review.automatically(case.pk) for _ in range(2)))
    assert (states(case), case.moves.count()) == (["结束"], 3)
