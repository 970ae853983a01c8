"""What a key opens over HTTP: its rights, its time, its pace, its employer's standing; and what is told otherwise."""

from datetime import date, timedelta

import pytest

from shebao.foundation import clock
from shebao.identity import api_keys
from shebao.identity.models import ApiKey
from shebao.registry.models import Employer
from tests.api.conftest import hire, system_of

pytestmark = pytest.mark.django_db


def refused(answer):
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic eDp5"},
        {"Authorization": "Bearer shebao_abcdefgh_" + "x" * 43},
    ],
)
def test_without_a_key_nothing_opens_and_a_session_is_none(client, headers, hall):
    answer = client.get("/api/v1/me", headers=headers)
    assert refused(answer) == (401, "no-key")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_key_opens_nothing_from_the_next_request_on(ordinary):
    assert ordinary.get("/me").status_code == 200
    key = ordinary.key
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=clock.now())
    assert refused(ordinary.get("/me")) == (401, "key-revoked")


def test_an_expired_key_says_so(ordinary):
    with clock.fixed(date(2027, 3, 1)):
        assert refused(ordinary.get("/me")) == (401, "key-expired")


def test_a_key_does_what_it_may_and_no_more(hall):
    employer = hall.city.employer()
    reader = system_of(employer, scopes=("read",), name="报表")
    filer = system_of(employer, scopes=("file",), name="人事")
    assert reader.get("/roster").status_code == 200
    assert refused(reader.file([hire(hall)])) == (403, "scope-missing")
    assert refused(reader.post("/slips", {"until": "2026-10"})) == (403, "scope-missing")
    assert filer.file([hire(hall)]).status_code == 202
    assert refused(filer.get("/roster")) == (403, "scope-missing")
    detail = reader.file([hire(hall)]).json()["detail"]
    assert detail == "这个密钥没有“申报业务”（file）权限；请单位管理员在“接口密钥”页签发一个有这项权限的密钥"


@pytest.mark.parametrize("state", ["suspended", "closed"])
def test_the_key_of_a_suspended_employer_is_refused(ordinary, state):
    Employer.objects.filter(pk=ordinary.employer.id).update(state=state)
    assert refused(ordinary.get("/me")) == (403, "employer-suspended")


def test_a_key_in_a_hurry_is_told_when_to_come_again(ordinary, hall):
    ApiKey.objects.update(spent_until=clock.instant() + api_keys.BURST)
    answer = ordinary.get("/me")
    assert refused(answer) == (429, "too-many-requests") and int(answer["Retry-After"]) >= 1
    assert f"请等 {answer['Retry-After']} 秒再试" in answer.json()["detail"]
    with clock.fixed(clock.instant() + timedelta(minutes=1)):
        assert ordinary.get("/me").status_code == 200


def test_many_rows_count_as_more_requests(ordinary, hall):
    ApiKey.objects.update(spent_until=clock.instant())
    before = ApiKey.objects.get().spent_until
    ordinary.post("/services/enrol-employees/check", {"rows": [hire(hall) for _each in range(300)]})
    assert ApiKey.objects.get().spent_until - before == 4 * api_keys.PER_REQUEST


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("get", "/api/v1/nowhere", (404, "not-found")),
        ("get", "/api/v1/", (404, "not-found")),
        ("get", "/api/v1/cases/", (404, "not-found")),
        ("delete", "/api/v1/cases", (405, "method-not-allowed")),
        ("put", "/api/v1/services/enrol-employees/cases", (405, "method-not-allowed")),
        ("get", "/api/v1/cases?colour=red", (422, "invalid")),
        ("get", "/api/v1/cases?limit=0", (422, "invalid")),
        ("get", "/api/v1/cases?limit=ten", (422, "invalid")),
        ("get", "/api/v1/cases?after=99999999999999999999", (422, "invalid")),
        ("get", "/api/v1/cases?status=done", (422, "invalid")),
        ("get", "/api/v1/cases/%00", (404, "not-found")),
        ("get", "/api/v1/slips/%00", (404, "not-found")),
        ("get", "/api/v1/services/%00", (404, "not-found")),
        ("get", "/api/v1/roster?search=%00", (422, "invalid")),
        ("get", "/api/v1/bills/2026-13", (422, "invalid")),
    ],
)
def test_every_refusal_is_a_problem(ordinary, method, path, told):
    answer = ordinary.client.generic(method.upper(), path, headers=ordinary.headers)
    assert refused(answer) == told
    if told[0] == 405:
        assert answer["Allow"]


def test_what_is_wrong_with_parameters_is_said_in_the_readers_language_all_at_once(ordinary):
    answer = ordinary.get("/cases", limit=0, after="x", status="done", colour="red")
    assert [one["parameter"] for one in answer.json()["errors"]] == ["status", "after", "limit", "colour"]
    assert answer.json()["errors"][2]["sentence"] == "不能小于 1"


def test_nothing_is_kept_by_a_cache(ordinary):
    for answer in (ordinary.get("/me"), ordinary.get("/nowhere")):
        assert "no-store" in answer["Cache-Control"]


def test_a_fault_of_ours_is_a_problem_with_the_requests_number(ordinary, monkeypatch):
    from shebao.api.v1 import books

    monkeypatch.setattr(books.employers, "party", lambda _id: 1 / 0)
    answer = ordinary.get("/me")
    assert refused(answer) == (500, "broken")
    assert answer.json()["instance"] == f"request:{answer['X-Request-ID']}"
