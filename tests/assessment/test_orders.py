"""A month is ordered at the desk or by the timetable, and carried out once by a worker."""

from datetime import date

import pytest

from shebao.assessment import orders
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger import month_runs
from shebao.ledger.models import Run
from tests.jobs import work
from tests.scenes import City

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)


@pytest.fixture
def city(demo_policies):
    city = City()
    city.works(city.person(), city.employer(), since=NOVEMBER)
    return city


def test_an_order_is_given_once_and_carried_out(city):
    assert orders.order(NOVEMBER, by="system:test") and orders.is_ordered(NOVEMBER)
    assert not orders.order(NOVEMBER, by="system:test")
    assert work() == 1
    assert not orders.is_ordered(NOVEMBER)
    run = month_runs.last(NOVEMBER)
    assert (run.state, run.lines, run.persons, run.source, run.alive) == ("done", 5, 1, "system:test", False)
    assert run.amount == sum(total.amount for total in run.totals) > 0
    assert month_runs.last_done(NOVEMBER).id == run.id and [one.id for one in month_runs.listed()] == [run.id]


def test_a_refusal_stands_in_the_run_and_is_no_failed_job(db):
    orders.order(clock.this_month(), by="system:test")
    assert work() == 1
    run = month_runs.last(clock.this_month())
    assert run.state == "stopped" and "没有任何参保人员" in run.problem


def test_the_timetable_gives_the_order_from_the_day_on_until_it_is_done(city, settings):
    settings.MONTH_RUN_DAY = 5
    with clock.fixed(date(2026, 11, 4)):
        assert not orders.give_when_due(by="system:timetable")
    for day in (5, 6):  # a night may have been missed
        with clock.fixed(date(2026, 11, day)):
            orders.give_when_due(by="system:timetable")
            assert orders.is_ordered(NOVEMBER)
    assert work() == 1
    with clock.fixed(date(2026, 11, 7)):
        assert not orders.give_when_due(by="system:timetable")


def test_a_run_that_was_killed_is_not_alive(db):
    Run.objects.create(kind="month", month=NOVEMBER, source="system:test")
    assert not month_runs.last(NOVEMBER).alive
