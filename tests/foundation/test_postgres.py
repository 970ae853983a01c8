"""The embedded server is unharmed by whatever happens to it or to its owner."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from shebao.foundation import postgres


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "pg"
    yield folder
    postgres.remove(folder)


def put(folder, value):
    with psycopg.connect(postgres.url(folder)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def kept(folder):
    with psycopg.connect(postgres.url(folder)) as connection:
        return [value for (value,) in connection.execute("SELECT value FROM kept ORDER BY 1")]


def kill_server(folder):
    pid = int((postgres.place(folder) / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    while postgres.running(folder):  # the kernel takes a moment
        time.sleep(0.01)


def test_it_starts_from_nothing_and_asking_again_changes_nothing(folder):
    first = postgres.ensure(folder)
    put(folder, "甲")
    assert postgres.ensure(folder) == first
    assert kept(folder) == ["甲"]


def test_what_was_committed_survives_a_killed_server(folder):
    postgres.ensure(folder)
    put(folder, "甲")
    kill_server(folder)
    postgres.ensure(folder)
    put(folder, "乙")
    assert kept(folder) == ["乙", "甲"]


def test_a_stale_number_that_now_belongs_to_a_stranger_does_not_hinder_it(folder):
    postgres.ensure(folder)
    kill_server(folder)
    pid_file = postgres.place(folder) / "postmaster.pid"
    pid_file.write_text("\n".join([str(os.getpid()), *pid_file.read_text().split("\n")[1:]]))
    assert not postgres.running(folder)
    postgres.ensure(folder)
    assert postgres.running(folder)


def test_a_set_up_that_was_killed_half_way_is_begun_again(folder):
    data = postgres.place(folder)
    half = data.with_name(data.name + ".new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    postgres.ensure(folder)
    assert postgres.running(folder)


def holder(folder):
    """Another process that holds the server until its standard input closes."""
    program = (
        "import sys; from pathlib import Path; from shebao.foundation import postgres\n"
        "postgres.hold(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    return process


def end(process):
    process.communicate(timeout=300)


def test_the_last_holder_to_leave_stops_it(folder):
    first, second = holder(folder), holder(folder)
    end(first)
    assert postgres.running(folder)
    end(second)
    assert not postgres.running(folder)


def test_a_killed_holder_is_no_holder_any_more(folder):
    first, second = holder(folder), holder(folder)
    first.kill()
    end(first)
    end(second)
    assert not postgres.running(folder)


def test_a_path_too_long_for_a_socket_is_no_hindrance(tmp_path):
    folder = tmp_path / ("long" * 25) / "pg"
    try:
        with psycopg.connect(postgres.ensure(folder)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert postgres.socket_folder(folder).stat().st_mode & 0o077 == 0
    finally:
        postgres.remove(folder)
