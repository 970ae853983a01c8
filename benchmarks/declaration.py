"""A yearly wage declaration: the prefilled template written, the workbook read and checked with all problems, settled.

    bin/bench declaration [--json] [--rows N] [--settle N]

The employer has N people on file (50,000), each in all its schemes. The template is written as its page does it; what
comes back is that template with wages corrected: one row in twenty has something wrong (a wage that is no number, a
name that was altered, somebody added). Writing and reading are each a process of its own, so that peaks of memory are
their own. The peer reads the same workbook with openpyxl, cell by cell, and checks nothing. The declaration of
`--settle` people (5,000) is then submitted and approved, with ten months of the year assessed before, so that lines
of difference are posted. The database is one of its own (var/pg-bench-declaration), with the settings of the demo.

Limits: seconds (N rows read and examined) < 30, template_peak_mb < 300, peak_mb < 500.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

LIMITS = {"seconds": 30, "template_peak_mb": 300, "peak_mb": 500}
FOLDER = Path(__file__).resolve().parents[1] / "var" / "pg-bench-declaration"
SERVICE = "declare-wages"
TODAY = "2026-11-12"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--rows", type=int, default=50_000)
    arguments.add_argument("--settle", type=int, default=5_000)
    arguments.add_argument("--apart", nargs=2, help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.apart:
        import django

        django.setup()
        deed, given = asked.apart
        print(json.dumps({"template": template, "read": read, "peer": peer}[deed](given)))
        return 0
    os.environ["SHEBAO_TODAY"] = TODAY
    start()
    try:
        figures = measure(asked.rows, asked.settle)
    finally:
        end()
    figures["limits"] = LIMITS
    figures["kept"] = all(figures[name] < limit for name, limit in LIMITS.items())
    if asked.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name:22} {value}")
    return 0 if figures["kept"] else 1


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


def measure(rows: int, settled: int) -> dict:
    from django.db import connection

    large, small = employer(rows, "420101"), employer(settled, "420102")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with tempfile.TemporaryDirectory() as folder:
        written = apart("template", f"{large}:{folder}/template.xlsx")
        corrected = f"{folder}/corrected.xlsx"
        correct(f"{folder}/template.xlsx", corrected)
        upload = handed_in(large, corrected)
        found = apart("read", str(upload))
        other = apart("peer", corrected)
        figures = {
            "rows": rows,
            "template_seconds": written["seconds"],
            "template_peak_mb": written["peak_mb"],
            "template_bytes": written["bytes"],
            **found,
            "rows_per_s": round(rows / found["seconds"]),
            "of_limit": round(found["seconds"] / LIMITS["seconds"], 3),
            "peer_seconds": other["seconds"],
            "of_peer": round(found["seconds"] / other["seconds"], 2),
        }
        apart("template", f"{small}:{folder}/small.xlsx")
        return figures | settle(small, f"{folder}/small.xlsx", settled)


def employer(people_here: int, area: str) -> int:
    """An employer with so many people since 2024, in all its schemes."""
    from decimal import Decimal

    from benchmarks.roster import born
    from shebao.foundation.months import Month
    from shebao.registry import enrolments, people
    from tests.scenes import City, id_number

    made = City().employer()
    numbers = [id_number(born(n), n // 4_032, area) for n in range(people_here)]
    for at in range(0, people_here, 10_000):
        part = numbers[at : at + 10_000]
        ids = people.ensure([people.Newcomer(number, "李小明", "bench") for number in part])
        enrolments.open_many(
            [
                enrolments.Opening(
                    one, scheme, Month(2024, 5), made.id, declared_wage=Decimal("6000"), source="bench"
                )
                for one in ids.values()
                for scheme in made.schemes
            ]
        )
    return made.id


def clerk(employer_id: int):
    from shebao.identity.acting import Acting

    return Acting(1, "张敏", "employer", employer_id, "示例公司", frozenset({"filer"}), "420102", "trusted")


def template(given: str) -> dict:
    """The template as its page writes it, in a process of its own."""
    from shebao.casework import cases, catalogue, prefilled, sheets

    employer_id, path = given.split(":", 1)
    service = catalogue.service(SERVICE)
    began = time.perf_counter()
    content = sheets.template(service, prefilled.written(cases.blank(service, by=clerk(int(employer_id)))))
    seconds = time.perf_counter() - began
    Path(path).write_bytes(content)
    return {"seconds": round(seconds, 2), "peak_mb": peak(), "bytes": len(content)}


def correct(path: str, corrected: str) -> None:
    """The template as it comes back: wages corrected, and one row in twenty with something wrong."""
    from openpyxl import load_workbook
    from openpyxl.workbook import Workbook

    from tests.scenes import id_number

    given, made = load_workbook(path, read_only=True), Workbook(write_only=True)
    for sheet in given.worksheets:
        copy = made.create_sheet(sheet.title)
        for number, line in enumerate(sheet.iter_rows(values_only=True), -1):
            cells = list(line)
            if sheet.title == "名单" and number >= 0:
                cells[3] = str(5_500 + number % 4_000)
                if number % 60 == 7:
                    cells[3] = "七千"
                elif number % 60 == 27:
                    cells[1] = "李大明"
                elif number % 60 == 47:
                    cells[0] = id_number(date(1970, 1, 1 + number % 28), number // 60 % 999, "420199")
            copy.append(cells)
    made.save(corrected)


def handed_in(employer_id: int, path: str) -> int:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from shebao.casework import cases, rosters

    by = clerk(employer_id)
    case = cases.start(SERVICE, by=by)
    return rosters.hand_in(case, SimpleUploadedFile("申报表.xlsx", Path(path).read_bytes()), by=by).pk


def apart(deed: str, given: str) -> dict:
    command = [sys.executable, "-m", "benchmarks.declaration", "--apart", deed, given]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def read(upload_id: str) -> dict:
    """The workbook as a worker takes it in."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from shebao.casework import rosters
    from shebao.casework.models import Upload

    Upload.objects.count()  # the connection is a worker's, kept
    with CaptureQueriesContext(connection) as queries:
        began, cpu = time.perf_counter(), time.process_time()
        rosters.take_in(int(upload_id))
        seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    found = Upload.objects.select_related("case").get(pk=upload_id)
    assert found.stage == Upload.Stage.DONE, found.faults
    return {
        "seconds": round(seconds, 2),
        "cpu_s": round(cpu_s + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, 2),
        "queries": len(queries),
        "bad": found.case.bad,
        "peak_mb": peak(),
    }


def peer(path: str) -> dict:
    """The same workbook, read with openpyxl and nothing checked."""
    from openpyxl import load_workbook

    began = time.perf_counter()
    lines = sum(1 for _line in load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True))
    return {"seconds": round(time.perf_counter() - began, 2), "lines": lines}


def peak() -> int:
    return round(
        sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        / 1024
    )


def settle(employer_id: int, path: str, rows: int) -> dict:
    """Submission and approval of a declaration, with the months of the year assessed before."""
    from shebao.assessment import runs
    from shebao.casework import cases, rosters
    from shebao.casework.models import Case, Upload
    from shebao.foundation.months import Month
    from shebao.ledger.models import Due
    from shebao.registry.models import Enrolment
    from tests.jobs import work

    ids = list(
        Enrolment.objects.filter(payer_id=employer_id, scheme="pension").values_list("person_id", flat=True)
    )
    runs.assess(ids, list(Month.range(Month(2026, 1), Month(2026, 10))), source="bench")
    correct_all = path.replace("small", "declared")
    _raise_wages(path, correct_all)
    upload = handed_in(employer_id, correct_all)
    rosters.take_in(upload)
    case = Upload.objects.select_related("case").get(pk=upload).case
    began = time.perf_counter()
    cases.submit(case, by=clerk(employer_id))
    answered = time.perf_counter()
    work()  # as a worker does: step by step, submission and then the machine's decision
    done = time.perf_counter()
    case = Case.objects.get(pk=case.pk)
    return {
        "settled_rows": rows,
        "answer_seconds": round(answered - began, 2),
        "settle_seconds": round(done - began, 2),
        "difference_lines": Due.objects.filter(payer_id=employer_id, line__gt=1).count(),
        "state": case.state,
    }


def _raise_wages(path: str, raised: str) -> None:
    from openpyxl import load_workbook

    book = load_workbook(path)
    for line in book["名单"].iter_rows(min_row=2):
        line[3].value = "7200"
    book.save(raised)


if __name__ == "__main__":
    sys.exit(main())
