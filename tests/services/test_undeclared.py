"""What becomes of people whose wage nobody declared: the law's 110 %, once declaring has ended (EMP-11/4)."""

from datetime import date
from decimal import Decimal

import pytest

from shebao.assessment import runs, undeclared
from shebao.assessment.explanations import of_month
from shebao.casework import cases, errands
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger import invariants
from shebao.ledger.models import Due
from shebao.notices.models import Notice
from shebao.policy.models import Value
from shebao.registry.models import WageDeclaration
from shebao.services import declare_wages
from tests.services.test_declare_wages import SERVICE, line, periods

DECEMBER, JANUARY, OCTOBER = Month(2025, 12), Month(2026, 1), Month(2026, 10)
LAST_DAY, THE_DAY_AFTER = date(2026, 11, 30), date(2026, 12, 1)


@pytest.fixture
def worker(hall, ours):
    person = hall.city.person("赵立新")
    hall.city.works(person, ours, since=Month(2024, 5), wage="6000")
    return person


def settle(day=THE_DAY_AFTER):
    with clock.fixed(day):
        return undeclared.settle(by="system:tests", spared=declare_wages.waiting)


def remind(day):
    with clock.fixed(day):
        return undeclared.remind(by="system:tests", spared=declare_wages.waiting)


def told(employer, code="wages-undeclared"):
    return [notice.title for notice in Notice.objects.filter(recipient=f"employer:{employer.id}", code=code)]


def test_as_long_as_declaring_lasts_nothing_is_set(worker):
    assert settle(LAST_DAY) == 0
    assert periods(worker) == [("2024-05", None, "6000", False)]


def test_whoever_was_left_out_counts_with_110_per_cent_from_the_first_month(worker, ours):
    assert settle() == 1
    assert periods(worker) == [("2024-05", "2025-12", "6000", False), ("2026-01", None, "6600", False)]
    (kept,) = WageDeclaration.objects.all()
    assert (kept.how, kept.wage) == ("undeclared", Decimal("6600.00"))
    assert told(ours) == ["2026 年度有 1 人没有申报工资，已按规定确定缴费基数"]


def test_the_employer_reads_who_it_is_from_when_and_how_to_declare_late(hall, worker, ours):
    for name in ("钱一", "孙二", "李三", "周四", "吴五"):
        hall.city.works(hall.city.person(name), ours, since=Month(2025, 3))
    settle()
    (notice,) = Notice.objects.filter(recipient=f"employer:{ours.id}", code="wages-undeclared")
    assert notice.body == (
        "没有申报的有 赵*新、钱*、孙*、李*、周* 等 6 人。他们自 2026-01 起按 2025-12 缴费基数的 110% 计缴"
        "（《社会保险法》第六十二条），已核定的月份会补差。要补报的，请在 2026-12-31 前办理“个人工资年度申报”："
        "下载的模板里就是还没有申报的全部人员，填好上传，审核后按申报的工资结算。"
    )


def test_it_is_110_per_cent_of_the_base_and_not_of_a_wage_below_the_floor(hall, ours):
    poor = hall.city.person("钱一")
    hall.city.works(poor, ours, since=Month(2024, 5), wage="3000")
    runs.assess([poor.id], [DECEMBER], source="scene")
    settle()
    assert periods(poor)[-1] == ("2026-01", None, "4948", False)  # 4,498 × 1.1 = 4,947.80


def test_months_already_assessed_get_lines_of_difference_that_say_why(worker, ours):
    runs.assess([worker.id], list(Month.range(JANUARY, OCTOBER)), source="scene")
    settle()
    added = Due.objects.filter(line=2, scheme="pension")
    assert {due.employer_part for due in added} == {Decimal("96.00")}  # 16 % of 600
    first, second = (one for one in of_month(worker.id, OCTOBER) if one.scheme == "pension")
    assert first.explanation.undeclared is None
    why = second.explanation.undeclared
    assert (why.value, why.parameter) == (Decimal("1.1"), "undeclared_factor")
    assert "第六十二条" in why.source


def test_run_again_it_finds_nobody_and_tells_nobody(worker, ours):
    settle()
    assert (settle(), settle(date(2026, 12, 9))) == (0, 0)
    assert len(told(ours)) == 1


def test_the_declared_and_those_who_wait_for_an_officer_are_spared(hall, ours, worker):
    hall.approved(SERVICE, ours, line(worker))
    hall.city.works(waiting := hall.city.person("钱一"), ours, since=Month(2025, 3))
    hall.submitted(SERVICE, ours, line(waiting))
    assert settle() == 0
    assert told(ours) == []


def test_a_large_declaration_that_is_just_being_submitted_is_spared(hall, ours, worker, monkeypatch):
    monkeypatch.setattr(errands, "MANY", 0)
    case = hall.saved(SERVICE, ours, line(worker))
    cases.submit(case, by=hall.clerk(ours))  # no worker has come yet
    assert errands.under_way(case)
    assert settle() == 0


def test_new_hires_have_no_month_before_and_are_left_alone(hall, ours):
    hall.city.works(hall.city.person("钱一"), ours, since=JANUARY)
    assert settle() == 0


def test_a_later_declaration_takes_its_place_and_both_stay_visible(hall, ours, worker):
    runs.assess([worker.id], list(Month.range(JANUARY, OCTOBER)), source="scene")
    settle()
    with clock.fixed(date(2026, 12, 5)):
        hall.approved(SERVICE, ours, line(worker))
    assert periods(worker)[1:] == [("2026-01", None, "6600", True), ("2026-01", None, "7200", False)]
    kept = WageDeclaration.objects.order_by("version").values_list("how", "superseded_by")
    assert [(how, bool(by)) for how, by in kept] == [("undeclared", True), ("declared", False)]
    assert not invariants.broken()
    third = Due.objects.get(line=3, scheme="pension", month=OCTOBER)
    assert third.employer_part == Decimal("96.00")
    _first, lawful, declared = (one for one in of_month(worker.id, OCTOBER) if one.scheme == "pension")
    assert lawful.explanation.undeclared and not declared.explanation.undeclared


def test_employers_are_seen_to_step_by_step_and_none_is_divided(hall, ours, worker, monkeypatch):
    monkeypatch.setattr(undeclared, "STEP", 2)
    for _ in range(3):
        employer = hall.city.employer()
        for n in range(2):
            hall.city.works(hall.city.person(f"钱{n}"), employer, since=Month(2025, 3))
    assert settle() == 7
    assert Notice.objects.filter(code="wages-undeclared").count() == 4


def test_one_person_with_an_unknown_figure_stops_his_own_employer_and_no_other(
    hall, ours, worker, monkeypatch, caplog
):
    other = hall.city.employer()
    hall.city.works(hall.city.person("钱一"), other, since=Month(2025, 3))
    give = undeclared._give

    def refused(some, *args, **more):
        if any(one.payer_id == ours.id for one in some):
            raise Unsettled("2026-01 的缴费工资上限尚未公布")
        return give(some, *args, **more)

    monkeypatch.setattr(undeclared, "_give", refused)
    assert settle() == 1
    assert (told(ours), len(told(other))) == ([], 1)
    assert f"employer {ours.id}" in caplog.text and f"employer {other.id}" not in caplog.text


def test_an_employer_is_reminded_once_some_days_before(hall, ours, worker):
    hall.city.works(other := hall.city.person("钱一"), ours, since=Month(2025, 3))
    hall.submitted(SERVICE, ours, line(other))
    assert remind(date(2026, 11, 12)) == 0
    assert (remind(date(2026, 11, 21)), remind(date(2026, 11, 22)), remind(THE_DAY_AFTER)) == (1, 0, 0)
    assert told(ours, "wages-undeclared-soon") == ["2026 年度还有 1 人没有申报工资，2026-11-30 截止"]


def test_where_nobody_announced_the_days_nothing_is_set(worker):
    Value.objects.filter(parameter="declaration_closes", synthetic=True).delete()
    assert (settle(), remind(LAST_DAY)) == (0, 0)
