"""个人身份核对: a registrar and somebody who stands at his counter with an identity card."""

from datetime import date

import pytest

from shebao.audit import trails
from shebao.audit.models import AuditEvent
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.identity.models import Account, PasswordSlip
from shebao.notices.models import Notice
from shebao.registry import particulars
from shebao.registry.models import Person, PersonChange
from tests import policies
from tests.backoffice.test_registry_desk import desk
from tests.identity import people
from tests.journeys.conftest import words
from tests.scenes import City

pytestmark = pytest.mark.django_db
DESK = "/office/registry/people/"
MOBILE = "13100000009"


@pytest.fixture(autouse=True)
def today():
    with clock.fixed(date(2026, 11, 12)):
        yield


@pytest.fixture
def worker(db) -> Person:
    """Known because an employer enrolled her online; her mobile is what that employer wrote."""
    policies.load(synthetic=True)
    city = City()
    person = city.person("王晓兰", sex="F", mobile="13100000001")
    city.works(person, city.employer("武汉江汇精密制造示例公司"), since=Month(2026, 8))
    with clock.fixed(date(2026, 11, 2)):
        particulars.amend_many(
            [particulars.Amendment(person.pk, {"mobile": "13100000002"}, "case:42010020261102000001/row:1")],
            by_name="张明",
        )
    person.refresh_from_db()
    return person


def opened(client, person) -> str:
    answer = client.post(DESK, {"id_number": person.id_number.lower(), "name": f" {person.name} "})
    assert answer.status_code == 302, words(answer)
    return answer.headers["Location"]


class TestFinding:
    def test_by_number_and_name_together_and_each_look_is_known_to_the_person(self, worker):
        client = desk()
        page = client.get(opened(client, worker))
        told = words(page)
        assert "131****0002" in told and "单位填写，本人未核对，不能用来注册" in told
        assert "131****0001" in told and "张明" in told and "11-02" in told
        assert worker.id_number not in page.content.decode() and "13100000002" not in page.content.decode()
        (look,) = trails.looks_at(worker.pk)
        assert look.details == {"what": "登记的身份核对信息"} and "吴芳" in look.actor_name

    @pytest.mark.parametrize(
        ("number", "name", "says"),
        [
            (None, "王小兰", "没有这个号码和姓名的人"),
            (people.WANG, "王晓兰", "没有这个号码和姓名的人"),
            ("4201", "王晓兰", "号码应为18位"),
        ],
    )
    def test_one_of_the_two_is_not_enough(self, worker, number, name, says):
        answer = desk().post(DESK, {"id_number": number or worker.id_number, "name": name})
        assert answer.status_code == 422 and says in words(answer)
        assert not trails.looks_at(worker.pk).exists()

    def test_who_tries_numbers_is_slowed_down_and_each_try_leaves_a_line(self, worker):
        client = desk()
        for _try in range(21):
            client.post(DESK, {"id_number": people.WANG, "name": "某人"})
        assert "没有找到的次数较多" in words(client.post(DESK, {"id_number": people.WANG, "name": "某人"}))
        assert AuditEvent.objects.filter(event="person.not-found").count() >= 20

    def test_a_number_in_the_address_opens_nobody(self, worker):
        mine, other = desk(), desk(username="dengji02")
        url = opened(mine, worker)
        assert other.get(url).status_code == 404
        assert other.post(f"{url}slip/", {"card_seen": "1"}).status_code == 404

    @pytest.mark.parametrize("role", ["reviewer", "supervisor", "ledger"])
    def test_it_is_the_registrars_business_alone(self, worker, role):
        client = desk(role)
        assert client.get(DESK).status_code == 404
        if role == "supervisor":
            assert "个人身份核对" not in words(client.get("/office/registry/"))


class TestConfirming:
    def test_the_mobile_on_file_proves_from_now_on_and_the_line_says_who_saw_it(self, worker):
        client = desk()
        url = opened(client, worker)
        answer = client.post(url, {"mobile": "131 0000 0002", "card_seen": "on"}, follow=True)
        told = words(answer)
        assert "手机号码已核对" in told and "可以用来注册" in told and "没有变，窗口已核对" in told
        worker.refresh_from_db()
        assert worker.mobile == "13100000002" and particulars.mobile_is_his(worker)
        notice = Notice.objects.get(code="mobile-confirmed")
        assert notice.recipient == f"person:{worker.pk}" and "131****0002" in notice.body
        assert AuditEvent.objects.get(event="person.mobile-confirmed").person_id == worker.pk

    def test_another_mobile_takes_its_place_and_reaches_the_account(self, worker):
        account = people.opened(
            worker.id_number, "person", person_id=worker.pk, display_name=worker.name, mobile="13100000001"
        )
        client = desk()
        client.post(opened(client, worker), {"mobile": MOBILE, "card_seen": "on"})
        worker.refresh_from_db(), account.refresh_from_db()
        assert (worker.mobile, account.mobile) == (MOBILE, MOBILE)
        last = PersonChange.objects.filter(person=worker).latest("changed_at")
        assert (last.before, last.after) == ("13100000002", MOBILE)

    def test_an_employer_that_writes_another_one_later_makes_it_worthless_again(self, worker):
        client = desk()
        client.post(opened(client, worker), {"mobile": MOBILE, "card_seen": "on"})
        with clock.fixed(date(2026, 11, 13)):
            particulars.amend_many(
                [particulars.Amendment(worker.pk, {"mobile": "13100000003"}, "case:42010020261113000001")],
                by_name="张明",
            )
        worker.refresh_from_db()
        assert not particulars.mobile_is_his(worker)

    @pytest.mark.parametrize(
        ("written", "says"),
        [
            ({"mobile": MOBILE}, "请先核对身份证原件，再确认"),
            ({"mobile": "131", "card_seen": "on"}, "手机号码应为1开头的11位数字"),
        ],
    )
    def test_not_without_the_card_nor_with_half_a_number(self, worker, written, says):
        client = desk()
        answer = client.post(opened(client, worker), written)
        assert answer.status_code == 422 and says in words(answer)
        assert not Notice.objects.filter(code="mobile-confirmed").exists()

    def test_nothing_is_confirmed_of_somebody_who_died(self, worker):
        Person.objects.filter(pk=worker.pk).update(died_on=date(2026, 11, 1))
        client = desk()
        url = opened(client, worker)
        assert "确认是本人的手机" not in words(client.get(url))
        assert client.post(url, {"mobile": MOBILE, "card_seen": "on"}).status_code == 404


class TestForgottenPasswords:
    def test_a_slip_is_printed_for_the_owner_of_an_account(self, worker):
        people.opened(worker.id_number, "person", person_id=worker.pk, display_name=worker.name)
        client = desk()
        url = opened(client, worker)
        assert client.post(f"{url}slip/", {}).status_code == 302 and not PasswordSlip.objects.exists()
        answer = client.post(f"{url}slip/", {"card_seen": "1"})
        assert answer.content[:5] == b"%PDF-"
        account = Account.objects.get(person_id=worker.pk)
        assert account.must_change_password and not account.check_password(people.PASSWORD)

    def test_without_an_account_there_is_nothing_to_print(self, worker):
        client = desk()
        assert client.post(f"{opened(client, worker)}slip/", {"card_seen": "1"}).status_code == 404
