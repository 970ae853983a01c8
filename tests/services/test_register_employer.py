"""单位参保登记: who may be registered, what is told otherwise, and what an approval makes (EMP-17)."""

from datetime import date
from io import BytesIO

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shebao.casework import cases, papers, review
from shebao.foundation import clock, ids
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from shebao.identity.models import Account
from shebao.registry import employers, registrations
from shebao.registry.models import Certificate, Employer
from tests.scenes import id_number, uscc
from tests.services.conftest import flags, problems

SERVICE = "register-employer"
PDF = b"%PDF-1.7 a scan"
MUST = ("营业执照或批准成立的文件", "法定代表人身份证", "经办人身份证")


def written(**other):
    return {
        "uscc": uscc(1),
        "name": "武汉新立示例软件有限公司",
        "organisation": "企业",
        "founded_on": "2026-11-02",
        "office": "420102",
        "address": "武汉市江岸区示例路1号",
        "business": "软件开发",
        "industry": "1",
        "legal_person": "沈一鸣",
        "legal_person_id": id_number(date(1980, 5, 15), 1),
        "clerk": "周洋",
        "clerk_id": id_number(date(1992, 3, 4), 3),
        "clerk_mobile": "13100000000",
        "email": "",
    } | other


def stranger() -> Acting:
    return Acting(None, "登记申请人", "applicant", registrations.draw_number(), "")


def saved(by=None, **other):
    by = by or stranger()
    case = cases.start(SERVICE, by=by)
    cases.save(case, {1: written(**other)}, by=by)
    return case


def submitted(by=None, **other):
    by = by or stranger()
    case = saved(by, **other)
    for name in MUST:
        papers.attach(case, name, SimpleUploadedFile("扫描.pdf", PDF), by=by)
    cases.submit(case, by=by)
    return case


def second(hall):
    return Acting(901, "孙复核", "agency", None, "江岸区社保处", frozenset({"reviewer"}), "420102")


def approved(hall, **other):
    case = submitted(**other)
    review.decide_all(case, review.APPROVE, by=hall.officer())
    review.decide_all(case, review.APPROVE, by=second(hall))
    case.refresh_from_db()
    return case


def test_an_applicant_has_one_case_however_often_he_asks():
    by = stranger()
    first = saved(by)
    assert cases.start(SERVICE, by=by, token=ids.uuid7()) == first
    cases.withdraw(first, by=by)
    assert cases.start(SERVICE, by=by, token=ids.uuid7()) != first


@pytest.fixture(autouse=True)
def office(hall):
    return hall.city.office()


class TestRefusals:
    def test_2_somebody_who_is_registered_already(self, hall):
        approved(hall)
        ((rule, sentence),) = problems(saved())
        assert rule == "EMP-17/2"
        assert sentence == (
            "这个单位已经办理参保登记，请用单位用户名登录；没有用户名的，请带营业执照到辖区社保处领取"
        )

    def test_2_somebody_who_closed_his_registration(self, hall):
        approved(hall)
        Employer.objects.update(state="closed")
        ((rule, sentence),) = problems(saved())
        assert (rule, sentence) == (
            "EMP-17/2",
            "这个单位登记后又办理了注销，不能网上重新登记；请带营业执照到辖区社保处办理",
        )

    def test_3_an_employer_of_tomorrow(self, hall):
        assert problems(saved(founded_on="2026-11-13")) == [
            ("EMP-17/3", "成立日期晚于今天，请对照营业执照核对")
        ]

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ("91420102MA4K0X001", "代码应为18位，请对照营业执照核对位数"),
            (
                uscc(1)[:17] + ("0" if uscc(1)[17] != "0" else "1"),
                "代码的校验位对不上，请对照营业执照逐位核对",
            ),
        ],
    )
    def test_a_uscc_that_is_none(self, hall, wrong, told):
        assert problems(saved(uscc=wrong)) == [("readable", told)]

    def test_an_office_that_there_is_not(self, hall):
        assert problems(saved(office="999999")) == [("readable", "没有这个社保处，请从列表里选一个")]

    def test_1_it_is_handed_in_from_the_first_to_the_twenty_second(self, hall):
        with clock.fixed(date(2026, 11, 23)), pytest.raises(Unsettled) as refused:
            submitted()
        assert refused.value.sentence == (
            "本期受理已于 2026-11-22 结束，下次从 2026-12-01 起受理；填写的内容可以先保存，到时再提交"
        )

    def test_without_the_papers_that_must_be_uploaded(self, hall):
        by = stranger()
        case = saved(by)
        with pytest.raises(Unsettled) as refused:
            cases.submit(case, by=by)
        assert refused.value.sentence == f"还缺材料：{'、'.join(MUST)}，请上传后再提交"


class TestFlags:
    def test_4_a_registration_after_thirty_days_is_late_but_taken(self, hall):
        case = saved(founded_on="2026-10-12")
        assert flags(case) == [("EMP-17/4", "已超过单位成立之日起 30 日，将记为逾期登记")]
        assert flags(saved(founded_on="2026-10-13")) == []

    def test_5_a_licence_of_another_city(self, hall):
        assert flags(saved(uscc=uscc(2, "440305"))) == [
            ("EMP-17/5", "统一社会信用代码的登记地不在本市，请核对纳税地是否在本市")
        ]


class TestEffect:
    def test_two_officers_make_an_employer_of_it(self, hall):
        case = submitted()
        review.decide_all(case, review.APPROVE, by=hall.officer())
        assert not Employer.objects.exists()
        with pytest.raises(Unsettled, match="须由另一位经办人复核"):
            review.decide_all(case, review.APPROVE, by=hall.officer())
        review.decide_all(case, review.APPROVE, by=second(hall))
        employer = Employer.objects.get()
        assert (employer.id, employer.uscc, employer.grade) == (case.party_id, uscc(1), "ordinary")
        assert set(employer.schemes) == {
            "pension",
            "medical",
            "large_medical",
            "injury",
            "unemployment",
        }
        assert employers.injury_class_of(employer.id, Month(2026, 11)) == 1
        assert Certificate.objects.filter(employer=employer, voided_on=None).count() == 1

    def test_its_first_account_has_all_rights_and_no_password_yet(self, hall):
        approved(hall)
        account = Account.objects.get(kind="employer")
        assert set(account.roles) == {"filer", "payer", "admin"}
        assert account.must_change_password and not account.has_usable_password()

    def test_the_case_says_whom_it_is_for_and_goes_to_the_office_that_was_chosen(self, hall):
        case = saved()
        assert (case.party_name, case.office_code) == ("武汉新立示例软件有限公司", "420102")

    def test_of_two_applications_of_one_employer_the_second_goes_back(self, hall):
        first, other = submitted(), submitted()
        for by in (hall.officer(), second(hall)):
            review.decide_all(first, review.APPROVE, by=by)
        review.decide_all(other, review.APPROVE, by=hall.officer())
        review.decide_all(other, review.APPROVE, by=second(hall))
        other.refresh_from_db()
        assert other.state == "returned" and "已经办理参保登记" in other.reason
        assert Employer.objects.count() == 1


def test_the_registration_form_is_printed_filled_in(hall):
    case = saved()
    pdf, excel = case.service.printouts
    text = pypdf.PdfReader(BytesIO(pdf.make(case))).pages[0].extract_text()
    assert "社会保险登记表" in text and uscc(1) in text and case.number in text
    assert excel.make(case)[:2] == b"PK"
