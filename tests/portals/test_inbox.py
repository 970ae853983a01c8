"""A message leads to what it is about, where its reader may open it."""

import pytest
from django.urls import reverse

from shebao import notices
from shebao.casework import cases, errands, review
from shebao.casework.review import send_back
from shebao.notices.models import Notice
from tests.casework.conftest import clerk, loan, officer
from tests.identity import people

pytestmark = pytest.mark.django_db
OURS = "employer:7"


@pytest.fixture
def filer(here):
    """The library's clerk, signed in."""
    account = people.clerk(employer_id=7)
    here.by = clerk(account=account.pk)
    return account


def leads(client) -> dict[str, str]:
    """Of each message in the inbox: its code, and where its link leads, if anywhere."""
    lines = client.get(reverse("inbox")).context["letters"]
    return {letter.code: there.url if there else "" for letter, there in lines}


def test_a_message_about_a_case_leads_to_it_and_the_page_opens(client, here, filer):
    client.force_login(filer)
    case = here.submitted(loan())
    review.decide_all(case, send_back("书名写错"), by=officer())
    found = leads(client)
    assert found["case-returned"] == reverse("filing:status", args=[case.number])
    assert "去修改" in client.get(reverse("inbox")).content.decode()
    assert client.get(found["case-returned"]).status_code == 200


def test_who_may_not_file_and_whose_case_it_is_not_gets_no_link(client, here, filer):
    case = here.saved(loan(), by=clerk(party=8, account=80))
    notices.later("case-approved", OURS, case.ref, **case.in_words)
    client.force_login(filer)
    assert leads(client) == {"case-approved": ""}
    own = here.saved(loan(2))
    notices.later("case-withdrawn", OURS, own.ref, **own.in_words)
    reader = people.opened("reader", "employer", employer_id=7, roles=frozenset())
    client.force_login(reader)
    assert leads(client) == {"case-approved": "", "case-withdrawn": ""}


def test_money_appointments_and_problems_lead_to_their_pages(client, filer):
    paid = {"number": "4201", "amount": "1.00", "day": "2026-11-20"}
    notices.later("slip-paid", OURS, "slip:4201", **paid)
    notices.later("slip-due", OURS, OURS, **paid)
    notices.later("payment-due", OURS, OURS, month="2026-10", amount="1.00", day="2026-11-20")
    notices.later("verification-due", OURS, OURS, day="2026-11-20")
    problem = {"category": "缴费", "number": "W1", "due": "2026-11-20"}
    notices.later("problem-received", filer.ref, "problem:W1", **problem)
    client.force_login(filer)
    assert leads(client) == {
        "slip-paid": reverse("employer:slip", args=["4201"]),
        "slip-due": reverse("employer:slip", args=["4201"]),
        "payment-due": reverse("employer:bill", args=["2026-10"]),
        "verification-due": reverse("filing:start", args=["verify-employer"]),
        "problem-received": reverse("problems:one", args=["W1"]),
    }


def test_an_officer_whose_decision_broke_is_led_back_to_it(client, here, monkeypatch):
    monkeypatch.setattr(errands, "MANY", 1)
    account = people.officer(office_code="420102")
    case = here.saved(loan(1), loan(2))
    cases.submit(case, by=here.by)
    cases.go_on_submitting(errands.under_way(case).pk)
    case.refresh_from_db()
    review.decide_all(case, review.APPROVE, by=officer(account.pk))
    errands._refuse(errands.under_way(case), "系统出错", review._decide_no_further)
    client.force_login(account)
    found = leads(client)
    assert found == {"decision-unfinished": reverse("backoffice:case", args=[case.number])}
    assert "上次审核没有办完" in client.get(found["decision-unfinished"]).content.decode()


def test_an_applicant_is_told_what_happened_and_what_to_do_next(here):
    case = here.saved(loan())
    case.filed_by, case.party_kind = 0, "applicant"
    code = case.message("approved")
    notices.later(code, case.filer, case.ref, **case.in_words)
    letter = Notice.objects.get(code="application-approved")
    assert letter.recipient == f"applicant:{case.party_id}"
    assert "请领取密码条" in letter.title and "查进度" in letter.body


def test_many_messages_cost_no_query_each(client, here, filer, django_assert_max_num_queries):
    client.force_login(filer)
    for number in range(1, 9):
        case = here.saved(loan(number))
        notices.later("case-approved", OURS, case.ref, **case.in_words)
    client.get(reverse("inbox"))
    with django_assert_max_num_queries(14):
        client.get(reverse("inbox"))
