"""The days that the city's policy names are the same wherever an employer reads them."""

import re
from datetime import date

import pytest

from shebao.casework import catalogue
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.notices.models import Notice
from shebao.policy.models import Value
from shebao.portals.public import guides, month_calendar
from shebao.services import reminders
from tests import policies
from tests.portals.test_queries import signed_in, text
from tests.services.conftest import Hall

pytestmark = pytest.mark.django_db
ENROL, REGISTER = "enrol-employees", "register-employer"

# (city, the days of its policy that differ from the file, a day of work) → the days for papers and of registration
CITIES = [
    pytest.param("420100", {}, date(2026, 11, 12), date(2026, 11, 20), (1, 22), id="Wuhan, November"),
    pytest.param("420100", {}, date(2027, 2, 3), date(2027, 2, 20), (1, 22), id="Wuhan, February"),
    pytest.param("420100", {}, date(2026, 12, 21), date(2027, 1, 20), (1, 22), id="Wuhan, after the day"),
    pytest.param(
        "420100",
        {"papers_day": 31, "filing_first_day": 5, "filing_last_day": 30},
        date(2027, 2, 3),
        date(2027, 2, 28),
        (5, 28),
        id="a city that counts to the 31st, in February",
    ),
    pytest.param("440300", {}, date(2026, 11, 12), None, (1, 30), id="Shenzhen names no days"),
]


@pytest.fixture
def employer(db):
    policies.load(synthetic=True)
    return Hall().city.employer("汉江机械厂示例")


@pytest.mark.parametrize(("city", "changed", "today", "papers", "registering"), CITIES)
def test_all_pages_name_the_days_of_the_policy(employer, settings, city, changed, today, papers, registering):
    settings.CITY_CODE = city
    for parameter, day in changed.items():
        Value.objects.filter(parameter=parameter, city=city).update(value=day)
    with clock.fixed(today):
        client = signed_in(employer)
        last_day = Month.of(today).last_day.day

        enrolling = catalogue.service(ENROL).opens(today)
        assert (enrolling.first.day, enrolling.last.day, enrolling.papers_by) == (1, last_day, papers)
        opened = catalogue.service(REGISTER).opens(today)
        assert (opened.first.day, opened.last.day) == registering

        home = month_calendar.of(catalogue.declared(), today)
        assert home.papers_by == papers
        lines = [f"{one.when} {one.what}" for one in home.key_dates]
        assert any(line.startswith("全月 受理增员（续保）") for line in lines)
        if registering != (1, last_day):
            named = f"{registering[0]}–{registering[1]} 日 受理单位参保登记"
            assert any(line.startswith(named) for line in lines)
        assert guides.guide_of(catalogue.service(ENROL)).window == enrolling

        page = text(client.get(f"/employer/queries/calendar/?year={today.year}"))
        file = client.get(f"/employer/queries/calendar/file/?year={today.year}").content.decode()
        file = file.replace("\r\n ", "")
        in_file = {
            what: day
            for day, what in re.findall(r"DTSTART;VALUE=DATE:(\d{8}).*?SUMMARY:([^\r]+)", file, re.S)
            if day.startswith(f"{today:%Y%m}")
        }
        this_month = papers if papers and papers.month == today.month else None
        if papers is None:
            assert "带材料到窗口审核" not in page + file and "单位登记业务受理截止" not in page + file
            return
        if this_month:
            assert in_file["带材料到窗口审核的最后一天"] == f"{papers:%Y%m%d}"
        assert in_file["本月单位登记业务受理截止"] == f"{today:%Y%m}{registering[1]:02d}"
        for words in ("带材料到窗口审核的最后一天", "本月单位登记业务受理截止"):
            assert words in page
        bench = text(client.get("/employer/"))
        assert f"{papers.month} 月 {papers.day} 日" in bench or f"{papers:%m-%d}" in bench


def test_a_february_that_ends_before_the_day_for_papers_breaks_no_reminder(employer):
    Value.objects.filter(parameter="papers_day", city="420100").update(value=31)
    with clock.fixed(date(2027, 2, 25)):
        reminders.send()
    assert not Notice.objects.filter(code="papers-due").exists(), "no case waits for papers"
