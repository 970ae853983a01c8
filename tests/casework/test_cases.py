"""A clerk's way: enter, save, submit, see the status; or take it back."""

import re
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from shebao.audit.models import AuditEvent
from shebao.casework import cases, catalogue
from shebao.casework.counting import Unit
from shebao.casework.models import Case, State
from shebao.foundation import clock
from shebao.foundation.unsettled import Unsettled
from shebao.notices.models import Notice
from tests.casework import library
from tests.casework.conftest import again, clerk, loan, number, problems, states


def test_a_case_has_a_number_from_the_first_save_on(here):
    with clock.fixed(date(2026, 11, 22)):
        case = here.saved(loan())
    assert re.fullmatch(r"42010020261122\d{6}", case.number)
    assert (State(case.state).label, states(case)) == ("未提交", ["可以提交"])
    assert (case.total, case.good, case.bad, case.about) == (1, 1, 0, "李*明")


def test_saving_tells_all_that_is_wrong_at_once_each_with_its_rule(here):
    here.knows(number(1), name="王强", book="边城")
    case = here.saved(loan(deposit="0", name="李小明"))
    assert problems(case) == [
        ("reader", "该读者已借有图书，请先归还", "LIB-1/1"),
        ("name", "姓名与读者登记不一致，请核对身份证", "LIB-1/2"),
        ("deposit", "押金应大于零", "LIB-1/3"),
    ]
    assert states(case) == ["有问题"]


def test_what_can_be_judged_is_judged_even_where_a_field_can_not_be_read(here):
    here.knows(number(1), book="边城")
    case = here.saved(loan(deposit="伍佰"))
    assert [rule for _, _, rule in problems(case)] == ["readable", "LIB-1/1"]


def test_a_row_is_written_over_until_it_is_submitted(here):
    case = here.saved(loan(deposit="0"))
    cases.save(case, {1: loan(deposit="80")}, by=here.by)
    assert states(case) == ["可以提交"] and problems(case) == []
    cases.submit(case, by=here.by)
    with pytest.raises(Unsettled, match="已经提交审批"):
        cases.save(case, {1: loan()}, by=here.by)


def test_saving_over_somebody_elses_change_is_refused(here):
    case = here.saved(loan())
    seen = case.version
    cases.save(again(case), {1: loan(book="边城")}, by=clerk(account=71), version=seen)
    with pytest.raises(Unsettled, match="别处修改过"):
        cases.save(case, {1: loan(book="家")}, by=here.by, version=seen)
    assert case.rows.get().raw["book"] == "边城"


def test_the_same_person_twice_in_a_roster_is_told_with_the_line_of_the_first(here):
    case = here.saved(loan(1), loan(2), loan(1))
    assert states(case) == ["可以提交", "可以提交", "有问题"]
    assert problems(case, 3) == [("reader", "与第 1 行重复，请删除其中一行", "unique")]
    cases.remove(case, [1], by=here.by)
    assert states(case) == ["已删除", "可以提交", "可以提交"]


def test_a_click_that_comes_twice_starts_one_case_and_submits_it_once(here):
    token = uuid4()
    first, second = (cases.start("borrow-books", by=here.by, token=token) for _ in range(2))
    assert first.pk == second.pk
    cases.save(first, {1: loan()}, by=here.by)
    click = uuid4()
    cases.submit(first, by=here.by, token=click)
    cases.submit(second, by=here.by, token=click)
    assert [move.after for move in first.moves.all()] == ["draft", "submitted"]
    with pytest.raises(Unsettled, match="已经提交审批"):
        cases.submit(first, by=here.by, token=uuid4())


def test_failed_rows_stay_behind_and_do_not_hold_up_the_others(here):
    case = here.submitted(loan(1), loan(2, deposit="0"), loan(3))
    assert states(case) == ["进行中", "有问题", "进行中"]


def test_nothing_is_submitted_when_a_row_has_gone_bad_since_it_was_seen(here):
    case = here.saved(loan(1), loan(2))
    here.knows(number(2), book="边城")
    with pytest.raises(Unsettled, match="有 1 人在提交时检查未通过"):
        cases.submit(case, by=here.by)
    assert (again(case).state, states(case)) == ("draft", ["可以提交", "有问题"])
    cases.submit(case, by=here.by)
    assert states(case) == ["进行中", "有问题"]


def test_an_empty_case_can_not_be_submitted(here):
    with pytest.raises(Unsettled, match="没有可以提交的内容"):
        cases.submit(here.started(), by=here.by)


def test_a_case_is_taken_back_before_submission_and_not_after(here):
    case = here.saved(loan())
    cases.withdraw(case, by=here.by)
    assert (State(case.state).label, states(case)) == ("已退单", ["已删除"])
    submitted = here.submitted(loan(2))
    with pytest.raises(Unsettled, match="联系经办机构回退"):
        cases.withdraw(submitted, by=here.by)
    with pytest.raises(Unsettled, match="已经退单"):
        cases.submit(case, by=here.by)


def test_others_cases_do_not_exist_for_a_clerk(here):
    case = here.saved(loan())
    assert cases.of(clerk(account=71)).get() == case
    assert not cases.of(clerk(party=8)).exists()


def test_a_service_is_filed_by_those_it_is_offered_to(here):
    community = replace(clerk(), kind="community")
    with pytest.raises(LookupError):
        cases.start("borrow-books", by=community)
    with pytest.raises(KeyError):
        cases.start("sell-books", by=here.by)


def test_whoever_belongs_to_no_office_is_told_before_he_fills_anything_in_for_nobody(here):
    with pytest.raises(Unsettled, match="没有登记辖区经办机构"):
        cases.start("borrow-books", by=replace(here.by, office_code=""))
    assert not Case.objects.exists()


def test_outside_its_days_a_service_keeps_what_is_saved_and_takes_nothing(here):
    here.knows(number(1), book="围城")
    with clock.fixed(date(2026, 11, 25)):
        case = here.started("return-books")
        cases.pick(case, {number(1): {"condition": "完好"}}, by=here.by)
        with pytest.raises(Unsettled, match="本期受理已于 2026-11-22 结束"):
            cases.submit(case, by=here.by)
    with clock.fixed(date(2026, 12, 1)):
        cases.submit(case, by=here.by)
    assert str(case.month) == "2026-12"


def test_rows_are_picked_from_what_is_offered_and_from_nothing_else(here):
    here.knows(number(1), name="李小明", book="围城")
    case = here.started("return-books")
    cases.pick(case, {number(1): {"condition": "完好", "name": "王强"}}, by=here.by)
    assert case.rows.get().data == {"reader": number(1), "name": "李小明", "condition": "完好"}
    with pytest.raises(Unsettled, match="已不在可办理的名单里"):
        cases.pick(case, {number(2): {"condition": "完好"}}, by=here.by)


def test_a_roster_has_no_more_rows_than_its_service_takes(here):
    catalogue.declare([replace(library.BORROW, most_rows=2)])
    case = here.saved(loan(1), loan(2))
    with pytest.raises(Unsettled, match="最多 2 行"):
        cases.add(case, [loan(3)], by=here.by)
    assert states(case) == ["可以提交", "可以提交"]


def test_each_deed_leaves_a_line_and_the_filer_hears_of_it(here):
    case = here.submitted(loan())
    lines = AuditEvent.objects.filter(about=case.ref).order_by("id").values_list("event", flat=True)
    assert list(lines) == ["case.started", "case.saved", "case.submitted"]
    assert Notice.objects.get(about=case.ref).recipient == "account:70"
    move = case.moves.last()
    assert move.outcome["basis"] == "《图书馆借阅规则》第三条"
    assert move.outcome["rules"] == {"LIB-1/1": 0, "LIB-1/2": 0, "LIB-1/3": 0, "LIB-1/4": 0}


def test_what_nobody_can_keep_is_kept_as_near_as_can_be(here):
    case = here.saved(loan(book="围\0城\ud800" + "长" * 600))
    assert case.rows.get().raw["book"].startswith("围城?长") and len(case.rows.get().raw["book"]) == 500


def test_the_promise_is_counted_from_the_day_of_submission(here):
    with clock.fixed(date(2026, 11, 2)):
        case = here.submitted(loan())
    assert Case.objects.get(pk=case.pk).due == date(2026, 11, 4)


def test_a_case_says_what_it_is_about_in_the_words_of_its_service(here):
    assert here.saved(loan(1)).about == "李*明"
    assert here.saved(loan(2), loan(3)).about == "李*明等 2 人"
    catalogue.declare([replace(library.BORROW, unit=Unit.ENTRIES)])
    assert here.saved(loan(4), loan(5)).about.endswith("等 2 笔"), "not by the name of somebody"
    catalogue.declare([replace(library.BORROW, unit=Unit.EMPLOYERS)])
    assert here.saved(loan(6)).about == "第7示例公司", (
        "an employer's own business is about it, not about a clerk"
    )
