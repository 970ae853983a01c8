"""Putting a message into somebody's inbox, in the transaction of the deed that it tells about."""

from collections.abc import Mapping, Sequence

from psycopg.types.json import Jsonb

from shebao.foundation import clock, languages, sql
from shebao.notices.wording import wording

_SQL = sql.queries("shebao.notices", "letters.sql")


def later(code: str, to: str, about: str, **facts: object) -> None:
    """Tell one party something: `to` and `about` are references (person:88, employer:86, account:12; case:42…).

    `code` names the wording, `facts` fill it in. A fact that the wording needs and nobody gave is an error at
    once, not when the message is read. What is a text of ours, as a service's title, is handed in as a message of
    gettext: it is kept in Chinese, whoever acts, and read in the reader's language. E-mail follows by itself to those
    who have an address.
    """
    later_many(code, [(to, about, facts)])


def later_many(code: str, letters: Sequence[tuple[str, str, Mapping[str, object]]]) -> None:
    """The same message to many, each as (to, about, facts), in one statement."""
    words = wording(code)
    with languages.of_the_hall():
        stated = [{name: str(value) for name, value in facts.items()} for _, _, facts in letters]
    for facts in stated:
        words.fill(facts)
    if letters:
        sql.run(
            _SQL["put"],
            {
                "code": code,
                "at": clock.now(),
                "mail": words.mailed,
                "recipients": [to for to, _, _ in letters],
                "abouts": [about for _, about, _ in letters],
                "facts": [Jsonb(facts) for facts in stated],
            },
        ).close()
