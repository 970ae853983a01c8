"""变更登记, 注销登记, 验证, 补证: what an employer does with its own registration, and what it is told (EMP-17)."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shebao.assessment import runs
from shebao.casework import cases, papers, review
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.identity.acting import Acting
from shebao.identity.models import Account
from shebao.ledger import slips
from shebao.ledger.models import Due
from shebao.registry import employers, registrations, verifications
from shebao.registry.models import Certificate, Employer, EmployerChange, Office
from tests.identity import people
from tests.ledger.books import Books
from tests.services.conftest import flags, notes, problems

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
PDF = b"%PDF-1.7 a scan"


@pytest.fixture
def ours(hall):
    employer = hall.city.employer("武汉江汇精密制造示例公司")
    employer.legal_person, employer.organisation = "沈一鸣", "company"
    employer.business, employer.address = "机械加工", "武汉市示例路1号"
    employer.save()
    return employer


def second():
    return Acting(901, "孙复核", "agency", None, "江岸区社保处", frozenset({"reviewer"}), "420102")


def handed_in(hall, service, employer, written):
    by = hall.clerk(employer)
    case = hall.saved(service, employer, written)
    for one in case.service.materials:
        papers.attach(case, one.name, SimpleUploadedFile("扫描.pdf", PDF), by=by)
    cases.submit(case, by=by)
    return case


def decided(hall, service, employer, written):
    case = handed_in(hall, service, employer, written)
    review.decide_all(case, review.APPROVE, by=hall.officer())
    case.refresh_from_db()
    if case.state == "submitted":
        review.decide_all(case, review.APPROVE, by=second())
        case.refresh_from_db()
    return case


def told(hall, service, employer, written):
    return problems(hall.saved(service, employer, written))


class TestChange:
    def written(self, ours, **other):
        return {
            "uscc": ours.uscc,
            "name": ours.name,
            "organisation": "company",
            "legal_person": "沈一鸣",
            "business": "机械加工",
            "address": "武汉市示例路1号",
            "office": ours.office_id,
            "industry": "1",
            "industry_from": "",
        } | other

    def test_10_nothing_that_differs(self, hall, ours):
        assert told(hall, "change-employer", ours, self.written(ours)) == [
            ("EMP-17/10", "登记事项没有任何变动，请先改好要变更的项目")
        ]

    def test_11_while_another_change_is_being_decided(self, hall, ours):
        handed_in(hall, "change-employer", ours, self.written(ours, name="新名示例公司"))
        ((rule, sentence),) = told(hall, "change-employer", ours, self.written(ours, address="江汉路2号"))
        assert rule == "under-review" and sentence.startswith("已在业务 ")

    def test_12_a_class_that_counts_from_this_month(self, hall, ours):
        written = self.written(ours, industry="4", industry_from="2026-11")
        assert told(hall, "change-employer", ours, written) == [
            ("EMP-17/12", "行业类别最早从下月起变更，请改为 2026-12 或以后")
        ]

    def test_12_a_month_for_a_class_that_stays(self, hall, ours):
        written = self.written(ours, name="新名示例公司", industry_from="2026-12")
        assert told(hall, "change-employer", ours, written) == [
            ("EMP-17/12", "行业类别没有变动，不用填从何时起变更；请清空这一项")
        ]

    def test_the_uscc_never_changes(self, hall, ours):
        other = hall.city.employer()
        assert told(hall, "change-employer", ours, self.written(ours, uscc=other.uscc))[0][0] == "unlisted"

    def test_a_suspended_employer_changes_nothing(self, hall, ours):
        Employer.objects.update(state="suspended")
        assert (
            "ACC-10/1",
            "本单位已停办网上业务或已注销，请带营业执照到辖区社保处办理",
        ) in told(hall, "change-employer", ours, self.written(ours, name="新名示例公司"))

    def test_the_officer_reads_of_every_key_datum_what_it_was_and_what_it_becomes(self, hall, ours):
        Office.objects.create(code="420103", name="江汉区社会保险管理处（示例）")
        written = self.written(
            ours,
            organisation="body",
            legal_person="钟书",
            business="仪器制造",
            address="江汉路2号",
            office="420103",
        )
        assert flags(handed_in(hall, "change-employer", ours, written)) == [
            ("EMP-17/13", "单位类型：由“企业”变更为“社会团体或民办非企业单位”"),
            ("EMP-17/13", "法定代表人：由“沈一鸣”变更为“钟书”"),
            ("EMP-17/13", "主要经营业务：由“机械加工”变更为“仪器制造”"),
            ("EMP-17/13", "住所（注册地址）：由“武汉市示例路1号”变更为“江汉路2号”"),
            ("EMP-17/13", "辖区社保处：由“江岸区社会保险管理处（示例）”变更为“江汉区社会保险管理处（示例）”"),
        ]

    def test_the_officer_reads_what_becomes_what_and_two_decide(self, hall, ours):
        written = self.written(ours, name="武汉江汇智能制造示例公司", industry="4")
        case = handed_in(hall, "change-employer", ours, written)
        assert flags(case) == [
            ("EMP-17/13", "单位名称：由“武汉江汇精密制造示例公司”变更为“武汉江汇智能制造示例公司”"),
            (
                "EMP-17/13",
                "行业类别：由“一类：软件和信息技术、金融、社会组织等”变更为"
                "“四类：农业、服装、医药、通用和专用设备、汽车制造等”，从 2026-12 起",
            ),
        ]
        review.decide_all(case, review.APPROVE, by=hall.officer())
        assert Employer.objects.get(pk=ours.pk).name == ours.name
        review.decide_all(case, review.APPROVE, by=second())
        assert Employer.objects.get(pk=ours.pk).name == "武汉江汇智能制造示例公司"
        assert employers.injury_class_of(ours.id, NOVEMBER) == 1
        assert employers.injury_class_of(ours.id, DECEMBER) == 4
        assert set(EmployerChange.objects.values_list("field", "source")) == {
            ("name", f"{case.ref}/row:1"),
            ("injury_class", f"{case.ref}/row:1"),
        }

    def test_a_class_decided_after_its_month_was_run_posts_differences(self, hall, ours):
        person = hall.city.person()
        hall.city.works(person, ours, since=NOVEMBER)
        case = handed_in(hall, "change-employer", ours, self.written(ours, industry="8"))
        with clock.fixed(date(2026, 12, 12)):
            runs.run_month(DECEMBER, by=second())
            for by in (hall.officer(), second()):
                review.decide_all(case, review.APPROVE, by=by)
        injury = Due.objects.filter(person_id=person.id, scheme="injury", month=DECEMBER)
        assert injury.count() == 2, "the first line, and the difference"


class TestDeregistration:
    def written(self, ours, **other):
        return {
            "uscc": ours.uscc,
            "name": ours.name,
            "reason": "dissolved",
            "ended_on": "2026-11-02",
            "mobile": "13100000000",
        } | other

    def told(self, hall, ours, **other):
        return told(hall, "deregister-employer", ours, self.written(ours, **other))

    def test_20_with_people_enrolled(self, hall, ours):
        hall.city.works(hall.city.person(), ours, since=NOVEMBER)
        assert ("EMP-17/20", "还有 1 名职工在本单位参保，不能注销；请先为他们办理暂停缴费") in self.told(
            hall, ours
        )

    def test_20_with_people_enrolled_until_this_month(self, hall, ours):
        hall.city.works(hall.city.person(), ours, since=Month(2026, 10), until=NOVEMBER)
        assert self.told(hall, ours) == [
            ("EMP-17/20", "1 名职工参保到本月为止，不能注销；请在本月费款缴清后，于下月办理")
        ]

    def test_21_with_arrears(self, hall, ours):
        person = hall.city.person()
        hall.city.works(person, ours, since=Month(2026, 8), until=Month(2026, 9))
        runs.assess([person.id], [Month(2026, 8), Month(2026, 9)], source="scene")
        ((rule, sentence),) = self.told(hall, ours)
        assert rule == "EMP-17/21"
        assert sentence.startswith("2026-08 至 2026-09 欠社会保险费共 ")
        assert sentence.endswith(" 元，不能注销；请先办理单位员工欠费补缴并缴清")

    def test_22_with_a_slip_that_waits_for_its_money(self, hall, ours):
        person = hall.city.person()
        hall.city.works(person, ours, since=Month(2026, 10), until=Month(2026, 10))
        with clock.fixed(date(2026, 10, 12)):
            runs.run_month(Month(2026, 10), by=second())
            slip = slips.make_monthly(ours.id, Month(2026, 10), by=second())
        with clock.fixed(date(2026, 11, 12)):
            told = self.told(hall, ours)
        assert (
            "EMP-17/22",
            f"缴费单 {slip.number} 还没有缴款，不能注销；请先缴款，或者退回缴费单",
        ) in told

    def test_22_with_a_bill_that_is_not_settled(self, hall, ours):
        person = hall.city.person()
        hall.city.works(person, ours, since=NOVEMBER, until=NOVEMBER)
        runs.run_month(NOVEMBER, by=second())
        assert ("EMP-17/22", "2026-11 的账单还没有缴清，不能注销；请先生成缴费单并缴款") in self.told(
            hall, ours
        )

    def test_22_is_not_for_a_credit(self, hall, ours):
        books, october = Books(hall.city), Month(2026, 10)
        team = books.team(ours, 1, since=october, until=october)
        with clock.fixed(date(2026, 10, 12)):
            books.owed(team, ours, october)
            books.pays(books.slip(ours, october), on=date(2026, 10, 12))
        books.differs(team[0], ours, october, "pension", "-12.50")
        assert not [rule for rule, _sentence in self.told(hall, ours) if rule == "EMP-17/22"]

    def test_23_while_something_is_being_decided(self, hall, ours):
        handed_in(hall, "reissue-certificate", ours, TestCertificate().written(ours))
        assert ("EMP-17/23", "还有 1 件业务正在审核，不能注销；请等它们办结后再办") in self.told(hall, ours)

    def test_24_before_it_ended(self, hall, ours):
        assert self.told(hall, ours, ended_on="2026-11-13") == [("EMP-17/24", "终止日期晚于今天，请核对")]

    def test_one_that_is_suspended_goes_to_the_counter(self, hall, ours):
        Employer.objects.update(state="suspended")
        assert self.told(hall, ours) == [
            ("ACC-10/1", "本单位已停办网上业务或已注销，请带营业执照到辖区社保处办理")
        ]

    def test_its_log_ins_stop_and_its_archive_stays(self, hall, ours):
        clerk = people.clerk(employer_id=ours.id)
        registrations.issue_certificate(ours, source="scene")
        case = decided(hall, "deregister-employer", ours, self.written(ours))
        assert case.state == "approved"
        ours.refresh_from_db(), clerk.refresh_from_db()
        assert ours.state == "closed" and not clerk.is_active
        assert not Certificate.objects.filter(voided_on=None).exists()
        assert Account.objects.filter(employer_id=ours.id).count() == 1

    def test_who_was_hired_meanwhile_keeps_it_open(self, hall, ours):
        case = handed_in(hall, "deregister-employer", ours, self.written(ours))
        hall.city.works(hall.city.person(), ours, since=NOVEMBER)
        for by in (hall.officer(), second()):
            case.refresh_from_db()
            review.decide_all(case, review.APPROVE, by=by)
        case.refresh_from_db()
        assert case.state == "returned" and "还有 1 名职工在本单位参保" in case.reason


class TestVerification:
    def written(self, ours, **other):
        return {
            "uscc": ours.uscc,
            "name": ours.name,
            "legal_person": "沈一鸣",
            "address": "武汉市示例路1号",
            "same": "true",
            "headcount": "0",
        } | other

    def test_30_data_that_are_not_what_they_were(self, hall, ours):
        assert told(hall, "verify-employer", ours, self.written(ours, same="false")) == [
            ("EMP-17/30", "登记信息有变化的，请先办理单位变更登记，办结后再来验证")
        ]

    def test_31_twice_in_a_year(self, hall, ours):
        registrations.verify(ours.id, on=date(2026, 3, 1), source="scene")
        assert told(hall, "verify-employer", ours, self.written(ours)) == [
            ("EMP-17/31", "今年已于 2026-03-01 验证，不用再办；下次请在 2027-03-01 前")
        ]

    def test_32_fewer_than_nobody(self, hall, ours):
        assert told(hall, "verify-employer", ours, self.written(ours, headcount="-1")) == [
            ("EMP-17/32", "职工人数不能小于 0")
        ]

    def test_33_people_who_are_not_enrolled_are_remarked_on(self, hall, ours):
        assert notes(hall.saved("verify-employer", ours, self.written(ours, headcount="3"))) == [
            ("EMP-17/33", "填报职工 3 人，参保 0 人：没有参保的职工请尽快办理增员")
        ]

    def test_a_suspended_employer_is_not_verified(self, hall, ours):
        Employer.objects.update(state="suspended")
        assert told(hall, "verify-employer", ours, self.written(ours)) == [
            ("ACC-10/1", "本单位已停办网上业务或已注销，请带营业执照到辖区社保处办理")
        ]

    def test_it_is_due_a_year_later(self, hall, ours):
        registrations.verify(ours.id, on=date(2025, 11, 1), source="scene")
        assert [row["id"] for row in verifications.due_until(date(2026, 11, 12), limit=10)] == [ours.id]
        decided(hall, "verify-employer", ours, self.written(ours))
        assert verifications.of([ours.id])[ours.id].due == date(2027, 11, 12)
        assert verifications.due_until(date(2026, 11, 12), limit=10) == []


class TestCertificate:
    def written(self, ours, **other):
        return {"uscc": ours.uscc, "name": ours.name, "reason": "lost", "story": "搬家时遗失"} | other

    def test_the_old_one_is_void(self, hall, ours):
        old = registrations.issue_certificate(ours, source="scene")
        decided(hall, "reissue-certificate", ours, self.written(ours))
        old.refresh_from_db()
        assert (old.voided_on, old.reason) == (date(2026, 11, 12), "遗失")
        assert Certificate.objects.get(voided_on=None).number == f"420102-{ours.number}-02"

    def test_a_suspended_employer_gets_none(self, hall, ours):
        Employer.objects.update(state="suspended")
        assert told(hall, "reissue-certificate", ours, self.written(ours)) == [
            ("ACC-10/1", "本单位已停办网上业务或已注销，请带营业执照到辖区社保处办理")
        ]
