"""Who acts for whom, and what a page answers to those who have no business there."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from shebao.identity import accounts
from shebao.identity.acting import Acting, acting_as, acting_for, system
from shebao.identity.models import Account, Kind
from shebao.identity.sessions import Nobody
from tests.identity import people

CLERK = Acting(12, "王芳", "employer", 86, "汉江机械厂", frozenset({"filer"}), grade="trusted")


def test_references_say_who_acts_and_for_whom():
    assert (CLERK.ref, CLERK.party_ref, CLERK.employer_id, CLERK.person_id) == (
        "account:12",
        "employer:86",
        86,
        None,
    )
    assert CLERK.inbox == {"account:12", "employer:86"}
    assert CLERK.in_words == "汉江机械厂 王芳"
    officer = Acting(7, "赵审核", "agency", None, "武昌区社保处", frozenset({"reviewer"}))
    assert (officer.party_ref, officer.inbox) == ("account:7", {"account:7"})
    person = Acting(13, "李小明", "person", 88, "李小明")
    assert (person.person_id, person.in_words) == (88, "李小明")


def test_an_administrator_of_an_employer_has_its_rights_and_no_others():
    admin = Acting(12, "王芳", "employer", 86, "汉江机械厂", frozenset({"admin"}))
    assert [admin.may(role) for role in ("filer", "payer", "admin", "reviewer")] == [True, True, True, False]
    assert [CLERK.may(role) for role in ("filer", "payer")] == [True, False]
    assert Acting(1, "x", "agency", None, "", frozenset({"supervisor"})).may("reviewer") is False


def test_a_job_acts_in_the_name_of_the_system():
    timetable = system("timetable")
    assert (timetable.ref, timetable.party_ref, timetable.may("ledger")) == ("system:timetable",) * 2 + (
        True,
    )


@pytest.mark.django_db
def test_an_account_acts_for_its_party():
    acting = acting_as(people.clerk())
    assert (acting.kind, acting.party_id, acting.party_name, acting.grade) == (
        "employer",
        86,
        "汉江机械厂",
        "ordinary",
    )
    accounts.renamed(86, name="汉江重机", grade="trusted")
    acting = acting_as(Account.objects.get())
    assert (acting.party_name, acting.grade) == ("汉江重机", "trusted")
    li = acting_as(people.person())
    assert (li.party_id, li.party_name, li.roles) == (88, "李小明", frozenset())


@acting_for("employer", role=("filer", "payer"))
def a_page(request, acting, number):
    return HttpResponse(f"{acting.party_name} {number}")


def asked(rf, account=None, method="get", **headers):
    request = getattr(rf, method)("/employer/bills/?month=2026-11", **headers)
    request.user = account or Nobody()
    request.htmx = False
    return a_page(request, 7)


@pytest.mark.django_db
def test_a_page_is_handed_the_one_who_acts(rf):
    assert asked(rf, people.clerk()).content.decode() == "汉江机械厂 7"


@pytest.mark.django_db
def test_whoever_is_not_signed_in_is_led_to_the_right_log_in_page_and_back(rf):
    assert asked(rf).headers["Location"] == "/login/employer/?next=%2Femployer%2Fbills%2F%3Fmonth%3D2026-11"
    assert (
        asked(rf, method="post").headers["Location"] == "/login/employer/"
    )  # a deed is not repeated by itself


@pytest.mark.django_db
def test_to_others_the_page_does_not_exist(rf):
    for stranger in (people.person(), people.officer()):
        with pytest.raises(Http404):
            asked(rf, stranger)


@pytest.mark.django_db
def test_a_clerk_without_the_right_is_told_whom_to_ask(rf):
    with pytest.raises(PermissionDenied, match="您的账户没有办理这项业务的权限，请联系本单位管理员"):
        asked(rf, people.clerk(roles=frozenset()))


def test_a_page_can_only_be_for_kinds_of_account_that_exist():
    with pytest.raises(TypeError, match="there is no clerk"):
        acting_for("clerk")
    with pytest.raises(TypeError, match="none given"):
        acting_for()
    assert a_page.acting_for == (Kind.EMPLOYER,)


@pytest.mark.django_db
def test_an_account_cannot_be_opened_with_rights_of_another_kind():
    with pytest.raises(ValueError, match="kind employer can't be reviewer"):
        people.clerk(roles=frozenset({"reviewer"}))
    assert not Account.objects.exists()
