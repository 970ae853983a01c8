"""暂停缴费: whom an employer may stop paying for, from when, and what it is told otherwise (EMP-2)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from shebao.assessment import runs
from shebao.casework import review
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger import arrears_slips, claims
from shebao.ledger.models import Due, Slip
from shebao.registry import enrolments
from shebao.registry.models import Enrolment
from shebao.services import pause_employees
from tests.services.conftest import problems, states

SERVICE = "pause-employees"
AUGUST, NOVEMBER, DECEMBER = Month(2026, 8), Month(2026, 11), Month(2026, 12)


@pytest.fixture
def worker(hall, ours):
    person = hall.city.person("赵立新")
    hall.city.works(person, ours, since=AUGUST)
    return person


def test_whoever_submits_reads_from_which_month_nothing_is_paid():
    ((label, words),) = pause_employees.SERVICE.occasion_on(date(2026, 12, 3)).which
    assert (label, words) == ("最后缴费月", "2026-12；自 2027-01 起不再为这些人缴费")


def leaver(person, **other):
    return {"id_number": person.id_number, "name": person.name, "reason": "辞职/辞退"} | other


def told(hall, employer, written, rule):
    return [s for found, s in problems(hall.saved(SERVICE, employer, written)) if found == rule]


class TestRefusals:
    def test_somebody_who_is_not_here(self, hall, ours):
        (sentence,) = told(hall, ours, leaver(hall.city.person("李四")), "EMP-2/1")
        assert "在本单位没有参保关系" in sentence

    def test_another_employers_man(self, hall, ours, worker):
        (sentence,) = told(hall, hall.city.employer(), leaver(worker), "EMP-2/1")
        assert "在本单位没有参保关系" in sentence

    def test_a_name_that_is_not_the_archives(self, hall, ours, worker):
        (sentence,) = told(hall, ours, leaver(worker, name="赵立"), "EMP-2/1")
        assert sentence.startswith("姓名与档案不一致")

    def test_2_somebody_with_arrears_with_what_to_do(self, hall, ours, worker):
        runs.assess([worker.id], [AUGUST, AUGUST.plus(1)], source="scene")
        (sentence,) = told(hall, ours, leaver(worker), "EMP-2/2")
        assert sentence.startswith("存在社会保险欠费，不能办理暂停缴费：2026-08 至 2026-09")
        assert "单位员工欠费补缴" in sentence and "当月欠费注销" in sentence

    def test_2_arrears_with_another_employer_are_not_ours(self, hall, ours):
        theirs, person = hall.city.employer(), hall.city.person()
        hall.city.works(person, theirs, since=Month(2026, 3), until=Month(2026, 4))
        runs.assess([person.id], [Month(2026, 3)], source="scene")
        hall.city.works(person, ours, since=NOVEMBER)
        assert problems(hall.saved(SERVICE, ours, leaver(person))) == []

    def test_3_somebody_whose_enrolment_has_not_begun(self, hall, ours):
        person = hall.city.person()
        hall.city.works(person, ours, since=DECEMBER)
        (sentence,) = told(hall, ours, leaver(person), "EMP-2/3")
        assert sentence == "此人的参保从下月开始，尚未缴费；请带情况说明到辖区社保处撤销"

    def test_a_reason_that_there_is_not(self, hall, ours, worker):
        assert problems(hall.saved(SERVICE, ours, leaver(worker, reason="不想干了")))


class TestEffect:
    def test_all_schemes_end_with_this_month(self, hall, ours, worker):
        case = hall.approved(SERVICE, ours, leaver(worker))
        periods = Enrolment.objects.filter(person=worker)
        assert {(p.ends, p.reason, p.closed_source) for p in periods} == {
            (NOVEMBER, "resigned", f"case:{case.number}/row:1")
        }

    def test_this_month_is_still_due_the_next_is_not(self, hall, ours, worker):
        other = hall.city.person("王芳")
        hall.city.works(other, ours, since=AUGUST)
        hall.approved(SERVICE, ours, leaver(worker))
        with clock.fixed(date(2026, 12, 5)):
            runs.run_month(NOVEMBER, by="test")
            runs.run_month(DECEMBER, by="test")
        months = set(Due.objects.filter(person_id=worker.id).values_list("month", flat=True))
        assert months == {NOVEMBER}

    def test_decided_next_month_it_still_ends_with_the_month_of_filing(self, hall, ours, worker):
        case = hall.submitted(SERVICE, ours, leaver(worker))
        with clock.fixed(date(2026, 12, 6)):
            runs.run_month(DECEMBER, by="test")
            review.decide_all(case, review.APPROVE, by=hall.officer())
        assert states(case) == ["结束"]
        assert set(Enrolment.objects.filter(person=worker).values_list("ends", flat=True)) == {NOVEMBER}
        december = Due.objects.filter(person_id=worker.id, month=DECEMBER)
        assert december.aggregate(all=Sum("employer_part") + Sum("personal_part"))["all"] == Decimal(0)

    @pytest.mark.parametrize("december_is_run", [False, True], ids=["before the run", "after the run"])
    def test_a_new_wage_from_next_month_on_never_counts(self, hall, ours, worker, december_is_run):
        raised = {"id_number": worker.id_number, "name": worker.name, "wage": "8000", "reason": "工资调整"}
        hall.city.works(hall.city.person("王芳"), ours, since=AUGUST)
        hall.submitted("change-wages", ours, raised)
        case = hall.submitted(SERVICE, ours, leaver(worker))
        with clock.fixed(date(2026, 12, 6)):
            if december_is_run:
                runs.run_month(DECEMBER, by="test")
            review.decide_all(case, review.APPROVE, by=hall.officer())
            runs.run_month(DECEMBER, by="test")
        assert states(case) == ["结束"]
        standing = Enrolment.objects.filter(person=worker, reversed_by="")
        assert {(p.ends, p.reason, p.declared_wage) for p in standing} == {
            (NOVEMBER, "resigned", Decimal(6000))
        }
        december = Due.objects.filter(person_id=worker.id, month=DECEMBER)
        assert not sum(due.employer_part + due.personal_part for due in december)

    def test_nor_does_one_that_was_declared_while_the_pause_waited(self, hall, ours, worker):
        case = hall.submitted(SERVICE, ours, leaver(worker))
        with clock.fixed(date(2026, 12, 2)):
            runs.run_month(DECEMBER, by="test")
            enrolments.change_wages(
                [enrolments.NewWage(worker.id, Decimal(7200), "case:1")], ours.id, starts=DECEMBER.plus(1)
            )
            assert states(hall.decided(case)) == ["结束"]
        counting = Enrolment.objects.filter(person=worker, reversed_by="")
        assert set(counting.values_list("ends", flat=True)) == {NOVEMBER}
        december = Due.objects.filter(person_id=worker.id, month=DECEMBER)
        assert december.aggregate(all=Sum("employer_part") + Sum("personal_part"))["all"] == Decimal(0)

    def test_arrears_that_arose_before_the_decision_send_it_back(self, hall, ours, worker):
        case = hall.submitted(SERVICE, ours, leaver(worker))
        runs.assess([worker.id], [AUGUST], source="scene")
        review.decide_all(case, review.APPROVE, by=hall.officer())
        assert states(case) == ["被回退"]
        assert "存在社会保险欠费" in case.rows.get(number=1).reason

    def test_once_the_arrears_are_on_a_slip_they_are_still_arrears(self, hall, ours, worker):
        runs.assess([worker.id], [AUGUST], source="scene")
        (claim,) = claims.assess({worker.id: "scene"}, ours.id, by="account:70")
        arrears_slips.make(ours.id, [claim.number], by="account:70")
        assert Slip.objects.get().state == "open"
        assert told(hall, ours, leaver(worker), "EMP-2/2")

    def test_a_trusted_employers_pause_needs_no_officer(self, hall):
        trusted = hall.city.employer(grade="trusted")
        person = hall.city.person()
        hall.city.works(person, trusted, since=AUGUST)
        assert states(hall.submitted(SERVICE, trusted, leaver(person))) == ["结束"]
