"""业务预约 on its pages: four steps, a slip, another time, no more; and nobody else's appointment."""

import re
from datetime import date
from html import unescape
from io import BytesIO

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from shebao.casework import cases
from shebao.engagement import appointments, counters
from shebao.engagement.counters import Span
from shebao.engagement.models import Appointment
from shebao.identity.models import Account
from tests.casework.conftest import here, services
from tests.engagement.conftest import FRIDAY, NINE, OFFICE, again, at, hall

__all__ = ["hall", "here", "services"]
MOBILE = {"mobile": "13100000000"}
CHOSEN = f"/appointments/new/papers/{OFFICE}/confirm/?day=2026-11-13&time=09:00"


def browser(acting) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=acting.account_id))
    return client


def text(answer, status=200):
    assert answer.status_code == status
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def counter(hall):
    hall.city.office().__class__.objects.filter(code=OFFICE).update(
        address="江岸区示例路1号", hours="周一至周五"
    )
    return hall.counter()


def test_from_the_business_to_the_slip_in_four_steps(hall, counter):
    client = browser(hall.clerk())
    assert "材料审核" in text(client.get("/appointments/new/"))
    office = text(client.get("/appointments/new/papers/"))
    assert "江岸区示例路1号" in office and "余位充足" in office and "11-12 14:00" in office
    days = text(client.get(f"/appointments/new/papers/{OFFICE}/?day=2026-11-13&part=morning"))
    assert "周末" in days and "11 月 13 日上午，几点来" in days and "09:00 余 1" in days
    assert "核对预约" in text(client.get(CHOSEN))
    slip = text(client.post(CHOSEN, MOBILE, follow=True))
    assert "ticket__qr" in client.get(f"/appointments/{Appointment.objects.get().number}/").content.decode()
    assert "预约单" in slip and "2026-11-13" in slip and "09:00–10:00" in slip and "1 号窗口" in slip
    (made,) = Appointment.objects.all()
    assert made.mobile == "13100000000" and made.number in text(client.get("/appointments/"))
    assert "09:00 约满" in text(client.get(f"/appointments/new/papers/{OFFICE}/?day=2026-11-13&part=morning"))


def test_before_a_years_holidays_are_known_nobody_reads_that_all_is_full(hall, counter):
    client = browser(hall.clerk())
    with at(date(2027, 1, 5)):
        offices = text(client.get("/appointments/new/papers/"))
        assert "2027 年的放假安排还没有公布" in offices and "约满" not in offices
        days = text(client.get(f"/appointments/new/papers/{OFFICE}/"))
    assert "2027 年的放假安排还没有公布" in days and "可以直接到窗口取号办理" in days and "约满" not in days


def test_a_second_click_finds_what_the_first_one_booked(hall, counter):
    client = browser(hall.clerk())
    for _ in range(2):
        assert client.post(CHOSEN, MOBILE).status_code == 302
    assert Appointment.objects.count() == 1


def test_a_wrong_mobile_is_named_and_nothing_is_booked(hall, counter):
    page = text(browser(hall.clerk()).post(CHOSEN, {"mobile": "123"}), 422)
    assert "手机号码" in page and not Appointment.objects.exists()


def test_whoever_was_a_moment_late_reads_so_and_may_choose_again(hall, counter):
    hall.booked(hall.clerk(87))
    page = text(browser(hall.clerk()).post(CHOSEN, MOBILE), 422)
    assert "这个时间刚刚约满，请另选时间" in page and "返回修改" in page


def test_without_a_time_one_is_asked_for_it(hall, counter):
    page = browser(hall.clerk()).get(CHOSEN.partition("&time")[0], follow=True)
    assert "请选一个时间" in text(page)


def test_another_time_under_the_same_number(hall, counter):
    clerk = hall.clerk()
    made, client = hall.booked(clerk, business="papers"), browser(clerk)
    slip = client.get(f"/appointments/{made.number}/")
    assert f"?change={made.number}" in slip.content.decode()
    moved = text(client.post(f"{CHOSEN.replace('09:00', '11:00')}&change={made.number}", follow=True))
    assert "已改约，预约号不变" in moved and "11:00–12:00" in moved and made.number in moved


def test_calling_off_asks_once_more(hall, counter):
    clerk = hall.clerk()
    made, client = hall.booked(clerk), browser(clerk)
    assert "取消这个预约？" in text(client.get(f"/appointments/{made.number}/cancel/"))
    assert again(made).state == "booked"
    assert "预约已取消" in text(client.post(f"/appointments/{made.number}/cancel/", follow=True))
    assert again(made).state == "cancelled"
    assert client.get(f"/appointments/{made.number}/appointment.ics").status_code == 404


def test_whoever_has_to_move_is_led_to_another_office_or_time(hall, counter):
    clerk = hall.clerk()
    made = hall.booked(clerk)
    counters.close(OFFICE, Span(FRIDAY, FRIDAY), "系统升级", by=hall.officer("registry"))
    client = browser(clerk)
    assert "系统升级：原来的时间办不了，请另选时间" in text(client.get("/appointments/"))
    slip = client.get(f"/appointments/{made.number}/")
    assert "ticket__qr" not in slip.content.decode()  # nothing to check in with
    assert "需改约" in text(slip) and f"/appointments/new/card/?change={made.number}" in slip.content.decode()


def test_the_calendar_file_says_when_and_where(hall, counter):
    clerk = hall.clerk()
    made = hall.booked(clerk)
    answer = browser(clerk).get(f"/appointments/{made.number}/appointment.ics")
    lines = answer.content.decode().split("\r\n")
    assert answer["Content-Type"].startswith("text/calendar")
    assert "DTSTART:20261113T010000Z" in lines and "DTEND:20261113T020000Z" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "江岸区示例路1号" in answer.content.decode().replace("\r\n ", "")


def test_the_slip_on_paper_says_number_place_time_and_what_to_bring(hall, counter):
    clerk = hall.clerk()
    made = hall.booked(clerk)
    answer = browser(clerk).get(
        f"/appointments/{made.number}/appointment.pdf", headers={"accept-language": "en"}
    )
    (sheet,) = pypdf.PdfReader(BytesIO(answer.content)).pages
    words = re.sub(r"\s+", "", sheet.extract_text())
    for said in (
        "业务预约单",
        made.number,
        "2026-11-13",
        "周五",
        "09:00–10:00",
        "江岸区示例路1号",
        "要带的材料",
    ):
        assert said in words
    appointments.cancel(made, by=clerk)
    assert browser(clerk).get(f"/appointments/{made.number}/appointment.pdf").status_code == 404


def test_the_mobile_is_filled_in_from_the_account(hall, counter):
    client = browser(hall.clerk())
    Account.objects.update(mobile="13100001193")
    assert 'value="13100001193"' in client.get(CHOSEN).content.decode()


def test_nobody_elses_appointment_exists(hall, counter):
    made = hall.booked(hall.clerk(86))
    other = browser(hall.clerk(87))
    for address in (
        f"{made.number}/",
        f"{made.number}/cancel/",
        f"{made.number}/appointment.ics",
        f"{made.number}/appointment.pdf",
    ):
        assert other.get(f"/appointments/{address}").status_code == 404
    assert other.post(f"/appointments/{made.number}/cancel/").status_code == 404
    assert other.get(f"/appointments/new/card/?change={made.number}").status_code == 404
    assert browser(hall.officer()).get("/appointments/").status_code == 404


def test_people_are_offered_their_own_business(hall, counter):
    client = browser(hall.person())
    page = text(client.get("/appointments/new/"))
    assert "待遇申领" in page and "材料审核" not in page
    assert client.get("/appointments/new/papers/").status_code == 404
    assert "还没有经办机构开放这项业务的预约" in text(client.get("/appointments/new/transfer/"))


@pytest.mark.parametrize("address", ["papers/420199/", "nonsense/", f"papers/{OFFICE}/confirm/?day=x"])
def test_what_there_is_not_is_not_found(hall, counter, address):
    assert browser(hall.clerk()).get(f"/appointments/new/{address}").status_code == 404


def test_whoever_may_not_book_is_told_until_when(hall, counter, settings):
    settings.APPOINTMENTS = {**settings.APPOINTMENTS, "no_shows": 1}
    clerk = hall.clerk()
    made = hall.booked(clerk)
    Appointment.objects.filter(pk=made.pk).update(state="missed")
    with at(FRIDAY):
        client = browser(clerk)
        for address in ("/appointments/", "/appointments/new/"):
            assert "2027-05-13 之前不能网上预约" in text(client.get(address))
        assert "不能网上预约" in text(client.post(CHOSEN.replace("09:00", "14:00"), MOBILE), 422)


def test_a_case_that_waits_for_its_papers_leads_here_and_back(hall, counter, here):
    clerk = hall.clerk(7)
    case = cases.start("borrow-books", by=clerk)
    client = browser(clerk)
    made = client.post(f"{CHOSEN}&case={case.number}", MOBILE, follow=True)
    assert reverse("filing:status", args=[case.number]) in made.content.decode()
    assert appointments.of(clerk).get().about == case.ref
    slip = text(made)
    assert "借书单" in slip and "经办人身份证件" in slip and "业务状态页上列出的材料" not in slip
    assert client.get("/appointments/new/papers/?case=42010020261112999999").status_code == 404


def test_a_refusal_that_ends_at_the_counter_leads_to_a_booking(hall):
    employer = hall.city.employer()
    client = browser(hall.clerk(employer.id))
    too_old = {
        "id_number": hall.city.stranger(born=date(1966, 1, 1)), "name": "李建国", "hired_on": "2026-11-02",
        "wage": "6000", "starts": "2026-11",
    }  # fmt: skip
    page = client.post("/filing/enrol-employees/new/", too_old)
    assert "要到窗口办的，可以先预约" in text(page, 422)
    assert "/appointments/new/counter-enrolment/" in page.content.decode()


def test_the_bench_shows_what_comes_next(hall, counter):
    clerk = hall.clerk()
    assert "没有将要办理的预约" in text(browser(clerk).get("/employer/"))
    made = hall.booked(clerk)
    page = browser(clerk).get("/employer/")
    assert "11-13 09:00 社会保障卡" in text(page)
    assert reverse("appointments:slip", args=[made.number]) in page.content.decode()


@pytest.mark.parametrize("taken", [1, 3])
def test_the_pages_cost_the_same_however_much_is_booked(hall, taken, django_assert_max_num_queries):
    counter = hall.counter(seats=3)
    for n in range(taken):
        hall.booked(hall.clerk(party=90 + n))
    clerk = hall.clerk()
    hall.booked(clerk, starts=NINE.replace(hour=11))
    client = browser(clerk)
    for address in ("/appointments/", "/appointments/new/card/", f"/appointments/new/card/{OFFICE}/"):
        client.get(address)
        with django_assert_max_num_queries(14):
            client.get(address)
    assert counter.seats == 3 and date(2026, 11, 13) == FRIDAY


def test_for_the_papers_of_a_case_its_own_office_stands_first(hall, counter, here):
    hall.city.office().__class__.objects.create(code="420101", name="另一处", address="示例路2号")
    clerk = hall.clerk(7)
    case = cases.start("borrow-books", by=clerk)
    type(case).objects.filter(pk=case.pk).update(office_code=OFFICE)
    Account.objects.filter(pk=clerk.account_id).update(office_code="420101", mobile="13100000001")
    page = text(browser(clerk).get(f"/appointments/new/papers/?case={case.number}"))
    assert "办理这笔业务的经办机构" in page and "我的辖区" not in page
    chosen = browser(clerk).get(f"{CHOSEN}&case={case.number}").content.decode()
    assert 'value="13100000001"' in chosen
