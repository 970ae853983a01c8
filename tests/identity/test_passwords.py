"""Which passwords are good enough, and changing one."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from shebao.audit import trails
from shebao.foundation import clock
from shebao.identity import hashers, passwords
from shebao.identity.refusals import Refused
from shebao.notices import inbox
from tests.identity import people
from tests.identity.people import PASSWORD


@pytest.mark.parametrize(
    "good", [PASSWORD, "长江大桥通车一九五七年十月十五日", "Ab3-efgh", "correct horse battery"]
)
def test_a_long_or_a_mixed_password_is_good_enough(good):
    assert passwords.weaknesses(good, known=(people.LI, "13100000000")) == []


@pytest.mark.parametrize(
    ("weak", "sentence"),
    [
        ("Ab3-efg", "至少用8个字符"),
        ("A" * 129, "不要超过128个字符"),
        ("abcdefgh", "大写字母、小写字母、数字、符号中的至少三种"),
        ("abcdefg1", "大写字母、小写字母、数字、符号中的至少三种"),
        ("Password1!", "很多人在用"),
        ("Qwerty123!", "很多人在用"),
        ("Aa1aA1aA1", "很多人在用"),
        ("aaaaaaaaaaaaaaaaaaaa", "很多人在用"),
        ("Li19920229!", "证件号码或手机号码的一部分"),
        ("Wh-299993", "证件号码或手机号码的一部分"),
        ("Tel.131000000", "证件号码或手机号码的一部分"),
    ],
)
def test_a_weak_password_is_refused_with_what_to_do(weak, sentence):
    found = passwords.weaknesses(weak, known=(people.LI, "13100000000", ""))
    assert sentence in " ".join(found)
    assert all("请" in one for one in found)


def test_passwords_are_kept_as_argon2id_of_the_stated_cost(settings):
    settings.PASSWORD_HASHERS = ["shebao.identity.hashers.Argon2"]
    kept = passwords.hashed(PASSWORD)
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password(PASSWORD, kept)
    assert not check_password("wrong", kept)
    assert not identify_hasher(kept).must_update(kept)


def test_more_log_ins_than_the_machine_can_check_are_asked_to_come_again(settings, monkeypatch):
    settings.PASSWORD_HASHERS = ["shebao.identity.hashers.Argon2"]
    monkeypatch.setattr(hashers, "_PATIENCE", 0.01)
    taken = 0
    while hashers._slots.acquire(blocking=False):
        taken += 1
    try:
        with pytest.raises(hashers.TooBusy):
            make_password("anything")
    finally:
        for _ in range(taken):
            hashers._slots.release()
    assert make_password("anything")


@pytest.mark.django_db
def test_a_password_is_changed_with_the_old_one():
    account = people.clerk(must_change_password=True)
    passwords.change(account, old=PASSWORD, new="Hubu-Alley-1", again="Hubu-Alley-1")
    account.refresh_from_db()
    assert passwords.matches(account, "Hubu-Alley-1")
    assert not passwords.matches(account, PASSWORD)
    assert not account.must_change_password
    assert trails.of(account.ref).last().event == "account.password-changed"
    assert inbox.of([account.ref]).get().title == "您的登录密码已修改"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "again", "field", "sentence"),
    [
        ("wrong", "Hubu-Alley-1", "Hubu-Alley-1", "old", "原密码不对"),
        (PASSWORD, "Hubu-Alley-1", "Hubu-Alley-2", "again", "两次输入的新密码不一样"),
        (PASSWORD, PASSWORD, PASSWORD, "new", "新密码和原密码相同"),
        (PASSWORD, "short", "short", "new", "密码太短"),
        (PASSWORD, "X-hanjiang01", "X-hanjiang01", "new", "用户名"),
    ],
)
def test_a_change_is_refused_with_what_to_do(old, new, again, field, sentence):
    account = people.clerk()
    with pytest.raises(Refused) as refusal:
        passwords.change(account, old=old, new=new, again=again)
    assert [(f, sentence in s) for f, s in refusal.value.problems] == [(field, True)]
    account.refresh_from_db()
    assert passwords.matches(account, PASSWORD)


@pytest.mark.django_db
def test_who_found_an_open_session_cannot_guess_the_old_password_for_long():
    account = people.clerk()
    with clock.fixed(date(2026, 11, 2)):
        for _ in range(10):
            with pytest.raises(Refused):
                passwords.change(account, old="wrong", new="Hubu-Alley-1", again="Hubu-Alley-1")
        with pytest.raises(Refused, match="请过几分钟再试"):
            passwords.change(account, old=PASSWORD, new="Hubu-Alley-1", again="Hubu-Alley-1")


@pytest.mark.django_db
def test_staff_change_their_password_every_ninety_days_others_need_not():
    with clock.fixed(date(2026, 6, 1)) as june:
        officer, clerk = people.officer(), people.clerk()
        assert not passwords.is_due(officer)
        with clock.fixed(june + timedelta(days=91)):
            assert passwords.is_due(officer)
            assert not passwords.is_due(clerk)
