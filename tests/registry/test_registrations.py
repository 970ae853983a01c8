"""What becomes of an employer's registration: opened, changed with a trace, stopped, closed, certified."""

from datetime import date

import pytest

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity.models import Account
from shebao.registry import employers, registrations
from shebao.registry.models import Certificate, Employer, EmployerChange, InjuryClass
from tests.identity import people
from tests.scenes import City

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with clock.fixed(date(2026, 11, 12)):
        yield


@pytest.fixture
def officer():
    from shebao.identity.acting import acting_as

    return acting_as(people.officer(roles=frozenset({"registry"})))


def newcomer(uscc="91420102MA4K0X0011", **given):
    values = {
        "id": registrations.draw_number(), "uscc": uscc, "name": "武汉新立示例公司", "office": "420102",
        "schemes": ("pension", "injury"), "founded_on": date(2026, 11, 2), "injury_class": 3, "legal_person": "沈一鸣",
        "organisation": "company", "business": "软件开发", "address": "武汉市示例路1号", "contact_name": "周洋",
        "contact_phone": "13100000000", "email": "", "source": "case:1",
    }  # fmt: skip
    return registrations.Newcomer(**{**values, **given})


def test_a_registered_employer_has_a_number_a_class_and_a_certificate():
    City().office()
    employer = registrations.register(newcomer())
    assert employer.number == f"{employer.id:08d}" and employer.registered_on == date(2026, 11, 12)
    assert employers.injury_class_of(employer.id, Month(2026, 11)) == 3
    assert Certificate.objects.get(employer=employer).number == f"420102-{employer.number}-01"


def test_one_uscc_is_registered_once():
    City().office()
    registrations.register(newcomer())
    with pytest.raises(Unsettled, match="刚刚由另一件申请办理了参保登记"):
        registrations.register(newcomer())


def test_a_change_leaves_what_stood_there_and_reaches_the_accounts():
    employer = City().employer("旧名示例公司")
    clerk = people.clerk(employer_id=employer.id)
    registrations.amend(employer.id, {"name": "新名示例公司", "address": ""}, source="case:7", by_name="吴芳")
    (change,) = EmployerChange.objects.all()
    assert (change.field, change.before, change.after) == ("name", "旧名示例公司", "新名示例公司")
    clerk.refresh_from_db()
    assert clerk.party_name == "新名示例公司"


def test_a_class_from_a_month_on_leaves_the_months_before():
    employer = City().employer(injury_class=1)
    registrations.set_injury_class(employer.id, 4, starts=Month(2026, 12), source="case:7", by_name="吴芳")
    registrations.set_injury_class(employer.id, 5, starts=Month(2026, 12), source="case:8", by_name="吴芳")
    assert employers.injury_class_of(employer.id, Month(2026, 11)) == 1
    assert employers.injury_class_of(employer.id, Month(2026, 12)) == 5
    assert [c.before for c in EmployerChange.objects.order_by("id")] == ["1", "2026-12 4"]
    assert InjuryClass.objects.filter(employer=employer).count() == 2


def test_suspension_stops_every_clerk_and_resumption_spares_who_was_stopped_before(officer):
    employer = City().employer()
    clerk = people.clerk(employer_id=employer.id)
    stopped = people.opened("hanjiang02", "employer", employer_id=employer.id)
    Account.objects.filter(pk=stopped.pk).update(is_active=False, suspension="own")
    registrations.suspend(employer.id, reason="虚假申报", by=officer, source="desk")
    clerk.refresh_from_db()
    assert not clerk.is_active and clerk.suspended_because == "虚假申报"
    with pytest.raises(Unsettled, match="现在是“停办”"):
        registrations.suspend(employer.id, reason="虚假申报", by=officer, source="desk")
    registrations.resume(employer.id, reason="已更正", by=officer, source="desk")
    clerk.refresh_from_db(), stopped.refresh_from_db()
    assert clerk.is_active and not stopped.is_active
    assert Employer.objects.get(pk=employer.id).state == "active"


def test_a_new_certificate_voids_the_one_before():
    City().office()
    employer = registrations.register(newcomer())
    second = registrations.issue_certificate(employer, source="case:9", reason="遗失")
    assert second.number.endswith("-02")
    assert list(Certificate.objects.filter(voided_on=None)) == [second]
