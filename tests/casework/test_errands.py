"""Deeds on many rows: a worker does them step by step, everybody can see how far, and nobody gets in between."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shebao.casework import cases, catalogue, errands, history, papers, review, rosters, waiting
from shebao.casework.models import Errand
from shebao.casework.review import APPROVE, send_back
from shebao.foundation import clock
from shebao.foundation.unsettled import Busy, Unsettled
from shebao.notices.models import Notice
from tests.casework import library
from tests.casework.conftest import again, clerk, loan, number, officer, sheet, states
from tests.casework.test_papers import file
from tests.jobs import work

TWELVE = [loan(n) for n in range(1, 13)]


@pytest.fixture(autouse=True)
def ten_are_many(monkeypatch):
    monkeypatch.setattr(errands, "MANY", 9)
    monkeypatch.setattr(errands, "STEP", 5)


def step(case):
    """One step of the errand under way, as a worker does it, and no further."""
    errand = errands.under_way(case)
    going = cases._submit_on if errand.deed == "submit" else review._decide_on
    errands._step(errand, errand.mark, going)
    return errands.under_way(case)


def submitted(here, *, by=None):
    case = here.saved(*TWELVE, by=by)
    cases.submit(case, by=by or here.by)
    work()
    return again(case)


def test_many_rows_are_submitted_by_a_worker_and_one_sees_how_far_it_is(here):
    case = here.saved(*TWELVE)
    cases.submit(case, by=here.by)
    assert (again(case).state, errands.under_way(case).total) == ("draft", 12)
    assert [step(case).done, step(case).done] == [5, 10]
    work()
    assert errands.under_way(case) is None
    case.refresh_from_db()
    assert (case.state, states(case)) == ("submitted", ["进行中"] * 12)
    move = case.moves.last()
    assert (move.by_name, move.outcome["rules"]["LIB-1/1"]) == ("第7示例公司 张明", 0)


def test_few_rows_are_submitted_at_once(here):
    case = here.submitted(*TWELVE[:9])
    assert (case.state, Errand.objects.exists()) == ("submitted", False)


def test_while_a_worker_is_at_it_nobody_changes_the_case(here):
    case = here.saved(*TWELVE)
    cases.submit(case, by=here.by)
    deeds = [
        lambda: cases.submit(case, by=here.by),
        lambda: cases.save(case, {1: loan(1)}, by=here.by),
        lambda: cases.remove(case, [1], by=here.by),
        lambda: cases.withdraw(case, by=here.by),
        lambda: rosters.hand_in(case, sheet([loan(20)]), by=here.by),
        lambda: papers.attach(case, "借书单", file(), by=here.by),
    ]
    for deed in deeds:
        with pytest.raises(Unsettled, match="系统正在办理这笔业务"):
            deed()


def test_the_same_click_a_second_time_changes_nothing(here):
    case = here.saved(*TWELVE)
    click = case.token
    for _ in range(2):
        cases.submit(case, by=here.by, token=click)
    work()
    cases.submit(again(case), by=here.by, token=click)
    assert [move.after for move in case.moves.all()] == ["draft", "submitted"]


def test_what_turned_bad_is_told_and_nothing_is_submitted(here):
    case = here.saved(*TWELVE)
    here.knows(number(7), book="边城")
    cases.submit(case, by=here.by)
    work()
    assert (again(case).state, states(case).count("有问题")) == ("draft", 1)
    assert (
        errands.refused(again(case))
        == "有 1 人在提交时检查未通过，请查看原因，修改或删除后再提交；1 人：该读者已借有图书，请先归还"
    )
    cases.remove(again(case), [7], by=here.by)
    assert errands.refused(again(case)) == "", "what was done about it since counts"
    cases.submit(again(case), by=here.by)
    work()
    assert states(case).count("进行中") == 11


def test_a_duplicate_in_another_step_is_still_one(here):
    case = here.saved(*TWELVE[:10], loan(20), loan(21))
    case.rows.filter(number=12).update(raw=loan(1), key=number(1))
    cases.submit(case, by=here.by)
    work()
    assert case.rows.get(number=12).problems[0]["sentence"] == "与第 1 行重复，请删除其中一行"


def test_the_day_of_filing_is_the_day_of_the_click(here):
    case = here.saved(*TWELVE)
    today = clock.today()
    cases.submit(case, by=here.by)
    with clock.fixed(today + timedelta(days=3)):
        work()
    assert again(case).filed_on == today


def test_an_officer_decides_on_many_and_the_filer_sees_them_become_done(here):
    case = submitted(here)
    assert review.decide_all(case, APPROVE, by=officer()) is None
    step(case)
    assert (states(case).count("结束"), again(case).state) == (5, "submitted")
    with pytest.raises(Unsettled, match="系统正在办理"):
        review.decide(again(case), {12: APPROVE}, by=officer(901))
    work()
    assert (again(case).state, len(here.loans())) == ("approved", 12)
    moves = case.moves.values_list("after", "by", "outcome__approved")
    assert list(moves)[-1] == ("approved", "account:900", 12), "one decision, however many steps"


def test_an_officer_sends_many_back_with_one_reason(here):
    case = submitted(here)
    review.decide_all(case, send_back("借书单没有盖章"), by=officer())
    work()
    case.refresh_from_db()
    assert (case.state, case.reason, states(case)) == ("returned", "借书单没有盖章", ["被回退"] * 12)


def test_a_row_that_went_bad_meanwhile_goes_back_and_the_others_take_effect(here):
    case = submitted(here)
    here.knows(number(7), book="边城")
    review.decide_all(case, APPROVE, by=officer())
    work()
    case.refresh_from_db()
    assert (case.state, states(case).count("结束"), case.rows.get(number=7).state) == (
        "returned",
        11,
        "returned",
    )
    assert case.moves.last().outcome["returned"] == 1


def test_two_officers_decide_on_many_one_after_the_other(here):
    library_of_two = here.saved(*TWELVE)
    cases.submit(library_of_two, by=here.by)
    work()
    case = again(library_of_two)
    case.review = "two-officers"
    case.save()
    review.decide_all(case, APPROVE, by=officer(900))
    work()
    case.refresh_from_db()
    assert (case.awaits, states(case)) == ("second-officer", ["进行中"] * 12)
    with pytest.raises(Unsettled, match="须由另一位经办人复核"):
        review.decide_all(case, APPROVE, by=officer(900))
    review.decide_all(case, APPROVE, by=officer(901))
    work()
    assert again(case).state == "approved"


def test_the_rules_decide_on_many_by_themselves_and_flagged_rows_stay(here):
    trusted = clerk(grade="trusted")
    case = here.saved(*TWELVE[:11], loan(12, deposit="600"), by=trusted)
    cases.submit(case, by=trusted)
    assert [errand.deed for errand in Errand.objects.all()] == ["submit"]
    work()
    case.refresh_from_db()
    assert [errand.deed for errand in Errand.objects.order_by("id")] == ["submit", "review"]
    assert (case.awaits, states(case).count("结束")) == ("officer", 11)


def test_an_errand_whose_job_was_lost_is_woken_and_two_workers_do_no_harm(here):
    case = here.saved(*TWELVE)
    cases.submit(case, by=here.by)
    work_lost = Errand.objects.get()
    assert waiting.wake() == 0, "it has only just begun"
    Errand.objects.update(touched_at=clock.now() - timedelta(minutes=5))
    assert waiting.wake() == 1
    work()
    cases.go_on_submitting(work_lost.pk)
    assert states(case) == ["进行中"] * 12


def test_an_automatic_case_with_an_errand_is_woken_once(here):
    trusted = clerk(grade="trusted")
    case = here.saved(*TWELVE, by=trusted)
    cases.submit(case, by=trusted)
    cases.go_on_submitting(Errand.objects.get().pk)
    past = clock.now() - timedelta(minutes=5)
    Errand.objects.update(touched_at=past)
    again(case).__class__.objects.update(submitted_at=past)
    assert waiting.wake() == 1


def test_what_others_hold_makes_an_errand_wait_and_sends_nobody_back(here):
    case = submitted(here)

    def held(loans, case):
        raise Busy("有月份正在核定，请过几分钟再办理")

    catalogue.declare([replace(library.BORROW, effect=held)])
    review.decide_all(case, APPROVE, by=officer())
    work()
    assert (states(case), errands.under_way(case).done) == (["进行中"] * 12, 0)
    catalogue.declare(library.SERVICES)
    Errand.objects.update(touched_at=clock.now() - timedelta(minutes=5))
    waiting.wake()
    work()
    assert again(case).state == "approved"


def test_of_many_rows_a_change_examines_those_it_touches(here):
    case = here.saved(*TWELVE)
    case.rows.filter(number=3).update(problems=[{"field": "", "sentence": "旧", "rule": "x"}], state="bad")
    cases.save(case, {12: loan(1)}, by=here.by)
    assert case.rows.get(number=12).problems[0]["rule"] == "unique"
    assert case.rows.get(number=3).problems[0]["sentence"] == "旧"
    cases.remove(case, [1], by=here.by)
    assert case.rows.get(number=12).state == "draft", "no duplicate any more"
    assert (again(case).total, again(case).bad) == (11, 1)


def test_a_submission_that_breaks_three_times_ends_with_a_sentence_and_changes_nothing(here, monkeypatch):
    case = here.saved(*TWELVE)
    cases.submit(case, by=here.by)
    errand = errands.under_way(case)

    def breaks(case, errand):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(cases, "_submit_on", breaks)
        for _time in range(2):
            with pytest.raises(ZeroDivisionError):
                cases.go_on_submitting(errand.pk)
        assert errands.under_way(case) == errand
        cases.go_on_submitting(errand.pk)
    assert errands.under_way(case) is None and again(case).state == "draft"
    assert errands.refused(again(case)).startswith("系统未能办理，没有任何变动")
    cases.submit(again(case), by=here.by)
    work()
    assert again(case).state == "submitted"


def breaks_in_the_second_step(monkeypatch):
    """A decision whose second step meets an error that nobody expected."""
    take = review.settlement.take

    def taken(case, approved, *rest, **how):
        if min(approved) > 5:
            raise ZeroDivisionError
        return take(case, approved, *rest, **how)

    monkeypatch.setattr(review.settlement, "take", taken)


def until_given_up(errand):
    for _time in range(2):
        with pytest.raises(ZeroDivisionError):
            review.go_on_deciding(errand.pk)
    review.go_on_deciding(errand.pk)


def test_a_decision_that_breaks_three_times_says_what_is_done_and_can_be_made_again(here, monkeypatch):
    case = submitted(here)
    review.decide_all(case, APPROVE, by=officer())
    with monkeypatch.context() as patch:
        breaks_in_the_second_step(patch)
        until_given_up(errands.under_way(case))
    case = again(case)
    assert (errands.under_way(case), case.state, case.awaits) == (None, "submitted", "officer")
    assert (states(case).count("结束"), len(here.loans())) == (5, 5), "the first step stands, no more"
    assert history.unfinished(case).startswith("系统出错，审核没有办完")
    assert history.decided(case, case.moves.last()) == "通过 5 人"
    told = Notice.objects.get(recipient="account:900")
    assert (told.code, told.about) == ("decision-unfinished", case.ref)
    assert "已处理 5 人，还有 7 人待审核" in told.body
    review.decide_all(case, APPROVE, by=officer())
    work()
    case = again(case)
    assert (case.state, len(here.loans()), history.unfinished(case)) == ("approved", 12, "")


def test_an_automatic_review_that_breaks_three_times_goes_to_an_officer(here, monkeypatch):
    trusted = clerk(grade="trusted")
    case = here.saved(*TWELVE, by=trusted)
    cases.submit(case, by=trusted)
    cases.go_on_submitting(Errand.objects.get().pk)
    with monkeypatch.context() as patch:
        breaks_in_the_second_step(patch)
        until_given_up(errands.under_way(case))
    case = again(case)
    assert (case.awaits, states(case).count("结束")) == ("officer", 5)
    assert waiting.wake() == 0, "nobody tries for ever"
    assert review.queue(officer()).get() == case


def test_an_automatic_review_of_few_rows_that_breaks_is_tried_again_and_given_up_too(here):
    case = here.saved(*TWELVE[:3], by=(trusted := clerk(grade="trusted")))
    cases.submit(case, by=trusted)

    def broken(loans, case):
        raise ZeroDivisionError

    catalogue.declare([replace(library.BORROW, facts=broken)])
    review.automatically(case.pk)
    errand = errands.under_way(case)
    with pytest.raises(ZeroDivisionError):
        review.go_on_deciding(errand.pk)
    review.go_on_deciding(errand.pk)
    catalogue.declare(library.SERVICES)
    assert (again(case).awaits, states(case)) == ("officer", ["进行中"] * 3)
    review.decide_all(again(case), APPROVE, by=officer())
    assert again(case).state == "approved"


def test_the_first_of_two_officers_goes_on_with_the_rest_of_a_decision_that_broke(here, monkeypatch):
    case = submitted(here)
    case.review = "two-officers"
    case.save()
    review.decide_all(case, APPROVE, by=officer(900))
    step(case)
    errands._refuse(errands.under_way(case), "系统出错", review._decide_no_further)
    review.decide_all(again(case), APPROVE, by=officer(900))
    work()
    assert again(case).awaits == "second-officer"
    review.decide_all(again(case), APPROVE, by=officer(901))
    work()
    assert again(case).state == "approved"


def test_figures_that_changed_before_many_rows_are_decided_are_kept_with_the_decision(here, monkeypatch):
    for n in range(1, 13):
        here.knows(number(n), book="围城")
    catalogue.declare([replace(library.RENEW, previews=20)])
    rows = [{"reader": number(n), "name": "李小明", "book": "围城", "deposit": "120"} for n in range(1, 13)]
    case = here.saved(*rows, service="renew-books")
    cases.submit(case, by=here.by)
    work()
    monkeypatch.setattr(library, "SHARE", 5)
    review.decide_all(again(case), APPROVE, by=officer())
    work()
    case = again(case)
    assert (case.state, case.figures["lines"][0]) == ("approved", [number(1), "120.00", "12.00"])
    kept = case.moves.last().outcome["figures"]["lines"]
    assert (len(kept), kept[0]) == (12, [number(1), "120.00", "24.00"]), "of all rows, not of one step"
