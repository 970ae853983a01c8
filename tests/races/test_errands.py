"""Two clicks, two officers, two workers on many rows at once; and two deeds that wait for each other."""

import threading

import pytest
from django.db import connection, transaction

from shebao.casework import cases, catalogue, errands, review
from shebao.casework.models import Errand
from shebao.casework.review import APPROVE
from shebao.foundation import contention, sql
from shebao.foundation.unsettled import Unsettled
from tests.casework import library
from tests.casework.conftest import again, clerk, loan, number, officer, states
from tests.races.test_two_employers_one_person import at_once


@pytest.fixture(autouse=True)
def ten_are_many(monkeypatch):
    monkeypatch.setattr(errands, "MANY", 9)
    monkeypatch.setattr(errands, "STEP", 2)


def saved(here):
    return here.saved(*(loan(n) for n in range(1, 13)))


def refusals(results):
    return [one for one in results if isinstance(one, Unsettled)]


def test_of_two_clerks_one_submits(here_committed):
    case = saved(here_committed)
    results = at_once(*(lambda: cases.submit(again(case), by=here_committed.by) for _ in range(2)))
    assert len(refusals(results)) == 1 and Errand.objects.count() == 1


def test_of_two_officers_one_decides(here_committed):
    case = saved(here_committed)
    cases.submit(case, by=here_committed.by)
    cases.go_on_submitting(Errand.objects.get().pk)
    results = at_once(
        *(lambda who=who: review.decide_all(again(case), APPROVE, by=officer(who)) for who in (900, 901))
    )
    assert len(refusals(results)) == 1 and Errand.objects.filter(deed="decide").count() == 1


def test_two_workers_at_one_errand_do_each_row_once(here_committed):
    case = saved(here_committed)
    cases.submit(case, by=here_committed.by)
    errand = Errand.objects.get()
    at_once(*(lambda: cases.go_on_submitting(errand.pk) for _ in range(2)))
    cases.go_on_submitting(errand.pk)
    errand.refresh_from_db()
    assert (errand.done, errand.outcome["good"], states(case)) == (12, 12, ["进行中"] * 12)
    review.decide_all(again(case), APPROVE, by=officer())
    decision = Errand.objects.get(deed="decide")
    at_once(*(lambda: review.go_on_deciding(decision.pk) for _ in range(2)))
    review.go_on_deciding(decision.pk)
    decision.refresh_from_db()
    assert (decision.done, decision.outcome["approved"]) == (12, 12)
    assert [move.after for move in case.moves.all()] == ["draft", "submitted", "approved"]


def test_of_two_deeds_that_wait_for_each_other_both_are_done(here_committed, monkeypatch):
    other_is_done = threading.Event()
    monkeypatch.setattr(contention, "_wait_a_moment", lambda: other_is_done.wait(300))
    for sequence in (1, 2):
        here_committed.knows(number(sequence))
    both_hold_one = threading.Barrier(2, timeout=300)

    def deed(first, second):
        tries = []

        @transaction.atomic
        def once():
            tries.append(1)
            for sequence in (first, second):
                sql.run(
                    "UPDATE library_loan SET book = '围城' WHERE reader = %(reader)s",
                    {"reader": number(sequence)},
                ).close()
                if len(tries) == 1 and sequence == first:
                    both_hold_one.wait()

        def outlasted():
            contention.outlast(once)
            other_is_done.set()
            return len(tries)

        return outlasted

    assert sorted(at_once(deed(1, 2), deed(2, 1))) == [1, 2]


def test_an_effect_that_was_ended_in_favour_of_another_is_done_again(here_committed):
    """As an officer meets it: his decision stands, and there is no error page."""
    from dataclasses import replace

    tries = []

    def crossed(loans, case):
        tries.append(1)
        if len(tries) == 1:
            sql.run("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected'; END $$").close()
        library.lend(loans, case)

    catalogue.declare([replace(library.BORROW, effect=crossed)])
    case = here_committed.submitted(loan(1), by=clerk())
    review.decide(case, {1: APPROVE}, by=officer())
    assert (len(tries), states(case), len(here_committed.loans())) == (2, ["结束"], 1)
    assert not connection.in_atomic_block
