"""One month for 100,000 employees in all schemes: assessed and stored, against a bare COPY of the same bytes.

    bin/bench month [--json] [--people N] [--repetitions N]

Both sides write, in one run and on one server, into tables of the same shape with the same indexes and already holding
the same months of the year. Each repetition is a further month of that year, and the sides take turns in being first.
What is timed is the whole run, as `bin/books month` makes it (assess, store, bill, add up, check, audit, commit), and
COPY with its commit.

Limits: ratio_to_copy ≤ 2.5, rerun_rows = 0, preview_ms (processor time of the server) < 10. The database is one of
its own (var/pg-bench, removed afterwards), with the settings of the demo: fsync and synchronous_commit on.
"""

import argparse
import json
import os
import statistics
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

YEAR, CITY = 2026, "420100"
LIMITS = {"ratio_to_copy": 2.5, "rerun_rows": 0, "preview_ms": 10}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--people", type=int, default=100_000)
    arguments.add_argument("--repetitions", type=int, default=7)
    asked = arguments.parse_args()
    start()
    try:
        make_city(asked.people)
        preview = preview_times()
        figures = measure(asked.people, min(asked.repetitions, 11))
        figures |= {**preview, "limits": LIMITS}
    finally:
        end()
    kept = all(figures[name] <= limit for name, limit in LIMITS.items())
    figures["kept"] = kept
    if asked.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name:18} {value}")
    return 0 if kept else 1


FOLDER = Path(__file__).resolve().parents[1] / "var" / "pg-bench"


def start() -> None:
    """A server and a database of the benchmark's own, made anew."""
    from shebao.foundation import postgres

    postgres.remove(FOLDER)
    os.environ["DATABASE_URL"] = postgres.hold(FOLDER)
    import django

    django.setup()


def end() -> None:
    from django.db import connection

    from shebao.foundation import postgres

    connection.close()
    postgres.remove(FOLDER)


def make_city(people: int) -> None:
    """Employers, people and their enrolments; nothing is posted. Made anew when there is another number of people."""
    from django.conf import settings
    from django.core.management import call_command

    from shebao.ledger import dues
    from shebao.policy import loading

    call_command("migrate", verbosity=0, interactive=False)
    loading.load(settings.POLICIES, synthetic=True, cited=dues.citations)
    say(f"making {people:,} people")
    for statement in CITY_SQL.split(";"):
        run(statement, {"people": people})
    run("CHECKPOINT")
    for table in (
        "registry_enrolment",
        "registry_employer",
        "registry_injuryclass",
        "policy_terms",
        "ledger_due",
    ):
        run(f"VACUUM ANALYZE {table}")


# 50 people an employer; one in four had another wage until last year, so that the archive holds closed periods too.
CITY_SQL = """
TRUNCATE registry_enrolment, registry_injuryclass, ledger_due, ledger_bill, ledger_run, registry_card;
DELETE FROM registry_employer;
DELETE FROM registry_person;
INSERT INTO registry_office (code, name, address, hours) VALUES ('420102', 'bench', '', '') ON CONFLICT DO NOTHING;
INSERT INTO registry_employer (id, number, uscc, name, office_id, grade, state, schemes, contact_name, contact_phone,
                               email, address, founded_on, registered_on, source)
SELECT 100000000 + n, n::text, n::text, 'employer ' || n, '420102', 'ordinary', 'active',
       '{pension,medical,large_medical,injury,unemployment}', '', '', '', '', '2010-01-01', '2010-01-01', 'bench'
  FROM generate_series(0, %(people)s / 50) n;
INSERT INTO registry_injuryclass (employer_id, starts, injury_class)
SELECT id, '2010-01-01', 1 + id %% 8 FROM registry_employer;
INSERT INTO registry_person (id, id_number, personal_number, name, sex, birth_date, mobile, email, address, bank_tail,
                             photo, special_group, source, created_at)
SELECT n, n::text, n::text, 'person', 'M', '1990-01-01', '', '', '', '', '', '', 'bench', now()
  FROM generate_series(1, %(people)s) n;
INSERT INTO registry_enrolment (person_id, scheme, starts, version, ends, payer_id, kind, declared_wage, opened_late,
                                reason, source, closed_source, reversed_by)
SELECT p.n, s.scheme, w.starts, 1, w.ends, 100000000 + p.n / 50, 'employee',
       3000 + (p.n * 7919) %% 25000 + ((p.n * 31) %% 100) / 100.0 + w.more, false, '', 'bench', '', ''
  FROM generate_series(1, %(people)s) p(n)
 CROSS JOIN unnest('{pension,medical,large_medical,injury,unemployment}'::text[]) s(scheme)
 CROSS JOIN (VALUES ('2020-01-01'::date, '2024-12-31'::date, 0, true), ('2025-01-01', NULL, 100, false))
       w(starts, ends, more, closed)
 WHERE NOT w.closed OR p.n %% 4 = 0
"""


def measure(people: int, repetitions: int) -> dict:
    from shebao.assessment import runs
    from shebao.foundation import clock
    from shebao.foundation.months import Month

    run("DROP TABLE IF EXISTS bench_copy")
    run(f"CREATE TABLE bench_copy (LIKE ledger_due_{YEAR} INCLUDING ALL)")
    ours, copied, cpu, copy_cpu, rows = [], [], [], [], 0
    with clock.fixed(date(YEAR, 12, 5)):
        for number, month in enumerate(Month.range(Month(YEAR, 1), Month(YEAR, 1 + repetitions))):
            data = bytes_of(month)
            rows = data.count(b"\n")

            def assess(month=month):
                return runs.run_month(month, by="system:bench")

            def copy(data=data):
                return store(data)

            timed = {}
            for deed in (assess, copy) if number % 2 else (copy, assess):
                run("CHECKPOINT")
                timed[deed.__name__] = time_of(deed)
            if number == 0:
                continue  # warming up
            ours.append(timed["assess"][0])
            cpu.append(timed["assess"][1])
            copied.append(timed["copy"][0])
            copy_cpu.append(timed["copy"][1])
            say(f"{month}: run {ours[-1]:.2f} s, COPY {copied[-1]:.2f} s, {ours[-1] / copied[-1]:.2f}")
        rerun = runs.run_month(month, by="system:bench").lines
        rerun_s = time_of(assess)[0]
    middle = statistics.median(ours)
    return {
        "people": people,
        "rows": rows,
        "repetitions": len(ours),
        "run_s": round(middle, 3),
        "copy_s": round(statistics.median(copied), 3),
        "ratio_to_copy": round(statistics.median(a / b for a, b in zip(ours, copied, strict=True)), 2),
        "ratios": [round(a / b, 2) for a, b in zip(ours, copied, strict=True)],
        "persons_per_s": round(people / middle),
        "cpu_s": round(statistics.median(cpu), 3),
        "copy_cpu_s": round(statistics.median(copy_cpu), 3),
        "cpu_ratio_to_copy": round(statistics.median(a / b for a, b in zip(cpu, copy_cpu, strict=True)), 2),
        "rerun_rows": rerun,
        "rerun_s": round(rerun_s, 3),
    }


def bytes_of(month) -> bytes:
    """What the month's run will store, in the form that COPY reads."""
    from django.db import connection

    from shebao.assessment.contributions import rule_for, scope
    from shebao.foundation import sql

    select = """SELECT person_id, scheme, payer_id, month, 1 AS line, declared, base, employer_part, personal_part,
                       account_part, terms_id, 1 AS run_id FROM rule"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # connects
        statement = cursor.mogrify(sql.using(rule_for([month]), select), scope([month]))
        with cursor.copy(f"COPY ({statement}) TO STDOUT") as out:
            return b"".join(bytes(part) for part in out)


def store(data: bytes) -> None:
    from django.db import connection, transaction

    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy("COPY bench_copy FROM STDIN") as target,
    ):
        for at in range(0, len(data), 1 << 16):
            target.write(data[at : at + (1 << 16)])


def time_of(deed) -> tuple[float, float]:
    """Seconds by the clock, and of the server's processor."""
    pid = scalar("SELECT pg_backend_pid()")
    cpu, begun = processor_s(pid), time.perf_counter()
    deed()
    return time.perf_counter() - begun, processor_s(pid) - cpu


def processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def preview_times() -> dict:
    """One person's preview in all schemes: processor time of the server, and by the clock there and back."""
    from django.db import connection

    from shebao.assessment.contributions import Subject, preview
    from shebao.foundation.months import Month
    from shebao.registry.schemes import FIVE

    spent = [0.0]

    def watch(execute, *arguments):
        begun = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent[0] += time.perf_counter() - begun

    subjects = [Subject(scheme, declared_wage=Decimal(5000), injury_class=1) for scheme in FIVE]
    preview(Month(2025, 10), subjects, city=CITY)
    each, pid = [], scalar("SELECT pg_backend_pid()")
    with connection.execute_wrapper(watch):
        cpu = processor_s(pid)
        for _ in range(200):
            spent[0] = 0.0
            preview(Month(2025, 10), subjects, city=CITY)
            each.append(spent[0] * 1000)
        cpu = processor_s(pid) - cpu
    return {"preview_ms": round(cpu * 1000 / 200, 2), "preview_wall_ms": round(statistics.median(each), 2)}


def run(statement: str, params: dict | None = None) -> None:
    from shebao.foundation import sql

    sql.run(statement, params).close()


def scalar(statement: str):
    from shebao.foundation import sql

    with sql.run(statement) as cursor:
        return cursor.fetchone()[0]


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
