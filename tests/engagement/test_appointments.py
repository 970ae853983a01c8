"""业务预约: booked, moved, called off, reminded of; and what stands in the way of each."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from shebao.audit import trails
from shebao.engagement import appointments, attendance, counters
from shebao.engagement.appointments import Wish
from shebao.engagement.counters import Span
from shebao.engagement.models import Appointment
from shebao.foundation.unsettled import Unsettled
from tests.engagement.conftest import (
    FRIDAY,
    MONDAY,
    NINE,
    OFFICE,
    SATURDAY,
    TEN,
    TODAY,
    again,
    at,
    terms,
    told,
)


def refused(sentence: str):
    return pytest.raises(Unsettled, match=sentence)


def test_a_booked_appointment_has_a_number_a_place_and_a_time(hall):
    hall.counter()
    clerk = hall.clerk()
    made = hall.booked(clerk, about="case:42010020261112000001")
    assert len(made.number) == 11 and made.number.startswith("261112")
    assert (made.day, made.starts, made.ends, made.seat) == (FRIDAY, NINE, TEN, 1)
    assert list(appointments.coming(clerk, today=TODAY)) == [made]
    assert told(clerk.ref) == ["appointment-made"]


def test_others_have_nothing_to_do_with_it(hall):
    hall.counter()
    hall.booked(hall.clerk(86))
    assert not appointments.of(hall.clerk(87))
    assert appointments.of(hall.clerk(86)).count() == 1  # his colleague sees it


def test_a_full_slot_is_refused(hall):
    hall.counter()
    hall.booked()
    with refused("这个时间刚刚约满"):
        hall.booked(hall.clerk(87))


def test_the_second_seat_of_a_slot_goes_to_the_second_comer(hall):
    hall.counter(seats=2)
    assert [hall.booked(hall.clerk(n)).seat for n in (86, 87)] == [1, 2]


def test_a_seat_is_never_booked_twice_whatever_the_code_does(hall):
    hall.counter()
    made = hall.booked()
    twin = Appointment(**{f.attname: getattr(made, f.attname) for f in Appointment._meta.fields})
    twin.pk, twin.number, twin.account_id = None, "x", 999
    with pytest.raises(IntegrityError, match="each_seat_of_a_slot_is_booked_once"), transaction.atomic():
        twin.save()


@pytest.mark.parametrize(
    ("day", "starts", "sentence"),
    [
        (SATURDAY, NINE, "这一天不能预约：周末"),
        (TODAY - timedelta(days=1), NINE, "只能预约今天起 14 天以内的日子"),
        (TODAY + timedelta(days=15), NINE, "只能预约今天起 14 天以内的日子"),
        (TODAY, NINE, "这个时间已过或不办理业务"),
        (FRIDAY, time(12), "这个时间已过或不办理业务"),
    ],
)
def test_times_that_are_not_offered_are_refused(hall, day, starts, sentence):
    hall.counter()
    with refused(sentence):
        hall.booked(day=day, starts=starts)


def test_an_office_that_does_not_serve_the_business_is_refused(hall):
    hall.counter()
    with refused("这个经办机构不办理所选业务"):
        hall.booked(business="payment")


def test_a_business_of_employers_is_not_offered_to_people(hall):
    hall.counter()
    with pytest.raises(LookupError):
        hall.booked(hall.person(), business="papers")


def test_nobody_can_be_at_two_counters_at_once(hall):
    hall.counter()
    hall.counter("2 号窗口", slot_minutes=45)
    clerk = hall.clerk()
    hall.booked(clerk, starts=TEN)
    with refused("您在这段时间已有预约"):
        hall.booked(clerk, starts=time(9, 45))
    hall.booked(hall.clerk(86), starts=time(9, 45))  # a colleague may


def test_one_clerk_holds_three_coming_appointments_at_most(hall):
    hall.counter()
    clerk = hall.clerk()
    for starts in (NINE, TEN, time(11)):
        hall.booked(clerk, starts=starts)
    with refused("您已有 3 个没有到期的预约"):
        hall.booked(clerk, starts=time(14))


def test_a_moved_appointment_keeps_its_number_and_frees_its_seat(hall):
    hall.counter()
    clerk = hall.clerk()
    made = hall.booked(clerk)
    appointments.change(made, Wish(OFFICE, MONDAY, TEN), by=clerk)
    moved = again(made)
    assert (moved.number, moved.day, moved.starts) == (made.number, MONDAY, TEN)
    assert told(clerk.ref)[-1] == "appointment-changed"
    hall.booked(hall.clerk(87))


def test_moving_to_the_same_time_is_refused(hall):
    hall.counter(seats=2)
    clerk = hall.clerk()
    made = hall.booked(clerk)
    with refused("您预约的就是这个时间"):
        appointments.change(made, Wish(OFFICE, FRIDAY, NINE), by=clerk)


def test_a_cancelled_appointment_frees_its_seat_and_can_not_be_moved(hall):
    hall.counter()
    clerk = hall.clerk()
    made = hall.booked(clerk)
    appointments.cancel(made, by=clerk)
    hall.booked(hall.clerk(87))
    with refused("这个预约现在是“已取消”"):
        appointments.change(made, Wish(OFFICE, MONDAY, TEN), by=clerk)
    assert list(appointments.past(clerk, today=TODAY)) == [again(made)]


def test_once_its_time_has_begun_it_can_not_be_called_off(hall):
    hall.counter()
    clerk = hall.clerk()
    made = hall.booked(clerk)
    with at(FRIDAY, 9), refused("预约的时间已到"):
        appointments.cancel(made, by=clerk)


def test_whoever_comes_tomorrow_is_reminded_once(hall):
    hall.counter()
    clerk = hall.clerk()
    hall.booked(clerk, day=MONDAY)
    assert appointments.remind() == 0  # Monday is not tomorrow
    with at(MONDAY - timedelta(days=1), 8):
        assert (appointments.remind(), appointments.remind()) == (1, 0)
    assert told(clerk.ref) == ["appointment-made", "appointment-reminder"]


def test_whoever_booked_today_for_tomorrow_needs_no_reminder(hall):
    hall.counter()
    hall.booked()
    assert appointments.remind() == 0


def test_a_moved_appointment_is_reminded_of_again(hall):
    hall.counter()
    clerk = hall.clerk()
    made = hall.booked(clerk, day=MONDAY)
    with at(MONDAY - timedelta(days=1), 8):
        appointments.remind()
        appointments.change(made, Wish(OFFICE, MONDAY + timedelta(days=1), TEN), by=clerk)
    with at(MONDAY, 8):
        assert appointments.remind() == 1


def missed_on(hall, by, day):
    with at(day - timedelta(days=1)):
        made = hall.booked(by, day=day)
    with at(day, 10):
        attendance.missed(made, by=hall.officer())


def test_whoever_did_not_come_three_times_in_six_months_may_not_book_for_a_while(hall):
    hall.counter()
    clerk = hall.clerk()
    for day in (date(2026, 6, 3), date(2026, 8, 5), date(2026, 10, 14)):
        missed_on(hall, clerk, day)
    assert appointments.barred(clerk, today=date(2026, 12, 2)).startswith(
        "近 6 个月内有 3 次预约没有到，2026-12-03"
    )
    with refused("可以直接到窗口取号办理"):
        hall.booked(clerk)
    assert appointments.barred(clerk, today=date(2026, 12, 3)) == ""


def test_what_the_office_called_off_stands_against_nobody(hall):
    hall.counter()
    clerk = hall.clerk()
    hall.booked(clerk)
    counters.close(OFFICE, Span(FRIDAY, FRIDAY), "系统升级", by=hall.officer("registry"))
    assert appointments.barred(clerk, today=MONDAY) == ""


def test_a_closure_tells_those_who_had_booked_and_they_choose_again_under_the_same_number(hall):
    hall.counter()
    clerk, other = hall.clerk(86), hall.clerk(87)
    made, later = hall.booked(clerk), hall.booked(other, day=MONDAY)
    _closure, moved = counters.close(OFFICE, Span(FRIDAY, FRIDAY), "系统升级", by=hall.officer("registry"))
    assert moved == 1
    assert again(made).get_state_display() == "需改约"
    assert told(clerk.ref)[-1] == "appointment-displaced" and told(other.ref) == ["appointment-made"]
    appointments.change(again(made), Wish(OFFICE, MONDAY, TEN), by=clerk)
    assert (again(made).state, again(made).number, again(later).state) == ("booked", made.number, "booked")


def test_a_closure_in_the_afternoon_leaves_the_morning_alone(hall):
    hall.counter()
    early, late = hall.booked(hall.clerk(86)), hall.booked(hall.clerk(87), starts=time(14))
    counters.close(OFFICE, Span(FRIDAY, FRIDAY, "afternoon"), "系统升级", by=hall.officer("registry"))
    assert (again(early).state, again(late).state) == ("booked", "displaced")


def test_other_hours_make_fall_away_only_what_no_longer_fits(hall):
    counter = hall.counter(seats=2)
    kept, dropped = hall.booked(hall.clerk(86)), hall.booked(hall.clerk(87), starts=time(15))
    second = hall.booked(hall.clerk(88))
    officer = hall.officer("registry")
    assert counters.alter(counter, terms(seats=1, afternoon=(time(14), time(15))), by=officer) == 2
    assert [again(one).state for one in (kept, dropped, second)] == ["booked", "displaced", "displaced"]


def test_a_counter_that_is_withdrawn_makes_all_fall_away(hall):
    counter = hall.counter()
    made = hall.booked()
    assert counters.withdraw(counter, by=hall.officer("registry")) == 1
    assert again(made).state == "displaced"
    assert not counters.of_office(OFFICE)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"name": " "}, "请填写窗口名称"),
        ({"businesses": []}, "至少选一种业务"),
        ({"morning": None, "afternoon": None}, "至少要有一段办理时间"),
        ({"morning": (TEN, NINE)}, "办理时间要由早到晚"),
        ({"seats": 0}, "同时办理 1 至 20 件"),
        ({"slot_minutes": 3}, "每个时段 5 至 240 分钟"),
    ],
)
def test_terms_that_can_not_be_are_refused(hall, other, sentence):
    with refused(sentence):
        hall.counter(**other)


def test_two_counters_of_an_office_have_different_names(hall):
    hall.counter()
    with refused("本处已有同名的窗口"):
        hall.counter()


@pytest.mark.parametrize(
    ("span", "reason", "sentence"),
    [
        (Span(FRIDAY, FRIDAY), " ", "请填写停办原因"),
        (Span(MONDAY, FRIDAY), "检修", "由早到晚"),
        (Span(date(2026, 11, 1), date(2026, 11, 2)), "检修", "不能都在过去"),
    ],
)
def test_closures_that_can_not_be_are_refused(hall, span, reason, sentence):
    hall.counter()
    with refused(sentence):
        counters.close(OFFICE, span, reason, by=hall.officer("registry"))


def test_who_came_and_who_did_not_is_written_down(hall):
    hall.counter()
    clerk = hall.clerk()
    first, second = hall.booked(clerk), hall.booked(hall.clerk(87), starts=TEN)
    officer = hall.officer()
    with at(FRIDAY, 9, 30):
        attendance.arrived(first, by=officer)
        with refused("预约的时间还没有到"):
            attendance.missed(second, by=officer)
        with refused("已登记为“已到”"):
            attendance.missed(first, by=officer)
    with at(FRIDAY, 10, 30):
        attendance.missed(second, by=officer)
        assert attendance.tally(OFFICE, FRIDAY) == {"booked": 0, "arrived": 1, "missed": 1}
        attendance.arrived(second, by=officer)  # late, but here
    assert again(second).state == "arrived"


def test_nobody_is_checked_in_on_another_day(hall):
    hall.counter()
    made = hall.booked()
    with refused("只能在预约当天签到"):
        attendance.arrived(made, by=hall.officer())
    with at(MONDAY):
        assert attendance.unmarked_before(OFFICE, MONDAY) == FRIDAY


def test_each_deed_leaves_one_line_of_audit(hall):
    hall.counter()
    person = hall.person()
    made = hall.booked(person)
    appointments.cancel(made, by=person)
    events = [line.event for line in trails.of(made.ref)]
    assert sorted(events) == ["appointment.booked", "appointment.cancelled"]
