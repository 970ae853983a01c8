"""A workbook of hires: read, examined with all problems of all rows, submitted, and put into force by the machine.

    bin/bench roster [--json] [--rows N] [--many N] [--through]

The workbook is the service's own template, filled in. One row in twenty has something wrong: half of these can't be
read, the others are refused for what the archive knows. Each reading is a process of its own, as a worker's is, so that
its peak of memory is its own; that of the process that opens the file is added to it. The database is one of its own
(var/pg-bench-roster, removed afterwards), with the settings of the demo: fsync and synchronous_commit on.

With `--through` the 50,000 rows are submitted and put into force as well, by steps, as a worker does it: some minutes.

Limits: seconds (3,000 rows read and examined) < 10, extra_queries (3,000 rows against 30) = 0, peak_mb (50,000 rows) <
500, step_peak_mb (50,000 rows submitted and settled) < 500.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

LIMITS = {"seconds": 10, "extra_queries": 0, "peak_mb": 500}
FOLDER = Path(__file__).resolve().parents[1] / "var" / "pg-bench-roster"
SERVICE = "enrol-employees"
KNOWN_SHARE = 2  # every second hire is in the archive already


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--rows", type=int, default=3_000)
    arguments.add_argument("--many", type=int, default=50_000)
    arguments.add_argument("--through", action="store_true")
    arguments.add_argument("--read", type=int, help=argparse.SUPPRESS)
    arguments.add_argument("--settle", type=int, help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.read:
        print(json.dumps(read(asked.read)))
        return 0
    if asked.settle:
        import django

        django.setup()
        print(json.dumps(settle(asked.settle)))
        return 0
    start()
    try:
        figures = measure(asked.rows, asked.many, through=asked.through)
    finally:
        end()
    figures["limits"] = LIMITS
    kept = figures["seconds"] < LIMITS["seconds"] and figures["peak_mb"] < LIMITS["peak_mb"]
    figures["kept"] = kept = kept and figures["extra_queries"] == LIMITS["extra_queries"]
    if asked.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name:22} {value}")
    return 0 if kept else 1


def start() -> None:
    """A server and a database of the benchmark's own, made anew."""
    from shebao.foundation import postgres

    postgres.remove(FOLDER)
    os.environ["DATABASE_URL"] = postgres.hold(FOLDER)
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from shebao.policy import loading

    call_command("migrate", verbosity=0)
    loading.load(settings.POLICIES, synthetic=True, cited=lambda ids: {})


def end() -> None:
    from django.db import connection

    from shebao.foundation import postgres

    connection.close()
    postgres.remove(FOLDER)


def measure(rows: int, many: int, *, through: bool) -> dict:
    few, some, most = (upload(number) for number in (30, rows, many))
    first, second, third = (apart(one) for one in (few, some, most))
    figures = {
        "rows": rows,
        "seconds": second["seconds"],
        "cpu_s": second["cpu_s"],
        "rows_per_s": round(rows / second["seconds"]),
        "queries": second["queries"],
        "extra_queries": second["queries"] - first["queries"],
        "bad": second["bad"],
        "many": many,
        "many_seconds": third["seconds"],
        "many_cpu_s": third["cpu_s"],
        "peak_mb": third["peak_mb"],
    }
    figures |= settle(some)
    if through:
        figures |= {f"many_{name}": value for name, value in apart(most, "--settle").items()}
    return figures


def upload(rows: int) -> int:
    """An employer's case with a workbook of so many hires, handed in and not yet read."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from shebao.casework import cases, catalogue, rosters, sheets
    from shebao.identity.acting import Acting
    from tests.scenes import City

    city = City()
    employer, other = city.employer(grade="trusted"), city.employer()
    by = Acting(1, "张敏", "employer", employer.id, employer.name, frozenset({"filer"}), "420102", "trusted")
    service = catalogue.service(SERVICE)
    lines = ((hire, ()) for hire in hires(rows, other))
    content = sheets.workbook(service, lines, mark=sheets.mark_of(service))
    case = cases.start(SERVICE, by=by)
    return rosters.hand_in(case, SimpleUploadedFile("名单.xlsx", content), by=by).pk


def hires(rows: int, other) -> list[dict]:
    from decimal import Decimal

    from shebao.foundation import clock
    from shebao.registry import enrolments, people
    from tests.scenes import id_number

    area = f"4201{len(str(rows)):02d}"  # so that no two of the workbooks name the same people
    numbers = [id_number(born(n), n // 4_032, area) for n in range(rows)]
    names = ["李小明" if n % 2 else "王晓兰" for n in range(rows)]
    everybody = list(zip(numbers, names, strict=True))
    known = [people.Newcomer(number, name, "bench") for number, name in everybody[::KNOWN_SHARE]]
    ids = people.ensure(known)
    month = clock.this_month()
    elsewhere = [ids[number] for number in numbers[20::40] if number in ids]
    half_a_year_ago = month.plus(-6)
    enrolments.open_many(
        [
            enrolments.Opening(
                one, scheme, half_a_year_ago, other.id, declared_wage=Decimal("6000"), source="bench"
            )
            for one in elsewhere
            for scheme in other.schemes
        ]
    )
    return [
        {
            "id_number": number,
            "name": name,
            "hired_on": month.first_day.isoformat(),
            "wage": "伍仟" if n % 40 == 7 else "6500",
        }
        for n, (number, name) in enumerate(everybody)
    ]


def born(n: int) -> date:
    return date(1988 + n % 12, 1 + n // 12 % 12, 1 + n // 144 % 28)


def apart(upload_id: int, deed: str = "--read") -> dict:
    """Read an upload, or settle it, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.roster", deed, str(upload_id)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def read(upload_id: int) -> dict:
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from shebao.casework import rosters
    from shebao.casework.models import Upload

    Upload.objects.count()  # the connection is a worker's, kept
    with CaptureQueriesContext(connection) as queries:
        began, cpu = time.perf_counter(), time.process_time()
        rosters.take_in(upload_id)
        seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    found = Upload.objects.select_related("case").get(pk=upload_id)
    assert found.stage == Upload.Stage.DONE, found.faults
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "seconds": round(seconds, 2),
        "cpu_s": round(cpu_s + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, 2),
        "queries": len(queries),
        "bad": found.case.bad,
        "peak_mb": round(peak / 1024),
    }


def settle(upload_id: int) -> dict:
    """Submission of what was read, and its automatic review with the effect."""
    from shebao.casework import cases, review
    from shebao.casework.models import Case, Errand, Upload
    from shebao.identity.acting import Acting

    case = Upload.objects.select_related("case").get(pk=upload_id).case
    by = Acting(
        1, "张敏", "employer", case.party_id, case.party_name, frozenset({"filer"}), "420102", "trusted"
    )
    began = time.perf_counter()
    cases.submit(case, by=by)
    work_through(case, Errand.Deed.SUBMIT)
    submitted = time.perf_counter()
    review.automatically(case.pk)
    work_through(case, Errand.Deed.REVIEW)
    done = time.perf_counter()
    case = Case.objects.get(pk=case.pk)
    return {
        "submit_seconds": round(submitted - began, 2),
        "settle_seconds": round(done - submitted, 2),
        "step_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "state": case.state,
    }


def work_through(case, deed: str) -> None:
    """What was left to a worker, if anything, done here."""
    from shebao.casework import cases, errands, review

    errand = errands.under_way(case)
    if errand and errand.deed == deed:
        going = cases.go_on_submitting if deed == "submit" else review.go_on_deciding
        going(errand.pk)


if __name__ == "__main__":
    sys.exit(main())
