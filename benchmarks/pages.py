"""The first pages of the lists in a city of a million people and ten million dues, with sixteen clerks at work.

    bin/bench pages [--json] [--seconds N] [--clerks N] [--people N] [--fresh] [--remove]

The city is made once, set by set (five schemes for everybody, two months assessed by the real run, one of them on
slips and nine tenths of it paid, five cases for each employer), into a database of its own (var/pages-bench), and
used again. Pages come from the real application server, with the demo's settings and as many workers as there.

A clerk is a closed loop over one kept connection: he opens a page of his desk by chance, reads it for a time drawn
from an exponential distribution with a mean of one second (people need ten to thirty: these sixteen ask as often as
some hundred), and opens the next. Twelve are of employers (one has 50,000 people, three have 5,000 each of whom one
is in arrears, eight have 50), two review, two keep the books. A page's time is from the request's first byte to the
answer's last. Among their pages is one that does nothing but `SELECT 1` behind the same sign-in: the floor.
Before that each clerk has opened each of his pages once (`first_looks`: sums over large employers are made then, and
kept until the books change) and twice more. Afterwards the same clerks go on without reading at all: that is what the
machine can do at most (`flat_out`).

Limit: p95_ms < 100 over all pages but the floor. What the generator itself takes of the processor is said.
"""

import argparse
import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "pages-bench"
TODAY, FIRST_EMPLOYER = "2026-11-12", 100_000_000
LIMITS = {"p95_ms": 100}
FLOOR = "/select-1/"
EMPLOYERS_PAGES = (
    "/employer/",
    "/employer/roster/",
    "/employer/roster/?month=2026-09",
    "/employer/roster/?q=0000060007",
    "/employer/bills/",
    "/employer/bills/2026-10/",
    "/employer/slips/",
    "/employer/slips/SLIP/",
    "/employer/queries/",
    "/employer/queries/cases/",
    "/employer/queries/enrolled/",
    "/employer/queries/paused/",
    "/employer/queries/arrears/",
    "/employer/queries/arrears/?by=month",
    "/employer/queries/payments/",
    "/employer/exports/",
    FLOOR,
)
PAGES = {
    "employer": EMPLOYERS_PAGES,
    "reviewer": ("/office/review/", FLOOR),
    "ledger": ("/office/ledger/", "/office/ledger/files/", FLOOR),
}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--clerks", type=int, default=16)
    arguments.add_argument("--people", type=int, default=1_000_000)
    arguments.add_argument("--fresh", action="store_true", help="make the city anew")
    arguments.add_argument("--remove", action="store_true", help="delete the city afterwards")
    asked = arguments.parse_args()
    start(asked.fresh)
    try:
        made = make_city(asked.people)
        clerks = sign_in(asked.clerks, asked.people)
        with_server = Server()
        try:
            figures = measure(with_server.port, clerks, asked.seconds)
        finally:
            with_server.stop()
        figures = {**made, **figures, "limits": LIMITS}
    finally:
        end(asked.remove)
    figures["kept"] = figures["p95_ms"] <= LIMITS["p95_ms"] and not figures["failed"]
    if asked.json:
        print(json.dumps(figures, indent=2, ensure_ascii=False))
    else:
        tell(figures)
    return 0 if figures["kept"] else 1


def start(fresh: bool) -> None:
    """A server and a folder of the benchmark's own; what an earlier run made is used again."""
    from shebao.foundation import postgres

    if fresh:
        postgres.remove(FOLDER / "pg")
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "SHEBAO_VAR": str(FOLDER),
        "SHEBAO_TODAY": TODAY,
        "DJANGO_SETTINGS_MODULE": "benchmarks.floor_settings",
        "DATABASE_URL": postgres.hold(FOLDER / "pg"),
    }
    import django

    django.setup()


def end(remove: bool) -> None:
    from django.db import connection

    from shebao.foundation import postgres

    connection.close()
    if remove:
        postgres.remove(FOLDER / "pg")
        shutil.rmtree(FOLDER, ignore_errors=True)
    else:
        postgres.stop(FOLDER / "pg")


def make_city(people: int) -> dict:
    """The city, unless it is there already; how large it is."""
    from django.conf import settings
    from django.core.management import call_command

    from shebao.assessment import runs
    from shebao.foundation import clock
    from shebao.foundation.months import Month
    from shebao.ledger import dues
    from shebao.policy import loading

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    mark = FOLDER / "city.json"
    if mark.exists() and (made := json.loads(mark.read_text()))["people"] == people:
        return made
    mark.unlink(missing_ok=True)
    begun = time.monotonic()
    loading.load(settings.POLICIES, synthetic=True, cited=dues.citations)
    employers = 11 + max(0, people - 100_000 + 49) // 50
    sizes = {"people": people, "employers": employers, "first": FIRST_EMPLOYER}

    def assess(number: int) -> None:
        with clock.fixed(date(2026, number + 1, 5)):
            runs.run_month(Month(2026, number), by="system:bench")

    steps = {
        f"{people:,} people with {employers:,} employers": lambda: deed("archive", sizes),
        "assessing 2026-09": lambda: assess(9),
        "assessing 2026-10": lambda: assess(10),
        "slips, receipts, allocations": lambda: deed(
            "slips", {"month": Month(2026, 9), "due_on": date(2026, 9, 25)}
        ),
        "cases": lambda: deed("cases", sizes),
    }
    # Each step is one transaction; what an interrupted run finished is not made again.
    half = FOLDER / "half-made.json"
    done = json.loads(half.read_text()) if half.exists() else []
    for name, make in steps.items():
        if name not in done or done[0] != next(iter(steps)):
            say(f"{name} ({time.monotonic() - begun:.0f} s so far)")
            make()
            done = [*done, name] if name != next(iter(steps)) else [name]
            half.write_text(json.dumps(done))
    say(f"statistics ({time.monotonic() - begun:.0f} s so far)")
    run("VACUUM (ANALYZE)")
    counts = {"dues": "ledger_due", "enrolments": "registry_enrolment"}
    counts |= {"cases": "casework_case", "rows": "casework_row"}
    made = {"people": people, "employers": employers}
    made |= {name: scalar(f"SELECT count(*) FROM {table}") for name, table in counts.items()}  # noqa: S608
    made["made_in_s"] = round(time.monotonic() - begun)
    made["gigabytes"] = round(scalar("SELECT pg_database_size(current_database())") / 1e9, 1)
    mark.write_text(json.dumps(made))
    half.unlink()
    return made


def deed(name: str, params: Mapping[str, object]) -> None:
    """One of the named statements of pages.sql, each of its parts in turn, in one transaction."""
    from django.db import transaction

    text = (
        (ROOT / "benchmarks/pages.sql")
        .read_text()
        .partition(f"-- name: {name}\n")[2]
        .partition("-- name:")[0]
    )
    text = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    with transaction.atomic():
        run("SET LOCAL synchronous_commit = off")
        for statement in filter(None, map(str.strip, text.split(";"))):
            run(statement, params)


def sign_in(many: int, people: int) -> list[dict]:
    """Sixteen accounts and a session for each: whose pages, and the cookie. Passwords play no part here."""
    from django.contrib import auth
    from django.contrib.sessions.backends.db import SessionStore

    from shebao.foundation import clock
    from shebao.identity import accounts
    from shebao.identity.accounts import Opening
    from shebao.identity.acting import system
    from shebao.identity.models import Account
    from shebao.registry.models import Employer

    largest, large, small = [0], [1, 2, 7], list(range(11, 19))
    staff = [("employer", at) for at in (largest + large + small)[: max(1, many - 4)]]
    staff += [("reviewer", 0), ("reviewer", 1), ("ledger", 0), ("ledger", 1)]
    staff = [staff[n % len(staff)] for n in range(many)]
    Account.objects.filter(username__startswith="bench-").delete()
    openings = []
    for number, (desk, at) in enumerate(staff):
        own = {"office_code": f"4201{2 + at:02d}"}
        if desk == "employer":
            employer = Employer.objects.get(pk=FIRST_EMPLOYER + at)
            own = {"employer_id": employer.id, "party_name": employer.name, "grade": employer.grade}
            own["office_code"] = employer.office_id
        roles = frozenset({"filer", "payer", "admin"} if desk == "employer" else {desk})
        kind = "employer" if desk == "employer" else "agency"
        openings.append(
            Opening(
                f"bench-{number}", kind, "张明", password="!", roles=roles, must_change_password=False, **own
            )
        )
    opened = {one.username: one for one in accounts.open_many(openings, by=system("bench"))}
    clerks = []
    for number, (desk, at) in enumerate(staff):
        account = opened[f"bench-{number}"]
        session = SessionStore()
        session[auth.SESSION_KEY] = str(account.pk)
        session[auth.BACKEND_SESSION_KEY] = "shebao.identity.sessions.Accounts"
        session[auth.HASH_SESSION_KEY] = account.get_session_auth_hash()
        session["seen_at"], session["kind"] = clock.instant().timestamp(), account.kind
        session.save()
        slip = f"B{FIRST_EMPLOYER + at:020d}"
        pages = [page.replace("SLIP", slip) for page in PAGES[desk]]
        named = list(zip(PAGES[desk], pages, strict=True))
        clerks.append({"cookie": f"sessionid={session.session_key}", "pages": named})
    return clerks


class Server:
    """The application server, as the demo starts it."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        program = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        program += [
            "--port",
            str(self.port),
            "--workers",
            "2",
            "--blocking-threads",
            "4",
            "--blocking-threads-idle-timeout",
            "600",
        ]
        with (FOLDER / "web.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*program, "config.wsgi:application"],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"the server didn't start; see {FOLDER / 'web.log'}")

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)


def measure(port: int, clerks: Sequence[dict], seconds: int) -> dict:
    """Warm up, then the clerks as they are, then as fast as they can."""
    say("a first look at each page, then warming up")
    first, _failed, _span = work(port, clerks, rounds=1)
    work(port, clerks, rounds=2)
    say(f"{len(clerks)} clerks for {seconds} s")
    before = time.process_time()
    taken, failed, span = work(port, clerks, seconds=seconds, pause=1.0)
    own = time.process_time() - before
    say("the same without reading")
    flat, flat_failed, flat_span = work(port, clerks, seconds=max(10, seconds // 3))
    pages = {name: quantiles(times) for name, times in sorted(taken.items())}
    floor = pages[FLOOR]
    for figures in pages.values():
        figures["to_floor"] = round(figures["p50_ms"] / floor["p50_ms"], 1)
    every = quantiles([one for name, times in taken.items() for one in times if name != FLOOR])
    hardest = quantiles([one for name, times in flat.items() for one in times if name != FLOOR])
    return {
        "clerks": len(clerks),
        "mean_pause_s": 1.0,
        "pages_a_second": round(sum(map(len, taken.values())) / span, 1),
        **every,
        "floor_p50_ms": floor["p50_ms"],
        "floor_p95_ms": floor["p95_ms"],
        "ratio_to_floor": round(every["p50_ms"] / floor["p50_ms"], 1),
        "failed": failed + flat_failed,
        "first_looks": quantiles([one for times in first.values() for one in times])
        | {"slowest_ms": round(max(max(times) for times in first.values()) * 1000)},
        "generator_share_of_a_core": round(own / span, 2),
        "flat_out": {"pages_a_second": round(sum(map(len, flat.values())) / flat_span, 1), **hardest},
        "pages": pages,
    }


def work(port: int, clerks: Sequence[dict], *, seconds: float = 0, rounds: int = 0, pause: float = 0):
    """All clerks at once; the seconds of each page by its name, how many answers were no page, and how long it took."""
    taken: dict[str, list[float]] = defaultdict(list)
    failed = [0]
    begun = time.perf_counter()

    def one(number: int, clerk: dict) -> None:
        chance = random.Random(number)  # noqa: S311
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Cookie": clerk["cookie"], "Accept-Encoding": "gzip", "User-Agent": "bench"}
        own = list(clerk["pages"])
        left = rounds * len(own)
        if pause:
            time.sleep(chance.random() * pause)
        while (rounds and left) or (not rounds and time.perf_counter() - begun < seconds):
            left -= 1
            name, page = own[left % len(own)] if rounds else chance.choice(own)
            at = time.perf_counter()
            connection.request("GET", page, headers=headers)
            answer = connection.getresponse()
            answer.read()
            taken[name].append(time.perf_counter() - at)
            if answer.status != 200:
                failed[0] += 1
                say(f"{answer.status} {page}")
            if pause:
                time.sleep(chance.expovariate(1 / pause))
        connection.close()

    threads = [threading.Thread(target=one, args=(number, clerk)) for number, clerk in enumerate(clerks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, failed[0], time.perf_counter() - begun


def quantiles(times: Sequence[float]) -> dict:
    if len(times) < 2:
        return {"times": len(times), **dict.fromkeys(("p50_ms", "p95_ms", "p99_ms"), 0.0)}
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {"times": len(times)} | {f"p{at}_ms": round(cuts[at - 1] * 1000, 1) for at in (50, 95, 99)}


def tell(figures: dict) -> None:
    pages = figures.pop("pages")
    for name, value in figures.items():
        print(f"{name:26} {value}")
    print(f"\n{'page':44} {'times':>6} {'p50':>7} {'p95':>7} {'p99':>7}  to floor")
    for name, one in pages.items():
        print(
            f"{name:44} {one['times']:6} {one['p50_ms']:7.1f} {one['p95_ms']:7.1f} {one['p99_ms']:7.1f}"
            f"  {one['to_floor']:.1f}"
        )


def run(statement: str, params: Mapping[str, object] | None = None) -> None:
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
