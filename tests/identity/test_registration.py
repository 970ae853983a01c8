"""An insured person opens his own account, and nobody fishes for what the archive knows."""

import dataclasses
import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from shebao.audit import trails
from shebao.foundation import clock
from shebao.identity import accounts, passwords, registration, terms
from shebao.identity.acting import acting_as
from shebao.identity.models import Acceptance, Account
from shebao.identity.refusals import Refused
from shebao.identity.registration import BANK_TAIL
from shebao.notices import inbox
from tests.identity.people import KNOWN, LI, PASSWORD, WANG, application, archive

SOURCE = "10.0.0.1"
VAGUE = (
    "不能用这两个号码注册：可能两者不一致，可能没有参保记录，也可能已经注册。请核对号码，已注册的请直接登录"
)
UNLIKE = (
    "所填信息与参保档案不一致，请对照社会保障卡和身份证逐项核对；"
    "登记的手机是单位替您填写的，要本人带身份证到社保处窗口核对后才能用来注册"
)


def registered(archive=archive, source=SOURCE, **changes) -> Account:
    return registration.register(application(**changes), archive=archive, source=source)


def refused(archive=archive, source=SOURCE, **changes) -> tuple[tuple[str, str], ...]:
    with pytest.raises(Refused) as refusal:
        registered(archive, source, **changes)
    return refusal.value.problems


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spelling",
    [
        {},
        {"fact": BANK_TAIL, "fact_value": "000018"},
        {"name": " 李 小明 ", "card_number": "a12345678", "fact_value": "131 0000 0000"},
        {"id_number": "４２０１０２１９９２０２２９９９９３"},
    ],
)
def test_an_insured_person_registers_with_facts_that_agree(spelling):
    account = registered(**spelling)
    assert (account.username, account.kind, account.person_id, account.display_name) == (
        LI,
        "person",
        88,
        "李小明",
    )
    assert passwords.matches(account, PASSWORD)
    assert not terms.is_due(account)
    assert [line.event for line in trails.of(account.ref)] == ["terms.accepted", "account.registered"]
    assert inbox.of(acting_as(account).inbox).get().title == "您已注册网上办事账户"
    assert Acceptance.objects.get().source == SOURCE


@pytest.mark.django_db
@pytest.mark.parametrize(
    "difference",
    [
        {"name": "李晓明"},
        {"name": "7"},
        {"card_number": "A12345679"},
        {"card_number": ""},
        {"fact_value": "13100000001"},
        {"fact": BANK_TAIL, "fact_value": "13100000000"},
        {"fact": "nonsense"},
    ],
)
def test_whichever_fact_differs_the_answer_is_the_same(difference):
    assert refused(**difference) == (("", UNLIKE),)
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_a_mobile_that_somebody_else_wrote_proves_nothing():
    def known(number):
        found = archive(number)
        return found and dataclasses.replace(found, mobile_proves=False)

    assert refused(known) == (("", UNLIKE),)
    assert registered(known, fact=BANK_TAIL, fact_value="000018").is_active


@pytest.mark.django_db
def test_strangers_cannot_tell_unknown_uninsured_and_registered_apart():
    def uninsured(_number):
        return dataclasses.replace(KNOWN, insured=False)

    unknown = refused(id_number=WANG)
    not_insured = refused(uninsured)
    other_number = refused(personal_number="10020031")
    registered()
    again = refused()
    assert unknown == not_insured == other_number == again == (("", VAGUE),)


@pytest.mark.django_db
def test_the_first_step_asks_the_same_and_opens_nothing():
    assert registration.admit(LI, "10020030", archive=archive, source=SOURCE) == LI
    for number, personal in ((LI, "1"), (WANG, "10020030")):
        with pytest.raises(Refused, match="不能用这两个号码注册"):
            registration.admit(number, personal, archive=archive, source=SOURCE)
    with pytest.raises(Refused, match="应为18位"):
        registration.admit("420102", "10020030", archive=archive, source=SOURCE)
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_a_person_without_card_leaves_it_empty_but_never_the_chosen_fact():
    def without_card(_number):
        return dataclasses.replace(KNOWN, card_number="", mobile="")

    assert refused(without_card, fact_value="") == (("", UNLIKE),)
    assert registered(without_card, card_number="", fact=BANK_TAIL, fact_value="000018")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"password": "short", "again": "short"}, "password", "密码太短"),
        ({"password": "Wh-A12345678", "again": "Wh-A12345678"}, "password", "一部分"),
        ({"again": "Redbud-8-Lake"}, "again", "两次输入的密码不一样"),
        ({"id_number": "420102199202299992"}, "id_number", "校验码"),
    ],
)
def test_what_the_person_can_mend_himself_is_said_at_its_field(changes, field, sentence):
    ((where, said),) = refused(**changes)
    assert where == field
    assert sentence in said


@pytest.mark.django_db
def test_who_accepted_an_old_text_reads_the_new_one_first():
    ((field, said),) = refused(terms_version="2020-01")
    assert (field, said) == ("terms", "服务条款刚刚更新，请重新阅读后再提交")
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_guessing_becomes_slow_at_the_place_of_the_guesser_only():
    with clock.fixed(date(2026, 11, 2)) as noon:
        for number in range(5):
            refused(fact_value=f"1310000001{number}")
        assert refused() == (("", "核对不上的次数较多，请过一会儿再试，或者到窗口办理"),)
        assert registered(source="198.51.100.7")
    with clock.fixed(noon + timedelta(minutes=2)), pytest.raises(Refused, match="不能用这两个号码注册"):
        registered()


@pytest.mark.django_db
def test_a_right_registration_is_not_charged_to_its_place():
    for _ in range(20):
        registration.admit(LI, "10020030", archive=archive, source=SOURCE)
    assert registered()


@pytest.mark.django_db
def test_who_closed_his_account_can_register_again_and_gets_the_same_account():
    account = registered()
    accounts.close(account, by=acting_as(account))
    assert not passwords.matches(account, PASSWORD)
    again = registered(password="Hubu-Alley-1", again="Hubu-Alley-1")
    assert again.pk == account.pk
    assert again.is_active
    assert passwords.matches(again, "Hubu-Alley-1")


@pytest.mark.django_db
def test_a_suspended_account_is_not_opened_by_registering():
    account = registered()
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert refused() == (("", VAGUE),)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", ["never registered", "closed"])
def test_of_two_registrations_of_one_person_at_once_exactly_one_wins(before):
    if before == "closed":
        account = registered()
        accounts.close(account, by=acting_as(account))
    together = threading.Barrier(2, timeout=300)
    outcomes = []

    def looked_up_together(number):
        together.wait()
        return archive(number)

    def register(source):
        try:
            outcomes.append(registered(looked_up_together, source=source).username)
        except Refused as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=(f"10.0.0.{n}",)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == sorted([str(LI), VAGUE])
    assert Account.objects.filter(is_active=True).count() == 1
