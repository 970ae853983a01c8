"""The archive of the city: offices, employers, people, cards and enrolment periods, from rows made by chance."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from random import Random

import psycopg
from psycopg import sql

from demo import cast, employers, lives
from demo.employers import Employer, LabourMarket
from demo.lives import SOURCE, Births
from demo.offices import HOURS, OFFICES
from shebao.foundation.months import Month
from shebao.foundation.sql import queries
from shebao.registry import models

_SQL = queries("demo", "archive.sql")

# Since when the demo city has each scheme, by kind of insured. The policies must have terms from then on.
BEGAN = {
    ("employee", "pension"): Month(1992, 1),
    ("employee", "unemployment"): Month(1999, 1),
    ("employee", "medical"): Month(2002, 1),
    ("employee", "large_medical"): Month(2002, 1),
    ("employee", "injury"): Month(2004, 1),
    ("employee", "maternity"): Month(2005, 1),
    ("flexible", "pension"): Month(2000, 1),
    ("flexible", "medical"): Month(2006, 1),
    ("flexible", "large_medical"): Month(2006, 1),
}


def begin(connection: psycopg.Connection) -> None:
    """Make the schema that everything is made in; what an interrupted making left there is dropped."""
    connection.execute(_SQL["begin"])
    sets = [
        (number, scheme) for number, schemes in (employers.SETS | lives.SETS).items() for scheme in schemes
    ]
    # Maternity was a scheme of its own until it was merged into medical, so its terms have an end.
    sets += [(number, "maternity") for number, schemes in employers.SETS.items() if "medical" in schemes]
    _copy(connection, "scheme_set", "".join(f"{number}\t{scheme}\n" for number, scheme in sets))


def people(
    connection: psycopg.Connection, ids: range, all_employers: list[Employer], *, random: Random, today: date
) -> None:
    """Make the people and copy them in. The first ones are the cast of the demo."""
    births = Births(random, LabourMarket(all_employers), today)
    cast.enter(births, all_employers, ids[: len(cast.CAST)])
    for rows in births.make(ids[len(cast.CAST) :]):
        _copy(connection, "person", rows.people)
        _copy(connection, "card", rows.cards)
        _copy(connection, "stretch", rows.stretches)
        _copy(connection, "payer", rows.payers)
        _copy(connection, "unpaid", rows.unpaid)


def payers(connection: psycopg.Connection, all_employers: Iterable[Employer]) -> None:
    """The employers as the making of the books needs them: how they pay, and their injury classes."""
    lines, classes = [], []
    for e in all_employers:
        lines.append(
            f"{e.id}\tt\t{e.pays_late_by}\t{_day(e.unpaid_from)}\t{_day(e.unpaid_until)}\t{_day(e.open_slip)}\n"
        )
        classes.append(f"{_day(e.founded)}\t{e.injury_class}\t{e.id}\n")
    _copy(connection, "payer", lines)
    _copy(connection, "registry_injuryclass (starts, injury_class, employer_id)", classes)


def enrol(connection: psycopg.Connection, city: str) -> None:
    """Enrolment periods from the stretches of everybody's life."""
    for table in ("person", "stretch", "payer", "unpaid"):
        connection.execute(sql.SQL("ANALYZE demo_making.{}").format(sql.Identifier(table)))
    in_force = [
        (kind, scheme, max(starts, BEGAN[kind, scheme].first_day), ends)
        for kind, scheme, starts, ends in connection.execute(
            _SQL["schemes_in_force"], {"city": city}
        ).fetchall()
        if (kind, scheme) in BEGAN
    ]
    kinds, schemes, starts, ends = (list(column) for column in zip(*in_force, strict=True))
    asked = {"kinds": kinds, "schemes": schemes, "starts": starts, "ends": ends, "source": SOURCE}
    connection.execute(_SQL["enrol"], asked)
    connection.execute("ANALYZE demo_making.registry_enrolment")


def put_in_place(connection: psycopg.Connection, all_employers: list[Employer], *, now: datetime) -> None:
    """Into the archive."""
    codes, names, addresses = zip(*((o.code, o.name, o.address) for o in OFFICES), strict=True)
    offices = {"codes": list(codes), "names": list(names), "addresses": list(addresses), "hours": HOURS}
    connection.execute(_SQL["add_offices"], offices)
    models.Employer.objects.bulk_create([_employer(e) for e in all_employers], batch_size=2000)
    models.Certificate.objects.bulk_create([_certificate(e) for e in all_employers], batch_size=2000)
    models.Verification.objects.bulk_create(
        [_verification(e, now.date()) for e in all_employers], batch_size=2000
    )
    connection.execute(_SQL["add_injury_classes"])
    connection.execute(_SQL["add_people"], {"source": SOURCE, "now": now})
    for deed, table in (
        ("add_keys", None),
        ("add_cards", "registry_card"),
        ("add_enrolments", "registry_enrolment"),
    ):
        if table is None:
            connection.execute(_SQL[deed])
        else:
            with _bare(connection, table):
                connection.execute(_SQL[deed])


def _employer(e: Employer) -> models.Employer:
    return models.Employer(
        id=e.id, number=e.number, uscc=e.uscc, name=e.name, office_id=e.office, grade=e.grade,
        schemes=list(employers.SETS[e.set_number]), contact_name=e.contact_name, contact_phone=e.contact_phone,
        address=e.address, postal_address=e.address, source=SOURCE,
        founded_on=e.founded.first_day, registered_on=e.founded.first_day,
        legal_person=e.contact_name, organisation="company",
    )  # fmt: skip


def _certificate(e: Employer) -> models.Certificate:
    number = f"{e.office}-{e.number}-01"
    return models.Certificate(number=number, employer_id=e.id, issued_on=e.founded.first_day, source=SOURCE)


def _verification(e: Employer, today: date) -> models.Verification:
    """Most of them were verified within the year; every ninth has let it pass."""
    months_ago = 13 + e.id % 5 if e.id % 9 == 0 else 1 + e.id % 11
    on = max(Month.of(today).plus(-months_ago), e.founded).first_day
    return models.Verification(employer_id=e.id, verified_on=on, source=SOURCE)


@contextmanager
def _bare(connection: psycopg.Connection, table: str) -> Iterator[None]:
    """Inside, the table has no foreign keys and only its primary key: rows go in faster and are checked together."""
    keys = connection.execute(_SQL["foreign_keys"], {"table": table}).fetchall()
    indexes = connection.execute(_SQL["other_indexes"], {"table": table}).fetchall()
    name = sql.Identifier(table)
    for key, _ in keys:
        connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(name, sql.Identifier(key)))
    for index, _ in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(index)))
    yield
    for _, definition in indexes:
        connection.execute(sql.SQL(definition))
    for key, definition in keys:
        statement = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}")
        connection.execute(statement.format(name, sql.Identifier(key), sql.SQL(definition)))


def _copy(connection: psycopg.Connection, table: str, lines: str | list[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY demo_making.{table} FROM STDIN") as copy:
        copy.write("".join(lines))


def _day(month: Month | None) -> str:
    return lives.NULL if month is None else str(month.first_day)
