"""Two at once at the door and in the audit: tries are all counted, lines are sealed once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from shebao import audit
from shebao.audit.models import Seal
from shebao.foundation import sql
from shebao.identity import throttle

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(deed, times: int) -> list:
    """The answers of a deed done by so many at the same moment, each on a connection of its own."""
    start = threading.Barrier(times, timeout=300)

    def one(number: int):
        try:
            connection.ensure_connection()
            start.wait()
            return deed(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_ten_guesses_at_the_same_moment_are_ten_guesses():
    limit = throttle.Limit(free=3, window=timedelta(days=1))
    waits = at_once(lambda _: bool(throttle.charge("key", limit)), 10)
    assert waits.count(False) == 3


def test_two_sealing_jobs_at_once_seal_every_line_once():
    audit.looked_many(by="system:test", person_ids=range(1, 200), what="名册", about="case:1")
    assert sum(at_once(lambda _: audit.seal(), 3)) == 199
    assert audit.verify_chain().sound
    assert Seal.objects.count() == 1


def test_a_line_that_is_committed_late_is_sealed_late_and_not_forgotten():
    def deed(number: int):
        if number == 0:
            with connection.cursor() as cursor:
                cursor.execute("BEGIN")
                audit.record("case.submitted", "case:late", by="system:test")
                written.set()
                sealed.wait(300)
                cursor.execute("COMMIT")
            return None
        written.wait(300)
        audit.record(
            "case.submitted", "case:early", by="system:test"
        )  # has the greater number, is there earlier
        closed = audit.seal()
        sealed.set()
        return closed

    written, sealed = threading.Event(), threading.Event()
    assert at_once(deed, 2) == [None, 1]
    assert audit.verify_chain().waiting == 1
    assert audit.seal() == 1
    assert audit.verify_chain().sound
    assert sql.rows("SELECT count(*) AS n FROM audit_event") == [{"n": 2}]
