"""A worker of the library, in a process of its own, for tests that kill it: `python -m tests.casework.worker`.

With SLOW set it takes its time at the point that is named, so that it can be killed there; the file named by
MARK says that it got there.
"""

import os
import time
from dataclasses import replace
from pathlib import Path

import django

django.setup()

from procrastinate.contrib.django import app  # noqa: E402

from shebao.casework import catalogue, errands, rosters  # noqa: E402
from tests.casework import library  # noqa: E402


def lend_slowly(loans, case):
    library.lend(loans, case)
    here()


def here():
    Path(os.environ["MARK"]).touch()
    time.sleep(600)


if __name__ == "__main__":
    slow = os.environ.get("SLOW", "")
    borrow = replace(library.BORROW, effect=lend_slowly) if slow == "effect" else library.BORROW
    catalogue.declare([borrow])
    if slow == "reading":
        write, written = rosters._write, []

        def write_slowly(*args, **marked):
            write(*args, **marked)
            written.append(1)
            if len(written) == 3:
                here()

        rosters._write = write_slowly
    errands.STEP = int(os.environ.get("STEP", errands.STEP))
    if slow == "step":
        hold, steps = errands._hold, []

        def hold_slowly(errand):
            case = hold(errand)
            steps.append(1)
            if len(steps) == 2:  # the first one stands; the second is begun
                here()
            return case

        errands._hold = hold_slowly
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(queues=["casework"], wait=bool(slow), install_signal_handlers=False)
