"""登记台: whose employers a registrar sees, and what he does about them (AGY-2)."""

from datetime import date

import pytest
from django.test import Client

from shebao.audit.models import AuditEvent
from shebao.foundation import clock
from shebao.identity.models import PasswordSlip
from shebao.notices import choices
from shebao.notices.models import Notice
from shebao.registry import registrations
from shebao.registry.models import Employer, EmployerChange, Inspection
from shebao.services import reminders, trust
from tests import policies
from tests.identity import people
from tests.journeys.conftest import words
from tests.scenes import City

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with clock.fixed(date(2026, 11, 12)):
        yield


@pytest.fixture
def city(db):
    policies.load(synthetic=True)
    return City()


@pytest.fixture
def ours(city):
    return city.employer("武汉江汇精密制造示例公司", grade="trusted")


def desk(*roles, office="420102", username="dengji01"):
    client = Client()
    account = people.opened(
        username,
        "agency",
        display_name="吴芳",
        party_name="江岸区社保处",
        office_code=office,
        roles=frozenset(roles or {"registry"}),
    )
    client.force_login(account)
    return client


def read(client, url, **query):
    return words(client.get(url, query))


def url_of(employer):
    return f"/office/registry/{employer.number}/"


class TestFinding:
    def test_by_number_code_and_name(self, city, ours):
        other = city.employer("江城晴川食品示例公司")
        client = desk()
        for q in (ours.number, ours.uscc, "江汇"):
            told = read(client, "/office/registry/", q=q)
            assert ours.name in told and other.name not in told
        assert "没有找到这个单位" in read(client, "/office/registry/", q="没有的单位")

    def test_a_page_at_a_time(self, city):
        employers = [city.employer() for _one in range(23)]
        client = desk()
        first = client.get("/office/registry/")
        assert len(first.context["employers"]) == 20
        second = client.get("/office/registry/", {"after": first.context["next"]})
        assert [one.id for one, _overdue in second.context["employers"]] == [e.id for e in employers[20:]]

    def test_those_of_another_office_do_not_exist_but_a_supervisor_reads_them(self, city, ours):
        city.office("420106")
        theirs = city.employer("武昌示例公司", office="420106")
        client = desk()
        assert theirs.name not in read(client, "/office/registry/")
        assert client.get(url_of(theirs)).status_code == 404
        supervisor = desk("supervisor", username="jiandu01")
        assert theirs.name in read(supervisor, "/office/registry/")
        assert "登记稽核情况" not in read(supervisor, url_of(theirs))
        assert supervisor.post(url_of(theirs), {"deed": "suspend", "reason": "x"}).status_code == 404

    def test_reviewers_have_no_business_here(self, ours):
        assert desk("reviewer").get("/office/registry/").status_code == 404

    def test_whose_verification_is_overdue_and_who_misses_a_criterion(self, city, ours):
        fresh = city.employer("刚验证示例公司")
        registrations.verify(fresh.id, on=date(2026, 10, 1), source="scene")
        client = desk()
        told = read(client, "/office/registry/", view="unverified")
        assert ours.name in told and fresh.name not in told
        assert ours.name not in read(client, "/office/registry/", view="missed")
        trust.reevaluate()
        assert ours.name in read(client, "/office/registry/", view="missed")


class TestDeeds:
    def test_a_suspension_needs_a_reason_counts_at_once_and_is_taken_back(self, ours):
        clerk = people.clerk(employer_id=ours.id)
        theirs = Client()
        theirs.force_login(clerk)
        client = desk()
        answer = client.post(url_of(ours), {"deed": "suspend", "reason": " "})
        assert answer.status_code == 422 and "请写明原因，单位会看到" in words(answer)
        client.post(url_of(ours), {"deed": "suspend", "reason": "虚假登记"})
        assert theirs.get("/employer/").status_code == 302
        assert "停办" in read(client, url_of(ours), view="")
        answer = client.post(url_of(ours), {"deed": "suspend", "reason": "虚假登记"})
        assert answer.status_code == 422 and "现在是“停办”" in words(answer)
        client.post(url_of(ours), {"deed": "resume", "reason": "已更正"})
        ours.refresh_from_db()
        assert ours.state == "active"
        assert set(Notice.objects.values_list("code", flat=True)) >= {
            "employer-suspended",
            "employer-resumed",
        }
        assert list(EmployerChange.objects.order_by("id").values_list("reason", flat=True)) == [
            "虚假登记",
            "已更正",
        ]

    def test_trust_is_taken_away_with_a_reason(self, ours):
        clerk = people.clerk(employer_id=ours.id, grade="trusted")
        client = desk()
        assert client.post(url_of(ours), {"deed": "take-away"}).status_code == 422
        client.post(url_of(ours), {"deed": "take-away", "reason": "材料缺失"})
        ours.refresh_from_db(), clerk.refresh_from_db()
        assert (ours.grade, clerk.grade) == ("ordinary", "ordinary")
        answer = client.post(url_of(ours), {"deed": "take-away", "reason": "材料缺失"})
        assert "这个单位现在不是 VIP 单位" in words(answer)
        assert AuditEvent.objects.filter(event="employer.trust-taken-away").count() == 1
        assert Notice.objects.get(code="trusted-taken-away").facts == {"reason": "材料缺失"}

    @pytest.mark.parametrize(
        ("written", "told"),
        [
            ({"held_on": "2026-11-13"}, "稽核日期晚于今天，请核对"),
            ({"held_on": "昨天"}, "看不出是哪一天"),
            ({"outcome": "serious", "note": ""}, "发现问题的，请写明是什么问题"),
            ({"way": "phone"}, "请选择稽核方式和结果"),
        ],
    )
    def test_an_inspection_that_is_not_complete(self, ours, written, told):
        right = {"deed": "inspect", "held_on": "2026-11-10", "way": "on_site", "outcome": "sound", "note": ""}
        answer = desk().post(url_of(ours), right | written)
        assert answer.status_code == 422 and told in words(answer)
        assert not Inspection.objects.exists()

    def test_an_inspection_is_put_on_file_and_counts(self, ours):
        client = desk()
        written = {"held_on": "2026-11-10", "way": "on_site", "outcome": "serious", "note": "三人未参保"}
        client.post(url_of(ours), {"deed": "inspect", **written})
        told = read(client, url_of(ours))
        assert "三人未参保" in told and "2026-11-10 稽核发现严重问题" in told

    def test_a_slip_is_printed_over_the_counter(self, ours):
        clerk = people.clerk(employer_id=ours.id)
        client = desk()
        answer = client.post(f"{url_of(ours)}clerks/{clerk.pk}/slip/")
        assert answer["Content-Type"] == "application/pdf"
        clerk.refresh_from_db()
        assert clerk.must_change_password and not clerk.check_password(people.PASSWORD)
        assert PasswordSlip.objects.get(account=clerk).way == "counter"
        assert client.post(f"{url_of(ours)}clerks/999999/slip/").status_code == 404

    def test_the_certificate_is_printed(self, ours):
        client = desk()
        assert client.get(f"{url_of(ours)}certificate.pdf").status_code == 404
        registrations.issue_certificate(ours, source="scene")
        assert client.get(f"{url_of(ours)}certificate.pdf").content[:5] == b"%PDF-"

    def test_a_look_leaves_a_line(self, ours):
        desk().get(url_of(ours))
        assert AuditEvent.objects.filter(event="employer.looked-at", about=f"employer:{ours.id}").exists()


def test_who_is_due_is_reminded_once(city, ours):
    soon, later = city.employer(), city.employer()
    registrations.verify(soon.id, on=date(2025, 12, 1), source="scene")
    registrations.verify(later.id, on=date(2026, 6, 1), source="scene")
    Employer.objects.filter(pk=ours.pk).update(state="closed")
    assert reminders.send() == 1
    assert reminders.send() == 0
    assert Notice.objects.get(code="verification-due").facts == {"day": "2026-12-01"}


def test_who_wants_no_reminder_of_the_verification_gets_none(city, ours):
    registrations.verify(ours.id, on=date(2025, 12, 1), source="scene")
    choices.choose(f"employer:{ours.id}", reminders.CODES, ["payment-due"])
    assert reminders.send() == 0 and not Notice.objects.filter(code="verification-due").exists()
