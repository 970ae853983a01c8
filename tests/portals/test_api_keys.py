"""An employer's administrator issues a key, sees it once, and revokes it; nobody else gets near."""

import re
from html import unescape

import pytest

from shebao.identity import api_keys
from shebao.identity.models import ApiKey
from tests.identity import people

pytestmark = pytest.mark.django_db
PAGE = "/employer/api/"
NEW = {"name": "薪资系统", "scopes": ["read", "file"], "days": "90"}


@pytest.fixture
def admin(client):
    client.force_login(people.clerk(roles=frozenset({"admin"})))
    return client


def words(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_a_key_is_issued_shown_once_and_works(admin):
    assert "还没有签发过密钥" in words(admin.get(PAGE))
    answer = admin.post(PAGE, NEW)
    (secret,) = re.findall(r"shebao_[a-z0-9]{8}_[\w-]{43}", answer.content.decode())
    assert "只显示这一次" in words(answer) and "no-store" in answer["Cache-Control"]
    key = api_keys.known(secret)
    assert (key.name, key.scopes, key.employer_id, key.issued_by_name) == (
        "薪资系统", ["read", "file"], 86, "王芳",
    )  # fmt: skip
    again = admin.get(PAGE)
    assert secret not in again.content.decode() and f"shebao_{key.prefix}_…" in words(again)
    assert "在用" in words(again) and "没有用过" in words(again)


def test_what_is_wrong_with_a_new_key_is_said_beside_its_fields(admin):
    answer = admin.post(PAGE, {"name": "", "days": "9999"})
    assert answer.status_code == 422 and not ApiKey.objects.exists()
    for sentence in ("请写这个密钥给哪个系统用", "请至少选择一项权限"):
        assert words(answer).count(sentence) >= 2, "above the form and beside the field"
    admin.post(PAGE, NEW)
    assert "已有一个同名的密钥在用" in words(admin.post(PAGE, NEW))
    assert ApiKey.objects.count() == 1


def test_a_key_is_revoked_after_one_more_question(admin):
    admin.post(PAGE, NEW)
    key = ApiKey.objects.get()
    where = f"{PAGE}{key.prefix}/revoke/"
    assert "确定吊销" in words(admin.get(where)) and not api_keys.why_not(api_keys.again(key.pk))
    answer = admin.post(where, follow=True)
    assert "立即失效" in words(answer) and "已吊销" in words(answer)
    assert api_keys.why_not(api_keys.again(key.pk)) == "revoked"


def test_the_account_page_leads_there_for_administrators_alone(admin, client):
    assert PAGE in admin.get("/account/").content.decode()


@pytest.mark.parametrize("roles", [{"filer"}, {"payer"}, {"filer", "payer"}])
def test_to_other_clerks_the_page_does_not_open(client, roles):
    client.force_login(people.clerk(roles=frozenset(roles)))
    assert client.get(PAGE).status_code == client.post(PAGE, NEW).status_code == 403
    assert PAGE not in client.get("/account/").content.decode()


def test_another_employers_key_does_not_exist(admin, client):
    admin.post(PAGE, NEW)
    prefix = ApiKey.objects.get().prefix
    client.force_login(people.opened("other01", "employer", employer_id=87, roles=frozenset({"admin"})))
    assert client.get(f"{PAGE}{prefix}/revoke/").status_code == 404
    assert client.post(f"{PAGE}{prefix}/revoke/").status_code == 404
    assert prefix not in words(client.get(PAGE))
    assert not api_keys.why_not(ApiKey.objects.get())
