"""Numbers that people read out: six digits of the day, and five that no other one of that day has."""

from datetime import date

from shebao.foundation import sql

_SQL = sql.queries("shebao.engagement", "numbers.sql")


def of_appointment(today: date) -> str:
    """预约号."""
    return _number("appointment", today)


def of_problem(today: date) -> str:
    """报告编号."""
    return _number("problem", today)


def _number(kind: str, today: date) -> str:
    (row,) = sql.rows(_SQL[kind])
    return f"{today:%y%m%d}{row['drawn'] % 100_000:05d}"
