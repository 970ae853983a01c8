"""A new company registers without an account, signs in with its issued password, and enrols its first employee."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shebao.casework.models import Case
from shebao.identity import correspondence, password_slips
from shebao.identity.models import Account, Applicant, PasswordSlip
from shebao.registry.models import Employer, Enrolment
from tests.identity import people
from tests.identity.test_challenges import worked_out
from tests.journeys.conftest import Desk
from tests.services.test_register_employer import MUST, PDF, written

pytestmark = [pytest.mark.django_db]
NEW_PASSWORD = "Lotus-Root-2026"
QUESTION = re.compile("[零一二三四五六七八九十]+[加减][零一二三四五六七八九十]+等于几？")
CODE = re.compile(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}")


def begun(visitor) -> str:
    question = QUESTION.search(visitor.reads("/registration/"))[0]
    form = visitor.client.get("/registration/").context["form"]
    question = QUESTION.search(form["challenge"].label)[0]
    return visitor.does(
        "/registration/", challenge=worked_out(question), agreed="on", terms=form["terms"].initial
    )


def files():
    return {f"paper{place}": SimpleUploadedFile(f"{name}.pdf", PDF) for place, name in enumerate(MUST)}


@pytest.fixture
def officers(city):
    city.office()
    second = people.opened(
        "wuchang02", "agency", display_name="孙复核", office_code="420102", roles=frozenset({"reviewer"})
    )
    return Desk(people.officer(office_code="420102")), Desk(second)


@pytest.fixture
def known_password(monkeypatch):
    """The password that is printed; the slip itself is a PDF."""
    drawn = []

    def draw(real=password_slips.first_password):
        drawn.append(real())
        return drawn[-1]

    monkeypatch.setattr(password_slips, "first_password", draw)
    return drawn


def test_from_the_public_site_to_the_first_hire(city, officers, known_password, books_balance):
    visitor = Desk()
    assert "不用先有账户" in visitor.reads("/registration/")
    assert "辖区社保处" in begun(visitor)

    # The form, with a mistake first: all that is wrong is told, nothing is kept.
    told = visitor.does(
        "/filing/register-employer/new/", token=str(uuid4()), **written(uscc="91420102MA4K0X0011")
    )
    assert "代码的校验位对不上" in told and not Case.objects.exists()
    told = visitor.does(
        "/filing/register-employer/new/", token=str(uuid4()), **written(email="zhou@example.com")
    )
    case = Case.objects.get()
    assert "信息已保存" in told and case.party_name == "武汉新立示例软件有限公司"
    assert "还缺材料" in visitor.submits(case)
    told = visitor.does(
        f"/filing/case/{case.number}/confirm/", declared="1", token=str(uuid4()), deed="submit", **files()
    )
    assert "还差一步：领取查询码" in told and "正在审核" in told

    # The code is shown once; only its hash is kept.
    code = CODE.search(visitor.does("/registration/mine/code/"))[0]
    mine = f"applicant:{case.party_id}"
    assert correspondence.addresses([mine]) == {mine: ["zhou@example.com"]}
    assert code not in visitor.reads("/registration/mine/")
    assert code.replace("-", "") not in Applicant.objects.get().code

    # From another computer: a wrong code is refused, the right one lets in; the agency sent it back, it is mended.
    first, second = officers
    assert case.number in first.reads("/office/review/")
    first.does(f"/office/review/{case.number}/", deed="return-all", reason="经办人身份证照片不清楚")
    elsewhere = Desk()
    wrong = elsewhere.does("/registration/progress/", number=case.number, code="AAAA-BBBB-CCCC-DDDD")
    unknown = elsewhere.does("/registration/progress/", number="42010020261112999999", code=code)
    assert "业务顺序号或查询码不对" in wrong and "业务顺序号或查询码不对" in unknown
    assert elsewhere.client.get(f"/filing/case/{case.number}/confirm/").status_code == 302
    came = elsewhere.does("/registration/progress/", number=case.number, code=code.lower())
    assert "经办人身份证照片不清楚" in came
    case.refresh_from_db()
    elsewhere.does(
        f"/filing/case/{case.number}/rows/1/",
        deed="save",
        version=case.version,
        **written(address="江汉路2号"),
    )
    assert "正在审核" in elsewhere.submits(case)

    # Two officers approve; the slip is collected once.
    first.does(f"/office/review/{case.number}/", deed="approve-all")
    assert "正在审核" in elsewhere.reads("/registration/mine/")
    second.does(f"/office/review/{case.number}/", deed="approve-all")
    employer = Employer.objects.get()
    assert (employer.id, employer.address) == (case.party_id, "江汉路2号")
    assert "登记已办结" in elsewhere.reads("/registration/mine/")
    slip = elsewhere.client.post("/registration/mine/slip/")
    assert slip["Content-Type"] == "application/pdf" and slip.content[:5] == b"%PDF-"
    assert PasswordSlip.objects.get().way == "online"
    again = elsewhere.does("/registration/mine/slip/")
    assert "密码条已经领取过" in again and len(known_password) == 1

    # The first sign-in: the password must be changed, the undertaking accepted; then the bench works.
    account = Account.objects.get(employer_id=employer.id)
    clerk = Desk()
    told = clerk.does("/login/employer/", username=account.username, password=known_password[0])
    assert "修改密码" in told
    clerk.does("/account/password/", old=known_password[0], new=NEW_PASSWORD, again=NEW_PASSWORD)
    form = clerk.client.get("/account/terms/").context["form"]
    clerk.does("/account/terms/", version=form["version"].initial, agreed="on")
    assert "武汉新立示例软件有限公司" in clerk.reads("/employer/")

    # The first employee.
    hire = {"id_number": city.stranger(), "name": "王晓兰", "hired_on": "2026-11-03", "wage": "6500"}
    enrolling = clerk.enters("enrol-employees", **hire)
    clerk.submits(enrolling)
    first.does(f"/office/review/{enrolling.number}/", deed="approve-all")
    assert Enrolment.objects.filter(payer_id=employer.id, ends=None).count() == len(employer.schemes)


def test_a_stranger_sees_nothing_of_an_application(city, officers):
    visitor = Desk()
    begun(visitor)
    visitor.does("/filing/register-employer/new/", token=str(uuid4()), **written())
    case = Case.objects.get()
    other = Desk()
    begun(other)
    for page in ("", "confirm/", "status/", "rows/1/"):
        assert other.client.get(f"/filing/case/{case.number}/{page}").status_code == 404
    assert other.client.post("/filing/register-employer/look/", written()).status_code == 404
    assert other.client.get("/filing/enrol-employees/new/").status_code == 404
    assert other.client.get("/employer/").status_code == 302
    assert other.client.get("/registration/mine/").status_code == 302  # to his own form: nothing is saved yet
    other.client.post("/registration/leave/")
    assert other.client.get("/filing/register-employer/new/").status_code == 302


def test_robots_and_guessers_are_slowed_down(city, officers, settings):
    visitor = Desk()
    begun(visitor)
    visitor.does("/filing/register-employer/new/", token=str(uuid4()), **written())
    case = Case.objects.get()
    visitor.does("/registration/mine/code/")
    guesser = Desk()
    for _try in range(5):
        told = guesser.does("/registration/progress/", number=case.number, code="AAAA-BBBB-CCCC-DDDD")
        assert "业务顺序号或查询码不对" in told
    told = guesser.does("/registration/progress/", number=case.number, code="AAAA-BBBB-CCCC-DDDD")
    told = guesser.does("/registration/progress/", number=case.number, code="AAAA-BBBB-CCCC-DDDD")
    assert "核对不上的次数较多" in told
    for _form in range(80):
        visitor.client.post("/filing/register-employer/new/", {"uscc": "1"})
    assert "操作太频繁" in visitor.does("/filing/register-employer/new/", **written())
    wrong = Desk().does("/registration/", challenge="99", agreed="on", terms="2026-11")
    assert "验证问题的答案不对" in wrong
