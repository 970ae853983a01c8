"""A month is run twice at once, or while a case assesses somebody of it: nothing is doubled, nobody is forgotten."""

from datetime import date
from threading import Event

import pytest
from django.conf import settings
from django.db import transaction

from shebao.assessment import runs
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger import dues, invariants
from shebao.ledger.models import Bill, Due, Run
from shebao.policy import loading
from tests.races.test_two_employers_one_person import at_once
from tests.scenes import City

NOVEMBER = Month(2026, 11)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city():
    loading.load(settings.POLICIES, cited=lambda ids: {})
    return City()


def run():
    with clock.fixed(date(2026, 11, 23)):
        return runs.run_month(NOVEMBER, by="system:race").lines


def test_of_two_runs_at_once_one_posts_and_the_other_says_why_not_or_finds_nothing_left(city):
    employer = city.employer()
    for _ in range(20):
        city.works(city.person(), employer, since=Month(2026, 1))
    results = at_once(run, run, run)
    assert sorted(r for r in results if isinstance(r, int) and r) == [100], results
    for other in results:
        assert other in (0, 100) or (
            isinstance(other, Unsettled) and "正在由另一个进程核定" in other.sentence
        )
    assert Due.objects.count() == 100
    assert not [one.invariant.name for one in invariants.broken()]


def test_a_second_run_is_refused_while_the_first_still_holds_the_month(city):
    city.works(city.person(), city.employer(), since=Month(2026, 1))
    holding, refused = Event(), Event()

    def first():
        with transaction.atomic():
            dues.claim_month(NOVEMBER)
            holding.set()
            assert refused.wait(300)

    def second():
        assert holding.wait(300)
        try:
            return run()
        finally:
            refused.set()

    _, answer = at_once(first, second)
    assert isinstance(answer, Unsettled)
    assert "2026-11 正在由另一个进程核定" in answer.sentence
    assert Run.objects.get().state == Run.State.STOPPED
    assert not Due.objects.exists()


def test_whoever_is_enrolled_during_a_run_is_assessed_by_one_of_the_two(city):
    employer = city.employer()
    city.works(city.person(), employer, since=Month(2026, 1))
    newcomer = city.person()
    enrolled, go_on = Event(), Event()

    def a_case():
        with clock.fixed(date(2026, 11, 23)), transaction.atomic():
            city.works(newcomer, employer, since=NOVEMBER)
            enrolled.set()
            assert go_on.wait(300)  # the run has committed without seeing him
            return runs.catch_up([newcomer.id], since=NOVEMBER, source="case:1")

    def the_run():
        assert enrolled.wait(300)
        try:
            return run()
        finally:
            go_on.set()

    assert at_once(a_case, the_run) == [5, 5]
    assert Due.objects.filter(person_id=newcomer.id).count() == 5
    assert not [one.invariant.name for one in invariants.broken()]


def test_two_cases_of_one_employer_at_once_both_stand_on_its_bill(city):
    employer = city.employer()
    hires = [city.person() for _ in range(6)]
    for hire in hires:
        city.works(hire, employer, since=Month(2026, 10))

    def a_case(person):
        def deed():
            with clock.fixed(date(2026, 11, 23)):
                return runs.assess([person.id], [Month(2026, 10)], source="case:1")

        return deed

    assert at_once(*map(a_case, hires)) == [5] * 6
    assert Bill.objects.get(payer_id=employer.id, scheme="pension").persons == 6
    assert not [one.invariant.name for one in invariants.broken()]
