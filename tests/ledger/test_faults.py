"""kill -9 in the middle of a receipts file leaves nothing half done, and going on finishes the work."""

import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger import accounts, receipts
from shebao.ledger.models import Allocation, Receipt, ReceiptFile, Slip
from tests.jobs import work
from tests.ledger.books import CLERK, Books, bank_file, broken

NOVEMBER = Month(2026, 11)


def killed(file, after: str) -> None:
    """Another process takes the file in on this test's database, and dies."""
    place = connection.settings_dict
    url = f"postgresql://{quote(place['USER'])}:{quote(place['PASSWORD'])}@/{place['NAME']}"
    url += f"?host={quote(place['HOST'], safe='')}&port={place['PORT']}"
    env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    env["SHEBAO_TODAY"] = "2026-11-22"
    command = [sys.executable, "-m", "tests.ledger.killed", str(file), after]
    assert subprocess.run(command, env=env, timeout=600, check=False).returncode == -signal.SIGKILL


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", ["stored", "enter", "allocate", "credit", "close_slips"])
def test_a_killed_intake_leaves_nothing_and_goes_on(tmp_path, after):
    with clock.fixed(date(2026, 11, 22)):
        books = Books()
        employer = books.city.employer()
        team = books.team(employer, 2, since=NOVEMBER)
        books.owed(team, employer, NOVEMBER)
        slip = books.slip(employer, NOVEMBER)
        data = bank_file(books.transfer(slip), ("unknown", "5.00", "2026-11-12", "B-unknown"))
        (tmp_path / "bank.csv").write_bytes(data)

        killed(tmp_path / "bank.csv", after)
        assert ReceiptFile.objects.get().state == "waiting"
        assert not Receipt.objects.exists() and not Allocation.objects.exists()
        assert Slip.objects.get().state == "open" and not broken()

        taken = receipts.take_in(data, "bank.csv", by=CLERK)
        assert (taken.again, taken.file.matched, taken.file.suspended) == (False, 1, 1)
        assert accounts.balances(team[0].id)["pension"] == 480
        assert ReceiptFile.objects.count() == 1 and not broken()


@pytest.mark.django_db
def test_a_file_whose_job_was_lost_is_taken_in_all_the_same(books):
    employer = books.city.employer()
    books.owed(books.team(employer, 1, since=NOVEMBER), employer, NOVEMBER)
    slip = books.slip(employer, NOVEMBER)
    file = receipts.hand_in(bank_file(books.transfer(slip)), "bank.csv", by=CLERK)
    ProcrastinateJob.objects.all()._raw_delete("default")
    assert receipts.resume() == 0, "a fresh file is not yet overdue"
    with clock.fixed(clock.now() + timedelta(minutes=5)):
        assert receipts.resume() == 1
        work()
        assert receipts.file(file.id).state == "done"
        assert receipts.resume() == 0


@pytest.mark.django_db
def test_handing_in_twice_wakes_one_worker(books):
    employer = books.city.employer()
    books.owed(books.team(employer, 1, since=NOVEMBER), employer, NOVEMBER)
    data = bank_file(books.transfer(books.slip(employer, NOVEMBER)))
    for _ in range(2):
        receipts.hand_in(data, "bank.csv", by=CLERK)
    assert work() == 1
    assert receipts.files()[0].matched == 1
    receipts.hand_in(data, "bank.csv", by=CLERK)
    assert work() == 0
