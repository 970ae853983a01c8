"""Named SQL: rules over sets live in .sql files, each query with a name and a sentence.

Above each query stand two lines of comment: "-- name: posted", and what it answers, e.g. "-- What the ledger
holds of the months asked for."
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from django.db import connection

_NAME = re.compile(r"^--\s*name:\s*([a-z][a-z0-9_]*)\s*$", re.MULTILINE)
_WITH = re.compile(r"WITH\s+(?!RECURSIVE\b)", re.IGNORECASE)
_RECURSIVE = re.compile(r"WITH\s+RECURSIVE\s+", re.IGNORECASE)


@cache
def queries(package: str, filename: str) -> Mapping[str, str]:
    """The queries of `<package>/sql/<filename>` by name. ValueError for a query without a sentence or named twice."""
    text = files(package).joinpath("sql", filename).read_text(encoding="utf-8")
    parts = _NAME.split(text)
    found: dict[str, str] = {}
    for name, block in zip(parts[1::2], parts[2::2], strict=True):
        if name in found:
            raise ValueError(f"{package}/sql/{filename}: two queries are named {name}; rename one")
        lines = block.strip().splitlines()
        if not lines or not lines[0].startswith("--") or not lines[0].strip("- "):
            raise ValueError(
                f"{package}/sql/{filename}: {name} lacks its sentence; say in a comment what it answers"
            )
        # Whole-line comments go: a per cent sign in one would be taken for a parameter.
        body = "\n".join(line for line in lines if not line.lstrip().startswith("--"))
        found[name] = body.strip().rstrip(";").rstrip()
    return MappingProxyType(found)


def using(relations: Mapping[str, str], statement: str) -> str:
    """The statement with these relations to read from, in their order: each may read the ones before it."""
    statement = statement.strip().rstrip(";")
    if not relations:
        return statement
    named = ",\n".join(f"{name} AS (\n{select}\n)" for name, select in relations.items())
    if recursive := _RECURSIVE.match(statement):
        return f"WITH RECURSIVE {named},\n{statement[recursive.end() :]}"
    if further := _WITH.match(statement):
        return f"WITH {named},\n{statement[further.end() :]}"
    return f"WITH {named}\n{statement}"


def run(statement: str, params: Mapping[str, object] | None = None):
    """Execute on this thread's connection with parameters written %(name)s, and return the cursor.

    Read it at once or close it; `rowcount` says how many rows a write touched.
    """
    cursor = connection.cursor()
    try:
        cursor.execute(statement, params)
    except BaseException:
        cursor.close()
        raise
    return cursor


def rows(statement: str, params: Mapping[str, object] | None = None) -> list[dict]:
    """All rows of a reading query, each a dict by column name."""
    with run(statement, params) as cursor:
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def stream(statement: str, params: Mapping[str, object] | None = None, step: int = 2_000) -> Iterator[dict]:
    """The rows of a reading query as they are asked for, a few thousand in memory at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, params)
        names = [column.name for column in cursor.description]
        while part := cursor.fetchmany(step):
            yield from (dict(zip(names, row, strict=True)) for row in part)
