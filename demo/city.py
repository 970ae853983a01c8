"""Making the city: archive, books, log-ins, cases in progress. All of it or nothing stays."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from random import Random

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql as psycopg_sql

from demo import archive, books, cases, employers, logins, owing, registrations, shelves, visits
from demo.books import Making
from demo.models import City
from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.policy import inforce, loading
from shebao.policy.models import Terms
from shebao.services import reminders

PEOPLE, EMPLOYERS, SEED = 20_000, 300, 2011
FEWEST_PEOPLE, FEWEST_EMPLOYERS, MOST_PEOPLE = 100, 8, 1_000_000
ONLINE_MONTHS = 12  # for so long payments have gone through slips and receipts; before, they were taken over

_FILLED = (
    "registry_person", "registry_personkey", "registry_card", "registry_employer", "registry_injuryclass",
    "registry_enrolment", "ledger_run", "ledger_bill", "ledger_slip", "ledger_receipt", "identity_account",
)  # fmt: skip

_SQL = sql.queries("demo", "city.sql")


class AlreadyThere(Exception):
    """There are people or employers in the archive; a city is made into an empty one only."""


@dataclass(frozen=True)
class Stages:
    """Says what is going on and how long it took."""

    say: Callable[[str], None]
    began: float

    @contextmanager
    def stage(self, what: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        now = time.monotonic()
        self.say(f"{now - self.began:6.1f} s  {what} ({now - start:.1f} s)")


def make(
    *, people: int = PEOPLE, employers: int = EMPLOYERS, seed: int = SEED, today: date | None = None, workers: int = 0,
    fresh: bool = False, say: Callable[[str], None] = lambda line: None,
) -> City:  # fmt: skip
    """Make the city of this seed as of `today` (the clock's), with full history up to the month before.

    `workers` 0 makes it on Django's connection, inside its transaction if there is one: for tests, up to some
    thousand people. Otherwise so many connections of their own write the books, the rest happens in one transaction
    at the end. `fresh` empties the hall before. Raises AlreadyThere, and ValueError for a size that can't be.
    """
    if not FEWEST_PEOPLE <= people <= MOST_PEOPLE or not FEWEST_EMPLOYERS <= employers <= people // 10:
        raise ValueError(
            f"a city has {FEWEST_PEOPLE} to {MOST_PEOPLE} people and {FEWEST_EMPLOYERS} employers or more,"
            " but not more than a tenth of its people"
        )
    stages = Stages(say, time.monotonic())
    today = today or clock.today()
    if fresh:
        with stages.stage("emptied the hall"):
            empty()
    if occupied():
        raise AlreadyThere(
            "there is a city already; --fresh makes it anew and deletes everything in the hall"
        )
    with transaction.atomic() if not workers else nullcontext():
        return _make(people, employers, seed, today, workers, stages)


def _make(people: int, many_employers: int, seed: int, today: date, workers: int, stages: Stages) -> City:
    this_month = Month.of(today)
    with stages.stage("policies, with the synthetic years"):
        load_policies()
        rates = crediting_rates(this_month.year)
    first_employer = _take_numbers(many_employers + people)
    first_person = first_employer + many_employers
    random = Random(seed)
    all_employers = employers.settle(random, range(first_employer, first_person), this_month=this_month)
    making = Making(
        today=today, first=Month(1992, 1), last=this_month.plus(-1), online_from=this_month.plus(-ONLINE_MONTHS),
        crediting_rates=rates, workers=workers,
    )  # fmt: skip
    with making.connected() as own:
        with stages.stage(f"{people:,} people, their jobs, wages and gaps"):
            archive.begin(own)
            archive.payers(own, all_employers)
            archive.people(
                own, range(first_person, first_person + people), all_employers, random=random, today=today
            )
        with stages.stage("enrolment periods"):
            archive.enrol(own, settings.CITY_CODE)
        with stages.stage("dues of every month since the first job"):
            books.assess(making, own)
        with stages.stage("slips, receipts, allocations, personal accounts"):
            books.pay(making, own)
        with stages.stage("yearly interest, keys"):
            books.credit_interest(making, own)
    with transaction.atomic():
        connection.ensure_connection()
        with stages.stage("everything in its place"):
            archive.put_in_place(connection.connection, all_employers, now=clock.now())
            books.put_in_place(making, connection.connection)
        city = City.objects.create(
            seed=seed, people=people, employers=many_employers, first_employer=first_employer,
            first_person=first_person, made_for=today,
        )  # fmt: skip
        with stages.stage("log-ins"):
            logins.open_all(city)
        with stages.stage("cases in progress"):
            cases.file_all(city)
            reminders.send()  # as the timetable would in the morning
            owing.file_all(city)
            registrations.file_all(city)
        with stages.stage("appointments, problem reports"):
            visits.arrange_all(city)
            sql.run(_SQL["letters_in_order"]).close()
        sql.run(_SQL["tidy"]).close()
    with stages.stage("statistics for the planner"):
        _analyze()
    return city


def employers_for(people: int) -> int:
    """How many employers suit so many people: 300 for 20,000, and in proportion."""
    return max(FEWEST_EMPLOYERS, people * EMPLOYERS // PEOPLE)


def occupied() -> bool:
    return sql.rows(_SQL["occupied"])[0]["occupied"]


@transaction.atomic
def empty() -> None:
    """Delete everything that people and employers have in the hall, and its jobs. Policies and the audit stay."""
    tables = [
        model._meta.db_table
        for label in (
            "registry",
            "ledger",
            "casework",
            "statements",
            "notices",
            "identity",
            "engagement",
            "exports",
            "api",
            "demo",
        )
        if apps.is_installed(f"shebao.{label}") or label == "demo"
        for model in apps.get_app_config(label).get_models()
    ]
    # The queue: its jobs are about cases and files that are gone.
    tables += ["procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers"]
    names = ", ".join(connection.ops.quote_name(table) for table in tables)
    sql.run(_SQL["empty"].replace("TABLES", names)).close()


def load_policies() -> None:
    """The demo's rules, unless they are there."""
    if not Terms.objects.filter(city=settings.CITY_CODE, synthetic=True).exists():
        loading.load(synthetic=True, cited=lambda terms_ids: {})  # nothing is due yet that could cite any


def crediting_rates(this_year: int) -> dict:
    """The yearly rate of the pension accounts, by year; years whose rate nobody knows earn nothing."""
    known = {
        year: inforce.value_or_none(
            "crediting_rate", on=Month(year, 1), scheme="pension", city=settings.CITY_CODE
        )
        for year in range(1992, this_year)
    }
    return {year: rate or 0 for year, rate in known.items()}


def _analyze() -> None:
    """Tell the planner of the tables that were filled; the years of the books know already."""
    connection.ensure_connection()
    own = connection.connection
    own.execute("SET default_statistics_target = 20")
    for table in _FILLED:
        own.execute(psycopg_sql.SQL("ANALYZE {}").format(psycopg_sql.Identifier(table)))
    if own.info.server_version >= 180_000:  # before, this would read each year again
        for table in shelves.TABLES:
            own.execute(psycopg_sql.SQL("ANALYZE ONLY {}").format(psycopg_sql.Identifier(table)))
    own.execute("RESET default_statistics_target")


def _take_numbers(count: int) -> int:
    """The first of so many party numbers in a row."""
    return sql.rows(_SQL["take_numbers"], {"count": count})[0]["first"]
