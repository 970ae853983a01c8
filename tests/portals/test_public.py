"""What anybody can read without an account."""

from datetime import date

import pytest

from shebao.casework import catalogue
from shebao.casework.service import Window
from shebao.foundation import clock
from shebao.portals.public import guides, home, month_calendar, searching
from shebao.services import enrol_employees, pause_employees

pytestmark = pytest.mark.django_db


class Open:
    """A service that is open on the days it is given."""

    title = "单位参保登记"

    def __init__(self, first, last, papers_by=None):
        self.opens = lambda today: Window(first, last, papers_by)


def test_the_home_page_opens_before_any_policy_is_loaded(client):
    html = client.get("/").content.decode()
    assert "您要办理什么社保业务" in html


def test_a_guide_tells_every_reason_for_a_refusal_with_its_rule():
    guide = guides.guide_of(enrol_employees.SERVICE)
    rules = {hurdle.rule for hurdle in guide.refusals}
    assert {"EMP-1/1", "EMP-1/3", "EMP-1/6", "EMP-1/8"} <= rules
    sentences = " ".join(sentence for hurdle in guide.refusals for sentence in hurdle.sentences)
    assert "未停保" in sentences
    assert "%(" not in sentences


def test_no_check_of_a_service_goes_untold():
    for service in (enrol_employees.SERVICE, pause_employees.SERVICE):
        silent = [check.wrong.__name__ for check in service.checks if not guides.sentences_of(check)]
        assert not silent


def test_a_programmers_note_is_not_told():
    def explained(row, fact, case):
        """这是写给程序员看的一句说明，不给办事的人看"""
        return "身份证号码与姓名不一致，请核对"

    class Check:
        wrong = explained

    assert guides.sentences_of(Check) == ["身份证号码与姓名不一致，请核对"]


def test_a_service_that_does_not_exist_has_no_guide(client):
    assert client.get("/guides/no-such-service/").status_code == 404


def test_search_finds_a_service_by_title_field_and_paper():
    assert searching.matches(enrol_employees.SERVICE, "增员")
    assert searching.matches(enrol_employees.SERVICE, "劳动合同")
    assert searching.matches(pause_employees.SERVICE, "暂停 原因")
    assert not searching.matches(pause_employees.SERVICE, "养老金")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("新公司", "单位参保登记"),
        ("注册公司", "单位参保登记"),
        ("公司注册", "单位参保登记"),
        ("开户", "单位参保登记"),
        ("辞职", "暂停缴费"),
        ("离职", "暂停缴费"),
        ("减人", "暂停缴费"),
        ("员工辞职了怎么办", "暂停缴费"),
        ("加人", "增员（续保）"),
        ("新员工 入职", "增员（续保）"),
        ("工资", "个人工资变更"),
        ("滞纳金", "单位员工欠费补缴"),
        ("销户", "单位注销登记"),
        ("缴费证明", "单位缴费自查"),
        ("pause", "暂停缴费"),
        ("an employee wants to quit", "暂停缴费"),
        ("Arrears", "单位员工欠费补缴"),
        ("declaration", "个人工资年度申报"),
        ("hire a new employee", "增员（续保）"),
    ],
)
def test_search_finds_a_service_by_what_people_call_it(client, typed, first):
    found = client.get("/search/", {"q": typed}).context["found"]
    assert str(found[0][0].title) == first


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("缴费证明", "/individual/statements/"),
        ("发票", "/employer/bills/"),
        ("忘记密码", "/login/person/forgotten/"),
        ("换经办人", "/employer/clerks/"),
        ("预约", "/appointments/"),
        ("api", "/api/"),
    ],
)
def test_search_finds_pages_too(client, typed, address):
    assert address in client.get("/search/", {"q": typed}).content.decode()


def test_every_service_says_what_people_call_it():
    assert not [one.code for one in catalogue.declared() if not one.also_called]


def test_a_search_without_result_says_what_to_do(client):
    html = client.get("/search/", {"q": "<script>"}).content.decode()
    assert 'href="tel:12333"' in html and "暂停缴费" in html and "单位参保登记" in html
    assert "没有找到" in html
    assert "<script>“" not in html
    assert "&lt;script&gt;" in html


def test_the_calendar_marks_today_and_the_day_for_papers():
    whole = Open(date(2026, 11, 1), date(2026, 11, 30), date(2026, 11, 20))
    shown = month_calendar.of([whole], date(2026, 11, 12))
    looks = {day.number: day.look for day in shown.days}
    assert (looks[12], looks[20], looks[30], len(looks)) == ("now", "key", "in", 30)
    assert [one.when for one in shown.key_dates] == ["全月", "11 月 20 日前"]


def test_a_window_that_closes_early_says_when():
    early = Open(date(2026, 11, 1), date(2026, 11, 22))
    shown = month_calendar.of([early], date(2026, 11, 12))
    looks = {day.number: day.look for day in shown.days}
    assert (looks[22], looks[23]) == ("key", "")
    assert [(one.when, one.what) for one in shown.key_dates] == [("1–22 日", "受理单位参保登记")]


def test_without_windows_there_is_no_calendar():
    always = Open(None, None)
    always.opens = None
    assert month_calendar.of([always], date(2026, 11, 12)) is None


def test_what_is_done_once_a_year_is_a_line_of_its_own():
    monthly = Open(date(2026, 11, 1), date(2026, 11, 30), date(2026, 11, 20))
    yearly = Open(date(2026, 10, 8), date(2026, 12, 31), date(2026, 11, 30))
    yearly.title = "个人工资年度申报"
    shown = month_calendar.of([monthly, yearly], date(2026, 11, 12))
    assert shown.papers_by == date(2026, 11, 20)
    assert [one.when for one in shown.key_dates] == ["全月", "11 月 20 日前", "11 月 30 日前"]
    assert shown.key_dates[-1].what == "个人工资年度申报"
    afterwards = month_calendar.of([monthly, yearly], date(2026, 12, 1))
    assert "个人工资年度申报" not in [one.what for one in afterwards.key_dates]


def test_every_link_on_the_home_page_leads_somewhere(client):
    with clock.fixed(date(2026, 11, 12)):
        links = [url for portal in home.portals() for _label, url in portal.items] + [
            u for _l, u in home.often()
        ]
    for url in links:
        assert client.get(url).status_code in (200, 302), url


@pytest.mark.parametrize(
    "path", ["/help/", "/terms/", "/privacy/", "/accessibility/", "/licences/", "/guides/"]
)
def test_what_a_public_site_says_about_itself_is_there(client, path):
    assert client.get(path).status_code == 200


def test_the_samples_of_components_are_for_staff(client):
    assert client.get("/_patterns/").status_code == 404
