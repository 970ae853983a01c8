"""Which times an office offers: its counters' hours, the city's calendar, closures, and what is taken."""

from datetime import date, time

import pytest

from shebao.engagement import counters, slots
from shebao.engagement.counters import Span
from shebao.foundation import clock
from tests.engagement.conftest import (
    AFTERNOON,
    FRIDAY,
    MONDAY,
    MORNING,
    NINE,
    OFFICE,
    SATURDAY,
    TODAY,
    at,
)  # fmt: skip


def days(business="card"):
    return {day.day: day for day in slots.of_office(OFFICE, business, now=clock.now())}


def times(day):
    return [f"{slot.starts:%H:%M} 余 {slot.free}" for slot in day.slots]


def test_a_day_has_the_slots_of_its_counters_hours(hall):
    hall.counter()
    assert times(days()[FRIDAY]) == [f"{hour:02d}:00 余 1" for hour in (9, 10, 11, 14, 15)]


def test_two_counters_are_offered_as_one_office(hall):
    hall.counter(seats=2)
    hall.counter("2 号窗口", slot_minutes=30, afternoon=None)
    shown = days()[FRIDAY]
    assert times(shown)[:3] == ["09:00 余 3", "09:30 余 1", "10:00 余 3"]
    assert len(shown.of("morning")) == 6 and len(shown.of("afternoon")) == 2


def test_a_business_is_offered_only_where_a_counter_serves_it(hall):
    hall.counter()
    assert slots.outlooks([OFFICE], "card", now=clock.now())
    assert slots.outlooks([OFFICE], "payment", now=clock.now()) == {}


def test_weekends_are_said_to_be_weekends_and_one_may_look_two_weeks_ahead(hall):
    hall.counter()
    shown = days()
    assert shown[SATURDAY].why == "周末"
    assert (min(shown), max(shown)) == (TODAY, date(2026, 11, 26))


def test_nobody_is_offered_a_day_of_a_year_whose_holidays_are_unknown(hall):
    with at(date(2026, 12, 28)):
        hall.counter()
        assert days()[date(2027, 1, 4)].why == "2027 年的放假安排还没有公布"
        assert days()[date(2026, 12, 31)].free == 5


def test_a_holiday_is_called_by_its_name_and_the_weekend_worked_for_it_is_offered(hall):
    with at(date(2026, 9, 28)):
        hall.counter()
        assert days()[date(2026, 10, 2)].why == "国庆节"
        assert days()[date(2026, 10, 10)].free == 5


def test_what_is_left_of_today_is_offered(hall):
    hall.counter()
    with at(TODAY, 14, 0):
        assert times(days()[TODAY]) == ["15:00 余 1"]
    with at(TODAY, 17):
        assert days()[TODAY].why == "今天的时间已过"


def test_a_slot_that_is_booked_is_full(hall):
    hall.counter()
    hall.booked()
    assert times(days()[FRIDAY])[0] == "09:00 余 0"
    outlook = slots.outlooks([OFFICE], "card", now=clock.now())[OFFICE]
    assert outlook.earliest == (TODAY, time(14))
    assert outlook.seats - outlook.free == 1


@pytest.mark.parametrize(
    ("part", "left"),
    [
        ("day", []),
        ("morning", ["14:00 余 1", "15:00 余 1"]),
        ("afternoon", ["09:00 余 1", "10:00 余 1", "11:00 余 1"]),
    ],
)
def test_a_closed_office_offers_nothing_while_it_is_closed(hall, part, left):
    hall.counter()
    counters.close(OFFICE, Span(FRIDAY, FRIDAY, part), "系统升级", by=hall.officer("registry"))
    shown = days()
    assert times(shown[FRIDAY]) == left
    assert shown[FRIDAY].why == ("" if left else "系统升级")
    assert shown[MONDAY].free == 5


def test_a_closed_counter_leaves_the_others_open(hall):
    first = hall.counter()
    hall.counter("2 号窗口", morning=MORNING, afternoon=AFTERNOON)
    counters.close(OFFICE, Span(FRIDAY, FRIDAY, counter_id=first.pk), "窗口检修", by=hall.officer("registry"))
    assert times(days()[FRIDAY])[0] == "09:00 余 1"


def test_a_closure_that_is_lifted_is_forgotten(hall):
    hall.counter()
    officer = hall.officer("registry")
    closure, _moved = counters.close(OFFICE, Span(FRIDAY, FRIDAY), "系统升级", by=officer)
    counters.lift(closure, by=officer)
    assert days()[FRIDAY].free == 5
    assert not counters.closures(OFFICE, today=TODAY)


def test_a_slot_that_would_not_end_before_closing_is_none(hall):
    counter = hall.counter(slot_minutes=50, afternoon=None)
    assert [f"{starts:%H:%M}" for starts, _ in slots.times_of(counter)] == ["09:00", "09:50", "10:40"]


@pytest.mark.parametrize("taken", [1, 5])
def test_looking_costs_the_same_however_much_is_booked(hall, taken, django_assert_num_queries):
    hall.counter(seats=8)
    for n in range(taken):
        hall.booked(hall.clerk(party=n + 1), starts=NINE)
    with django_assert_num_queries(4):
        days()
