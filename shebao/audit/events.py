"""Lines of the audit: written in the transaction of the deed, never changed."""

from collections.abc import Iterable
from typing import Protocol

from django.utils.functional import Promise
from psycopg.types.json import Jsonb

from shebao.foundation import clock, languages, sql

_SQL = sql.queries("shebao.audit", "events.sql")

LOOK = "record.looked"
"""The event of a look at a person's record by somebody else."""


class Actor(Protocol):
    """Who acts. `identity.acting.Acting` is one; this package may not import it."""

    @property
    def ref(self) -> str:
        """E.g. account:12."""

    @property
    def in_words(self) -> str:
        """Who that was, for the person who reads it years later."""

    @property
    def person_id(self) -> int | None:
        """The person, if he acts for himself."""


def record(
    event: str, about: str, *, by: Actor | str, person_id: int | None = None, details: dict | None = None
) -> None:
    """Write one line, in the running transaction: it stands if and only if the deed does.

    `event` is a verb in the past (`case.withdrawn`), `about` a reference (`case:42…`), `by` who did it, or text
    such as `system:timetable`. With `person_id` that person can read the line. `details` hold no secret.
    """
    sql.run(
        _SQL["record"],
        {**_who(by), "at": clock.now(), "event": event, "about": about, "person_id": person_id}
        | {"details": Jsonb(details or {})},
    ).close()


def looked(*, by: Actor | str, person_id: int, what: str | Promise, about: str) -> None:
    """Remember that somebody saw a person's record: `what` names it, as a message of gettext, e.g. 参保缴费记录.

    It is kept in Chinese, whatever language it was seen in; who reads it reads it in his own.

    His own looks at his own record are nobody's business and leave no line.
    """
    looked_many(by=by, person_ids=[person_id], what=what, about=about)


def looked_many(*, by: Actor | str, person_ids: Iterable[int], what: str | Promise, about: str) -> None:
    """The same for all people of a list, in one statement."""
    himself = None if isinstance(by, str) else by.person_id
    seen = sorted(set(person_ids) - {himself})
    if seen:
        with languages.of_the_hall():
            what = str(what)
        sql.run(
            _SQL["record_for_each"],
            {**_who(by), "at": clock.now(), "event": LOOK, "about": about, "person_ids": seen}
            | {"details": Jsonb({"what": what})},
        ).close()


def _who(by: Actor | str) -> dict[str, str]:
    if isinstance(by, str):
        return {"actor": by, "actor_name": ""}
    return {"actor": by.ref, "actor_name": by.in_words}
