"""bin/demo starts everything, stops all it started, and doesn't mind having been killed."""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from shebao.foundation import postgres
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


def test_help_is_printed_without_setting_anything_up(tmp_path):
    for name in ("demo", "_demo.py", "_setup"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        shutil.copy2(ROOT / "bin" / name, tmp_path / "bin" / name)
    done = subprocess.run([tmp_path / "bin/demo", "--help"], capture_output=True, text=True, check=True)
    assert "--people" in done.stdout
    assert [one.name for one in tmp_path.iterdir()] == ["bin"]


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def demo(tmp_path, port):
    """Starts a hall without a city in a folder of its own, and waits until it says it is ready."""
    running = []
    left_out = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}

    def start():
        process = subprocess.Popen(
            ["bin/demo", "--port", str(port), "--no-demo-data"],
            cwd=ROOT,
            env={**kept, "SHEBAO_VAR": str(tmp_path / "var")},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        running.append(process)
        assert process.stdout.readline() == f"ready http://127.0.0.1:{port}\n"
        return process

    yield start
    for process in running:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=300)
    postgres.remove(tmp_path / "var/pg")


def health(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
        return json.load(answer)


def processes_of(folder):
    """All living processes that were started with this folder in their environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            about = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            if os.fsencode(folder / "var") in about:
                found.append((entry / "cmdline").read_text().replace("\0", " "))
    return found


def wait_until(true, seconds=300):
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)
    return true()


def test_a_hall_starts_survives_being_killed_and_leaves_nothing_running(demo, port, tmp_path):
    process = demo()
    assert health(port)["database"]["ok"]
    assert wait_until(lambda: health(port)["jobs"]["ok"])
    assert health(port)["policy"]["ok"]

    process.kill()
    process.communicate(timeout=300)
    process = demo()
    assert health(port)["database"]["ok"]

    process.send_signal(signal.SIGINT)
    process.communicate(timeout=300)
    with pytest.raises(urllib.error.URLError):
        health(port)
    assert wait_until(lambda: not processes_of(tmp_path)), processes_of(tmp_path)
    assert not postgres.running(tmp_path / "var/pg")
