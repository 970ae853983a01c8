"""Where the books of the city are written: bare tables a year, put into the books at the end, or the books themselves.

Writing into tables without keys, one year after the other in the order of people, and adding the keys afterwards takes
a third of the time; it needs several connections and ends with the tables taking their place as partitions. A small
city, made inside a test's transaction, is written straight into the books.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import psycopg
from psycopg import sql

from shebao.foundation.months import Month

TABLES = ("ledger_due", "ledger_slipitem", "ledger_allocation", "ledger_accountline")
SCHEMA = "demo_making"


@dataclass(frozen=True)
class Shelf:
    """The months from `first` to `last`, and the tables that take their lines. Bare tables are for one year."""

    first: Month
    last: Month
    bare: bool

    @property
    def year(self) -> int:
        return self.first.year

    @property
    def months(self) -> dict[str, Month]:
        return {"first": self.first, "last": self.last}

    @cached_property
    def tables(self) -> dict[str, sql.Identifier]:
        """By the name that statements give them: {due}, {slipitem}, {allocation}, {accountline}."""
        return {table.removeprefix("ledger_"): self.table(table) for table in TABLES}

    def table(self, table: str) -> sql.Identifier:
        return (
            sql.Identifier(SCHEMA, f"{table}_{self.year}") if self.bare else sql.Identifier("public", table)
        )

    def fill(self, statement: str) -> sql.Composed:
        """The statement, with its tables named."""
        return sql.SQL(statement).format(**self.tables)


def by_year(first: Month, last: Month) -> list[Shelf]:
    """A shelf of bare tables for each year, the fullest first: those are the last ones."""
    years = range(last.year, first.year - 1, -1)
    return [Shelf(max(first, Month(y, 1)), min(last, Month(y, 12)), bare=True) for y in years]


def in_the_books(first: Month, last: Month) -> list[Shelf]:
    """The books themselves, some years at a time."""
    starts = range(first.year, last.year + 1, 9)
    return [Shelf(max(first, Month(y, 1)), min(last, Month(y + 8, 12)), bare=False) for y in starts]


def build(connection: psycopg.Connection, shelf: Shelf, tables: Iterable[str]) -> None:
    """Make some of the bare tables of a shelf, best in the transaction that fills them: it may then write no log."""
    for table in tables if shelf.bare else ():
        statement = sql.SQL("CREATE TABLE {new} (LIKE public.{old} INCLUDING DEFAULTS)")
        connection.execute(statement.format(new=shelf.table(table), old=sql.Identifier(table)))


def add_keys(connection: psycopg.Connection, shelf: Shelf) -> None:
    """Give the bare tables the same keys and indexes as the books have, so that they can take their place at once."""
    for table in TABLES:
        for statement in _indexes(connection, table):
            connection.execute(sql.SQL(statement).format(table=shelf.table(table)))
        connection.execute(sql.SQL("ANALYZE {}").format(shelf.table(table)))


def put_in_place(connection, shelves: list[Shelf]) -> None:
    """Replace the empty partitions of the books by these tables. Refuses when a partition has a line."""
    for shelf in shelves:
        for table in TABLES:
            partition = sql.Identifier("public", f"{table}_{shelf.year}")
            occupied = connection.execute(
                sql.SQL("SELECT EXISTS (SELECT FROM {})").format(partition)
            ).fetchone()[0]
            if occupied:
                raise RuntimeError(
                    f"{table}_{shelf.year} has lines already; a city is made into empty books only"
                )
            names = {"new": shelf.table(table), "old": partition, "books": sql.Identifier("public", table)}
            for statement in (
                "DROP TABLE {old}",
                "ALTER TABLE {new} SET SCHEMA public",
                "ALTER TABLE {books} ATTACH PARTITION {old} FOR VALUES FROM ({first}) TO ({next})",
            ):
                limits = {
                    "first": sql.Literal(f"{shelf.year}-01-01"),
                    "next": sql.Literal(f"{shelf.year + 1}-01-01"),
                }
                connection.execute(sql.SQL(statement).format(**names, **limits))


def _indexes(connection: psycopg.Connection, table: str) -> Iterator[str]:
    rows = connection.execute(
        "SELECT indisprimary, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass ORDER BY 1 DESC",
        [f"public.{table}"],
    ).fetchall()
    for is_primary, definition in rows:
        made_of = definition[definition.index(" USING ") :].replace("{", "{{").replace("}", "}}")
        if is_primary:
            yield "ALTER TABLE {table} ADD PRIMARY KEY " + re.search(r"\(.*\)", made_of)[0]
        else:
            yield (
                "CREATE UNIQUE INDEX ON {table}" if "UNIQUE" in definition else "CREATE INDEX ON {table}"
            ) + made_of
