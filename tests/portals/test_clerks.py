"""经办人员: several clerks under one employer, each with rights of his own (ACC-10)."""

from datetime import date
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import get_resolver

from shebao.audit.models import AuditEvent
from shebao.foundation import clock
from shebao.identity import password_slips
from shebao.identity.acting import acting_as
from shebao.identity.models import Account
from shebao.registry import registrations
from tests import policies
from tests.identity import people
from tests.journeys.conftest import words
from tests.promises.test_routes import routes
from tests.scenes import City

pytestmark = pytest.mark.django_db
LAST = "本单位至少要有一位在用的单位管理员，请先把管理员权限交给别人"


@pytest.fixture(autouse=True)
def today():
    with clock.fixed(date(2026, 11, 12)):
        yield


@pytest.fixture
def employer(db):
    policies.load(synthetic=True)
    return City().employer("武汉江汇精密制造示例公司")


def account(employer, username, *roles, name="王芳"):
    return people.opened(
        username,
        "employer",
        employer_id=employer.id,
        party_name=employer.name,
        office_code=employer.office_id,
        grade="ordinary",
        display_name=name,
        roles=frozenset(roles),
    )


def signed_in(one) -> Client:
    client = Client()
    client.force_login(one)
    return client


@pytest.fixture
def boss(employer):
    return account(employer, "jianghui01", "admin", name="张敏")


def test_where_a_clerk_is_reached_is_put_right(employer, boss):
    client = signed_in(boss)
    clerk = account(employer, "jianghui02", "filer", name="李娜")
    url = f"/employer/clerks/{clerk.pk}/"
    told = words(client.post(url, {"deed": "reach", "mobile": "131", "email": "li.example.org"}))
    assert "手机号码应为1开头的11位数字" in told and "邮箱" in told
    client.post(url, {"deed": "reach", "mobile": "13100000009", "email": "li@example.org"})
    clerk.refresh_from_db()
    assert (clerk.mobile, clerk.email) == ("13100000009", "li@example.org")
    assert 'value="li@example.org"' in client.get(url).content.decode()
    assert AuditEvent.objects.filter(event="account.contacts-changed", about=clerk.ref).exists()


def test_a_new_clerk_gets_a_name_rights_and_a_password_slip(employer, boss, monkeypatch):
    monkeypatch.setattr(password_slips, "first_password", lambda: "Abc2-Def3-Ghi4")
    client = signed_in(boss)
    told = words(
        client.post(
            "/employer/clerks/", {"display_name": "李娜", "mobile": "", "roles": ["filer"]}, follow=True
        )
    )
    assert f"已开通 李娜 的账户 dw{employer.number}-2，请生成密码条交给本人" in told
    assert "生成密码条（PDF）" in told, "what comes next is on the page that follows"
    new = Account.objects.get(username=f"dw{employer.number}-2")
    assert (new.roles, new.has_usable_password(), new.grade) == (["filer"], False, "ordinary")
    slip = client.post(f"/employer/clerks/{new.pk}/slip/")
    assert slip["Content-Type"] == "application/pdf" and "no-store" in slip["Cache-Control"]
    assert quote(f"密码条-{new.slips.get().number}.pdf") in slip["Content-Disposition"]
    log_in = Client().post(
        "/login/employer/", {"username": new.username, "password": "Abc2-Def3-Ghi4"}, follow=True
    )
    assert "修改密码" in words(log_in)
    assert AuditEvent.objects.filter(event="account.password-slip-made", about=new.ref).count() == 1


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"display_name": "", "mobile": ""}, "还没有填写，请填写"),
        ({"display_name": "李娜1", "mobile": ""}, "姓名"),
        ({"display_name": "李娜", "mobile": "123"}, "手机"),
    ],
)
def test_what_is_wrong_with_a_new_clerk_is_said(employer, boss, written, told):
    answer = signed_in(boss).post("/employer/clerks/", written)
    assert answer.status_code == 422 and told in words(answer)
    assert Account.objects.count() == 1


def test_the_last_administrator_stays(employer, boss):
    other = account(employer, "jianghui02", "filer")
    client = signed_in(boss)
    for deed in ({"deed": "rights", "roles": ["filer"]}, {"deed": "stop"}):
        answer = client.post(f"/employer/clerks/{boss.pk}/", deed)
        assert answer.status_code == 422 and LAST in words(answer)
    boss.refresh_from_db()
    assert boss.is_active and boss.roles == ["admin"]
    client.post(f"/employer/clerks/{other.pk}/", {"deed": "rights", "roles": ["admin"]})
    assert client.post(f"/employer/clerks/{boss.pk}/", {"deed": "stop"}).status_code == 302


def test_rights_and_stops_count_from_the_next_click(employer, boss):
    clerk = account(employer, "jianghui02", "filer")
    theirs, ours = signed_in(clerk), signed_in(boss)
    assert theirs.get("/filing/enrol-employees/new/").status_code == 200
    ours.post(f"/employer/clerks/{clerk.pk}/", {"deed": "rights"})
    refused = theirs.get("/filing/enrol-employees/new/")
    assert refused.status_code == 403
    assert "您的账户没有办理这项业务的权限，请联系本单位管理员" in refused.content.decode()
    assert theirs.get("/employer/").status_code == 200
    ours.post(f"/employer/clerks/{clerk.pk}/", {"deed": "stop", "reason": "离职"})
    assert theirs.get("/employer/").status_code == 302
    answer = Client().post("/login/employer/", {"username": "jianghui02", "password": people.PASSWORD})
    assert "这个账户已停用，请联系本单位管理员，或到辖区社保处办理" in words(answer)
    ours.post(f"/employer/clerks/{clerk.pk}/", {"deed": "start"})
    clerk.refresh_from_db()
    assert clerk.is_active
    said = AuditEvent.objects.filter(about=clerk.ref).values_list("event", flat=True)
    assert {"account.rights-given", "account.suspended", "account.resumed"} <= set(said)


def test_clerks_of_others_do_not_exist(employer, boss):
    stranger = account(City().employer(), "qita01", "admin")
    client = signed_in(boss)
    assert client.get(f"/employer/clerks/{stranger.pk}/").status_code == 404
    assert client.post(f"/employer/clerks/{stranger.pk}/slip/").status_code == 404


def test_only_administrators_see_the_page(employer):
    client = signed_in(account(employer, "jianghui02", "filer", "payer"))
    assert client.get("/employer/clerks/").status_code == 403


def test_a_suspended_employer_is_out_at_once_and_told_why(employer, boss):
    client = signed_in(boss)
    officer = acting_as(people.officer(roles=frozenset({"registry"})))
    registrations.suspend(employer.id, reason="虚假登记", by=officer, source="desk")
    assert client.get("/employer/").status_code == 302
    answer = Client().post("/login/employer/", {"username": "jianghui01", "password": people.PASSWORD})
    told = "本单位的网上办理已停用，原因：虚假登记。请带营业执照到辖区社保处办理"
    assert told in words(answer)
    wrong = Client().post("/login/employer/", {"username": "jianghui01", "password": "wrong"})
    assert "停用" not in words(wrong)


LOOKS_ONLY = {
    "employer:export-new",  # makes a file of what he may see
    "change-password",
    "accept-terms",
    "stay",
}


def test_who_has_no_rights_can_do_nothing_on_any_page(employer):
    """Every page of employers and of filing that takes a deed asks for the right to it."""
    client = signed_in(account(employer, "jianghui02"))
    allowed = []
    for path, entry in routes(get_resolver()):
        view = entry.callback
        if "employer" not in getattr(view, "acting_for", ()) or not path.startswith(("employer/", "filing/")):
            continue
        url = "/" + _filled(path)
        answer = client.post(url, {"month": "2026-11"})
        if answer.status_code not in (404, 405, 403) and f"employer:{entry.name}" not in LOOKS_ONLY:
            allowed.append((url, answer.status_code))
    # Pages that only show something answer a POST as they answer a GET.
    doing = [url for url, status in allowed if client.get(url).status_code in (405,) or status == 302]
    assert not doing


def _filled(path: str) -> str:
    import re

    values = {"month": "2026-11", "service": "enrol-employees", "form": "increase"}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], "1"), path)
