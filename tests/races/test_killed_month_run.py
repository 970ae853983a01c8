"""kill -9 in the middle of a month run: nothing is half done, and running again finishes it."""

import os
import signal
import subprocess
import sys
import time
from datetime import date

import pytest
from django.conf import settings
from django.db import connection, transaction

from shebao.assessment import runs
from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger import invariants
from shebao.ledger.models import Bill, Due, Run
from shebao.policy import loading
from tests.scenes import City

PROGRAM = """
import django; django.setup()
from django.db import connection
connection.settings_dict["NAME"] = {name!r}
from shebao.assessment import runs
from shebao.foundation.months import Month
runs.run_month(Month(2026, 11), by="system:victim")
"""


def waiting_for_the_bills() -> bool:
    """Whether some other connection has written its dues and now waits for the bills."""
    with sql.run(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'ledger_bill'::regclass"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    ) as cursor:
        return cursor.fetchone()[0] > 0


def until(true, seconds=300):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_killed_run_leaves_nothing_and_the_next_one_does_it_all():
    loading.load(settings.POLICIES, cited=lambda ids: {})
    city = City()
    employer = city.employer()
    for _ in range(10):
        city.works(city.person(), employer, since=Month(2026, 1))
    with transaction.atomic():
        sql.run("LOCK TABLE ledger_bill IN SHARE MODE").close()  # the run may write its dues, but no bill
        victim = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.format(name=connection.settings_dict["NAME"])],
            env={**os.environ, "SHEBAO_TODAY": "2026-11-23"},
            cwd=settings.ROOT,
        )
        try:
            until(waiting_for_the_bills)
        finally:
            victim.send_signal(signal.SIGKILL)
            victim.wait()
    assert not Due.objects.exists()
    assert not Bill.objects.exists()

    def done():
        try:
            with clock.fixed(date(2026, 11, 23)):
                return runs.run_month(Month(2026, 11), by="system:timetable").lines == 50
        except Unsettled:  # the server has not yet noticed that the other one is gone
            return False

    until(done)
    assert Due.objects.count() == 50
    assert Run.objects.get(source="system:victim").state == Run.State.STOPPED
    assert not [one.invariant.name for one in invariants.broken()]
