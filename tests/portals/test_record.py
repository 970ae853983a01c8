"""我的社保: what an insured person reads of his own record, and that nobody else's is there."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from shebao.assessment import runs
from shebao.foundation import clock
from shebao.foundation.months import Month
from tests import policies
from tests.identity import people
from tests.scenes import City

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with clock.fixed(date(2026, 11, 12)):
        yield


@pytest.fixture
def city():
    policies.load(synthetic=True)
    return City()


def signed_in(person):
    client = Client()
    client.force_login(
        people.opened(person.id_number, "person", person_id=person.id, display_name=person.name)
    )
    return client


def text(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def worker(city):
    """王晓兰, employed since August for 6,500 yuan; October was not paid for, nor were the months before."""
    person = city.person("王晓兰", sex="F")
    city.works(person, city.employer("武汉江汇精密制造示例公司"), since=Month(2026, 8), wage="6500")
    runs.assess([person.id], [Month(2026, 8), Month(2026, 9)], source="scene")
    return person


def test_the_overview_says_where_one_is_insured_and_what_is_owed(worker):
    page = text(signed_in(worker).get("/individual/"))
    assert "武汉江汇精密制造示例公司" in page and "正常参保" in page
    assert "2 个月未到账" in page
    assert worker.id_number not in page


def test_a_month_that_waits_for_its_run_alarms_nobody(worker):
    page = signed_in(worker)
    assert "本月还没有核定" in text(page.get("/individual/"))
    page.cookies["jc_mode"] = "elder"
    assert "还没到期" in text(page.get("/individual/"))


def test_each_amount_of_a_month_is_worked_out_before_ones_eyes(worker):
    page = text(signed_in(worker).get("/individual/contributions/2026-09/"))
    assert "6,500.00 × 16% = 1,040.00" in page
    assert "6,500.00 × 8% = 520.00" in page
    assert "个人每月 7.00" in page
    assert page.index("养老保险 武汉") < page.index("医疗保险 武汉") < page.index("失业保险 武汉")
    assert "2026年度基数尚未公布" in page and "暂定" in page


def test_a_wage_below_the_floor_is_said_to_be_raised(city):
    person = city.person()
    city.works(person, city.employer(), since=Month(2026, 9), wage="3000")
    runs.assess([person.id], [Month(2026, 9)], source="scene")
    assert "低于下限 4,498.00 元，按下限" in text(signed_in(person).get("/individual/contributions/2026-09/"))


def test_a_flexible_workers_amounts_come_from_his_tier(city):
    person = city.person()
    city.flexible(person, since=Month(2026, 9), tier="1.0")
    runs.assess([person.id], [Month(2026, 9)], source="scene")
    page = text(signed_in(person).get("/individual/contributions/2026-09/"))
    assert "平均工资 7,496.00 元 × 100% = 7,496.00" in page
    assert "7,496.00 × 20% = 1,499.20" in page


def test_a_month_without_dues_has_no_page(worker):
    client = signed_in(worker)
    assert client.get("/individual/contributions/2020-01/").status_code == 404
    assert client.get("/individual/contributions/nonsense/").status_code == 404


def test_somebody_never_insured_is_told_so_kindly(city):
    page = text(signed_in(city.person()).get("/individual/"))
    assert "还没有参保" in page and "没有应缴" in page


def test_nobody_elses_statement_exists(worker, city, hall):
    mine, other = signed_in(worker), signed_in(city.person("李四"))
    mine.post("/individual/statements/", {"first": "2026-08", "last": "2026-10"})
    serial = re.search(r"\d{6}-\d{6}-\w{4}-\w{4}-\w", text(mine.get("/individual/statements/")))[0]
    assert mine.get(f"/individual/statements/{serial}/").status_code == 200
    assert other.get(f"/individual/statements/{serial}/").status_code == 404


def test_a_period_that_can_not_be_is_refused_with_what_to_do(worker):
    client = signed_in(worker)
    answer = client.post("/individual/statements/", {"first": "2026-10", "last": "2026-08"})
    assert "对账期间须由早到晚" in text(answer)
    answer = client.post("/individual/statements/", {"first": "去年", "last": "2026-08"})
    assert "请写成 2026-06 这样的年月" in text(answer)


@pytest.mark.parametrize("months", [2, 60])
def test_the_overview_costs_the_same_however_long_the_history(city, months, django_assert_max_num_queries):
    person = city.person()
    first = Month(2026, 10).plus(1 - months)
    city.works(person, city.employer(), since=first)
    runs.assess([person.id], list(Month.range(first, Month(2026, 10))), source="scene")
    client = signed_in(person)
    client.get("/individual/")
    with django_assert_max_num_queries(20):
        client.get("/individual/")
