"""问题报告 behind the counter: by promised day, answered, handed on; whom it is about can see who looked."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shebao.audit import trails
from shebao.engagement import escalation, problems
from shebao.engagement.models import Attachment, Problem
from tests.engagement.conftest import OFFICE, again, at, hall, reported
from tests.portals.test_appointments import browser, text

__all__ = ["hall"]
DESK = "/office/problems/"


def test_the_queue_shows_what_waits_at_this_office_by_day(hall):
    late, fresh = reported(hall), reported(hall, category="card")
    Problem.objects.filter(pk=late.pk).update(due=date(2026, 11, 11))
    desk = browser(hall.officer())
    page = text(desk.get(DESK))
    assert page.index(late.number) < page.index(fresh.number) and "已超期" in page
    assert fresh.number not in text(desk.get(f"{DESK}?only=late"))
    assert fresh.number in text(desk.get(f"{DESK}?only=free"))
    assert "没有等待答复的报告" in text(desk.get(f"{DESK}?only=mine"))
    assert late.number not in text(browser(hall.officer(office="420106")).get(DESK))


def test_a_closed_report_is_found_by_its_number(hall):
    clerk = hall.clerk()
    made = reported(hall, by=clerk)
    problems.close(made, by=clerk)
    desk = browser(hall.officer())
    assert made.number not in text(desk.get(DESK))
    assert "已办结" in text(desk.get(f"{DESK}?q={made.number}"))


def test_an_answer_is_sent_and_an_empty_one_is_not(hall):
    made = reported(hall)
    desk = browser(hall.officer())
    assert "请填写内容" in text(desk.post(f"{DESK}{made.number}/answer/", {"text": " "}), 422)
    sent = desk.post(f"{DESK}{made.number}/answer/", {"text": "已到账，明天更新"}, follow=True)
    assert "答复已发送" in text(sent) and again(made).state == "answered"


def test_somebody_takes_it_or_gives_it_to_a_colleague_or_to_another_office(hall):
    made = reported(hall)
    hall.city.office("420106")
    me, colleague = hall.officer(), hall.officer("ledger", name="钱进")
    desk = browser(me)
    assign = f"{DESK}{made.number}/assign/"
    desk.post(assign, {"officer": str(me.account_id)})
    assert again(made).officer_id == me.account_id
    desk.post(assign, {"officer": str(colleague.account_id), "office": OFFICE, "note": "请核对到账"})
    assert again(made).officer_name == "钱进"
    gone = desk.post(assign, {"officer": "", "office": "420106"}, follow=True)
    assert "已转办" in text(gone) and again(made).office_id == "420106"
    assert desk.get(f"{DESK}{made.number}/").status_code == 404
    assert desk.post(assign, {"office": OFFICE}).status_code == 404


def test_whom_it_is_about_can_see_who_looked(hall):
    person = hall.person(501)
    made = reported(hall, by=person)
    browser(hall.officer()).get(f"{DESK}{made.number}/")
    (look,) = trails.looks_at(501)
    assert look.details["what"] == "问题报告" and "赵丽" in look.actor_name


def test_a_look_at_a_report_about_nobody_leaves_a_line_too(hall):
    made = reported(hall)
    browser(hall.officer()).get(f"{DESK}{made.number}/")
    assert [line.event for line in trails.of(made.ref)][-1] == "problem.looked-at"


def test_papers_are_read_by_the_office_concerned_alone(hall):
    made = reported(hall, files=[SimpleUploadedFile("回单.pdf", b"%PDF-1.7 x")])
    paper = f"{DESK}{made.number}/papers/{Attachment.objects.get().pk}/"
    assert b"".join(browser(hall.officer()).get(paper).streaming_content) == b"%PDF-1.7 x"
    assert browser(hall.officer(office="420106")).get(paper).status_code == 404


@pytest.mark.parametrize("role", ["policy"])
def test_without_the_right_there_is_no_desk(hall, role):
    assert browser(hall.officer(role)).get(DESK).status_code == 404
    assert browser(hall.officer()).get(f"{DESK}figures/").status_code == 404


def test_the_supervisor_sees_what_went_up_and_how_promises_are_kept(hall):
    made = reported(hall)
    with at(date(2026, 11, 20)):
        escalation.run()
        boss = browser(hall.officer("supervisor", office="420106"))
        assert "本处督办" in text(boss.get(f"{DESK}?only=escalated"))
        figures = text(boss.get(f"{DESK}figures/"))
        assert "缴费、到账与欠费 1 0 1 0 1 0% —" in figures
        assert "这个月没有报告" in text(boss.get(f"{DESK}figures/?month=2026-10"))
        assert "答复" in text(boss.get(f"{DESK}{made.number}/"))


def test_the_queue_costs_the_same_however_long_it_is(hall, django_assert_max_num_queries):
    desk = browser(hall.officer())
    for count in (1, 6):
        for _ in range(count):
            reported(hall)
        with django_assert_max_num_queries(10):
            assert desk.get(DESK).status_code == 200
