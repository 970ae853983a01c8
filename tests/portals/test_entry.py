"""At the door, over HTTP: logging in and out, the first password, terms, registering, one's own account."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from shebao import audit, notices
from shebao.foundation import clock
from shebao.identity import devices, terms
from shebao.identity.acting import acting_as
from shebao.identity.models import Account
from shebao.registry import people as archive
from shebao.registry.models import Card, Person
from tests.identity import people
from tests.identity.people import LI, PASSWORD
from tests.identity.test_challenges import worked_out
from tests.scenes import City

pytestmark = pytest.mark.django_db

NEW = "Hubu-Alley-1"


def text(response) -> str:
    """What a page says, without its tags."""
    return re.sub(r"<[^>]+>", "", response.content.decode())


def said(response) -> str:
    """The error summary, or nothing."""
    found = re.search(r'<div class="errsum".*?</ol>', response.content.decode(), re.S)
    return re.sub(r"<[^>]+>", "", found[0]) if found else ""


def log_in(browser, kind="person", username=LI, password=PASSWORD, **more):
    return browser.post(f"/login/{kind}/", {"username": username, "password": password, **more})


@pytest.fixture
def browser():
    return Client()


def test_the_log_in_page_has_a_tab_for_each_kind_and_is_kept_by_no_browser(browser):
    answer = browser.get("/login/")
    page = answer.content.decode()
    for words in ("身份证号码", "个人", "单位", "社区", "经办机构", "没有账户？注册"):
        assert words in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert "用户名" in browser.get("/login/employer/").content.decode()
    assert browser.get("/login/stranger/").status_code == 404


def test_a_person_logs_in_and_out(browser):
    people.person()
    answer = log_in(browser)
    assert answer.status_code == 302
    assert "李小明" in text(browser.get("/account/"))
    assert browser.get("/login/").status_code == 302  # already in
    assert browser.get("/logout/").status_code == 405  # a link in a mail can't log anybody out
    assert "您已安全退出" in text(browser.post("/logout/", follow=True))
    assert browser.get("/account/").headers["Location"] == "/login/person/?next=%2Faccount%2F"


def test_a_session_number_planted_before_is_worth_nothing_afterwards(browser):
    people.person()
    browser.cookies["sessionid"] = "planted0000000000000000000000000"
    log_in(browser)
    assert browser.cookies["sessionid"].value != "planted0000000000000000000000000"


def test_a_form_of_another_site_logs_nobody_in():
    people.person()
    careful = Client(enforce_csrf_checks=True)
    assert log_in(careful).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', careful.get("/login/").content.decode())[1]
    assert log_in(careful, csrfmiddlewaretoken=token).status_code == 302


def test_a_wrong_password_is_answered_on_the_page_and_the_page_says_so_first(browser):
    people.person()
    answer = log_in(browser, password="wrong")
    assert answer.status_code == 422
    assert "身份证号码或密码不对，请核对后重新输入" in said(answer)
    page = answer.content.decode()
    assert "<title>错误：" in page
    assert f'value="{LI}"' in page
    assert "wrong" not in page


def test_a_page_left_empty_says_what_to_fill_in(browser):
    answer = browser.post("/login/person/", {"username": "", "password": ""})
    assert answer.status_code == 422
    assert "请填写身份证号码" in said(answer)
    assert "请填写密码" in said(answer)


def test_after_failures_a_question_in_words_is_asked_which_needs_no_script(browser):
    people.person()
    log_in(browser, password="wrong")
    page = log_in(browser, password="wrong").content.decode()
    question = re.search(r"[一二三四五六七八九十]+[加减][一二三四五六七八九十]+等于几？", page)[0]
    assert f">{question}" in page
    unanswered = log_in(browser)
    assert "请先回答验证问题" in said(unanswered)
    question = re.search(
        r"[一二三四五六七八九十]+[加减][一二三四五六七八九十]+等于几？", unanswered.content.decode()
    )[0]
    answer = log_in(browser, challenge=str(worked_out(question)))
    assert answer.status_code == 302
    assert "<script" not in page.partition("<main")[2].partition("</main>")[0]


def test_somebody_is_led_back_to_where_he_was_going_but_never_out_of_the_hall(browser):
    people.clerk()
    going = browser.get("/account/", follow=True)
    assert 'name="next" value="/account/"' in going.content.decode()
    assert log_in(browser, "employer", "hanjiang01", next="/account/").headers["Location"] == "/account/"
    for elsewhere in (
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "https:evil.example",
    ):
        stranger = Client()
        assert "evil" not in log_in(stranger, "employer", "hanjiang01", next=elsewhere).headers["Location"]


def test_part_of_a_page_asked_by_script_sends_the_whole_page_to_log_in(browser):
    answer = browser.get(
        "/inbox/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/inbox/?page=2"}
    )
    assert answer.headers["HX-Redirect"] == "/login/person/?next=%2Finbox%2F%3Fpage%3D2"


def test_a_form_sent_after_the_log_in_ended_says_so_and_leads_back_to_its_page(browser):
    came_from = "http://testserver/account/?tab=2"
    answer = browser.post("/account/", headers={"Referer": came_from})
    assert answer.headers["Location"].endswith("?next=%2Faccount%2F%3Ftab%3D2")
    assert "登录已超时，请重新登录" in text(browser.get(answer.headers["Location"]))
    for elsewhere in ("https://evil.example/account/", ""):
        answer = Client().post("/account/", headers={"Referer": elsewhere})
        assert "next" not in answer.headers["Location"]


def test_a_form_that_saves_itself_leads_to_log_in_and_back_to_its_page(browser):
    answer = browser.post(
        "/inbox/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/inbox/?page=2"}
    )
    assert answer.headers["HX-Redirect"].endswith("?next=%2Finbox%2F%3Fpage%3D2")


def test_the_first_password_is_changed_before_anything_else_opens(browser):
    people.clerk(must_change_password=True)
    assert log_in(browser, "employer", "hanjiang01").status_code == 302
    assert browser.get("/account/").headers["Location"] == "/account/password/"
    page = text(browser.get("/account/password/"))
    assert "初始密码" in page
    assert browser.get("/mode/elder/").status_code == 302
    assert browser.get("/healthz").status_code == 302
    answer = browser.post("/account/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status_code == 302
    assert browser.get("/account/").status_code == 200


def test_a_text_that_was_not_accepted_yet_is_shown_before_anything_else_opens(browser):
    clerk = people.clerk(accepted=False)
    log_in(browser, "employer", "hanjiang01")
    assert browser.get("/account/").headers["Location"] == "/account/terms/"
    page = browser.get("/account/terms/")
    assert "本单位承诺" in text(page)
    assert browser.post("/account/terms/", {"version": terms.current("employer").version}).status_code == 422
    answer = browser.post("/account/terms/", {"version": terms.current("employer").version, "agreed": "on"})
    assert answer.status_code == 302
    assert browser.get("/account/").status_code == 200
    assert not terms.is_due(clerk)


def test_both_duties_come_one_after_the_other(browser):
    people.clerk(accepted=False, must_change_password=True)
    log_in(browser, "employer", "hanjiang01")
    answer = browser.post("/account/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert answer.headers["Location"] == "/account/terms/"


def test_changing_the_password_ends_all_other_sessions_but_not_this_one(browser):
    people.person()
    elsewhere = Client()
    log_in(browser)
    log_in(elsewhere)
    browser.post("/account/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert browser.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_what_is_wrong_with_a_new_password_is_said_at_its_field(browser):
    people.person()
    log_in(browser)
    answer = browser.post("/account/password/", {"old": PASSWORD, "new": "short", "again": "short"})
    assert answer.status_code == 422
    assert "密码太短，请至少用8个字符" in said(answer)
    assert "short" not in answer.content.decode()


def test_after_half_an_hour_without_a_click_somebody_is_signed_out_and_told_why(browser):
    people.person()
    with clock.fixed(date(2026, 11, 2)) as noon:
        log_in(browser)
        with clock.fixed(noon + timedelta(minutes=29)):
            assert browser.get("/account/").status_code == 200
        with clock.fixed(noon + timedelta(minutes=58)):
            assert browser.post("/account/stay/").headers["X-Session-Seconds"] == "1800"
        with clock.fixed(noon + timedelta(minutes=87)):
            # What a page asks for by itself is nobody's click.
            assert browser.get("/account/", headers={"X-Poll": "1"}).status_code == 200
        with clock.fixed(noon + timedelta(minutes=89)):
            answer = browser.get("/account/", follow=True)
            assert "您有一段时间没有操作，为保护您的信息已自动退出" in text(answer)
            assert 'name="next" value="/account/"' in answer.content.decode()


def test_a_closed_account_is_out_at_once(browser):
    account = people.person()
    log_in(browser)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert browser.get("/account/").status_code == 302


def test_a_device_that_was_used_before_is_not_shut_out_by_a_stranger_at_the_same_address(browser):
    people.person()
    log_in(browser)
    browser.post("/logout/")
    with clock.fixed(date(2026, 11, 2)):
        stranger = Client()
        for _ in range(8):
            log_in(stranger, password="wrong", challenge="0")
        assert said(log_in(stranger))
        assert log_in(browser).status_code == 302


def test_the_mark_of_a_device_is_hidden_from_scripts_and_worthless_after_a_new_password(browser):
    account = people.person()
    log_in(browser)
    mark = browser.cookies[devices.COOKIE]
    assert (mark["httponly"], mark["samesite"]) == (True, "Lax")
    assert devices.mark_of(mark.value, account)
    assert not devices.mark_of(mark.value.replace(f"{account.pk}.", f"{account.pk + 1}.", 1), account)
    assert not devices.mark_of("", account)
    assert not devices.mark_of(f"{account.pk}.forged.forged", account)
    browser.post("/account/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    account.refresh_from_db()
    assert not devices.mark_of(mark.value, account)
    assert devices.mark_of(browser.cookies[devices.COOKIE].value, account)


def test_a_shared_computer_remembers_several_accounts(browser):
    clerk, li = people.clerk(), people.person()
    log_in(browser)
    browser.post("/logout/")
    log_in(browser, "employer", "hanjiang01")
    cookie = browser.cookies[devices.COOKIE].value
    assert devices.mark_of(cookie, li)
    assert devices.mark_of(cookie, clerk)


def test_when_too_many_log_in_at_once_they_are_asked_to_come_again(browser, monkeypatch):
    from shebao.identity import hashers, passwords

    def too_busy(*_):
        raise hashers.TooBusy

    people.person()
    monkeypatch.setattr(passwords, "matches", too_busy)
    answer = log_in(browser)
    assert answer.status_code == 503
    assert "现在登录的人很多，请过一会儿再试" in said(answer)


@pytest.fixture
def li() -> Person:
    """Li of the archive: insured, with a card, a mobile and a bank account."""
    city = City()
    ids = archive.ensure([archive.Newcomer(LI, "李小明", "scene", "13100000000")])
    person = Person.objects.get(pk=ids[LI])
    city.works(person, city.employer(), since=archive.Month(2020, 1))
    Card.objects.create(person=person, number="A12345678", issued_on=date(2020, 1, 1))
    Person.objects.filter(pk=person.pk).update(bank_tail="000018")
    return person


def first_step(browser, person, **changes):
    page = browser.get("/register/").content.decode()
    question = re.search(r"[一二三四五六七八九十]+[加减][一二三四五六七八九十]+等于几？", page)[0]
    written = {
        "id_number": LI,
        "personal_number": person.personal_number,
        "challenge": str(worked_out(question)),
        "terms": "on",
        "terms_version": terms.current("person").version,
    }
    return browser.post("/register/", {**written, **changes})


DETAILS = {
    "name": "李小明",
    "card_number": "A12345678",
    "fact": "bank_tail",
    "fact_value": "000018",
    "password": PASSWORD,
    "again": PASSWORD,
}


def test_an_insured_person_registers_and_is_in(browser, li):
    assert first_step(browser, li).headers["Location"] == "/register/details/"
    page = browser.get("/register/details/").content.decode()
    assert "4201**********9993" in page
    assert LI not in page
    assert browser.post("/register/details/", DETAILS).status_code == 302
    assert Account.objects.get().person_id == li.pk
    assert "李小明" in text(browser.get("/account/"))
    assert "您已注册网上办事账户" in text(browser.get("/inbox/"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"challenge": "99"}, "验证问题的答案不对"),
        ({"personal_number": "1"}, "不能用这两个号码注册"),
        ({"id_number": people.WANG}, "不能用这两个号码注册"),
        ({"id_number": "4201"}, "号码应为18位"),
        ({"terms": ""}, "请先阅读并同意服务条款"),
        ({"personal_number": ""}, "请填写个人编号"),
        ({"challenge": ""}, "请回答这个问题"),
    ],
)
def test_the_first_step_is_refused_with_what_to_do(browser, li, changes, sentence):
    answer = first_step(browser, li, **changes)
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert "等于几？" in text(answer), "the page asks a new question"
    assert browser.get("/register/details/").headers["Location"] == "/register/"


def test_facts_that_differ_are_refused_without_saying_which(browser, li):
    first_step(browser, li)
    answer = browser.post("/register/details/", {**DETAILS, "name": "李晓明"})
    assert answer.status_code == 422
    assert "所填信息与参保档案不一致" in said(answer)
    assert PASSWORD not in answer.content.decode()
    assert not Account.objects.exists()


def test_who_died_or_was_never_insured_is_not_registered(browser, li):
    Person.objects.filter(pk=li.pk).update(died_on=date(2026, 1, 1))
    assert "不能用这两个号码注册" in said(first_step(browser, li))
    ids = archive.ensure([archive.Newcomer(people.WANG, "王芳", "scene")])
    wang = Person.objects.get(pk=ids[people.WANG])
    assert "不能用这两个号码注册" in said(first_step(browser, wang, id_number=people.WANG))


def test_a_person_reads_his_messages_and_who_looked_at_his_record(browser):
    account = people.person()
    officer = acting_as(people.officer())
    log_in(browser)
    assert "还没有消息" in text(browser.get("/inbox/"))
    assert "还没有人查看过您的记录" in text(browser.get("/account/looks/"))
    for number in range(25):
        notices.later("case-withdrawn", to="person:88", about="case:1", service=f"业务{number}", number="1")
        audit.looked(by=officer, person_id=88, what=f"缴费记录{number}", about="person:88")
    assert "25 条未读" in text(browser.get("/account/"))
    first = browser.get("/inbox/")
    assert "业务24" in text(first)
    assert "“业务4”" not in text(first)
    older = re.search(r'href="(\?after=\d+)"', first.content.decode())[1]
    assert "“业务4”" in text(browser.get(f"/inbox/{older}"))
    assert "条未读" not in text(browser.get("/account/"))
    looks = text(browser.get("/account/looks/"))
    assert "武昌区社保处 赵审核" in looks
    assert "缴费记录24" in looks
    assert account.ref not in looks


def test_only_a_person_has_looks_at_himself_to_read(browser):
    people.clerk()
    log_in(browser, "employer", "hanjiang01")
    assert browser.get("/account/looks/").status_code == 404
    assert browser.get("/inbox/?after=nonsense").status_code == 200
