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

from shebao.casework import rosters, waiting
from shebao.casework.models import Case, Upload
from shebao.foundation import clock
from tests.casework.conftest import again, clerk, loan, sheet, states


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
    patience = time.monotonic() + 60
    while not mark.exists():
        assert process.poll() is None and time.monotonic() < patience, "the worker never got there"
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()


def another_goes_on(worker):
    """As the timetable would have it a minute later."""
    past = clock.now() - timedelta(minutes=5)
    Upload.objects.update(created_at=past)
    Case.objects.exclude(submitted_at=None).update(submitted_at=past)
    assert waiting.wake() == 1
    process, _mark = worker()
    assert process.wait(timeout=60) == 0


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
