"""Takes a receipts file in, and is killed on the way: `python -m tests.ledger.killed FILE STATEMENT`.

STATEMENT is the name of the query right after which this process kills itself as kill -9 would; "stored" kills it
between keeping the file and taking it in.
"""

import os
import signal
import sys
from pathlib import Path

import django

django.setup()

from shebao.foundation import sql  # noqa: E402
from shebao.ledger import receipts  # noqa: E402


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying_after(name: str):
    wanted = receipts._SQL[name]
    run = sql.run

    def run_and_die(statement, params=None):
        cursor = run(statement, params)
        if statement.endswith(wanted):
            die()
        return cursor

    return run_and_die


if __name__ == "__main__":
    file, after = Path(sys.argv[1]), sys.argv[2]
    if after == "stored":
        receipts.settle = lambda *args, **more: die()
    else:
        sql.run = dying_after(after)
    receipts.take_in(file.read_bytes(), file.name, by="system:test")
