"""Messages: in the inbox with the deed, by e-mail a little later, through a real mail server."""

from datetime import date, timedelta

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy

from shebao import notices
from shebao.foundation import clock
from shebao.notices import inbox, post
from shebao.notices.models import MailState, Notice
from shebao.notices.wording import WORDINGS

pytestmark = pytest.mark.django_db

LI = "person:88"


def told(to: str = LI, code: str = "case-returned", **facts) -> None:
    facts = {"service": "职工增员", "number": "42", "reason": "合同缺页", **facts}
    notices.later(code, to=to, about="case:42", **facts)


def test_a_message_stands_in_the_inbox_of_its_party_and_of_nobody_else():
    told()
    told(to="employer:86")
    (letter,) = inbox.of([LI, "account:13"])
    assert letter.title == "“职工增员”被回退，需要您修改"
    assert "回退，原因：合同缺页" in letter.body
    assert inbox.unread([LI]) == 1
    assert inbox.mark_read([LI], [one.pk for one in Notice.objects.all()]) == 1
    assert (inbox.unread([LI]), inbox.unread(["employer:86"])) == (0, 1)
    assert inbox.mark_read([LI], [letter.pk]) == 0


def test_a_service_is_kept_in_chinese_and_named_in_the_language_of_whoever_reads():
    with translation.override("en"):  # of whoever acted
        told(service=gettext_lazy("暂停缴费"))
    letter = Notice.objects.get()
    assert (letter.facts["service"], letter.title) == ("暂停缴费", "“暂停缴费”被回退，需要您修改")
    with translation.override("en"):
        assert "“Stop paying for employees”" in letter.title


def test_a_deed_that_fails_tells_nobody():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        told()
        raise ZeroDivisionError
    assert not Notice.objects.exists()


def test_a_message_that_lacks_words_or_facts_fails_with_the_deed_not_when_it_is_read():
    with pytest.raises(KeyError, match="no wording for the message case-eaten"):
        notices.later("case-eaten", to=LI, about="case:42")
    with pytest.raises(KeyError, match="reason"):
        notices.later("case-returned", to=LI, about="case:42", service="职工增员", number="42")


def test_an_old_message_is_still_read_when_its_words_have_come_to_say_more():
    told()
    Notice.objects.update(facts={"service": "职工增员"})
    assert "回退，原因：……" in Notice.objects.get().body


def test_the_same_message_to_many_is_one_statement(django_assert_num_queries):
    letters = [(f"person:{n}", "run:1", {"month": "2026-11", "deadline": "11-25"}) for n in range(500)]
    with django_assert_num_queries(1):
        notices.later_many("bill-ready", letters)
    with django_assert_num_queries(0):
        notices.later_many("bill-ready", [])
    assert Notice.objects.count() == 500


def test_what_a_citizen_wrote_is_shown_as_he_wrote_it():
    told(reason="缺 %(number)s 与 100% 材料")
    assert "缺 %(number)s 与 100% 材料" in inbox.of([LI]).get().body


@pytest.mark.parametrize("code", sorted(WORDINGS))
def test_no_letter_carries_an_amount_or_a_number_in_its_title(code):
    class Facts(dict):
        """Whatever a wording asks for, under its name."""

        def __missing__(self, name):
            return f"<{name}>"

    title, body = WORDINGS[code].fill(Facts())
    assert "<amount>" not in title
    assert "<number>" not in title
    assert body


class Mailbox:
    """Keeps what arrives; refuses the addresses it is told to."""

    def __init__(self):
        self.letters, self.refuses = [], set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuses:
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.letters.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


class OnAnyPort(Controller):
    """Takes the port that the system gives it, so that nobody else can have taken it."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mailbox(settings):
    """A real SMTP server on this machine."""
    box = Mailbox()
    server = OnAnyPort(box, hostname="127.0.0.1", port=0, ready_timeout=120)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 120
    yield box
    server.stop()


def known(refs):
    return {ref: [f"{ref.replace(':', '')}@example.org"] for ref in refs if ref != "person:99"}


def states() -> list[str]:
    return list(Notice.objects.order_by("id").values_list("mail", flat=True))


def test_a_message_goes_out_by_mail_once_and_says_only_that_there_is_news(mailbox):
    told()
    assert post.send_waiting(known) == 1
    assert post.send_waiting(known) == 0
    ((to, letter),) = mailbox.letters
    assert to == ["person88@example.org"]
    assert f"Message-ID: <notice-{Notice.objects.get().pk}@" in letter
    assert "Auto-Submitted: auto-generated" in letter
    assert "合同缺页" not in letter
    assert states() == [MailState.SENT]


def test_who_has_no_address_and_what_is_not_worth_a_letter_stays_in_the_inbox(mailbox):
    told(to="person:99")
    told(code="case-submitted")
    assert post.send_waiting(known) == 0
    assert (mailbox.letters, states()) == ([], [MailState.NO_ADDRESS, MailState.NONE])


def test_all_clerks_of_an_employer_get_the_letter(mailbox):
    told(to="employer:86")
    post.send_waiting(lambda refs: {ref: ["a@example.org", "b@example.org"] for ref in refs})
    assert [to for to, _letter in mailbox.letters] == [["a@example.org"], ["b@example.org"]]


def test_a_refused_address_holds_up_nobody_and_is_tried_again_less_and_less_often(mailbox):
    mailbox.refuses = {"person88@example.org"}
    with clock.fixed(date(2026, 11, 2)) as noon:
        told()
        told(to="person:89")
        assert post.send_waiting(known) == 1
        assert states() == [MailState.WAITING, MailState.SENT]
        assert post.send_waiting(known) == 0
    moment, tries = noon, 1
    while states()[0] == MailState.WAITING:
        moment += timedelta(minutes=2 ** (tries - 1), seconds=1)
        with clock.fixed(moment):
            post.send_waiting(known)
        tries += 1
        assert Notice.objects.order_by("id")[0].mail_tries == tries
    assert (states()[0], tries) == (MailState.FAILED, 8)


def test_while_the_mail_server_is_down_nothing_is_lost_and_nothing_given_up(mailbox, settings):
    right = settings.EMAIL_PORT
    with clock.fixed(date(2026, 11, 2)) as noon:
        told()
        settings.EMAIL_PORT = 1
        for hours in range(30):
            with clock.fixed(noon + timedelta(hours=hours)):
                assert post.send_waiting(known) == 0
        settings.EMAIL_PORT = right
        with clock.fixed(noon + timedelta(hours=31)):
            assert post.send_waiting(known) == 1
    assert (len(mailbox.letters), states()) == (1, [MailState.SENT])


def test_many_letters_go_over_few_connections(mailbox, monkeypatch):
    notices.later_many(
        "bill-ready", [(f"person:{n}", "run:1", {"month": "11", "deadline": "25"}) for n in range(100, 350)]
    )
    opened = []
    opening = post.get_connection
    monkeypatch.setattr(post, "get_connection", lambda: opened.append(1) or opening())
    assert post.send_waiting(known) == 250
    assert (len(mailbox.letters), len(opened)) == (250, 3)
