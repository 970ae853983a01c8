"""Who forgot his password gets a link by e-mail; nobody learns by it who has an account, or gets in (ACC-3)."""

import re
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from django.test import Client

from shebao.audit.models import AuditEvent
from shebao.foundation import clock
from shebao.identity import recovery, throttle
from shebao.identity.models import Account
from shebao.notices.models import Notice
from tests.identity import people
from tests.identity.people import LI, PASSWORD
from tests.identity.test_challenges import worked_out
from tests.jobs import work
from tests.notices.test_notices import mailbox
from tests.portals.test_entry import log_in, said, text

__all__ = ["mailbox"]
pytestmark = pytest.mark.django_db
NEW = "Lotus-Root-2026"
SENT = "几分钟内会收到一封邮件"


@pytest.fixture(autouse=True)
def noon():
    with clock.fixed(date(2026, 11, 12)) as moment:
        yield moment


@pytest.fixture
def li():
    return people.person(email="li@example.org")


def asks(browser, kind="person", username=LI, **written):
    page = browser.get(f"/login/{kind}/forgotten/").content.decode()
    question = re.search(r"[一二三四五六七八九十]+[加减][一二三四五六七八九十]+等于几？", page)[0]
    written = {"username": username, "challenge": str(worked_out(question)), **written}
    answer = browser.post(f"/login/{kind}/forgotten/", written)
    work()
    return answer


def letter_in(mailbox) -> tuple[str, str]:
    """Subject and text of the last letter."""
    letter = message_from_bytes(mailbox.letters[-1][1].encode(), policy=policy.default)
    return letter["Subject"], letter.get_content()


def link_in(mailbox) -> str:
    return re.search(r"https?://[^/]+(/recover/\S+)", letter_in(mailbox)[1])[1]


def sets(browser, link, username=LI, new=NEW, again=NEW):
    return browser.post(link, {"username": username, "new": new, "again": again})


def test_a_link_by_e_mail_leads_to_a_new_password_once(li, mailbox):
    elsewhere, browser = Client(), Client()
    log_in(elsewhere)
    assert SENT in text(asks(browser))
    subject, body = letter_in(mailbox)
    assert mailbox.letters[-1][0] == ["li@example.org"] and "重新设置密码" in subject
    assert LI not in body and "30 分钟内" in body
    link = link_in(mailbox)
    assert "重新设置密码" in text(browser.get(link))
    answer = sets(browser, link)
    assert answer.headers["Location"] == "/login/person/"
    assert elsewhere.get("/account/").status_code == 302, "other sessions are out"
    assert said(log_in(Client())), "the old password is worth nothing"
    assert log_in(browser, password=NEW).status_code == 302
    assert browser.get(link).status_code == 410, "a link is good for one password"
    assert set(AuditEvent.objects.values_list("event", flat=True)) >= {
        "account.recovery-asked",
        "account.password-recovered",
    }
    assert Notice.objects.filter(code="password-changed", recipient=li.ref).exists()


@pytest.mark.parametrize(
    ("kind", "username"),
    [("person", people.WANG), ("person", LI), ("employer", "hanjiang01"), ("employer", LI)],
)
def test_the_answer_is_the_same_for_who_is_unknown_has_no_address_or_is_stopped(kind, username, mailbox):
    people.person()
    clerk = people.clerk(email="clerk@example.org")
    Account.objects.filter(pk=clerk.pk).update(is_active=False, suspension="own")
    answer = asks(Client(), kind, username)
    assert answer.status_code == 200 and SENT in text(answer)
    assert mailbox.letters == []


def test_a_clerk_recovers_too_and_an_officer_is_sent_to_his_administrator(mailbox):
    people.clerk(email="clerk@example.org", must_change_password=True)
    asks(Client(), "employer", "Hanjiang01")
    assert sets(Client(), link_in(mailbox), username="hanjiang01").headers["Location"] == "/login/employer/"
    account = Account.objects.get(username="hanjiang01")
    assert account.check_password(NEW) and not account.must_change_password
    people.officer(email="officer@example.org")
    page = Client().get("/login/agency/forgotten/")
    assert "请联系本处的系统管理员" in text(page) and "发送邮件" not in text(page)
    recovery.ask("agency", "wuchang01", source="10.0.0.1")
    work()
    assert len(mailbox.letters) == 1


def test_a_link_is_worth_nothing_after_half_an_hour_a_sign_in_or_another_password(li, mailbox, noon):
    browser = Client()
    asks(browser)
    link = link_in(mailbox)
    with clock.fixed(noon + timedelta(minutes=31)):
        assert "这个链接已经失效" in text(Client().get(link)) or Client().get(link).status_code == 410
        assert sets(Client(), link).status_code == 410
    assert Client().get(link).status_code == 200
    Account.objects.filter(pk=li.pk).update(last_login=noon)
    assert sets(Client(), link).status_code == 410
    li.refresh_from_db()
    assert li.check_password(PASSWORD)


def test_who_finds_the_letter_in_a_strangers_box_does_not_get_in(li, mailbox):
    asks(Client())
    link = link_in(mailbox)
    for _try in range(6):
        answer = sets(Client(), link, username=people.WANG)
        assert answer.status_code == 422
    assert "核对不上的次数较多" in said(answer)
    assert Client().get(link.replace(str(li.pk), str(li.pk + 1), 1)).status_code == 410
    li.refresh_from_db()
    assert li.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("new", "again", "sentence"),
    [
        ("short", "short", "密码太短"),
        (PASSWORD, PASSWORD, "新密码和原密码相同"),
        (NEW, NEW + "x", "两次输入的新密码不一样"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_still_good(li, mailbox, new, again, sentence):
    asks(Client())
    link = link_in(mailbox)
    answer = sets(Client(), link, new=new, again=again)
    assert answer.status_code == 422 and sentence in said(answer)
    assert sets(Client(), link).status_code == 302


def test_robots_and_those_who_fill_a_mail_box_are_slowed_down(li, mailbox):
    assert "验证问题的答案不对" in said(asks(Client(), challenge="99"))
    for _letter in range(7):
        answer = asks(Client())
    assert "申请的次数较多" in said(answer)
    assert len(mailbox.letters) <= 6
    throttle.forgive([throttle.key("recover", "person", LI, "127.0.0.1")])


def test_the_log_in_page_leads_here(li):
    for kind in ("person", "employer"):
        assert f"/login/{kind}/forgotten/" in Client().get(f"/login/{kind}/").content.decode()
