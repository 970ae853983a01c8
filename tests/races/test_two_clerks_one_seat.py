"""Two clerks want the last seat of a slot, one clerk wants two: exactly one wish comes true, the other is explained."""

from datetime import timedelta

from shebao.engagement import appointments, attendance, counters, escalation, problems
from shebao.engagement.appointments import Wish
from shebao.engagement.counters import Span
from shebao.engagement.models import Appointment, Exchange
from shebao.foundation.unsettled import Unsettled
from tests.engagement.conftest import (
    FRIDAY,
    MONDAY,
    NINE,
    OFFICE,
    TEN,
    TODAY,
    again,
    at,
    hall_committed,
    reported,
)
from tests.races.test_two_employers_one_person import at_once

__all__ = ["hall_committed"]


def wanting(by, day=FRIDAY, starts=NINE):
    def deed():
        with at(TODAY):  # each thread has a clock of its own
            return appointments.book("card", Wish(OFFICE, day, starts), "13100000000", by=by)

    return deed


def on(day, deed, *args, **named):
    def done():
        with at(day):
            return deed(*args, **named)

    return done


def refusals(results):
    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, Unsettled)], (
        results
    )
    return [one.sentence for one in results if isinstance(one, Unsettled)]


def test_the_last_seat_goes_to_one_of_two(hall_committed):
    hall_committed.counter()
    results = at_once(*(wanting(hall_committed.clerk(party)) for party in (86, 87)))
    assert refusals(results) == ["这个时间刚刚约满，请另选时间"]
    assert Appointment.objects.filter(state="booked").count() == 1


def test_of_five_who_want_three_seats_three_get_one_each(hall_committed):
    hall_committed.counter(seats=3)
    results = at_once(*(wanting(hall_committed.clerk(party)) for party in range(81, 86)))
    assert len(refusals(results)) == 2
    assert sorted(Appointment.objects.values_list("seat", flat=True)) == [1, 2, 3]


def test_one_clerk_in_two_windows_of_his_browser_gets_one_appointment(hall_committed):
    hall_committed.counter(seats=2)
    clerk = hall_committed.clerk()
    results = at_once(wanting(clerk), wanting(clerk))
    assert len(refusals(results)) == 1 and "您在这段时间已有预约" in refusals(results)[0]


def test_two_who_change_places_do_not_wait_for_each_other_for_ever(hall_committed):
    hall_committed.counter()
    mine, theirs = hall_committed.clerk(86), hall_committed.clerk(87)
    first = hall_committed.booked(mine)
    second = hall_committed.booked(theirs, starts=TEN)
    results = at_once(
        on(TODAY, appointments.change, first, Wish(OFFICE, FRIDAY, TEN), by=mine),
        on(TODAY, appointments.change, second, Wish(OFFICE, FRIDAY, NINE), by=theirs),
    )
    assert refusals(results) == ["这个时间刚刚约满，请另选时间"] * 2


def test_whoever_books_while_the_office_closes_is_refused_or_told(hall_committed):
    hall_committed.counter()
    clerk, officer = hall_committed.clerk(), hall_committed.officer("registry")
    results = at_once(
        wanting(clerk),
        on(TODAY, counters.close, OFFICE, Span(FRIDAY, FRIDAY), "系统升级", by=officer),
    )
    assert refusals(results) in ([], ["这一天不能预约：系统升级，请另选日期"])
    assert set(Appointment.objects.values_list("state", flat=True)) <= {"displaced"}


def test_moving_and_closing_at_once_leaves_nobody_on_the_closed_day(hall_committed):
    hall_committed.counter()
    clerk, officer = hall_committed.clerk(), hall_committed.officer("registry")
    made = hall_committed.booked(clerk, day=MONDAY)
    results = at_once(
        on(TODAY, appointments.change, made, Wish(OFFICE, FRIDAY, NINE), by=clerk),
        on(TODAY, counters.close, OFFICE, Span(FRIDAY, FRIDAY), "系统升级", by=officer),
    )
    refusals(results)
    assert (again(made).day, again(made).state) in ((MONDAY, "booked"), (FRIDAY, "displaced"))


def test_two_officers_write_down_one_outcome(hall_committed):
    hall_committed.counter()
    made = hall_committed.booked()
    officers = [hall_committed.officer(), hall_committed.officer()]
    late = FRIDAY
    results = at_once(
        on(late, attendance.arrived, made, by=officers[0]), on(late, attendance.arrived, made, by=officers[1])
    )
    assert refusals(results) == ["这个预约已登记为“已到”，请刷新后再看"]


def test_two_reminders_at_once_remind_once(hall_committed):
    hall_committed.counter()
    hall_committed.booked()
    with at(TODAY):
        Appointment.objects.update(booked_at="2026-11-01T00:00Z")
    results = at_once(on(TODAY, appointments.remind), on(TODAY, appointments.remind))
    assert sorted(results) == [0, 1]


def test_a_report_that_is_late_goes_up_once(hall_committed):
    late = reported(hall_committed)
    day_after = late.due + timedelta(days=1)  # some days later the city's turn would have come, too
    results = at_once(*(on(day_after, escalation.run) for _ in range(2)))
    assert sorted(results) == [0, 1]
    assert Exchange.objects.filter(problem=late, kind="escalated").count() == 1


def test_an_answer_and_a_closing_at_once_leave_a_closed_report(hall_committed):
    clerk = hall_committed.clerk()
    made, officer = reported(hall_committed, by=clerk), hall_committed.officer()
    results = at_once(
        on(TODAY, problems.answer, made, "已处理", by=officer), on(TODAY, problems.close, made, by=clerk)
    )
    assert refusals(results) in ([], ["这份报告已办结，请刷新后再看"])
    assert again(made).state == "closed"
