"""个人工资年度申报: what an employer may declare, for whom, from when it counts (EMP-11)."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.db.models import Sum
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from shebao.assessment import runs
from shebao.casework import cases, errands, prefilled, review, sheets
from shebao.casework.ask import read
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger.models import Due
from shebao.policy.models import Value
from shebao.registry.models import Enrolment, WageDeclaration
from shebao.services import declare_wages
from tests.services.conftest import flags, notes, problems, states

SERVICE = "declare-wages"
LAST_DECEMBER, JANUARY, MARCH = Month(2025, 12), Month(2026, 1), Month(2026, 3)


@pytest.fixture
def worker(hall, ours):
    person = hall.city.person("赵立新")
    hall.city.works(person, ours, since=Month(2024, 5), wage="6000")
    return person


def line(person, **other):
    return {"id_number": person.id_number, "name": person.name, "present": "6000", "wage": "7200"} | other


def told(hall, employer, written, rule):
    return [s for found, s in problems(hall.saved(SERVICE, employer, written)) if found == rule]


def listed(hall, employer):
    case = cases.blank(declare_wages.SERVICE, by=hall.clerk(employer))
    return {row["name"]: Decimal(row["present"]) for row in prefilled.written(case)}


def periods(person, scheme="pension"):
    """(from, until, wage, whether it was reversed) of each period, oldest first."""
    found = Enrolment.objects.filter(person_id=person.id, scheme=scheme).order_by("starts", "version")
    return [
        (str(p.starts), p.ends and str(p.ends), f"{p.declared_wage:.0f}", bool(p.reversed_by)) for p in found
    ]


class TestTheList:
    def test_it_holds_who_was_here_before_the_year_began_and_still_is(self, hall, ours, worker):
        gone, new, left = hall.city.person("钱一"), hall.city.person("孙二"), hall.city.person("李三")
        hall.city.works(gone, ours, since=Month(2025, 1), until=LAST_DECEMBER)
        hall.city.works(new, ours, since=JANUARY)
        hall.city.works(left, ours, since=Month(2025, 1), until=MARCH, wage="5000")
        hall.city.works(hall.city.person("周四"), hall.city.employer(), since=Month(2025, 1))
        assert listed(hall, ours) == {"赵立新": Decimal(6000), "李三": Decimal(5000)}

    def test_whoever_is_declared_is_on_it_no_more(self, hall, ours, worker):
        hall.approved(SERVICE, ours, line(worker))
        assert listed(hall, ours) == {}

    def test_it_grows_without_more_queries(self, hall, ours, django_assert_num_queries):
        for n in range(5):
            hall.city.works(hall.city.person(f"吴{n}"), ours, since=Month(2025, 1))
        with django_assert_num_queries(5):  # three figures of the city, what waits already, one list
            listed(hall, ours)


def test_workbook_and_guide_name_the_year_the_months_and_from_when_it_counts(hall, client):
    book = load_workbook(BytesIO(sheets.template(declare_wages.SERVICE)))
    assert book.properties.title == "个人工资年度申报 2026 年度"
    heads = {cell.value: cell.comment.text for cell in book["名单"][1]}
    assert "2025-12 的月申报工资" in heads["现申报工资"]
    assert "2025 年的工资总额除以当年工作月数" in heads["上年度月平均工资"]
    told = [row[0] for row in book["填写说明"].iter_rows(values_only=True) if row[0]]
    guide = client.get("/guides/declare-wages/").content.decode()
    for label, words in (
        ("申报年度", "2026 年度（2026-01 至 2026-12）"),
        ("申报谁", "2025-12 在本单位参保、2026-01 仍在的职工"),
        ("何时生效", "从 2026-01 起作缴费基数；已经核定的月份补差额"),
        (
            "没有申报的",
            "2026-11-30 以后，从 2026-01 起按 2025-12 缴费基数的 110% 计缴（《社会保险法》第六十二条）；"
            "仍可补报，审核后按申报的工资结算",
        ),
    ):
        assert f"{label}：{words}。" in told and words in guide


class TestRefusals:
    def test_nobody_is_added(self, hall, ours, worker):
        stranger = hall.city.person("钱一")
        assert told(hall, ours, line(stranger), "unlisted") == [
            "不在本次办理的名单里，名单不能增加；请删除这一行"
        ]

    def test_only_the_last_column_may_change(self, hall, ours, worker):
        assert told(hall, ours, line(worker, present="6500"), "fixed") == [
            "“现申报工资”由系统填写，不能改动；请照原名单改回“6,000.00”"
        ]
        assert told(hall, ours, line(worker, name="赵力新"), "fixed") == [
            "“姓名”由系统填写，不能改动；请照原名单改回“赵立新”"
        ]

    def test_2_a_wage_of_nothing(self, hall, ours, worker):
        assert told(hall, ours, line(worker, wage="0"), "EMP-11/2") == [
            "上年度月平均工资须大于 0；不申报的请删除这一行"
        ]

    def test_before_the_days_are_announced(self, hall, ours, worker):
        Value.objects.filter(parameter="declaration_opens", synthetic=True).delete()
        case = hall.saved(SERVICE, ours, line(worker))
        with pytest.raises(Unsettled, match="本年度的申报日期还没有公布"):
            cases.submit(case, by=hall.clerk(ours))

    def test_before_the_first_day(self, hall, ours, worker):
        with clock.fixed(date(2026, 9, 30)):
            case = hall.saved(SERVICE, ours, line(worker))
            with pytest.raises(Unsettled, match="还没有开始受理，2026-10-08 起可以提交"):
                cases.submit(case, by=hall.clerk(ours))

    def test_whoever_is_under_review_already_is_refused_with_that_case(self, hall, ours, worker):
        first = hall.submitted(SERVICE, ours, line(worker))
        assert told(hall, ours, line(worker, wage="7300"), "under-review") == [
            f"已在业务 {first.number} 里提交，正在审核，不能重复办理；请等审核有了结果，或删除这一行"
        ]
        assert listed(hall, ours) == {}  # nor is he on a template that is downloaded now
        review.decide_all(first, review.send_back("请核对"), by=hall.officer())
        assert told(hall, ours, line(worker, wage="7300"), "under-review") == []

    def test_so_is_whoever_is_just_being_submitted_by_a_worker(self, hall, ours, worker, monkeypatch):
        monkeypatch.setattr(errands, "MANY", 0)
        first = hall.saved(SERVICE, ours, line(worker))
        cases.submit(first, by=hall.clerk(ours))  # no worker has come yet
        (sentence,) = told(hall, ours, line(worker), "under-review")
        assert first.number in sentence

    def test_of_two_drafts_with_the_same_person_the_second_can_not_be_submitted(self, hall, ours, worker):
        first, second = (hall.saved(SERVICE, ours, line(worker)) for _ in range(2))
        cases.submit(first, by=hall.clerk(ours))
        with pytest.raises(Unsettled):
            cases.submit(second, by=hall.clerk(ours))
        second.refresh_from_db()
        assert [rule for rule, _sentence in problems(second)] == ["under-review"]


class TestWhatIsTold:
    def test_limits_of_the_year(self, hall, ours, worker):
        low = notes(hall.saved(SERVICE, ours, line(worker, wage="3000")))
        assert ("EMP-1/8", "缴费基数 = 4,498.00 元：申报工资低于下限，按下限计算") in low
        high = notes(hall.saved(SERVICE, ours, line(worker, wage="30000")))
        assert ("EMP-1/8", "缴费基数 = 22,488.00 元：申报工资高于上限，按上限计算") in high

    def test_a_wage_many_times_the_present_one_is_asked_about(self, hall, ours, worker):
        high = notes(hall.saved(SERVICE, ours, line(worker, wage="300000")))
        (hint,) = [sentence for rule, sentence in high if rule == "hint/far-off"]
        assert hint.endswith("倍，请核对是否多写了一位")

    def test_4_whoever_comes_late_waits_for_an_officer(self, hall, worker, ours):
        ours.grade = "trusted"
        with clock.fixed(date(2026, 12, 2)):
            case = hall.submitted(SERVICE, ours, line(worker))
            assert flags(case) == [
                ("EMP-11/4", "已过申报截止日 2026-11-30，由经办人员核对后，按申报的工资结算")
            ]
        assert states(case) == ["进行中"]


class TestWhatFollows:
    def test_the_wage_counts_from_january_in_a_new_period(self, hall, ours, worker):
        case = hall.approved(SERVICE, ours, line(worker))
        assert states(case) == ["结束"]
        assert periods(worker) == [("2024-05", "2025-12", "6000", False), ("2026-01", None, "7200", False)]
        (kept,) = WageDeclaration.objects.filter(person_id=worker.id)
        assert (kept.year, kept.how, kept.wage, kept.source) == (
            2026, "declared", Decimal("7200"), case.row_ref(1)
        )  # fmt: skip

    def test_months_already_assessed_get_lines_of_difference(self, hall, ours, worker):
        runs.assess([worker.id], list(Month.range(JANUARY, Month(2026, 10))), source="scene")
        before = Due.objects.aggregate(all=Sum("employer_part"))["all"]
        hall.approved(SERVICE, ours, line(worker))
        added = Due.objects.filter(line=2, scheme="pension")
        assert added.count() == 10
        assert {due.employer_part for due in added} == {Decimal("192.00")}  # 16 % of 1,200
        assert Due.objects.filter(month=LAST_DECEMBER).count() == 0
        assert Due.objects.aggregate(all=Sum("employer_part"))["all"] > before

    def test_a_period_that_began_in_january_is_reversed_and_stays_visible(self, hall, ours, worker):
        hall.city.works(other := hall.city.person("钱一"), ours, since=Month(2025, 3), until=LAST_DECEMBER)
        hall.city.works(other, ours, since=JANUARY, wage="6100")
        hall.approved(SERVICE, ours, line(other))
        assert periods(other) == [
            ("2025-03", "2025-12", "6000", False),
            ("2026-01", None, "6100", True),
            ("2026-01", None, "7200", False),
        ]

    def test_of_somebody_who_left_meanwhile_the_months_until_then_count(self, hall, ours, worker):
        hall.city.works(left := hall.city.person("李三"), ours, since=Month(2025, 1), until=MARCH)
        hall.approved(SERVICE, ours, line(left))
        assert periods(left) == [
            ("2025-01", "2026-03", "6000", True),
            ("2025-01", "2025-12", "6000", False),
            ("2026-01", "2026-03", "7200", False),
        ]

    def test_a_later_change_of_the_wage_stays(self, hall, ours):
        person = hall.city.person("钱一")
        hall.city.works(person, ours, since=Month(2025, 1), until=MARCH)
        hall.city.works(person, ours, since=Month(2026, 4), wage="8000")
        hall.approved(SERVICE, ours, line(person))
        assert [one for one in periods(person) if not one[3]] == [
            ("2025-01", "2025-12", "6000", False),
            ("2026-01", "2026-03", "7200", False),
            ("2026-04", None, "8000", False),
        ]

    def test_rows_are_decided_one_by_one_and_returned_ones_go_back(self, hall, ours, worker):
        hall.city.works(other := hall.city.person("钱一"), ours, since=Month(2025, 3))
        case = hall.submitted(SERVICE, ours, line(worker), line(other, wage="72000"))
        review.decide(
            case, {1: review.APPROVE, 2: review.send_back("请核对：比上年高十倍")}, by=hall.officer()
        )
        case.refresh_from_db()
        assert (states(case), case.state) == (["结束", "被回退"], "returned")
        assert list(listed(hall, ours)) == ["钱一"]


def test_the_form_to_bring_along_says_what_each_wage_counts_as(hall, ours, worker):
    hall.city.works(poor := hall.city.person("钱一"), ours, since=Month(2025, 3))
    case = hall.submitted(SERVICE, ours, line(worker), line(poor, wage="1.00"))
    print_, excel = declare_wages.SERVICE.printouts
    assert print_.title == "社会保险缴费工资基数申报表（打印）"
    assert print_.make(case)[:5] == b"%PDF-"
    cells = CalamineWorkbook.from_filelike(BytesIO(excel.make(case))).get_sheet_by_index(0).to_python()
    assert [cell for cell in cells[1] if cell] == ["2026 年度"]
    assert [row[3:6] for row in cells if row[2] in ("赵立新", "钱一")] == [
        [6000.0, 7200.0, 7200.0],
        [6000.0, 1.0, 4498.0],
    ]


def test_a_machine_may_leave_out_what_the_file_answers():
    row = read(declare_wages.Declared, {"id_number": "11010519491231002X", "name": "李小明", "wage": "5"}).row
    assert row.present is None
