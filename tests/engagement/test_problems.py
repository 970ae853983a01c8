"""问题报告: promised a day, answered, asked again, closed; late ones go up, and their filer sees all of it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shebao.audit import trails
from shebao.engagement import escalation, problems, queue
from shebao.engagement.models import Attachment, Exchange
from shebao.foundation.unsettled import Unsettled
from tests.engagement.conftest import MONDAY, OFFICE, TODAY, again, at, reported, told

DUE = date(2026, 11, 19)  # five working days after Thursday, 12 November
PDF = b"%PDF-1.7 receipt"


def refused(sentence: str):
    return pytest.raises(Unsettled, match=sentence)


def said(problem):
    return [(one.get_kind_display(), one.text) for one in problem.exchanges.order_by("id")]


def test_a_report_has_a_number_and_a_promised_day_in_working_days(hall):
    clerk = hall.clerk()
    made = reported(hall, by=clerk)
    assert (made.due, made.get_state_display()) == (DUE, "待答复")
    assert made.number.startswith("261112")
    assert said(made) == [("提交报告", "十月已缴费，仍显示欠费")]
    assert told(clerk.ref) == ["problem-received"]


def test_promises_jump_over_holidays_and_of_an_unknown_year_count_weekdays(hall):
    assert problems.promised(date(2026, 9, 30)) == date(2026, 10, 13)
    assert problems.promised(date(2026, 12, 30)) == date(2027, 1, 6)


def test_a_second_click_reports_nothing_twice(hall):
    clerk, token = hall.clerk(), uuid4()
    assert reported(hall, by=clerk, token=token) == reported(hall, by=clerk, token=token)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"text": "  "}, "请填写内容"),
        ({"text": "长" * 2001}, "内容超过 2000 字"),
        ({"wished_for": TODAY - timedelta(days=1)}, "期望解决时间不能早于今天"),
        ({"files": [SimpleUploadedFile("a.pdf", b"MZ not a pdf")]}, "附件只能是 PDF、JPG、PNG"),
        ({"files": [SimpleUploadedFile("a.pdf", PDF)] * 4}, "一次最多 3 个附件"),
        ({"files": [SimpleUploadedFile("a.pdf", PDF + b" " * 5_000_000)]}, "附件不能超过 5 MB"),
    ],
)
def test_reports_that_can_not_be_are_refused_with_what_to_do(hall, other, sentence):
    with refused(sentence):
        reported(hall, **other)


def test_papers_come_with_a_report(hall):
    made = reported(hall, files=[SimpleUploadedFile("回单.pdf", PDF)])
    paper = Attachment.objects.get(exchange__problem=made)
    with paper.file.open() as kept:
        assert (paper.filename, paper.kind, kept.read()) == ("回单.pdf", "pdf", PDF)


def test_an_infected_paper_is_refused(hall, settings):
    settings.MATERIAL_SCANNER = "tests.engagement.test_problems.never_clean"
    with refused("文件未通过安全检查"):
        reported(hall, files=[SimpleUploadedFile("回单.pdf", PDF)])


def never_clean(content: bytes) -> bool:
    return False


def test_others_have_nothing_to_do_with_it(hall):
    made = reported(hall, by=hall.clerk(86))
    assert not problems.of(hall.clerk(87))
    assert not queue.visible(hall.officer("reviewer", office="420106"))
    assert not queue.visible(hall.officer("policy"))
    assert list(queue.visible(hall.officer("ledger"))) == [made]
    assert list(queue.visible(hall.officer("supervisor", office="420106"))) == [made]


def test_an_answer_reaches_the_filer_who_may_ask_on(hall):
    clerk, officer = hall.clerk(), hall.officer()
    made = reported(hall, by=clerk)
    problems.add(made, "补充：银行回单在附件里", by=clerk)
    problems.answer(made, "已到账，明天更新", by=officer)
    assert (again(made).state, again(made).in_time, again(made).officer_name) == ("answered", True, "赵丽")
    assert told(clerk.ref)[-1] == "problem-answered"
    with at(date(2026, 11, 17)):
        problems.ask_again(made, "今天仍显示欠费", by=clerk)
    assert (again(made).state, again(made).due) == ("open", date(2026, 11, 24))
    assert [kind for kind, _ in said(made)] == ["提交报告", "补充说明", "答复", "追问"]


def test_what_was_answered_can_not_be_added_to_and_what_was_not_can_not_be_asked_about(hall):
    clerk = hall.clerk()
    made = reported(hall, by=clerk)
    with refused("只有已答复"):
        problems.ask_again(made, "怎么样了", by=clerk)
    problems.answer(made, "已处理", by=hall.officer())
    with refused("刚刚已有答复"):
        problems.add(made, "补充", by=clerk)


def test_the_filer_closes_and_says_how_it_was(hall):
    clerk = hall.clerk()
    made = reported(hall, by=clerk)
    problems.answer(made, "已处理", by=hall.officer())
    problems.close(made, by=clerk, rating=5)
    problems.close(made, by=clerk)  # a second click
    assert (again(made).state, again(made).rating) == ("closed", 5)
    with refused("已办结"):
        problems.answer(made, "又及", by=hall.officer())


def test_a_closed_report_is_opened_again_once(hall):
    clerk, officer = hall.clerk(), hall.officer()
    made = reported(hall, by=clerk)
    problems.answer(made, "已处理", by=officer)
    problems.close(made, by=clerk)
    problems.reopen(made, "又出现了", by=clerk)
    assert again(made).state == "open"
    problems.answer(made, "这次好了", by=officer)
    problems.close(made, by=clerk)
    with refused("不能再打开"):
        problems.reopen(made, "还是不行", by=clerk)


def test_after_a_month_it_is_closed_for_good(hall):
    clerk = hall.clerk()
    made = reported(hall, by=clerk)
    problems.close(made, by=clerk)
    assert problems.may_reopen(again(made), today=date(2026, 12, 12))
    assert not problems.may_reopen(again(made), today=date(2026, 12, 13))


def test_thirty_days_are_counted_from_the_citys_day(hall):
    clerk = hall.clerk()
    made = reported(hall, by=clerk)
    with at(TODAY, 1):  # still the day before where the database keeps its time
        problems.close(made, by=clerk)
    assert problems.may_reopen(again(made), today=date(2026, 12, 12))


def test_an_answer_nobody_replies_to_closes_by_itself(hall):
    made = reported(hall)
    problems.answer(made, "已处理", by=hall.officer())
    with at(date(2026, 11, 27)):
        assert problems.close_silent() == 0
    with at(date(2026, 11, 28)):
        assert (problems.close_silent(), problems.close_silent()) == (1, 0)
    assert said(made)[-1] == ("办结", "答复后 15 天没有追问，自动办结")


def test_a_late_report_goes_to_the_offices_supervisor_and_later_to_the_citys(hall):
    clerk = hall.clerk()
    made = reported(hall, by=clerk)
    ours, citys = hall.officer("supervisor"), hall.officer("supervisor", office="420106")
    with at(DUE):
        assert escalation.run() == 0  # until midnight it is in time
    with at(DUE + timedelta(days=1)):
        assert (escalation.run(), escalation.run()) == (1, 0)
    assert (again(made).step, told(ours.ref), told(citys.ref)) == (1, ["problem-escalated"], [])
    assert told(clerk.ref)[-1] == "problem-late"
    with at(date(2026, 11, 24)):  # three working days after the promised one
        assert escalation.run() == 0
    with at(date(2026, 11, 25)):
        assert (escalation.run(), escalation.run()) == (1, 0)
    assert (again(made).step, told(citys.ref)) == (2, ["problem-escalated"])
    assert [text for kind, text in said(made) if kind == "超期督办"] == [
        "超过承诺答复日期，已转本处督办",
        "督办后仍未答复，已转市级督办",
    ]


def test_where_the_office_has_no_supervisor_the_citys_hear_at_once(hall):
    citys = hall.officer("supervisor", office="420106")
    reported(hall)
    with at(DUE + timedelta(days=1)):
        escalation.run()
    assert told(citys.ref) == ["problem-escalated"]


def test_a_late_answer_counts_as_late_even_when_a_further_one_is_in_time(hall):
    clerk, officer = hall.clerk(), hall.officer()
    made = reported(hall, by=clerk)
    with at(DUE + timedelta(days=1)):
        problems.answer(made, "抱歉晚了", by=officer)
        problems.ask_again(made, "还是不行", by=clerk)
        problems.answer(made, "现在好了", by=officer)
    assert again(made).in_time is False


def test_a_report_is_handed_to_another_office_and_officer_and_the_day_stays(hall):
    clerk, other = hall.clerk(), hall.officer("ledger", office="420106", name="钱进")
    made = reported(hall, by=clerk)
    hall.city.office("420106")
    problems.assign(
        made, by=hall.officer(), office_code="420106", officer=(other.account_id, "钱进"), note="属于武昌区"
    )
    moved = again(made)
    assert (moved.office_id, moved.officer_name, moved.due) == ("420106", "钱进", DUE)
    assert told(other.ref) == ["problem-assigned"]
    assert said(made)[-1][1].endswith("钱进办理：属于武昌区")
    assert not queue.visible(hall.officer())


def test_the_filer_may_not_write_for_ever(hall, monkeypatch):
    monkeypatch.setattr(problems, "MOST_ADDED", 1)
    clerk = hall.clerk()
    made = reported(hall, by=clerk)
    problems.add(made, "补充", by=clerk)
    with refused("往来已经很多"):
        problems.add(made, "再补充", by=clerk)


def test_the_supervisor_sees_how_promises_are_kept(hall):
    officer, boss = hall.officer(), hall.officer("supervisor", office="420106")
    prompt, late, _ahead, _card = (
        reported(hall),
        reported(hall),
        reported(hall, wished_for=MONDAY),
        reported(hall, category="card"),
    )
    problems.answer(prompt, "好了", by=officer)
    with at(date(2026, 11, 20)):
        problems.answer(late, "好了", by=officer)
        escalation.run()
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    by_kind = queue.kept(boss, first, last, today=DUE)
    assert [(one.label, one.filed, one.in_time, one.late, one.waiting, one.share) for one in by_kind] == [
        ("缴费、到账与欠费", 3, 1, 1, 1, 50),
        ("社会保障卡", 1, 0, 0, 1, None),
    ]
    (office,) = queue.kept(boss, first, last, today=date(2026, 11, 20), of="office")
    assert (office.filed, office.late, office.escalated, office.share) == (4, 3, 2, 25)
    assert queue.kept(boss, first, date(2026, 11, 11), today=DUE) == []


def test_the_supervisor_sees_how_pleased_people_were(hall):
    clerk, boss = hall.clerk(), hall.officer("supervisor")
    for rating in (5, 2, None):
        made = reported(hall, by=clerk)
        problems.close(made, by=clerk, rating=rating)
    (kept,) = queue.kept(boss, TODAY, TODAY, today=TODAY)
    assert (kept.rated, kept.satisfaction, kept.filed) == (2, 50, 3)


def test_the_queue_is_sorted_by_the_promised_day_and_counted(hall):
    officer = hall.officer()
    with at(TODAY + timedelta(days=1)):
        later = reported(hall)
    sooner = reported(hall)
    assert list(queue.waiting(officer)) == [sooner, later]
    problems.assign(sooner, by=officer, office_code=OFFICE, officer=(officer.account_id, "赵丽"))
    assert queue.tally(officer, today=DUE + timedelta(days=1)) == {
        "all": 2, "mine": 1, "free": 1, "late": 1, "escalated": 0,
    }  # fmt: skip
    assert (officer.account_id, "赵丽") in queue.officers(OFFICE)


def test_what_is_said_is_never_lost(hall):
    made = reported(hall)
    assert [line.event for line in trails.of(made.ref)] == ["problem.filed"]
    assert Exchange.objects.filter(problem=made).count() == 1
