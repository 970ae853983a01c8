"""kill -9 in the middle of a roster or a review leaves nothing half done, and going on finishes the work."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection

from shebao.casework import cases, errands, review, rosters, waiting
from shebao.casework.models import Case, Errand, Upload
from shebao.foundation import clock
from tests.casework.conftest import again, clerk, loan, officer, sheet, states


@pytest.fixture
def worker(tmp_path):
    """Start a worker on this test's database; it ends with the test."""
    place = connection.settings_dict
    url = f"postgresql://{quote(place['USER'])}:{quote(place['PASSWORD'])}@/{place['NAME']}"
    url += f"?host={quote(place['HOST'], safe='')}&port={place['PORT']}"
    started = []

    def start(slow=""):
        mark = tmp_path / f"mark{len(started)}"
        env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        env |= {"SLOW": slow, "MARK": str(mark)}
        process = subprocess.Popen([sys.executable, "-m", "tests.casework.worker"], env=env)
        started.append(process)
        return process, mark

    yield start
    for process in started:
        process.kill()
        process.wait()


def killed_at(worker, slow):
    process, mark = worker(slow)
    patience = time.monotonic() + 300
    while not mark.exists():
        assert process.poll() is None and time.monotonic() < patience, "the worker never got there"
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()


def another_goes_on(worker):
    """As the timetable would have it a minute later."""
    past = clock.now() - timedelta(minutes=5)
    Upload.objects.update(created_at=past)
    Errand.objects.update(touched_at=past)
    Case.objects.exclude(submitted_at=None).update(submitted_at=past)
    assert waiting.wake() == 1
    process, _mark = worker()
    assert process.wait(timeout=300) == 0


def test_a_reader_killed_in_the_middle_of_a_roster(here_committed, worker):
    case = here_committed.started()
    upload = rosters.hand_in(case, sheet([loan(n) for n in range(1, 301)]), by=here_committed.by)
    killed_at(worker, "reading")
    upload.refresh_from_db()
    assert (upload.stage, upload.lines_read, case.rows.count()) == ("reading", 90, 90)
    another_goes_on(worker)
    upload.refresh_from_db()
    assert upload.stage == "done"
    assert list(case.rows.order_by("line").values_list("line", flat=True)) == list(range(2, 302))
    assert again(case).good == 300


def test_a_reviewer_killed_in_the_middle_of_the_effect(here_committed, worker):
    case = here_committed.submitted(loan(1), loan(2), by=clerk(grade="trusted"))
    killed_at(worker, "effect")
    assert (states(case), again(case).state, here_committed.loans()) == (
        ["进行中", "进行中"],
        "submitted",
        {},
    )
    another_goes_on(worker)
    assert (states(case), again(case).state) == (["结束", "结束"], "approved")
    assert len(here_committed.loans()) == 2


@pytest.fixture
def ten_are_many(monkeypatch):
    """For this process; a worker that is started reads the same from its environment."""
    monkeypatch.setattr(errands, "MANY", 9)
    monkeypatch.setattr(errands, "STEP", 4)
    monkeypatch.setenv("STEP", "4")


def test_a_worker_killed_in_the_middle_of_a_submission(here_committed, worker, ten_are_many):
    case = here_committed.saved(*(loan(n) for n in range(1, 13)))
    cases.submit(case, by=here_committed.by)
    killed_at(worker, "step")
    errand = Errand.objects.get()
    assert (errand.done, errand.finished_at, again(case).state) == (4, None, "draft")
    another_goes_on(worker)
    assert (again(case).state, states(case)) == ("submitted", ["进行中"] * 12)
    assert [move.after for move in case.moves.all()] == ["draft", "submitted"]


def test_a_worker_killed_in_the_middle_of_a_decision(here_committed, worker, ten_are_many):
    case = here_committed.saved(*(loan(n) for n in range(1, 13)))
    cases.submit(case, by=here_committed.by)
    cases.go_on_submitting(Errand.objects.get().pk)
    assert review.decide_all(again(case), review.APPROVE, by=officer()) is None
    killed_at(worker, "step")
    assert (states(case).count("结束"), again(case).state) == (4, "submitted")
    another_goes_on(worker)
    assert (again(case).state, states(case), len(here_committed.loans())) == ("approved", ["结束"] * 12, 12)
    last = case.moves.last()
    assert (last.after, last.outcome["approved"]) == ("approved", 12)
