"""A month is run at the moment when somebody leaves, is declared or is written off: whoever comes first, the month
comes to what then is so, once."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum

from shebao.assessment import runs
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger import invariants, writeoffs
from shebao.ledger.models import Allocation, Due
from shebao.registry import declarations, enrolments, people
from tests import policies
from tests.races.test_money import losers
from tests.races.test_two_employers_one_person import at_once
from tests.scenes import City

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
JANUARY = Month(2026, 1)
pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(3)  # who comes first is up to the machine


@pytest.fixture(autouse=True)
def on_the_5th_of_december(settings):
    settings.SHEBAO_TODAY = "2026-12-05"  # a setting, not `clock.fixed`: that would hold in this thread alone
    assert clock.today() == date(2026, 12, 5)


@pytest.fixture
def city():
    policies.load(synthetic=True)
    city = City()
    city.boss = city.employer()
    city.worker, other = city.person("李小明"), city.person("王芳")
    for person in (city.worker, other):
        city.works(person, city.boss, since=JANUARY)
    runs.run_month(NOVEMBER, by="test")
    return city


def run_december():
    return runs.run_month(DECEMBER, by="system:race").lines


def by_case(city, deed):
    """As an effect does it: the person's row first, then the deed, then the months, in one transaction."""

    def decided():
        with transaction.atomic():
            people.lock([city.worker.id_number])
            deed()

    return decided


def due(person, month, scheme="pension"):
    lines = Due.objects.filter(person_id=person.id, month=month, scheme=scheme)
    return lines.aggregate(all=Sum("employer_part") + Sum("personal_part"))["all"]


def both_are_done(case):
    """At once, and once more for whoever was only in the other's way."""
    results = at_once(case, run_december)
    for deed, refused in zip((case, run_december), results, strict=True):
        if refused in losers(results):
            deed()
    assert run_december() == 0, "the run has nothing left to find"
    assert not [(one.invariant.name, one.examples) for one in invariants.broken()]


@pytest.mark.parametrize("round", ROUNDS)
def test_somebody_leaves_while_the_month_is_run(city, round):
    def pause():
        leaver = enrolments.Leaver(city.worker.id, "resigned", "case:1")
        enrolments.close_many([leaver], city.boss.id, ends=NOVEMBER)
        runs.catch_up([city.worker.id], since=DECEMBER, source="case:1")

    both_are_done(by_case(city, pause))
    assert not due(city.worker, DECEMBER)
    assert due(city.worker, NOVEMBER) == Decimal("1440.00")


@pytest.mark.parametrize("round", ROUNDS)
def test_a_year_is_declared_while_the_month_is_run(city, round):
    def declare():
        wage = declarations.Wage(city.worker.id, city.boss.id, Decimal(8000), "case:1")
        declarations.declare_many([wage], first=JANUARY)
        runs.catch_up([city.worker.id], since=JANUARY, source="case:1")

    both_are_done(by_case(city, declare))
    assert {due(city.worker, month) for month in Month.range(JANUARY, DECEMBER)} == {Decimal("1920.00")}


@pytest.mark.parametrize("round", ROUNDS)
def test_a_month_is_written_off_while_a_run_finds_a_difference_of_it(city, round):
    run_december()
    raise_ = enrolments.NewWage(city.worker.id, Decimal(8000), "case:1")
    enrolments.change_wages([raise_], city.boss.id, starts=DECEMBER)

    def write_off():
        writeoffs.write_off_month([city.worker.id], city.boss.id, DECEMBER, source="case:2", by="account:1")

    both_are_done(by_case(city, write_off))
    lines = Due.objects.filter(person_id=city.worker.id, month=DECEMBER)
    off = Allocation.objects.filter(person_id=city.worker.id, month=DECEMBER, kind="written_off")
    assert off.count() == lines.count() == 9, "five lines and the four differences of a raise"
