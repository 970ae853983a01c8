"""A payroll system hands in hires by API: received, put together by the job, in force; and read back row by row.

    bin/bench api [--json] [--rows N]

Through Django's test client, so without a network; the jobs are done one after the other in the same process. The
database is one of its own (that of `bin/bench roster`, removed afterwards). Limits: seconds until the receipt (3,000
rows) < 5, seconds until all of them are in force < 20, extra_queries (2,000 rows, which are one step of a worker,
against 30) = 0.
"""

import argparse
import json
import sys
import time
from datetime import date, timedelta

from benchmarks.roster import end, start

LIMITS = {"receipt_s": 5, "in_force_s": 20, "extra_queries": 0}
ONE_STEP = 2_000  # rows
SERVICE = "/api/v1/services/enrol-employees"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--rows", type=int, default=3_000)
    asked = arguments.parse_args()
    start()
    try:
        few, some, figures = measure(30), measure(ONE_STEP), measure(asked.rows)
    finally:
        end()
    figures["extra_queries"] = some["queries"] - few["queries"]
    figures["limits"] = LIMITS
    figures["kept"] = kept = all(
        figures[name] <= limit if name == "extra_queries" else figures[name] < limit
        for name, limit in LIMITS.items()
    )
    if asked.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name:22} {value}")
    return 0 if kept else 1


def measure(rows: int) -> dict:
    """A trusted employer's hires, from the request to their being in force."""
    from django.conf import settings
    from django.db import connection, reset_queries
    from django.test import Client

    from shebao.foundation import clock
    from shebao.identity import api_keys
    from shebao.identity.acting import Acting
    from tests.jobs import work
    from tests.scenes import City

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.DEBUG = True  # so that queries are counted
    city, today = City(), clock.today().isoformat()
    employer = city.employer(grade="trusted")
    admin = Acting(1, "张敏", "employer", employer.id, employer.name, frozenset({"admin"}))
    _key, secret = api_keys.issue("薪资系统", ["read", "file"], 30, by=admin)
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "1"}
    row = {"name": "李小明", "hired_on": today, "wage": "6500.00"}
    body = json.dumps({"rows": [row | {"id_number": id_number(rows, n)} for n in range(rows)]})
    client, spent = Client(), {}

    def timed(name, deed):
        reset_queries()
        began = time.perf_counter()
        answer = deed()
        spent[name], spent[f"{name}_queries"] = time.perf_counter() - began, len(connection.queries)
        return answer

    receipt = timed(
        "receipt",
        lambda: client.post(f"{SERVICE}/cases", body, content_type="application/json", headers=headers),
    ).json()
    timed("jobs", work)
    case = client.get(receipt["case"], headers=headers).json()
    assert case["status"] == "approved", case
    read = timed("read", lambda: client.get(f"{receipt['case']}/rows?limit=500", headers=headers)).json()
    assert len(read["rows"]) == min(rows, 500), read
    return {
        "rows": rows,
        "body_mb": round(len(body) / 1e6, 2),
        "receipt_s": round(spent["receipt"], 2),
        "in_force_s": round(spent["receipt"] + spent["jobs"], 2),
        "read_500_s": round(spent["read"], 3),
        "queries": spent["receipt_queries"] + spent["jobs_queries"] + spent["read_queries"],
    }


def id_number(roster: int, n: int) -> str:
    """A well-formed number that no other of these rosters has."""
    from shebao.foundation.identifiers import IdNumber

    born = date(1985, 1, 1) + timedelta(days=roster + n // 400)
    body = f"420102{born:%Y%m%d}{2 * (n % 400) + 1:03d}"
    return body + IdNumber.check_digit(body)


if __name__ == "__main__":
    sys.exit(main())
