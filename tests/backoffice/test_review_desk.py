"""Officers work at the review desk: they see their office's queue, and decide row by row, or all at once."""

from dataclasses import replace
from itertools import count

import pytest
from django.urls import reverse

from shebao.audit import trails
from shebao.audit.models import AuditEvent
from shebao.casework import catalogue, errands, review
from shebao.casework.service import Review, by_grade
from shebao.registry.models import Office
from tests.casework import library
from tests.casework.conftest import again, clerk, loan, states
from tests.identity import people
from tests.jobs import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, here):
    """An officer of the office in which the library's clerk files, signed in."""
    client.force_login(people.officer(office_code="420102"))
    return client


def url(case):
    return reverse("backoffice:case", args=[case.number])


def test_the_queue_shows_what_waits_for_this_office(desk, here):
    case = here.submitted(loan(1), loan(2))
    answer = desk.get(reverse("backoffice:review"))
    assert case.number in answer.content.decode()
    assert "李小明" not in answer.content.decode()


def test_the_masthead_names_the_office_and_not_its_code(desk):
    Office.objects.create(code="420102", name="江岸区社保处")
    assert "经办机构 · 江岸区社保处" in desk.get(reverse("backoffice:review")).content.decode()


def test_an_officer_of_another_office_finds_nothing_and_no_such_case(client, here):
    case = here.submitted(loan(1))
    client.force_login(people.officer(office_code="420106"))
    assert case.number not in client.get(reverse("backoffice:review")).content.decode()
    assert client.get(url(case)).status_code == 404
    assert client.post(url(case), {"deed": "approve-all"}).status_code == 404


def test_a_clerk_without_the_right_finds_no_desk(client, here):
    client.force_login(people.officer(office_code="420102", roles=frozenset({"ledger"})))
    assert client.get(reverse("backoffice:review")).status_code == 404


def test_rows_are_decided_one_by_one_with_a_reason_for_those_that_go_back(desk, here):
    case = here.submitted(loan(1), loan(2))
    answer = desk.post(
        url(case),
        {"deed": "some", "verdict_1": "approve", "verdict_2": "return", "reason": "请补借书证"},
        follow=True,
    )
    assert "1 人通过，1 人回退" in answer.content.decode()
    assert states(again(case)) == ["结束", "被回退"]
    assert here.loans() == {loan(1)["reader"]: "围城"}


def test_sending_back_without_a_reason_is_refused_and_nothing_is_lost(desk, here):
    case = here.submitted(loan(1), loan(2))
    answer = desk.post(
        url(case), {"deed": "some", "verdict_1": "approve", "verdict_2": "return", "reason": " "}
    )
    assert answer.status_code == 422
    assert "请填写回退原因，申请人会看到" in answer.content.decode()
    assert '<option value="return" selected>' in answer.content.decode()
    assert states(again(case)) == ["进行中", "进行中"]


def test_everything_is_approved_at_once(desk, here):
    case = here.submitted(loan(1), loan(2), loan(3))
    desk.post(url(case), {"deed": "approve-all"})
    assert states(again(case)) == ["结束"] * 3


def test_everything_is_sent_back_at_once_with_one_reason(desk, here):
    case = here.submitted(loan(1), loan(2))
    desk.post(url(case), {"deed": "return-all", "reason": "名册未盖章"})
    assert states(again(case)) == ["被回退"] * 2
    assert again(case).reason


def test_what_is_worth_knowing_stands_at_each_row_and_those_rows_can_be_seen_alone(desk, here):
    here.saved(loan(1))  # that its filer has begun something else isn't the officer's to know
    case = here.submitted(loan(1), loan(2, until="2026-11-15"), loan(3), loan(4, until="2026-11-15"))
    assert again(case).rows.get(number=1).notes
    shown = desk.get(url(case)).content.decode()
    assert shown.count("借期不足七天") == 2 and shown.count("<select") == 4 and "另有未提交" not in shown
    only = desk.get(url(case), {"only": "told"}).content.decode()
    assert only.count("借期不足七天") == 2 and only.count("<select") == 2


def test_a_page_of_rows_goes_back_at_once_and_the_officer_stays_where_he_was(desk, here):
    case = here.submitted(loan(1), loan(2, until="2026-11-15"), loan(3, until="2026-11-15"))
    shown = {"verdict_2": "approve", "verdict_3": "", "reason": "借期太短"}
    answer = desk.post(f"{url(case)}?only=told", {"deed": "return-shown", **shown})
    assert answer["Location"] == f"{url(case)}?only=told"
    assert states(again(case)) == ["进行中", "被回退", "被回退"]
    assert desk.post(f"{url(case)}?only=told", {"deed": "return-shown", "verdict_1": ""}).status_code == 422


def test_a_case_costs_as_many_questions_with_three_rows_as_with_thirty(
    desk,
    here,
    django_assert_max_num_queries,
):
    few, many = (
        here.submitted(*map(loan, range(1, 4))),
        here.submitted(*map(loan, range(10, 40)), by=clerk(account=71)),
    )
    for case in (few, many):
        with django_assert_max_num_queries(25):
            desk.get(url(case))


def test_the_queue_costs_as_many_questions_with_many_cases_as_with_one(
    desk, here, django_assert_max_num_queries
):
    here.submitted(loan(1))
    desk.get(reverse("backoffice:review"))
    for account in range(71, 83):
        here.submitted(loan(account), by=clerk(account=account))
    with django_assert_max_num_queries(5):
        assert "共 13 件待审" in desk.get(reverse("backoffice:review")).content.decode()


def test_a_supervisor_reads_any_case_and_is_offered_no_verdict(client, here):
    case = here.submitted(loan(1))
    client.force_login(people.officer(office_code="420106", roles=frozenset({"supervisor"})))
    shown = client.get(url(case)).content.decode()
    assert case.number in shown and "这笔业务不归您审核" in shown and "保存本页结论" not in shown
    assert client.post(url(case), {"deed": "approve-all"}).status_code == 422
    assert states(again(case)) == ["进行中"]


def test_the_people_of_a_case_see_that_an_officer_looked_at_it(desk, here):
    catalogue.declare(
        [replace(library.BORROW, people=lambda keys: dict(zip(keys, count(501), strict=False)))]
    )
    case = here.submitted(loan(1), loan(2))
    desk.get(url(case))
    for person_id in (501, 502):
        (look,) = trails.looks_at(person_id)
        assert (look.about, look.details["what"]) == (case.ref, str(library.BORROW.title))


def test_a_decision_on_many_rows_goes_on_behind_a_progress_bar(desk, here, monkeypatch):
    monkeypatch.setattr(errands, "MANY", 9)
    monkeypatch.setattr(errands, "STEP", 5)
    case = here.submitted(*(loan(n) for n in range(1, 13)))
    work()
    answer = desk.post(url(case), {"deed": "approve-all"}, follow=True).content.decode()
    assert "已办 0 / 12 人" in answer and "every 2s" in answer and "保存本页结论" not in answer
    errand = errands.under_way(case)
    errands._step(errand, errand.mark, review._decide_on)
    looked = AuditEvent.objects.filter(event="case.looked-at").count()
    part = desk.get(url(case), headers={"HX-Request": "true"}).content.decode()
    assert 'max="12" value="5"' in part and "<html" not in part
    assert AuditEvent.objects.filter(event="case.looked-at").count() == looked, "a progress bar shows nobody"
    work()
    assert desk.get(url(case), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert states(case) == ["结束"] * 12


def test_the_first_of_two_officers_reads_that_another_must_look_and_finds_no_form(desk, here):
    catalogue.declare([replace(library.BORROW, review=by_grade(Review.TWO_OFFICERS))])
    case = here.submitted(loan(1), loan(2))
    answer = desk.post(url(case), {"deed": "approve-all"}, follow=True).content.decode()
    assert "初审已通过，等待复核：2 人，须由另一位经办人办理" in answer
    assert "您已初审通过，等待另一位经办人复核" in answer
    assert 'name="deed"' not in answer and "verdict_1" not in answer
    assert "初审通过 2 人，等待另一位经办人复核" in answer, "in the history, after his name"
    other = people.opened("other", "agency", roles=frozenset({"reviewer"}), office_code="420102")
    desk.force_login(other)
    assert "全部通过（2 人）" in desk.get(url(case)).content.decode()
    answer = desk.post(url(case), {"deed": "approve-all"}, follow=True).content.decode()
    assert "结论已保存：2 人通过" in answer and "复核通过 2 人" in answer
    assert states(again(case)) == ["结束", "结束"]


def test_names_and_numbers_are_shown_whole_when_the_officer_compares_papers(desk, here):
    catalogue.declare(
        [replace(library.BORROW, people=lambda keys: dict(zip(keys, count(501), strict=False)))]
    )
    case = here.submitted(loan(1), loan(2))
    masked = desk.get(url(case)).content.decode()
    assert "李小明" not in masked and "与材料核对时完整显示" in masked
    assert "李小明" in desk.get(url(case), {"full": "1"}).content.decode()
    looks = AuditEvent.objects.filter(event="case.looked-at").order_by("id")
    assert [look.details for look in looks] == [{}, {"full": True}]
    assert len(trails.looks_at(501)) == 2
