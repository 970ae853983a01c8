"""Who did what stands in the audit, and can't be talked away afterwards."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError
from django.utils import translation
from django.utils.translation import gettext_lazy

from shebao import audit
from shebao.audit import trails
from shebao.audit.models import AuditEvent
from shebao.foundation import clock, sql
from shebao.identity.acting import Acting

CLERK = Acting(12, "王审核", "agency", None, "武昌区社保处", frozenset({"reviewer"}), "420106")
LI = Acting(13, "李小明", "person", 88, "李小明")

pytestmark = pytest.mark.django_db


def tampered(statement: str) -> None:
    """As somebody with the keys of the database would do it."""
    sql.run(
        "ALTER TABLE audit_event DISABLE TRIGGER USER; ALTER TABLE audit_seal DISABLE TRIGGER USER"
    ).close()
    sql.run(statement).close()
    sql.run("ALTER TABLE audit_event ENABLE TRIGGER USER; ALTER TABLE audit_seal ENABLE TRIGGER USER").close()


def test_a_deed_leaves_a_line_with_who_what_and_when():
    with clock.fixed(date(2026, 11, 2)):
        audit.record("case.withdrawn", "case:42", by=CLERK, person_id=88, details={"reason": "填错了"})
        audit.record("month.run", "run:7", by="system:timetable")
    deed, run = AuditEvent.objects.order_by("id")
    assert (deed.event, deed.about, deed.actor, deed.actor_name) == (
        "case.withdrawn",
        "case:42",
        "account:12",
        "武昌区社保处 王审核",
    )
    assert (deed.person_id, deed.details, clock.timezone.localtime(deed.at).date()) == (
        88,
        {"reason": "填错了"},
        date(2026, 11, 2),
    )
    assert (run.actor, run.actor_name, run.person_id) == ("system:timetable", "", None)
    assert [line.event for line in trails.of("case:42")] == ["case.withdrawn"]


def test_a_deed_that_fails_leaves_no_line():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record("case.withdrawn", "case:42", by=CLERK)
        raise ZeroDivisionError
    assert not AuditEvent.objects.exists()
    assert audit.verify_chain().sound


def test_a_look_is_kept_in_chinese_whatever_language_it_was_taken_in():
    with translation.override("en"):
        audit.looked(by=CLERK, person_id=88, what=gettext_lazy("参保人员花名册"), about="employer:86")
    assert trails.looks_at(88)[0].details["what"] == "参保人员花名册"


def test_a_person_sees_who_looked_at_his_record_but_not_his_own_looks():
    audit.looked(by=CLERK, person_id=88, what="参保缴费记录", about="person:88")
    audit.looked(by=LI, person_id=88, what="参保缴费记录", about="person:88")
    (look,) = trails.looks_at(88)
    assert (look.actor_name, look.details) == ("武昌区社保处 王审核", {"what": "参保缴费记录"})


def test_a_look_at_a_long_list_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        audit.looked_many(by=CLERK, person_ids=[*range(1, 3001), 88], what="增员名册", about="case:42")
    assert AuditEvent.objects.count() == 3000
    with django_assert_num_queries(0):
        audit.looked_many(by=LI, person_ids=[88], what="本人", about="person:88")


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE audit_event SET actor = 'nobody'",
        "DELETE FROM audit_event",
        "UPDATE audit_seal SET events = 0",
        "DELETE FROM audit_seal",
    ],
)
def test_the_database_refuses_to_change_or_remove_a_line(deed):
    audit.record("case.withdrawn", "case:42", by=CLERK)
    audit.seal()
    with pytest.raises((InternalError, IntegrityError), match="only grows"), transaction.atomic():
        sql.run(deed)
    assert audit.verify_chain().sound


def test_the_audit_is_not_emptied_outside_a_test_runner():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL shebao.may_truncate = off")
    for table in ("audit_event", "audit_seal"):
        with pytest.raises((InternalError, IntegrityError), match="only grows"), transaction.atomic():
            sql.run(f"TRUNCATE {table}")


def test_every_line_is_sealed_once_and_the_seals_hang_together():
    for number in range(5):
        audit.record("case.submitted", f"case:{number}", by=CLERK)
    assert audit.verify_chain().waiting == 5
    assert audit.seal() == 5
    assert audit.seal() == 0
    audit.looked_many(by=CLERK, person_ids=range(1, 4), what="名册", about="case:1")
    audit.seal()
    verdict = audit.verify_chain()
    assert (verdict.seals, verdict.sealed, verdict.waiting, verdict.faults) == (2, 8, 0, ())
    assert audit.verify_chain(verdict.head).sound


def test_many_lines_are_sealed_in_several_goes(monkeypatch):
    monkeypatch.setattr("shebao.audit.chain._MOST_PER_SEAL", 2)
    audit.looked_many(by=CLERK, person_ids=range(1, 6), what="名册", about="case:1")
    assert audit.seal() == 5
    assert (audit.verify_chain().seals, audit.verify_chain().sound) == (3, True)


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        (
            "UPDATE audit_event SET actor_name = '别人' WHERE about = 'case:1'",
            "seal 1: a line of it was changed",
        ),
        (
            "UPDATE audit_event SET at = at + interval '1 microsecond' WHERE about = 'case:1'",
            "seal 1: a line of it",
        ),
        ("DELETE FROM audit_event WHERE about = 'case:1'", "seal 1: closed over 2 lines, 1 are there"),
        (
            "DELETE FROM audit_event WHERE about IN ('case:0', 'case:1')",
            "seal 1: closed over 2 lines, 0 are there",
        ),
        ("DELETE FROM audit_seal WHERE number = 1", "a seal before it is missing"),
        (
            "UPDATE audit_seal SET hash = sha256('made up') WHERE number = 1",
            "does not follow the seal before",
        ),
        (
            "INSERT INTO audit_event (at, event, about, actor, actor_name, details) "
            "VALUES (now(), 'made.up', 'case:9', 'x', '', '{}')",
            "1 lines are neither sealed nor waiting",
        ),
    ],
)
def test_whatever_is_tampered_with_is_found(tampering, fault):
    for number in range(4):
        audit.record("case.submitted", f"case:{number}", by=CLERK)
        if number % 2:
            audit.seal()
    tampered(tampering)
    verdict = audit.verify_chain()
    assert not verdict.sound
    assert fault in " | ".join(verdict.faults)


def test_a_chain_made_anew_no_longer_holds_the_head_that_was_noted():
    audit.record("case.submitted", "case:1", by=CLERK)
    audit.seal()
    noted = audit.verify_chain().head
    tampered("DELETE FROM audit_seal; DELETE FROM audit_event")
    audit.record("case.submitted", "case:2", by=CLERK)
    audit.seal()
    assert audit.verify_chain().sound
    assert "the chain was cut or made anew" in audit.verify_chain(noted).faults[0]


def test_the_command_line_says_whether_the_chain_is_sound(capsys):
    audit.record("case.submitted", "case:1", by=CLERK)
    call_command("audit", "seal")
    assert json.loads(capsys.readouterr().out) == {"sealed": 1}
    call_command("audit", "verify")
    assert json.loads(capsys.readouterr().out)["sound"] is True
    tampered("DELETE FROM audit_event")
    with pytest.raises(SystemExit):
        call_command("audit", "verify")
    assert json.loads(capsys.readouterr().out)["faults"]
