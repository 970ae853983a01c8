"""A very large employer in a hall that is running: `python -m tests.browser.crowd PEOPLE` in its environment.

Its people are enrolled since before the base year began, and one month of the year has been run for them already.
"""

import sys
from datetime import date, timedelta
from decimal import Decimal

import django

django.setup()

from shebao.assessment import runs  # noqa: E402  (after the set-up)
from shebao.foundation import sql  # noqa: E402
from shebao.foundation.months import Month  # noqa: E402
from shebao.identity import accounts, passwords, terms  # noqa: E402
from shebao.identity.accounts import Opening  # noqa: E402
from shebao.identity.acting import system  # noqa: E402
from shebao.registry import enrolments, people  # noqa: E402
from shebao.registry.models import Employer  # noqa: E402
from tests import scenes  # noqa: E402
from tests.browser.trips import GIVEN, SURNAMES  # noqa: E402
from tests.identity.people import PASSWORD  # noqa: E402

CLERK, NAME, WAGE = "wangshan01", "江城望山钢铁集团有限公司（示例）", "6000"
BEGAN, RUN = Month(2024, 5), Month(2026, 10)
STEP = 10_000
BY = system("tests")


def gather(count: int) -> None:
    employer = scenes.City().employer(NAME)
    for first in range(0, count, STEP):
        newcomers = [someone(n) for n in range(first, min(first + STEP, count))]
        ids = people.ensure(newcomers).values()
        enrolments.open_many(
            [
                enrolments.Opening(one, scheme, BEGAN, employer.id, "scene", declared_wage=Decimal(WAGE))
                for one in ids
                for scheme in employer.schemes
            ]
        )
    runs.run_month(RUN, by=BY)
    open_account(employer)
    sql.run("ANALYZE").close()  # as the database does by itself, a minute later


def someone(n: int) -> people.Newcomer:
    born = date(1970, 1, 1) + timedelta(days=n // 5)
    name = SURNAMES[n % 16] + GIVEN[n % 15 : n % 15 + 2]
    return people.Newcomer(scenes.id_number(born, 801 + n % 5 * 2), name, "scene")


def open_account(employer: Employer) -> None:
    opening = Opening(
        CLERK,
        "employer",
        "汪经办",
        employer_id=employer.id,
        party_name=employer.name,
        grade=employer.grade,
        roles=frozenset({"filer", "payer"}),
        office_code="420102",
        password=passwords.hashed(PASSWORD),
        must_change_password=False,
    )
    (opened,) = accounts.open_many([opening], by=BY)
    terms.accepted_on_paper([opened.pk], "employer", by=BY)


if __name__ == "__main__":
    gather(int(sys.argv[1]))
