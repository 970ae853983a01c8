"""The books of the city: every month of everybody assessed, asked for, paid and credited, by the real rules.

Only what payers do is invented here (who pays late, who doesn't pay). What is due is the assessment's own statement
over all months at once; what follows from a payment is what shebao.ledger does, for all slips of all years.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from queue import SimpleQueue
from threading import Thread

import psycopg
from django.conf import settings
from django.db import connection as django_connection

from demo import shelves
from demo.lives import NULL, SOURCE
from demo.shelves import Shelf
from shebao.assessment.contributions import rule_for, scope
from shebao.foundation.months import Month
from shebao.foundation.sql import queries, using
from shebao.ledger import deadlines
from shebao.ledger.numbers import slip_number

_SQL = queries("demo", "books.sql")
# Each worker is one process of the server; a coarse sample is enough for tables that are all alike.
_FOR_BULK = (
    "synchronous_commit = off",
    "work_mem = '128MB'",
    "maintenance_work_mem = '256MB'",
    "max_parallel_workers_per_gather = 0",
    "max_parallel_maintenance_workers = 0",
    "default_statistics_target = 20",
)
_ASKED = {"asked": _SQL["asked"]}


@dataclass(frozen=True)
class Making:
    """What making the books needs to know. `workers` 0: in the transaction that Django has open, without others."""

    today: date
    first: Month
    last: Month  # the last month that is assessed: the one before this
    online_from: Month  # since then each payment has a slip and a receipt; before, payments were taken over
    crediting_rates: Mapping[int, Decimal]
    workers: int

    def shelves(self) -> list[Shelf]:
        return (shelves.by_year if self.workers else shelves.in_the_books)(self.first, self.last)

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection]:
        """The connection Django has, or one beside it."""
        if not self.workers:
            django_connection.ensure_connection()
            yield django_connection.connection
            return
        wanted = django_connection.get_connection_params()
        with closing(psycopg.connect(**{**wanted, "context": None}, autocommit=True)) as beside:
            for setting in _FOR_BULK:
                beside.execute(f"SET {setting}")
            yield beside

    def on_every_shelf(self, work: Callable[[psycopg.Connection, Shelf], None]) -> None:
        """Do this for each shelf, as many at a time as there are workers; each shelf is one transaction."""
        if not self.workers:
            with self.connected() as own:
                for shelf in self.shelves():
                    work(own, shelf)
            return
        waiting: SimpleQueue[Shelf | None] = SimpleQueue()
        failed: list[BaseException] = []
        for shelf in (*self.shelves(), *[None] * self.workers):
            waiting.put(shelf)

        def work_off() -> None:
            try:
                with self.connected() as own:
                    while not failed and (shelf := waiting.get()) is not None:
                        with own.transaction():
                            work(own, shelf)
            except BaseException as wrong:  # noqa: BLE001 - raised again by the thread that waits
                failed.append(wrong)

        threads = [Thread(target=work_off, daemon=True) for _ in range(self.workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]


def assess(making: Making, connection: psycopg.Connection) -> None:
    """The dues of all months, and what each payer owes by month and scheme."""
    connection.execute(_SQL["number_runs"], {"months": list(Month.range(making.first, making.last))})
    connection.execute("ANALYZE demo_making.registry_enrolment")

    def of_shelf(own: psycopg.Connection, shelf: Shelf) -> None:
        shelves.build(own, shelf, ["ledger_due"])
        # The assessment then reads the periods of these months, and the classes of these employers.
        own.execute("SET LOCAL search_path = demo_making, public")
        own.execute(_SQL["narrow"], shelf.months)
        for months in _together(making, shelf):
            own.execute(
                shelf.fill(using(rule_for(months), _SQL["assess"])), scope(months, known_on=making.today)
            )
        own.execute(_SQL["widen"])
        own.execute("SET LOCAL search_path = DEFAULT")
        own.execute(shelf.fill(_SQL["add_up"]), shelf.months)

    making.on_every_shelf(of_shelf)


def _together(making: Making, shelf: Shelf) -> Iterator[list[Month]]:
    """Closed years lie in the books in the order of people, this year in the order of months, as it was assessed."""
    months = list(Month.range(shelf.first, shelf.last))
    if shelf.last.year < making.today.year or not shelf.bare:
        yield months
    else:
        yield from ([month] for month in months)


def pay(making: Making, connection: psycopg.Connection) -> None:
    """Decide who pays what when, make the slips of the months online, settle the dues and credit the accounts."""
    connection.execute("ANALYZE demo_making.owed")
    connection.execute(_SQL["decide_payments"], {"today": making.today, "online_from": making.online_from})
    _make_slips(making, connection)
    connection.execute("ANALYZE demo_making.payment")

    def of_shelf(own: psycopg.Connection, shelf: Shelf) -> None:
        shelves.build(own, shelf, ["ledger_slipitem", "ledger_allocation", "ledger_accountline"])
        online = ("itemise", "total_slips") if shelf.last >= making.online_from else ()
        for deed in ("allocate", "credit", *online):
            own.execute(shelf.fill(using(_ASKED, _SQL[deed])), {"source": SOURCE, **shelf.months})
        for deed in ("count_settled", "sum_accounts"):
            own.execute(shelf.fill(_SQL[deed]), shelf.months)

    making.on_every_shelf(of_shelf)


def _make_slips(making: Making, connection: psycopg.Connection) -> None:
    asked = connection.execute(_SQL["ask_for"]).fetchall()
    ids = connection.execute(_SQL["fresh_ids"], {"count": len(asked)}).fetchall()
    due_on = {month: deadlines.deadline(month) for month in Month.range(making.online_from, making.last)}
    columns = "payer_id, month, slip_id, receipt_id, number, asked_on, settled_on, due_on"
    with connection.cursor() as cursor, cursor.copy(f"COPY demo_making.slip ({columns}) FROM STDIN") as copy:
        for (payer_id, month, asked_on, settled_on), (slip_id, receipt_id, serial) in zip(
            asked, ids, strict=True
        ):
            of = Month.of(month)
            number = slip_number(settings.CITY_CODE, of, serial)
            days = (asked_on, settled_on or NULL, due_on[of] or NULL)
            copy.write("\t".join(map(str, (payer_id, month, slip_id, receipt_id, number, *days))) + "\n")
    connection.execute(_SQL["name_slips"])


def credit_interest(making: Making, connection: psycopg.Connection) -> None:
    """The interest of the pension accounts, for every year that is over."""
    connection.execute("ANALYZE demo_making.account_year")
    rates = {year: rate for year, rate in making.crediting_rates.items() if year <= making.today.year - 1}
    connection.execute(_SQL["earn_interest"], {"years": list(rates), "rates": list(rates.values())})
    connection.execute("ANALYZE demo_making.interest")

    def of_shelf(own: psycopg.Connection, shelf: Shelf) -> None:
        own.execute(shelf.fill(_SQL["credit_interest"]), {"source": SOURCE, **shelf.months})
        if shelf.bare:
            shelves.add_keys(own, shelf)

    making.on_every_shelf(of_shelf)


def put_in_place(making: Making, connection: psycopg.Connection) -> None:
    """Into the books, with the runs, bills, slips and receipts."""
    if making.workers:
        shelves.put_in_place(connection, making.shelves())
    strange_number = slip_number(settings.CITY_CODE, making.last, 99_999_999)
    told = {"source": SOURCE, "today": making.today, "strange_number": strange_number}
    for deed in ("add_runs", "add_bills", "add_slips", "add_receipts", "add_suspense"):
        connection.execute(_SQL[deed], told)
