"""Behind the counter: what the machine lets through, what an officer decides, and what takes effect."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from shebao.casework import cases, catalogue, history, review
from shebao.casework.models import Case, State
from shebao.casework.review import APPROVE, send_back
from shebao.casework.service import Review, by_grade, flag, on
from shebao.foundation import clock
from shebao.foundation.unsettled import Unsettled
from shebao.notices.models import Notice
from tests.casework import library
from tests.casework.conftest import again, clerk, loan, number, officer, states
from tests.jobs import work

TRUSTED = clerk(grade="trusted")


def test_a_trusted_filer_waits_only_for_its_flagged_rows(here):
    case = here.submitted(loan(1), loan(2), loan(3, deposit="800"), by=TRUSTED)
    work()
    assert states(case) == ["结束", "结束", "进行中"]
    assert here.loans() == {number(1): "围城", number(2): "围城"}
    assert review.queue(officer()).get() == case
    here.decided(again(case), {3: APPROVE})
    assert (State(again(case).state).label, states(case)) == ("结束", ["结束", "结束", "结束"])


def test_a_row_whose_facts_changed_before_the_machine_came_goes_back(here):
    case = here.submitted(loan(1), loan(2), by=TRUSTED)
    here.knows(number(2), book="边城")
    work()
    assert states(case) == ["结束", "被回退"]
    case = again(case)
    assert (case.state, case.reason) == ("returned", "该读者已借有图书，请先归还")
    assert Notice.objects.filter(about=case.ref).last().code == "case-rows-returned"


def test_an_officer_decides_row_by_row_and_each_has_its_own_fate(here):
    case = here.submitted(loan(1), loan(2), loan(3))
    settled = here.decided(case, {1: APPROVE, 2: send_back("借书单没有盖章")})
    assert (settled.approved, settled.returned) == ([1], {2: "借书单没有盖章"})
    assert (again(case).state, states(case)) == ("submitted", ["结束", "被回退", "进行中"])
    here.decided(case, {3: APPROVE})
    case = again(case)
    assert (case.state, case.reason) == ("returned", "借书单没有盖章")
    assert case.rows.get(number=2).reason == "借书单没有盖章"
    assert here.loans() == {number(1): "围城", number(3): "围城"}


def test_a_returned_row_is_put_right_and_goes_again_while_the_approved_stay(here):
    case = here.submitted(loan(1), loan(2))
    here.decided(case, {1: APPROVE, 2: send_back("书名写错")})
    with pytest.raises(Unsettled, match="已经提交或办结"):
        cases.save(case, {1: loan(1, book="家")}, by=here.by)
    cases.save(case, {2: loan(2, book="边城")}, by=here.by)
    cases.submit(case, by=here.by)
    assert states(case) == ["结束", "进行中"]
    here.decided(case, {2: APPROVE})
    assert again(case).state == "approved"
    assert here.loans() == {number(1): "围城", number(2): "边城"}


def test_taking_back_the_returned_rest_ends_a_case_that_was_partly_approved(here):
    case = here.submitted(loan(1), loan(2))
    here.decided(case, {1: APPROVE, 2: send_back("书名写错")})
    cases.withdraw(case, by=here.by)
    assert (State(case.state).label, states(case)) == ("结束", ["结束", "已删除"])


def test_all_can_be_approved_or_returned_at_once_with_one_reason(here):
    case = here.submitted(loan(1), loan(2))
    review.decide_all(case, send_back("请先到馆登记"), by=officer())
    assert (case.state, case.reason, states(case)) == ("returned", "请先到馆登记", ["被回退", "被回退"])
    assert Notice.objects.filter(about=case.ref).last().code == "case-returned"
    cases.submit(case, by=here.by)
    review.decide_all(case, APPROVE, by=officer())
    assert (case.state, len(here.loans())) == ("approved", 2)


def test_a_return_needs_a_reason():
    with pytest.raises(Unsettled, match="请填写回退原因"):
        send_back("  ")


def test_an_approved_row_is_examined_against_the_facts_of_that_moment(here):
    case = here.submitted(loan(1), loan(2))
    here.knows(number(1), book="边城")
    settled = here.decided(case, {1: APPROVE, 2: APPROVE})
    assert settled.approved == [2]
    assert settled.returned == {1: "该读者已借有图书，请先归还"}


def test_an_effect_that_fails_changes_nothing_and_the_case_goes_back_with_the_reason(here):
    def half_done(loans, case):
        library.lend(loans[:1], case)
        raise Unsettled("书库正在盘点，请三天后再办")

    catalogue.declare([replace(library.BORROW, effect=half_done)])
    case = here.submitted(loan(1), loan(2))
    review.decide_all(case, APPROVE, by=officer())
    assert here.loans() == {}
    assert (case.state, case.reason, states(case)) == (
        "returned",
        "书库正在盘点，请三天后再办",
        ["被回退", "被回退"],
    )


def test_a_fault_in_an_effect_is_no_reason_for_a_case_to_hang(here, caplog):
    def broken(loans, case):
        raise ZeroDivisionError

    catalogue.declare([replace(library.BORROW, effect=broken)])
    case = here.submitted(loan(1), by=TRUSTED)
    work()
    assert again(case).state == "returned"
    assert "系统未能办理" in again(case).reason
    assert "the effect failed" in caplog.text


def test_the_second_of_two_officers_reads_who_was_first(here):
    case = here.submitted(loan(1), loan(2))
    here.decided(case, {1: APPROVE})
    with pytest.raises(Unsettled, match="刚刚已有人审核"):
        here.decided(again(case), {1: APPROVE, 2: APPROVE}, by=officer(901))
    assert states(case) == ["结束", "进行中"]
    here.decided(again(case), {2: APPROVE})
    with pytest.raises(Unsettled, match="刚刚已由江岸区社保处 经办人900审核|刚刚已由经办人900审核"):
        here.decided(again(case), {2: APPROVE}, by=officer(901))


def test_officers_see_their_office_supervisors_the_city_and_nobody_his_own_case(here):
    case = here.submitted(loan())
    assert review.queue(officer()).get() == case
    assert not review.queue(officer(901, "420106")).exists()
    assert review.queue(officer(902, "420106", "supervisor")).get() == case
    assert not review.queue(officer(903, "420102", "ledger")).exists()
    himself = officer(account=here.by.account_id)
    assert not review.queue(himself).exists()
    with pytest.raises(Unsettled, match="不归您审核"):
        here.decided(case, {1: APPROVE}, by=himself)
    assert states(case) == ["进行中"]


def test_a_supervisor_reads_the_city_and_decides_nothing_by_that(here):
    case = here.submitted(loan())
    with pytest.raises(Unsettled, match="不归您审核"):
        here.decided(case, {1: APPROVE}, by=officer(902, "420102", "supervisor"))
    both = replace(officer(902, "420106", "reviewer"), roles=frozenset({"reviewer", "supervisor"}))
    with pytest.raises(Unsettled, match="不归您审核"):
        here.decided(case, {1: APPROVE}, by=both)
    assert states(case) == ["进行中"]
    here.decided(case, {1: APPROVE}, by=replace(both, office_code="420102"))
    assert states(case) == ["结束"]


def test_drafts_are_nobody_elses_business(here):
    here.saved(loan())
    assert not review.visible(officer()).exists()


def test_two_officers_must_agree_where_a_service_asks_for_it(here):
    here.knows(number(1), book="围城")
    case = here.started("discard-books")
    cases.pick(case, {number(1): {"condition": "缺页"}}, by=here.by)
    cases.submit(case, by=here.by)
    first, second = officer(900), officer(901)
    settled = here.decided(case, {1: APPROVE}, by=first)
    assert (settled.first, settled.approved) == (1, [])
    assert (states(case), again(case).awaits) == (["进行中"], "second-officer")
    assert not review.queue(first).exists(), "nothing is left for him to do"
    assert review.queue(second).get() == case
    with pytest.raises(Unsettled, match="另一位经办人复核"):
        here.decided(again(case), {1: APPROVE}, by=first)
    here.decided(again(case), {1: APPROVE}, by=second)
    assert (states(case), here.loans()) == (["结束"], {number(1): None})
    said = [(move.by_name, history.decided(case, move)) for move in case.moves.all()][-2:]
    assert said == [
        (first.in_words, "初审通过 1 人，等待另一位经办人复核"),
        (second.in_words, "复核通过 1 人"),
    ]


def test_the_second_officer_may_send_back_what_the_first_approved(here):
    catalogue.declare([replace(library.BORROW, review=by_grade(Review.TWO_OFFICERS))])
    case = here.submitted(loan(1))
    here.decided(case, {1: APPROVE}, by=officer(900))
    here.decided(again(case), {1: send_back("复核未通过")}, by=officer(901))
    assert (states(case), here.loans()) == (["被回退"], {})
    cases.submit(again(case), by=here.by)
    assert again(case).awaits == "officer"


def test_the_machine_coming_twice_does_no_harm(here):
    case = here.submitted(loan(1), by=TRUSTED)
    review.automatically(case.pk)
    moves = case.moves.count()
    review.automatically(case.pk)
    assert (case.moves.count(), again(case).state) == (moves, "approved")


def test_the_most_urgent_stands_first_in_the_queue(here):
    with clock.fixed(date(2026, 11, 5)):
        later = here.submitted(loan(1))
    with clock.fixed(date(2026, 11, 3)):
        sooner = here.submitted(loan(2))
    assert list(review.queue(officer())) == [sooner, later]


def test_history_tells_who_did_what_and_how_each_rule_came_out(here):
    case = here.submitted(loan(1), loan(2, deposit="900"))
    here.decided(case, {1: APPROVE, 2: send_back("押金须当面交")})
    last = case.moves.last()
    assert (last.before, last.after, last.by) == ("submitted", "returned", "account:900")
    assert last.outcome == {
        "basis": "《图书馆借阅规则》第三条",
        "rules": {"LIB-1/1": 0, "LIB-1/2": 0, "LIB-1/3": 0, "LIB-1/4": 0},
        "approved": 1,
        "returned": 1,
    }


def test_an_approval_is_not_told_with_the_reason_of_an_earlier_return(here):
    case = here.submitted(loan(1), loan(2, deposit="900"))
    here.decided(case, {2: send_back("押金须当面交")})
    here.decided(again(case), {1: APPROVE})
    returned, approved = list(case.moves.all())[-2:]
    assert (history.told(case, returned), again(case).state) == (["回退 1 人", "押金须当面交"], "returned")
    assert history.told(case, approved) == ["通过 1 人"]


def test_what_waits_too_long_for_the_machine_is_woken_again(here):
    from procrastinate.contrib.django.models import ProcrastinateJob

    from shebao.casework import waiting
    from shebao.foundation import sql

    case = here.submitted(loan(1), by=TRUSTED)
    sql.run("DELETE FROM procrastinate_jobs").close()
    assert waiting.wake() == 0
    Case.objects.filter(pk=case.pk).update(submitted_at=clock.now() - timedelta(minutes=5))
    assert waiting.wake() == 1
    assert waiting.wake() == 0, "it is in the queue already"
    assert ProcrastinateJob.objects.filter(status="todo").count() == 1
    work()
    assert again(case).state == "approved"


def test_what_is_kept_with_a_case_is_in_the_halls_language_whoever_acts(here):
    """A filer and an officer who use the hall in English; everybody else reads Chinese."""

    def dear(loan, held, case):
        return _("被回退") if loan.deposit > 500 else None

    def taken(loan, held, case):
        return _("已删除") if held.book else None

    checks = (on("reader", taken, rule="LIB-1/1"), flag("deposit", dear, rule="LIB-1/4"))
    catalogue.declare([replace(library.BORROW, checks=checks)])
    with translation.override("en"):
        case = here.saved(loan(1, deposit="900"), loan(2))
        assert case.rows.get(number=1).flags[0]["sentence"] == "Returned"
        cases.submit(case, by=here.by)
        assert case.rows.get(number=1).flags[0]["sentence"] == "被回退"
        here.knows(number(2), book="边城")
        review.decide_all(case, APPROVE, by=officer())
    assert case.rows.get(number=2).reason == "已删除"
    assert "有 1 人被回退" in Notice.objects.get(code="case-rows-returned").title
