"""预约窗口: the day's list with who came, the office's counters, and a closure that shows whom it hits."""

import pytest

from shebao.engagement.models import Closure, Counter
from tests.engagement.conftest import FRIDAY, OFFICE, TEN, again, at, hall
from tests.portals.test_appointments import browser, text

__all__ = ["hall"]
SETUP = "/office/appointments/setup/"
COUNTER = {
    "name": "3 号窗口", "businesses": ["card", "papers"], "slot_minutes": "30", "seats": "2", "morning": "9:00-12:00",
    "afternoon": "13：30—16：30",
}  # fmt: skip
CLOSING = {"first_day": "2026-11-13", "last_day": "", "part": "day", "counter": "", "reason": "系统升级"}


def test_who_is_expected_is_checked_in_or_written_down_as_missing(hall):
    hall.counter()
    first, second = hall.booked(hall.clerk(86)), hall.booked(hall.clerk(87), starts=TEN)
    with at(FRIDAY, 9, 30):
        desk = browser(hall.officer())
        page = text(desk.get("/office/appointments/"))
        assert "待到 2，已到 0，未到 0" in page and page.index("09:00") < page.index("10:00")
        told = desk.post(f"/office/appointments/{first.number}/mark/", {"deed": "arrived"}, follow=True)
        assert f"{first.number} 已签到" in text(told)
        early = desk.post(f"/office/appointments/{second.number}/mark/", {"deed": "missed"}, follow=True)
        assert "预约的时间还没有到" in text(early)
    with at(FRIDAY, 11):
        desk = browser(hall.officer())
        desk.post(f"/office/appointments/{second.number}/mark/", {"deed": "missed"})
        assert "待到 0，已到 1，未到 1" in text(desk.get("/office/appointments/"))


def test_a_number_leads_to_its_appointment_at_this_office_alone(hall):
    hall.counter()
    made = hall.booked()
    found = f"/office/appointments/?q={made.number}"
    assert "第86示例公司" in text(browser(hall.officer()).get(found))
    other = browser(hall.officer(office="420106"))
    assert "本处没有这个预约号" in text(other.get(found))
    assert other.post(f"/office/appointments/{made.number}/mark/", {"deed": "arrived"}).status_code == 404


def test_days_nobody_wrote_down_are_pointed_out(hall):
    hall.counter()
    hall.booked()
    with at(FRIDAY.replace(day=16)):
        assert "2026-11-13 有预约没有登记" in text(browser(hall.officer()).get("/office/appointments/"))


def test_only_those_with_the_right_find_the_desk_and_its_settings(hall):
    hall.counter()
    assert browser(hall.officer("ledger")).get("/office/appointments/").status_code == 404
    reviewer = browser(hall.officer("reviewer"))
    assert reviewer.get("/office/appointments/").status_code == 200
    assert reviewer.get(SETUP).status_code == 404
    supervisor = browser(hall.officer("supervisor"))
    made = hall.booked()
    assert supervisor.get("/office/appointments/").status_code == 200
    assert supervisor.post(f"/office/appointments/{made.number}/mark/").status_code == 404


def test_a_counter_is_opened_altered_and_withdrawn(hall):
    hall.city.office()
    desk = browser(hall.officer("registry"))
    assert "还没有开放预约的窗口" in text(desk.get(SETUP))
    assert "3 号窗口" in text(desk.post(f"{SETUP}counters/0/", COUNTER, follow=True))
    counter = Counter.objects.get()
    assert (str(counter.morning_opens), str(counter.afternoon_closes)) == ("09:00:00", "16:30:00")
    assert "09:00-12:00" in desk.get(f"{SETUP}counters/{counter.pk}/").content.decode()
    desk.post(f"{SETUP}counters/{counter.pk}/", {**COUNTER, "seats": "5"})
    assert again(counter).seats == 5
    desk.post(f"{SETUP}counters/{counter.pk}/", {**COUNTER, "deed": "withdraw"})
    assert "还没有开放预约的窗口" in text(desk.get(SETUP))


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"morning": "九点"}, "办理时间写成 09:00-12:00 的样子"),
        ({"seats": "两"}, "要写成数字"),
        ({"name": ""}, "请填写窗口名称"),
    ],
)
def test_terms_that_can_not_be_read_are_named_and_nothing_typed_is_lost(hall, other, sentence):
    hall.city.office()
    answer = browser(hall.officer("registry")).post(f"{SETUP}counters/0/", COUNTER | other)
    assert sentence in text(answer, 422)
    assert 'value="13：30—16：30"' in answer.content.decode() and not Counter.objects.exists()


def test_a_closure_shows_whom_it_hits_before_it_is_made(hall):
    hall.counter()
    made = hall.booked()
    desk = browser(hall.officer("registry"))
    shown = text(desk.post(f"{SETUP}closures/new/", CLOSING | {"deed": "look"}))
    assert "第86示例公司" in shown and "确认停办（1 个预约改约）" in shown
    assert again(made).state == "booked" and not Closure.objects.exists()
    done = text(desk.post(f"{SETUP}closures/new/", CLOSING | {"deed": "close"}, follow=True))
    assert "1 个预约需要改约，已通知本人" in done and "系统升级" in done
    assert again(made).state == "displaced"
    lifted = desk.post(f"{SETUP}closures/{Closure.objects.get().pk}/lift/", follow=True)
    assert "这段时间又可以预约" in text(lifted)


def test_a_closure_without_a_day_is_refused(hall):
    hall.counter()
    desk = browser(hall.officer("registry"))
    answer = desk.post(f"{SETUP}closures/new/", CLOSING | {"first_day": "明天", "deed": "look"})
    assert "年月日" in text(answer, 422)


def test_another_offices_counter_and_closure_do_not_exist(hall):
    counter = hall.counter()
    other = browser(hall.officer("registry", office="420106"))
    assert other.get(f"{SETUP}counters/{counter.pk}/").status_code == 404
    assert other.post(f"{SETUP}closures/1/lift/").status_code == 404


def test_the_settings_name_the_citys_holidays_and_what_is_not_known_yet(hall):
    hall.counter()
    with at(FRIDAY.replace(month=9, day=21)):
        page = text(browser(hall.officer("registry")).get(SETUP))
    assert "国庆节 2026-10-01 至 2026-10-07" in page and "调休上班 2026-10-10" in page
    assert "2027 年的放假安排还没有公布" in page


def test_the_day_costs_the_same_however_many_come(hall, django_assert_max_num_queries):
    hall.counter(seats=9)
    desk = browser(hall.officer())
    for count in (1, 5):
        for n in range(count):
            hall.booked(hall.clerk(party=100 * count + n))
        with at(FRIDAY, 9), django_assert_max_num_queries(12):
            assert desk.get("/office/appointments/").status_code == 200
    assert OFFICE
