"""What stands at the entry: health, request numbers, logs without ID numbers, where the database is."""

import json
import logging
import subprocess
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import database, logs, request_ids

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_health_tells_about_database_jobs_and_policy(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    state = answer.json()
    assert state["database"]["ok"] is True
    assert state["jobs"] == {"ok": False, "workers": 0, "waiting": 0, "doing": 0, "failed": 0}
    assert "ok" in state["policy"]


@pytest.mark.django_db
def test_each_answer_has_a_number_of_ours(client):
    first = client.get("/healthz", headers={"X-Request-ID": "forged"}).headers["X-Request-ID"]
    second = client.get("/healthz").headers["X-Request-ID"]
    assert first != second and "forged" not in (first, second)


@pytest.mark.django_db
def test_pages_may_load_nothing_from_elsewhere(client):
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy and "data:" not in policy


def test_no_log_line_shows_an_id_number():
    record = logging.LogRecord(
        "shebao", logging.INFO, "", 0, "%s登录失败，%s", ("420102199003070037", "X"), None
    )
    token = request_ids.current.set("abc")
    try:
        assert logs.Numbered().filter(record)
    finally:
        request_ids.current.reset(token)
    line = logs.Masked("[%(request)s] %(message)s").format(record)
    assert line == "[abc] 4201**********0037登录失败，X"


def test_numbers_that_are_longer_than_an_id_number_stay():
    assert (
        logs.masked("42010020261122000017 and 4201021990030700371")
        == "42010020261122000017 and 4201021990030700371"
    )


def test_an_id_number_that_ends_with_x_is_masked_too():
    assert logs.masked("(42010219900307003X)") == "(4201**********003X)"


def test_database_url_names_a_server():
    read = database.from_url("postgresql://hall:p%40ss@db.example:5433/city?sslmode=verify-full")
    assert (read["HOST"], read["PORT"], read["NAME"]) == ("db.example", "5433", "city")
    assert (read["USER"], read["PASSWORD"]) == ("hall", "p@ss")
    assert read["OPTIONS"] == {"sslmode": "verify-full"}


@pytest.mark.parametrize("url", ["postgresql:///city?host=/run/pg&user=x", "postgresql://x@%2Frun%2Fpg/city"])
def test_database_url_may_name_a_socket(url):
    assert database.from_url(url)["HOST"] == "/run/pg"


def test_a_database_url_of_another_kind_is_refused_with_its_right_form():
    with pytest.raises(ImproperlyConfigured, match="postgresql://user:password@host:5432/name"):
        database.from_url("mysql://root@localhost/city")


def test_commands_print_json_and_nothing_else():
    done = subprocess.run(
        ["bin/shebao", "id-number", "check", "42010219900307003X"],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1)
    assert set(json.loads(done.stdout)) == {"valid", "problem", "birth_date", "sex"}
