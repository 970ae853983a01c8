"""What an employer reads of its own registration: who changed what, its certificate, its standing and why it has it."""

from datetime import date

import pytest

from shebao.audit import trails
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.registry import registrations
from shebao.registry.models import Inspection
from shebao.services import trust
from tests import policies
from tests.portals.test_queries import signed_in, text
from tests.services.conftest import Hall

pytestmark = pytest.mark.django_db
PAGES = ("/employer/registration/", "/employer/queries/own/")


@pytest.fixture(autouse=True)
def today():
    with clock.fixed(date(2026, 11, 12)):
        yield


@pytest.fixture
def hall(db):
    policies.load(synthetic=True)
    return Hall()


@pytest.fixture
def ours(hall):
    return hall.city.employer("武汉江汇精密制造示例公司")


def contacts(employer, **other):
    written = {name: getattr(employer, name) or "" for name in ("email", "phone", "fax", "postcode")}
    known = {"uscc": employer.uscc, "contact_name": "张明", "contact_phone": "13100000000"}
    return written | known | {"postal_address": "武汉市江岸区示例路1号"} | other


@pytest.mark.parametrize("page", PAGES)
def test_who_changed_what_and_by_which_case(hall, ours, page):
    case = hall.submitted("change-contacts", ours, contacts(ours))
    assert case.state == "approved"
    registrations.set_injury_class(
        ours.id, 3, starts=Month(2026, 12), source="account:9", by_name="江岸区社保处 吴芳"
    )
    answer = signed_in(ours).get(page)
    told = text(answer)
    assert "联系人" in told and "张明" in told
    assert "2026-12 起 3 类" in told and "江岸区社保处 吴芳" in told
    assert f"/filing/case/{case.number}/status/" in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_the_certificate_is_printed_from_both_pages(hall, ours, page):
    client = signed_in(ours)
    assert "/employer/registration/certificate.pdf" not in client.get(page).content.decode()
    assert client.get("/employer/registration/certificate.pdf").status_code == 404
    issued = registrations.issue_certificate(ours, source="scene")
    assert issued.number in text(client.get(page))
    answer = client.get("/employer/registration/certificate.pdf")
    assert answer.content[:5] == b"%PDF-"
    assert trails.of(f"employer:{ours.id}").filter(event="certificate.printed").exists()
    stranger = signed_in(hall.city.employer(), username="bieren01")
    assert stranger.get("/employer/registration/certificate.pdf").status_code == 404


def test_who_lost_its_standing_reads_why_and_how_it_comes_back(hall):
    employer = hall.city.employer(grade="trusted")
    Inspection.objects.create(
        employer=employer, held_on=date(2026, 11, 2), way="on_site", outcome="serious", by_name="吴芳",
        source="desk",
    )  # fmt: skip
    client = signed_in(employer)
    told = text(client.get("/employer/registration/"))
    assert "VIP 单位：现在的各项指标" in told and "照下面写的改好，就能保住" in told
    assert "怎样符合：整改好，2028-11-02 起不再计算" in told
    trust.take_away(employer.id, "稽核发现三人未参保", by=hall.officer())
    for cookies in ({}, {"jc_mode": "elder"}):
        client.cookies.load(cookies)
        told = text(client.get("/employer/registration/"))
        assert "2026-11-12 起改为普通单位" in told and "原因：稽核发现三人未参保" in told
        assert "2026-11-02 稽核发现严重问题" in told and "怎样符合" in told


def test_who_was_never_trusted_reads_of_no_loss(ours):
    told = text(signed_in(ours).get("/employer/registration/"))
    assert "起改为普通单位" not in told and "申请 VIP 单位：现在符合几项" in told
