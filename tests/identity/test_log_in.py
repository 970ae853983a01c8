"""Logging in: who knows the password gets in, who guesses gets slow, and nobody can shut somebody else out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shebao.audit import trails
from shebao.foundation import clock
from shebao.identity import login, throttle
from shebao.identity.login import CHALLENGE, MOBILE_TAIL, Attempt
from shebao.identity.models import Throttle
from shebao.identity.refusals import Refused
from shebao.notices import inbox
from tests.identity import people
from tests.identity.people import LI, PASSWORD

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
HOME, STRANGER = "10.0.0.1", "198.51.100.7"


def tries(password: str, *, source: str = HOME, **more) -> str:
    """What one try to get into Li's account leads to: "in", or the sentence."""
    given = {"kind": "person", "username": LI, "challenge_passed": True, "mobile_tail": "0000", **more}
    try:
        login.log_in(Attempt(password=password, source=source, **given))
    except Refused as refused:
        return str(refused)
    return "in"


@pytest.fixture(autouse=True)
def noon():
    with clock.fixed(NOON):
        yield


def later(**by):
    return clock.fixed(NOON + timedelta(**by))


def test_a_person_logs_in_with_id_number_and_password_however_it_is_typed():
    people.person()
    assert tries(PASSWORD) == "in"
    assert tries("Ｒedbud-７-Lake") == "in"  # an input method in full width
    assert tries(PASSWORD, username=" 4201 0219 9202 2999 93 ") == "in"


def test_a_user_name_is_the_same_in_capitals_but_belongs_to_its_window():
    people.clerk()
    assert tries(PASSWORD, kind="employer", username="HanJiang01") == "in"
    assert "不对" in tries(PASSWORD, kind="agency", username="hanjiang01")


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer():
    people.person()
    wrong, unknown = tries("wrong"), tries("wrong", username=people.WANG)
    assert wrong == unknown == "身份证号码或密码不对，请核对后重新输入"


def test_a_suspended_account_is_answered_as_if_it_did_not_exist():
    account = people.person()
    account.is_active = False
    account.save()
    assert tries(PASSWORD) == "身份证号码或密码不对，请核对后重新输入"


def test_an_unknown_name_costs_as_many_hashes_and_queries_as_a_known_one(monkeypatch):
    people.person()
    made = []
    monkeypatch.setattr("shebao.identity.passwords.make_password", made.append)
    counts = []
    for name in (LI, people.WANG):
        with CaptureQueriesContext(connection) as queries:
            tries("wrong", username=name)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert made == ["wrong"]  # for the known name the stored hash is computed instead


def test_after_five_wrong_tries_the_sixth_has_to_wait_even_if_it_is_right():
    people.person()
    for _ in range(5):
        tries("wrong")
    assert "请在1分钟后再试" in tries(PASSWORD)
    with later(seconds=61):
        assert tries(PASSWORD) == "in"


def test_each_further_wrong_try_waits_twice_as_long_up_to_a_quarter_of_an_hour():
    people.person()
    for _ in range(5):
        tries("wrong")
    waited, passed = [], 0
    for _ in range(6):
        with later(minutes=passed):
            waited.append(tries("wrong").partition("分钟")[0].rpartition("请在")[2])
        passed += int(waited[-1])
        with later(minutes=passed):
            tries("wrong")
    assert waited == ["1", "2", "4", "8", "15", "15"]


def test_waiting_in_vain_makes_the_wait_no_longer():
    people.person()
    for _ in range(50):
        tries("wrong")
    with later(seconds=61):
        assert tries(PASSWORD) == "in"


def test_a_stranger_who_guesses_does_not_shut_the_owner_out():
    people.person()
    for number in range(40):
        for _ in range(7):
            tries("wrong", source=f"198.51.100.{number}")
    assert "后再试" in tries("wrong", source=STRANGER) or "不对" in tries("wrong", source=STRANGER)
    assert tries(PASSWORD, source=HOME) == "in"


def test_a_right_password_clears_what_stood_against_the_place():
    people.person()
    for _ in range(4):
        tries("wrong")
    assert tries(PASSWORD) == "in"
    for _ in range(4):
        tries("wrong")
    assert tries(PASSWORD) == "in"


def test_the_question_is_asked_after_two_failures_and_not_before():
    people.person()
    assert "不对" in tries("wrong", challenge_passed=None)
    assert "不对" in tries("wrong", challenge_passed=None)
    assert tries(PASSWORD, challenge_passed=None) == "请先回答验证问题"
    assert tries(PASSWORD, challenge_passed=False) == "验证问题的答案不对，请回答新的问题"
    assert tries(PASSWORD, challenge_passed=True) == "in"


def test_the_question_is_asked_of_everybody_when_one_account_is_under_attack_or_one_place_attacks():
    people.person()
    for number in range(10):
        tries("wrong", source=f"198.51.100.{number}")
    assert login.asks(Attempt("person", LI, "", HOME)) == {CHALLENGE}
    assert login.asks(Attempt("person", people.WANG, "", HOME)) == frozenset()
    for number in range(20):
        tries("wrong", kind="agency", username=f"guess{number}", source=STRANGER)
    assert login.asks(Attempt("person", people.WANG, "", STRANGER)) == {CHALLENGE}


def test_under_a_long_attack_strange_devices_must_also_know_the_mobiles_last_digits():
    people.person()
    for number in range(50):
        tries("wrong", source=f"198.51.100.{number}")
    assert login.asks(Attempt("person", LI, "", HOME)) == {CHALLENGE, MOBILE_TAIL}
    refusal = tries(PASSWORD, mobile_tail="9999")
    assert refusal == "证件号码（用户名）、密码或手机号码后四位不对，请核对后重新输入"
    assert tries(PASSWORD, mobile_tail="0000") == "in"


def test_without_a_mobile_on_file_any_digits_will_do():
    people.person(mobile="")
    for number in range(50):
        tries("wrong", source=f"198.51.100.{number}")
    assert tries(PASSWORD, mobile_tail="") == "in"


def test_a_name_nobody_has_is_asked_the_same_under_attack():
    for number in range(50):
        tries("wrong", username=people.WANG, source=f"198.51.100.{number}")
    assert login.asks(Attempt("person", people.WANG, "", HOME)) == {CHALLENGE, MOBILE_TAIL}


def test_neighbours_behind_one_address_may_fail_often_but_not_without_end():
    people.person()
    for number in range(200):
        tries("wrong", kind="agency", username=f"guess{number}", source=STRANGER)
    assert "后再试" in tries(PASSWORD, source=STRANGER)
    with later(minutes=2):
        assert tries(PASSWORD, source=STRANGER) == "in"


def test_what_happened_yesterday_is_forgotten():
    people.person()
    for _ in range(5):
        tries("wrong")
    with later(hours=25):
        assert login.asks(Attempt("person", LI, "", HOME)) == frozenset()
        tries("wrong")
        assert tries(PASSWORD) == "in"
    with later(days=5):
        throttle.forget_old()
    assert not Throttle.objects.exists()


def test_the_owner_reads_of_a_new_device_but_not_at_his_very_first_log_in():
    account = people.person()
    tries(PASSWORD)
    assert not inbox.of([account.ref]).exists()
    tries(PASSWORD, source=STRANGER)
    assert inbox.of([account.ref]).get().title == "您的账户在一台新设备上登录"


def test_log_ins_and_refusals_stand_in_the_audit_without_the_password():
    account = people.person()
    tries("wrong")
    tries(PASSWORD)
    events = [(line.event, line.actor) for line in trails.of(account.ref)]
    assert events[-2:] == [("account.log-in-refused", "somebody"), ("account.logged-in", account.ref)]
    assert not [line for line in trails.of(account.ref) if PASSWORD in str(line.details)]


def test_nobody_can_read_names_or_addresses_from_the_table_of_failures():
    tries("wrong")
    for row in Throttle.objects.all():
        assert LI not in row.key
        assert HOME not in row.key


def test_a_failure_is_counted_before_its_outcome_is_known():
    """So that a hundred tries at once are a hundred, not one."""
    key, limit = "k", throttle.Limit(free=3, window=timedelta(days=1))
    waits = [throttle.charge(key, limit) for _ in range(5)]
    assert [bool(wait) for wait in waits] == [False, False, False, True, True]
    throttle.give_back([key])
    assert not throttle.charge(key, limit)
