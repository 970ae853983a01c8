"""An employer's keys: shown once, limited in rights, time and pace, revoked at once, and everybody hears of it."""

from datetime import date, timedelta

import pytest

from shebao.audit import trails
from shebao.foundation import clock
from shebao.identity import api_keys
from shebao.identity.acting import Acting, acting_as
from shebao.identity.api_keys import KeyRefused
from shebao.identity.models import ApiKey
from shebao.identity.refusals import Refused
from shebao.notices import inbox
from tests.identity import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Acting:
    return acting_as(people.clerk(roles=frozenset({"admin"})))


def issued(by, name="薪资系统", scopes=("read", "file"), days=90):
    return api_keys.issue(name, scopes, days, by=by)


def why_refused(secret):
    with pytest.raises(KeyRefused) as refused:
        api_keys.known(secret)
    return refused.value.reason


def test_the_secret_is_known_to_its_holder_alone(admin):
    key, secret = issued(admin)
    assert api_keys.known(secret) == key
    row = ApiKey.objects.values().get()
    assert secret.rpartition("_")[2] not in str(row), "only a hash is kept"
    assert row["prefix"] in secret and (row["scopes"], row["employer_id"]) == (["read", "file"], 86)


@pytest.mark.parametrize(
    "written", ["", "x", "shebao_", "shebao_abcdefgh_" + "x" * 43, "shebao_\0bcdefgh_" + "x" * 43, "钥匙"]
)
def test_what_is_no_key_opens_nothing(admin, written):
    issued(admin)
    assert why_refused(written) == "unknown"


def test_a_secret_that_is_wrong_in_one_letter_opens_nothing_and_does_not_learn_why(admin):
    key, secret = issued(admin)
    api_keys.revoke(key, by=admin)
    assert why_refused(secret[:-1] + ("a" if secret[-1] != "a" else "b")) == "unknown"
    assert why_refused(secret) == "revoked"


def test_a_key_ends_by_itself(admin):
    with clock.fixed(date(2026, 1, 10)):
        _key, secret = issued(admin, days=30)
    with clock.fixed(date(2026, 2, 8)):
        assert api_keys.known(secret)
    with clock.fixed(date(2026, 2, 9)):
        assert why_refused(secret) == "expired"


def test_revoking_counts_at_once_and_twice_does_no_harm(admin):
    key, secret = issued(admin)
    for _each in range(2):
        api_keys.revoke(key, by=admin)
    assert why_refused(secret) == "revoked"
    assert [line.event for line in trails.of(key.ref)] == ["api_key.issued", "api_key.revoked"]
    told = [notice.code for notice in inbox.of({"employer:86"})]
    assert sorted(told) == ["api-key-issued", "api-key-revoked"]


def test_nobody_revokes_another_employers_key(admin):
    key, _secret = issued(admin)
    stranger = Acting(99, "别人", "employer", 87, "别的单位", frozenset({"admin"}))
    with pytest.raises(ApiKey.DoesNotExist):
        api_keys.revoke(key, by=stranger)


def test_all_that_is_wrong_with_a_new_key_is_said_at_once(admin):
    with pytest.raises(Refused) as refused:
        issued(admin, name=" ", scopes=("fly",), days=4000)
    assert [field for field, _sentence in refused.value.problems] == ["name", "scopes", "days"]


def test_a_name_is_free_again_after_its_key_was_revoked(admin):
    key, _secret = issued(admin)
    with pytest.raises(Refused):
        issued(admin)
    api_keys.revoke(key, by=admin)
    assert issued(admin)[0].pk != key.pk


def test_an_employer_has_at_most_ten_keys_in_use(admin):
    for n in range(api_keys.MOST):
        issued(admin, name=f"系统{n}")
    with pytest.raises(Refused):
        issued(admin, name="第十一个")


def test_a_key_may_hurry_for_a_while_and_then_has_to_wait(admin):
    with clock.fixed(date(2026, 11, 12)) as noon:
        key, _secret = issued(admin)
        assert [api_keys.spend(key) for _each in range(300)] == [timedelta(0)] * 300
        assert api_keys.spend(key) == timedelta(seconds=1)
        assert api_keys.spend(key, 100) == timedelta(seconds=10)
    with clock.fixed(noon + timedelta(seconds=1)):
        waits = [api_keys.spend(key) for _each in range(11)]
    assert waits[:10] == [timedelta(0)] * 10 and waits[10]
    assert ApiKey.objects.get().last_used_at


def test_a_request_may_cost_more_than_ever_fits_and_is_made_once_the_key_has_rested(admin):
    with clock.fixed(date(2026, 11, 12)):
        key, _secret = issued(admin)
        assert api_keys.spend(key, 10_000) == timedelta(0)
        assert api_keys.spend(key, 10_000) == api_keys.BURST


def test_who_acts_through_a_key_is_named_by_it(admin):
    acting = Acting(12, "接口密钥“薪资系统”", "employer", 86, "汉江机械厂", through="key:abcdefgh")
    assert (acting.ref, acting.party_ref) == ("key:abcdefgh", "employer:86")
    assert acting.in_words == "汉江机械厂 接口密钥“薪资系统”"
