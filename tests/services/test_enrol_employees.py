"""增员（续保）: what an employer is told when it enrols somebody, and what happens when it may (EMP-1)."""

from datetime import date
from decimal import Decimal

import pytest

from shebao.audit import trails
from shebao.casework import cases, review
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger.models import Due
from shebao.registry import particulars
from shebao.registry.models import Employer, Enrolment, Office, Person
from shebao.registry.schemes import FIVE, Scheme
from tests.services.conftest import flags, notes, problems, states

SERVICE = "enrol-employees"
SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (Month(2026, n) for n in (9, 10, 11, 12))


def hire(number, **other):
    return {"id_number": number, "name": "李小明", "hired_on": "2026-11-02", "wage": "6500"} | other


class TestRefusals:
    def told(self, hall, employer, written, rule):
        case = hall.saved(SERVICE, employer, written)
        return [sentence for found, sentence in problems(case) if found == rule]

    def test_1_an_id_number_with_a_wrong_check_digit_is_told_what_is_wrong(self, hall, ours):
        case = hall.saved(SERVICE, ours, hire("420102199202299992"))
        ((_rule, sentence),) = problems(case)
        assert "校验" in sentence or "最后一位" in sentence

    def test_1_a_name_that_is_not_the_archives(self, hall, ours):
        person = hall.city.person("王晓兰")
        (sentence,) = self.told(hall, ours, hire(person.id_number, name="王小兰"), "EMP-1/1")
        assert sentence.startswith("姓名与档案不一致")

    @pytest.mark.parametrize(
        ("sex", "born", "goes"),
        [
            ("M", date(1976, 11, 3), True),  # 49 until tomorrow
            ("M", date(1976, 11, 2), False),  # 50 today
            ("F", date(1986, 11, 3), True),
            ("F", date(1986, 11, 2), False),
            ("M", date(2010, 11, 2), True),  # 16 today
            ("M", date(2010, 11, 3), False),
        ],
    )
    def test_2_a_first_enrolment_outside_the_ages_goes_over_the_counter(self, hall, ours, sex, born, goes):
        Office.objects.filter(pk=ours.office_id).update(address="江岸区示例路1号", hours="周一至周五")
        number = hall.city.stranger(born=born, sex=sex)
        told = self.told(hall, ours, hire(number), "EMP-1/2")
        assert bool(told) is not goes
        assert all(
            sentence.startswith("首次参保时男满 16 周岁未满 50 周岁、女满 16 周岁未满 40 周岁")
            for sentence in told
        )
        where = "请带劳动合同和身份证到辖区社保处办理（江岸区社会保险管理处（示例），江岸区示例路1号，周一至周五）"
        assert all(sentence.endswith(where) for sentence in told)

    def test_2_whoever_was_insured_before_may_be_older(self, hall, ours):
        person = hall.city.person(born=date(1970, 1, 1))
        hall.city.works(person, hall.city.employer(), since=Month(2020, 1), until=Month(2025, 12))
        assert not self.told(hall, ours, hire(person.id_number), "EMP-1/2")

    def test_3_somebody_whom_another_employer_still_insures(self, hall, ours):
        person, theirs = hall.city.person(), hall.city.employer("武汉晨光商贸示例公司")
        hall.city.works(person, theirs, since=Month(2024, 3))
        (sentence,) = self.told(hall, ours, hire(person.id_number), "EMP-1/3")
        assert "此人在武汉晨光商贸示例公司单位未停保" in sentence

    def test_3_whoever_does_not_know_the_name_is_not_told_the_employer(self, hall, ours):
        person, theirs = hall.city.person("王晓兰"), hall.city.employer("武汉晨光商贸示例公司")
        hall.city.works(person, theirs, since=Month(2024, 3))
        case = hall.saved(SERVICE, ours, hire(person.id_number, name="赵六"))
        assert [rule for rule, _sentence in problems(case)] == ["EMP-1/1"]
        assert "晨光" not in str(problems(case))

    def test_3_somebody_whose_last_month_elsewhere_is_this_one_starts_next_month(self, hall, ours):
        person, theirs = hall.city.person(), hall.city.employer("武汉晨光商贸示例公司")
        hall.city.works(person, theirs, since=Month(2024, 3), until=NOVEMBER)
        (sentence,) = self.told(hall, ours, hire(person.id_number), "EMP-1/3")
        assert "缴费起始月请填 2026-12" in sentence
        assert not self.told(hall, ours, hire(person.id_number, starts="2026-12"), "EMP-1/3")

    def test_3_somebody_who_is_here_already(self, hall, ours):
        person = hall.city.person()
        hall.city.works(person, ours, since=Month(2024, 3))
        assert self.told(hall, ours, hire(person.id_number), "EMP-1/3") == ["该职工已在本单位参保，无需增员"]

    def test_3_a_pensioner(self, hall, ours):
        person = hall.city.person(born=date(1964, 1, 1))
        Person.objects.filter(pk=person.pk).update(retired_from=Month(2024, 2))
        (sentence,) = self.told(hall, ours, hire(person.id_number), "EMP-1/3")
        assert sentence.startswith("该人员已办理退休或注销登记，不能增员")

    def test_4_somebody_in_the_flexible_window(self, hall, ours):
        person = hall.city.person()
        hall.city.flexible(person, since=Month(2025, 1))
        (sentence,) = self.told(hall, ours, hire(person.id_number), "EMP-1/4")
        assert "个人流动窗口" in sentence

    @pytest.mark.parametrize(
        ("scheme", "words"),
        [(Scheme.RESIDENT_MEDICAL, "此人已参加居民医保"), (Scheme.STUDENT_MEDICAL, "此人已参加大学生医保")],
    )
    def test_5_somebody_in_the_residents_or_students_scheme(self, hall, ours, scheme, words):
        person = hall.city.person()
        hall.city.resident(person, since=Month(2026, 1), scheme=scheme)
        (sentence,) = self.told(hall, ours, hire(person.id_number), "EMP-1/5")
        assert sentence.startswith(words)

    def test_6_other_schemes_than_the_employers(self, hall, ours):
        (sentence,) = self.told(
            hall, ours, hire(hall.city.stranger(), schemes="养老保险、医疗保险"), "EMP-1/6"
        )
        assert sentence.startswith("职工个人所参加险种须与该单位参保险种一致")

    def test_7_a_start_further_back_than_three_months_goes_over_the_counter(self, hall, ours):
        written = hire(hall.city.stranger(), hired_on="2026-08-20")
        (sentence,) = self.told(hall, ours, written, "EMP-1/7")
        assert sentence.startswith("网上只能从 2026-09 起缴费（含本月 3 个月）")
        assert sentence.endswith("请带劳动合同和工资凭证到辖区社保处办理（江岸区社会保险管理处（示例））")

    def test_7_a_start_before_the_contract(self, hall, ours):
        (sentence,) = self.told(hall, ours, hire(hall.city.stranger(), starts="2026-10"), "EMP-1/7")
        assert sentence.startswith("缴费起始月早于用工起始日期")

    def test_7_a_contract_that_has_not_begun_this_month(self, hall, ours):
        written = hire(hall.city.stranger(), hired_on="2026-12-01")
        assert "用工起始日期晚于本月，请在用工当月办理" in self.told(hall, ours, written, "EMP-1/7")

    def test_7_a_start_later_than_next_month(self, hall, ours):
        written = hire(hall.city.stranger(), starts="2027-01")
        assert self.told(hall, ours, written, "EMP-1/7") == ["缴费起始月最晚为下月，请改为 2026-12 或以前"]

    def test_8_a_wage_that_is_not_above_zero(self, hall, ours):
        (sentence,) = self.told(hall, ours, hire(hall.city.stranger(), wage="0"), "EMP-1/8")
        assert sentence == "月申报工资须大于 0，请填写合同约定的每月工资总额"

    @pytest.mark.parametrize("state", ["suspended", "closed"])
    def test_an_employer_that_is_suspended_or_closed_enrols_nobody(self, hall, ours, state):
        Employer.objects.filter(pk=ours.pk).update(state=state)
        (sentence,) = self.told(hall, ours, hire(hall.city.stranger()), "ACC-10/1")
        assert "请到辖区社保处办理" in sentence

    def test_what_needs_no_archive_is_told_even_where_the_id_number_can_not_be_read(self, hall, ours):
        case = hall.saved(SERVICE, ours, hire("4201", wage="0"))
        assert {rule for rule, _sentence in problems(case)} == {"readable", "EMP-1/8"}

    def test_all_problems_of_a_row_come_at_once(self, hall, ours):
        written = hire(
            hall.city.stranger(born=date(1950, 1, 1)), hired_on="2026-05-01", wage="0", schemes="养老保险"
        )
        rules = {rule for rule, _sentence in problems(hall.saved(SERVICE, ours, written))}
        assert rules == {"EMP-1/2", "EMP-1/6", "EMP-1/7", "EMP-1/8"}


class TestWhatIsSaidBeside:
    @pytest.mark.parametrize(("wage", "base"), [("3000", "4,498.00"), ("30000", "22,488.00")])
    def test_8_a_wage_beyond_the_limits_is_allowed_and_the_base_is_said(self, hall, ours, wage, base):
        case = hall.saved(SERVICE, ours, hire(hall.city.stranger(), wage=wage))
        assert problems(case) == []
        assert f"缴费基数 = {base} 元" in notes(case)[0][1]

    def test_8_a_wage_between_the_limits_needs_no_word(self, hall, ours):
        assert notes(hall.saved(SERVICE, ours, hire(hall.city.stranger()))) == []

    def test_9_a_special_group_is_sent_to_the_agency_afterwards(self, hall, ours):
        person = hall.city.person()
        Person.objects.filter(pk=person.pk).update(special_group="军转干部")
        ((rule, sentence),) = notes(hall.saved(SERVICE, ours, hire(person.id_number)))
        assert (rule, sentence) == ("EMP-1/9", "特殊人群（军转干部）：参保后请到经办机构登记人员类别")

    def test_10_a_card_without_a_photo_on_file_waits_for_one(self, hall, ours):
        case = hall.saved(SERVICE, ours, hire(hall.city.stranger(), card="是"))
        assert any("相片" in sentence for _rule, sentence in problems(case))

    def test_12_a_late_one_is_taken_marked_and_looked_at(self, hall, ours):
        case = hall.saved(SERVICE, ours, hire(hall.city.stranger(), hired_on="2026-10-01"))
        assert flags(case) == [("EMP-1/12", "超过用工之日起 30 日，将记为逾期登记")]
        assert problems(case) == []


class TestReview:
    def test_11_an_ordinary_employers_case_waits_for_an_officer(self, hall, ours):
        case = hall.submitted(SERVICE, ours, hire(hall.city.stranger()))
        assert states(case) == ["进行中"]
        assert Enrolment.objects.count() == 0

    def test_11_a_trusted_employers_rows_go_through_but_for_the_flagged_one(self, hall):
        trusted = hall.city.employer(grade="trusted")
        late = hire(hall.city.stranger(), hired_on="2026-09-01")
        case = hall.submitted(SERVICE, trusted, hire(hall.city.stranger()), hire(hall.city.stranger()), late)
        assert states(case) == ["结束", "结束", "进行中"]


class TestEffect:
    def test_a_new_hire_stands_in_the_archive_and_is_in_all_schemes(self, hall, ours):
        number = hall.city.stranger(sex="F")
        case = hall.approved(SERVICE, ours, hire(number, name="王芳", mobile="13100000000"))
        person = Person.objects.get(id_number=number)
        assert (person.name, person.sex, person.mobile) == ("王芳", "F", "13100000000")
        assert not particulars.mobile_is_his(person)  # the employer wrote it
        periods = Enrolment.objects.filter(person=person)
        assert {p.scheme for p in periods} == set(FIVE)
        assert {(p.starts, p.ends, p.declared_wage) for p in periods} == {(NOVEMBER, None, Decimal("6500"))}
        assert {p.source for p in periods} == {f"case:{case.number}/row:1"}

    def test_back_dated_months_are_due_at_once_this_month_by_its_run(self, hall, ours):
        number = hall.city.stranger()
        hall.approved(SERVICE, ours, hire(number, hired_on="2026-09-15"))
        person = Person.objects.get(id_number=number)
        months = set(Due.objects.filter(person_id=person.id).values_list("month", flat=True))
        assert months == {SEPTEMBER, OCTOBER}

    def test_a_late_one_is_marked_for_supervision(self, hall, ours):
        number = hall.city.stranger()
        hall.approved(SERVICE, ours, hire(number, hired_on="2026-09-15"))
        assert set(Enrolment.objects.values_list("opened_late", flat=True)) == {True}

    def test_somebody_paused_here_is_resumed(self, hall, ours):
        person = hall.city.person()
        hall.city.works(person, ours, since=Month(2024, 3), until=Month(2026, 6))
        hall.approved(SERVICE, ours, hire(person.id_number))
        assert Enrolment.objects.filter(person=person, ends=None).count() == len(FIVE)

    def test_somebody_who_was_enrolled_elsewhere_meanwhile_comes_back_with_the_reason(self, hall, ours):
        person, theirs = hall.city.person(), hall.city.employer("武汉晨光商贸示例公司")
        case = hall.submitted(SERVICE, ours, hire(person.id_number), hire(hall.city.stranger(), name="王芳"))
        hall.city.works(person, theirs, since=NOVEMBER)
        from shebao.casework import review

        review.decide_all(case, review.APPROVE, by=hall.officer())
        assert states(case) == ["被回退", "结束"]
        assert "未停保" in case.rows.get(number=1).reason
        assert not Enrolment.objects.filter(person=person, payer_id=ours.id).exists()


@pytest.mark.parametrize("number", [3, 120])
def test_a_roster_costs_the_same_number_of_questions_whatever_its_length(
    hall, ours, number, django_assert_max_num_queries
):
    written = [hire(hall.city.stranger()) for _ in range(number)]
    with django_assert_max_num_queries(40):
        hall.saved(SERVICE, ours, *written)


class TestWhatIsToldToWhom:
    """docs/adr/0007: only whoever knows the name learns how a person stands, and the person sees that he did."""

    def test_whoever_does_not_know_the_name_is_told_nothing_about_the_person(self, hall, ours):
        person = hall.city.person("王晓兰")
        Person.objects.filter(pk=person.pk).update(retired_from=Month(2026, 1), special_group="军转干部")
        for written in (hire(person.id_number, name="赵六"), hire(person.id_number, name="")):
            case = hall.saved(SERVICE, ours, written)
            assert {rule for rule, _sentence in problems(case)} <= {"EMP-1/1", "required"}
            assert {rule for rule, _sentence in notes(case)} <= {"other-draft"}, (
                "of his own drafts he may be told"
            )
        case = hall.saved(SERVICE, ours, hire(person.id_number, name="王晓兰"))
        assert "已办理退休" in str(problems(case)) and "军转干部" in str(notes(case))

    @pytest.mark.parametrize(
        ("archived", "sentence"),
        [({"sex": "F"}, "性别与档案不一致"), ({"birth_date": date(1991, 1, 1)}, "出生日期与档案不一致")],
    )
    def test_1_a_sex_or_birth_date_that_is_not_the_archives(self, hall, ours, archived, sentence):
        person = hall.city.person("李小明", born=date(1990, 5, 5), sex="M")
        Person.objects.filter(pk=person.pk).update(**archived)
        case = hall.saved(SERVICE, ours, hire(person.id_number))
        (told,) = [told for rule, told in problems(case) if rule == "EMP-1/1"]
        assert told.startswith(sentence)

    def test_a_refusal_that_names_his_employer_is_recorded_for_the_person(self, hall, ours):
        person, theirs = hall.city.person("李小明"), hall.city.employer("武汉晨光商贸示例公司")
        hall.city.works(person, theirs, since=Month(2024, 3))
        case = hall.saved(SERVICE, ours, hire(person.id_number))
        (look,) = trails.looks_at(person.pk)
        assert (look.about, look.actor, look.details["what"]) == (case.ref, "account:70", "增员（续保）")
        assert ours.name in look.actor_name

    def test_the_looks_of_a_whole_roster_cost_no_more_queries_than_one(
        self, hall, ours, django_assert_max_num_queries
    ):
        theirs = hall.city.employer("武汉晨光商贸示例公司")
        people = [hall.city.person("李小明") for _one in range(12)]
        for person in people:
            hall.city.works(person, theirs, since=Month(2024, 3))
        by = hall.clerk(ours)
        case = cases.start(SERVICE, by=by, office_code=ours.office_id)
        with django_assert_max_num_queries(33):
            cases.save(case, {n: hire(p.id_number) for n, p in enumerate(people, 1)}, by=by)
        assert all(trails.looks_at(person.pk).count() == 1 for person in people)


def test_7_a_case_filed_in_time_is_not_refused_because_the_officer_decides_in_the_next_month(hall, ours):
    """Its papers may be brought until the 20th of the next month."""
    number = hall.city.stranger()
    case = hall.submitted(SERVICE, ours, hire(number, hired_on="2026-09-01"))
    with clock.fixed(date(2026, 12, 4)):
        review.decide_all(case, review.APPROVE, by=hall.officer())
    assert states(case) == ["结束"]
