"""Somebody whom an employer enrolled online opens an account of her own: only after a counter saw who she is."""

import re

import pytest

from shebao.identity import terms
from shebao.identity.models import Account
from shebao.registry.models import Office, Person
from tests.identity import people
from tests.identity.test_challenges import worked_out
from tests.journeys.conftest import Desk
from tests.journeys.test_registration_to_first_hire import QUESTION

pytestmark = [pytest.mark.django_db]
EMPLOYERS_WORD, HERS = "13100000001", "13100000009"


def registers(visitor: Desk, person: Person, mobile: str) -> str:
    question = QUESTION.search(visitor.reads("/register/"))[0]
    visitor.does(
        "/register/",
        id_number=person.id_number,
        personal_number=person.personal_number,
        challenge=worked_out(question),
        terms="on",
        terms_version=terms.current("person").version,
    )
    return visitor.does(
        "/register/details/",
        name=person.name,
        card_number="",
        fact="mobile",
        fact_value=mobile,
        password=people.PASSWORD,
        again=people.PASSWORD,
    )


def test_the_employers_word_is_not_enough_the_counters_is(city, clerk_of, officer, books_balance):
    employer = city.employer("武汉江汇精密制造示例公司")
    Office.objects.update(address="江岸区示例路8号", hours="工作日 8:30-17:00")
    clerk, number = clerk_of(employer), city.stranger(sex="F")
    hire = {"name": "王晓兰", "hired_on": "2026-11-03", "wage": "6500", "mobile": EMPLOYERS_WORD}
    case = clerk.enters("enrol-employees", id_number=number, **hire)
    clerk.submits(case)
    officer.does(f"/office/review/{case.number}/", deed="approve-all")
    wang = Person.objects.get(id_number=number)

    # The employer knows all that it wrote itself: that opens no account.
    visitor = Desk()
    told = registers(visitor, wang, EMPLOYERS_WORD)
    assert "要本人带身份证到社保处窗口核对后才能用来注册" in told
    assert not Account.objects.filter(person_id=wang.pk).exists()
    where = re.search(
        r'href="(/register/identity-check/)"', visitor.client.get("/register/").content.decode()
    )[1]
    told = visitor.reads(where)
    for words in ("居民身份证原件", "江岸区示例路8号", "工作日 8:30-17:00", "12333", "业务预约"):
        assert words in told

    # At the counter, with her card and her own telephone.
    registrar = Desk(
        people.opened(
            "dengji01", "agency", display_name="吴芳", party_name="江岸区社保处", office_code="420102",
            roles=frozenset({"registry"}),
        )
    )  # fmt: skip
    told = registrar.does("/office/registry/people/", id_number=number, name="王晓兰")
    assert "单位填写，本人未核对，不能用来注册" in told and employer.name in told
    told = registrar.does(f"/office/registry/people/{wang.pk}/", mobile=HERS, card_seen="on")
    assert "手机号码已更换并核对" in told

    assert "所填信息与参保档案不一致" in registers(Desk(), wang, EMPLOYERS_WORD)
    wang_at_home = Desk()
    registers(wang_at_home, wang, HERS)
    assert "王晓兰" in wang_at_home.reads("/account/")
    assert "您登记的手机号码已在窗口核对" in wang_at_home.reads("/inbox/")
    assert "登记的身份核对信息" in wang_at_home.reads("/account/looks/")
