"""个人工资变更: which new wages an employer may declare, from when they count, what it is told otherwise (EMP-4)."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shebao.assessment import runs
from shebao.casework import ask, cases, catalogue, estimates, examination, papers
from shebao.casework.service import Wanted
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger.models import Due
from shebao.registry import enrolments
from shebao.registry.models import Enrolment
from shebao.services import change_wages, movements
from tests.jobs import work
from tests.services.conftest import notes, problems, states

SERVICE = "change-wages"
AUGUST, NOVEMBER, DECEMBER = Month(2026, 8), Month(2026, 11), Month(2026, 12)


@pytest.fixture
def worker(hall, ours):
    person = hall.city.person("赵立新")
    hall.city.works(person, ours, since=AUGUST, wage="6000")
    return person


def change(person, wage="7000", **other):
    return {"id_number": person.id_number, "name": person.name, "wage": wage, "reason": "工资调整"} | other


def told(hall, employer, written, rule):
    return [s for found, s in problems(hall.saved(SERVICE, employer, written)) if found == rule]


def wages_of(person):
    found = Enrolment.objects.filter(person=person, reversed_by="").order_by("starts", "scheme")
    return sorted({(str(e.starts), str(e.ends or ""), e.declared_wage) for e in found})


class TestRefusals:
    def test_somebody_who_is_not_here(self, hall, ours):
        (sentence,) = told(hall, ours, change(hall.city.person("李四")), "EMP-4/1")
        assert "不由本单位缴费" in sentence

    def test_another_employers_man(self, hall, worker):
        (sentence,) = told(hall, hall.city.employer(), change(worker), "EMP-4/1")
        assert "不由本单位缴费" in sentence

    def test_a_name_that_is_not_the_archives(self, hall, ours, worker):
        (sentence,) = told(hall, ours, change(worker, name="赵立"), "EMP-4/1")
        assert sentence.startswith("姓名与档案不一致")

    @pytest.mark.parametrize("wage", ["0", "-5"])
    def test_no_wage(self, hall, ours, worker, wage):
        (sentence,) = told(hall, ours, change(worker, wage), "EMP-1/8")
        assert sentence.startswith("月申报工资须大于 0")

    def test_the_same_wage(self, hall, ours, worker):
        (sentence,) = told(hall, ours, change(worker, "6000.00"), "EMP-4/2")
        assert sentence == "与现申报工资 6,000.00 元相同，无需变更"

    def test_somebody_whose_enrolment_begins_next_month(self, hall, ours):
        person = hall.city.person()
        hall.city.works(person, ours, since=DECEMBER)
        (sentence,) = told(hall, ours, change(person), "EMP-4/2")
        assert "从下月才开始" in sentence

    def test_a_second_change_in_the_same_month(self, hall, ours, worker):
        hall.submitted(SERVICE, ours, change(worker))
        (sentence,) = told(hall, ours, change(worker, "7500"), "EMP-4/3")
        assert sentence.startswith("本月已为该职工变更过工资（自 2026-12 起 7,000.00 元）")

    def test_a_change_without_a_reason(self, hall, ours, worker):
        assert [rule for rule, _s in problems(hall.saved(SERVICE, ours, change(worker, reason="")))] == [
            "required"
        ]


class TestLessThanBefore:
    def test_it_needs_the_employees_confirmation(self, hall, ours, worker):
        case = hall.saved(SERVICE, ours, change(worker, "5000"))
        assert problems(case) == [("material", "请上传职工本人确认书")]
        assert ("EMP-4/4", "比现申报工资 6,000.00 元少，须有职工本人签字的确认书") in notes(case)

    def test_without_it_the_filer_reads_which_paper_is_missing(self, hall, ours, worker):
        case = hall.saved(SERVICE, ours, change(worker, "5000"))
        with pytest.raises(Unsettled, match="^还缺材料：职工本人确认书，请上传后再提交$"):
            cases.submit(case, by=hall.clerk(ours))

    def test_with_it_on_file_it_counts(self, hall, ours, worker):
        case = hall.saved(SERVICE, ours, change(worker, "5000"))
        clerk = hall.clerk(ours)
        file = SimpleUploadedFile("确认书.pdf", b"%PDF-1.7 x")
        papers.attach(case, change_wages.CONFIRMATION, file, by=clerk, row=case.rows.get())
        cases.save(case, {1: change(worker, "5000")}, by=clerk)
        cases.submit(case, by=clerk)
        work()
        case.refresh_from_db()
        assert states(case) == ["结束"]
        assert wages_of(worker)[-1] == ("2026-12", "", Decimal("5000.00"))

    def test_more_needs_none(self, hall, ours, worker):
        assert problems(hall.saved(SERVICE, ours, change(worker, "6500"))) == []


def test_a_wage_above_the_ceiling_is_taken_and_the_base_is_told(hall, ours, worker):
    case = hall.saved(SERVICE, ours, change(worker, "99999"))
    assert problems(case) == []
    (rule, sentence), (_other, hint) = notes(case)
    assert rule == "EMP-1/8" and sentence.startswith("缴费基数 = ")
    assert hint == "是现申报工资 6,000.00 元的 17 倍，请核对是否多写了一位"


def test_a_wage_far_below_the_present_one_is_taken_and_asked_about(hall, ours, worker):
    case = hall.saved(SERVICE, ours, change(worker, "650"))
    assert ("hint/far-off", "只有现申报工资 6,000.00 元的 11%，请核对是否少写了一位") in notes(case)
    assert "hint/far-off" not in dict(notes(hall.saved(SERVICE, ours, change(worker, "5000"))))


class TestEffect:
    def test_from_next_month_on_the_new_wage_counts_in_all_schemes(self, hall, ours, worker):
        case = hall.submitted(SERVICE, ours, change(worker))
        assert states(case) == ["结束"]
        assert wages_of(worker) == [
            ("2026-08", "2026-11", Decimal("6000.00")),
            ("2026-12", "", Decimal("7000.00")),
        ]
        opened = Enrolment.objects.filter(person=worker, starts=DECEMBER)
        assert opened.count() == len(ours.schemes)
        assert {e.source for e in opened} == {f"case:{case.number}/row:1"}

    def test_nobody_has_to_review_it_whatever_the_employers_standing(self, hall, ours, worker):
        assert states(hall.submitted(SERVICE, ours, change(worker))) == ["结束"]

    def test_this_month_stays_as_it_was_and_the_next_follows(self, hall, ours, worker):
        hall.submitted(SERVICE, ours, change(worker))
        for month in (NOVEMBER, DECEMBER):
            runs.assess([worker.id], [month], source="scene")
        bases = {
            str(due.month): due.base for due in Due.objects.filter(person_id=worker.id, scheme="unemployment")
        }
        assert bases == {"2026-11": Decimal("6000.00"), "2026-12": Decimal("7000.00")}

    def test_a_wage_that_is_declared_for_a_later_month_stays_declared(self, hall, ours, worker):
        later = Month(2027, 1)
        enrolments.change_wages(
            [enrolments.NewWage(worker.id, Decimal("8000"), "scene")], ours.id, starts=later
        )
        hall.submitted(SERVICE, ours, change(worker))
        assert wages_of(worker) == [
            ("2026-08", "2026-11", Decimal("6000.00")),
            ("2026-12", "2026-12", Decimal("7000.00")),
            ("2027-01", "", Decimal("8000.00")),
        ]

    def test_a_second_change_of_the_same_month_changes_nothing(self, hall, ours, worker):
        """Should two cases have passed their checks at once, the archive has the last word."""
        wage = [enrolments.NewWage(worker.id, Decimal("7000"), "scene")]
        enrolments.change_wages(wage, ours.id, starts=DECEMBER)
        with pytest.raises(Unsettled, match="没有任何变动"):
            enrolments.change_wages(wage, ours.id, starts=DECEMBER)
        assert len(wages_of(worker)) == 2

    def test_it_stands_on_the_months_sheet_of_changes(self, hall, ours, worker):
        case = hall.submitted(SERVICE, ours, change(worker))
        (one,) = movements.of_month(ours.id, NOVEMBER)
        assert (one.kind, one.wage_before, one.wage, one.counts) == ("wage", 6000, 7000, DECEMBER)
        assert one.case_number == case.number and one.remark == "自 2026-12 起按新工资缴费"

    def test_many_at_once(self, hall, ours):
        staff = [hall.city.person() for _n in range(5)]
        for person in staff:
            hall.city.works(person, ours, since=AUGUST)
        case = hall.submitted(SERVICE, ours, *(change(one, str(6100 + n)) for n, one in enumerate(staff)))
        assert states(case) == ["结束"] * 5


class TestWhatIsShownBefore:
    def figures(self, hall, ours, *written):
        service = catalogue.service(SERVICE)
        case = hall.saved(SERVICE, ours, *written)
        return service.preview([ask.read(service.row, raw).row for raw in written], case)

    def test_what_a_month_costs_before_and_after_is_what_is_assessed(self, hall, ours, worker):
        shown = self.figures(hall, ours, change(worker))
        hall.submitted(SERVICE, ours, change(worker))
        runs.assess([worker.id], [DECEMBER], source="scene")
        dues = Due.objects.filter(person_id=worker.id, month=DECEMBER)
        assert shown.total[2] == sum(due.employer_part + due.personal_part for due in dues)
        assert shown.total[3] == shown.total[2] - shown.total[1] > 0
        assert shown.total[4] == sum(due.personal_part for due in dues)

    def test_it_is_shown_where_only_the_confirmation_is_missing_and_is_the_same_once_it_is_there(
        self, hall, ours, worker
    ):
        case = hall.saved(SERVICE, ours, change(worker, "5000"))
        shown = estimates.of(case)
        assert shown["total"][2] < shown["total"][1]
        file = SimpleUploadedFile("确认书.pdf", b"%PDF-1.7 x")
        papers.attach(case, change_wages.CONFIRMATION, file, by=hall.clerk(ours), row=case.rows.get())
        cases.submit(case, by=hall.clerk(ours), shown=estimates.fingerprint(shown))
        work()
        assert states(case) == ["结束"]

    def test_of_several_it_is_the_sum(self, hall, ours, worker):
        other = hall.city.person("周建国")
        hall.city.works(other, ours, since=AUGUST, wage="6000")
        one = self.figures(hall, ours, change(worker))
        both = self.figures(hall, ours, change(worker), change(other))
        assert both.total[2] == 2 * one.total[2]


def test_the_employers_people_can_be_ticked(hall, ours, worker):
    case = cases.blank(catalogue.service(SERVICE), by=hall.clerk(ours))
    (line,) = catalogue.service(SERVICE).offers(case, Wanted()).lines
    assert line.shows[0] == "赵立新" and line.shows[2] == Decimal("6000.00")


def test_whoever_is_certain_to_be_refused_can_not_be_ticked(hall, ours, worker):
    later, other = hall.city.person("周建国"), hall.city.person("吴桂芳")
    hall.city.works(later, ours, since=DECEMBER)
    hall.city.works(other, ours, since=AUGUST)
    hall.submitted(SERVICE, ours, change(worker))
    work()
    blank = cases.blank(catalogue.service(SERVICE), by=hall.clerk(ours))
    why_not = {line.key: line.why_not for line in examination.offered(blank, Wanted()).lines}
    assert why_not[worker.id_number].startswith("本月已为该职工变更过工资（自 2026-12 起 7,000.00 元）")
    assert "从下月才开始" in why_not[later.id_number]
    assert why_not[other.id_number] == ""
