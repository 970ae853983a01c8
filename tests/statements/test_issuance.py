"""Statements of people of the archive: their figures, what becomes of older ones, and what strangers are told."""

import json
import threading
from datetime import date
from io import BytesIO
from unittest import mock

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shebao.audit.models import AuditEvent
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger import record
from shebao.notices.models import Notice
from shebao.statements import issuance, keys, snapshots, store, verification
from shebao.statements.models import Lookup, Statement, StatementKey
from shebao.statements.verification import Answer
from tests.statements.conftest import sign_with
from tests.statements.examples import snapshot

JANUARY, DECEMBER = Month(2025, 1), Month(2025, 12)
CLERK = "account:7"


@pytest.fixture(autouse=True)
def november():
    with clock.fixed(date(2026, 11, 22)):
        yield


def issue(person, first=JANUARY, last=DECEMBER) -> Statement:
    return issuance.issue(person.id, first, last, by=CLERK)


def figures_of(statement: Statement) -> dict:
    return json.loads(bytes(statement.snapshot))


def lines_of(statement: Statement) -> list[dict]:
    return [dict(zip(snapshots.COLUMNS, row, strict=True)) for row in figures_of(statement)["lines"]["rows"]]


def code_on(statement: Statement) -> str:
    """The verification code as it is printed."""
    text = "\n".join(
        page.extract_text() for page in pypdf.PdfReader(BytesIO(issuance.pdf_of(statement))).pages
    )
    return text.split("验证码")[1].split()[0]


class TestFigures:
    def test_a_year_of_work_stands_on_the_statement_month_by_month(self, books):
        statement = issue(books.worker())
        lines = lines_of(statement)
        assert len(lines) == 60
        assert lines[0] == {
            "month": "2025-01", "scheme": "pension", "payer": 1, "base": "6250.00", "employer": "1000.00",
            "personal": "500.00", "employer_paid": "1000.00", "personal_paid": "500.00",
            "paid_on": "2025-01-20", "status": "paid", "terms": 1,
        }  # fmt: skip

    def test_only_the_months_asked_for(self, books):
        person = books.worker(months="2024-06 2026-03")
        months = {line["month"] for line in lines_of(issue(person))}
        assert min(months) == "2025-01" and max(months) == "2025-12"

    def test_an_unpaid_month_is_in_arrears_the_running_one_is_due(self, books):
        employer = books.city.employer()
        person = books.worker(months="2026-09 2026-09", employer=employer)
        books.due(person, employer, Month(2026, 10), Month(2026, 11), paid=False)
        by_month = {line["month"]: line for line in lines_of(issue(person, Month(2026, 9), Month(2026, 11)))}
        assert [by_month[m]["status"] for m in ("2026-09", "2026-10", "2026-11")] == [
            "paid",
            "arrears",
            "not_yet_due",
        ]
        assert by_month["2026-10"]["employer_paid"] == "0.00"

    def test_a_month_paid_later_is_marked_as_back_paid_and_a_written_off_one_as_that(self, books):
        employer = books.city.employer()
        person = books.worker(months="2025-01 2025-01", employer=employer, paid_on=date(2025, 4, 2))
        books.due(person, employer, Month(2025, 2), Month(2025, 2), paid=False)
        books.written_off(person, employer, Month(2025, 2))
        assert {line["month"]: line["status"] for line in lines_of(issue(person))} == {
            "2025-01": "back_paid",
            "2025-02": "written_off",
        }

    def test_a_difference_found_later_is_added_to_its_month(self, books):
        employer = books.city.employer()
        person = books.worker(employer=employer)
        books.due(person, employer, JANUARY, JANUARY, wage="100", line=2, paid=False, schemes=["pension"])
        first = lines_of(issue(person))[0]
        assert (first["employer"], first["employer_paid"], first["status"]) == (
            "1016.00",
            "1000.00",
            "not_yet_due",
        )

    def test_a_credit_found_later_lowers_what_was_due_and_what_was_paid(self, books):
        employer = books.city.employer()
        person = books.worker(employer=employer)
        books.due(person, employer, JANUARY, JANUARY, wage="-100", line=2, paid=False, schemes=["pension"])
        first = lines_of(issue(person))[0]
        assert (first["employer"], first["employer_paid"], first["status"]) == ("984.00", "984.00", "paid")

    def test_a_month_that_was_reversed_is_left_out(self, books):
        employer = books.city.employer()
        person = books.worker(employer=employer)
        books.due(person, employer, JANUARY, JANUARY, wage="-6250", line=2, schemes=["pension"])
        assert ("2025-01", "pension") not in {
            (line["month"], line["scheme"]) for line in lines_of(issue(person))
        }

    def test_it_counts_months_as_the_overview_does(self, books):
        employer = books.city.employer()
        person = books.worker(months="2020-03 2025-10", employer=employer)
        books.due(person, employer, Month(2025, 11), DECEMBER, paid=False)
        shown = {
            t.scheme: t for t in record.by_scheme(person.id, Month(1992, 1), DECEMBER, today=clock.today())
        }
        for counted in figures_of(issue(person))["counted"]:
            assert counted["months"] == shown[counted["scheme"]].months_paid

    def test_balances_are_those_at_the_end_of_the_period(self, books):
        person = books.worker(months="2024-12 2026-03")
        books.interest(person, 2025, "12.34")
        pension = next(a for a in figures_of(issue(person))["accounts"] if a["account"] == "pension")
        assert pension["opening"] == "500.00"
        assert pension["contribution"] == "6000.00"
        assert pension["interest"] == "12.34"
        assert pension["closing"] == "6512.34"

    def test_all_paid_months_of_a_life_are_counted(self, books):
        person = books.worker(months="2020-03 2026-03")
        counted = {c["scheme"]: c for c in figures_of(issue(person))["counted"]}
        assert counted["pension"] == {"scheme": "pension", "months": 70, "since": "2020-03"}

    def test_rates_are_cited_with_their_sources_and_made_up_ones_are_flagged(self, books):
        figures = figures_of(issue(books.worker()))
        assert figures["terms"][0]["employer_rate"] == "0.16"
        assert figures["sources"][0]["document"] == "示例〔2019〕1号"
        assert figures["flags"] == {"demo": True, "synthetic": True, "provisional": False}

    def test_a_flexible_worker_is_his_own_payer(self, books):
        person = books.city.person("王敏", sex="F")
        books.due(person, person, JANUARY, JANUARY, schemes=["pension"])
        assert figures_of(issue(person))["payers"] == [
            {"kind": "person", "name": "王敏", "number": person.personal_number}
        ]

    def test_it_holds_no_number_of_the_database(self, books):
        person = books.worker()
        assert "person_id" not in bytes(issue(person).snapshot).decode()

    def test_many_people_cost_no_more_queries_than_one(self, books):
        employer = books.city.employer()
        people = [books.worker(f"员工{n}", employer=employer) for n in range(6)]
        scope = {"kind": "five-insurance", "issuer": {}, "demo": True, "today": date(2026, 11, 22)}
        with CaptureQueriesContext(connection) as one:
            snapshots.compose([people[0].id], JANUARY, DECEMBER, **scope)
        with CaptureQueriesContext(connection) as many:
            composed = snapshots.compose([p.id for p in people], JANUARY, DECEMBER, **scope)
        assert len(one) == len(many) == 9
        assert [composed[p.id]["person"]["name"] for p in people] == [f"员工{n}" for n in range(6)]


class TestIssuing:
    def test_the_document_is_kept_as_it_was_issued(self, books):
        statement = issue(books.worker())
        assert snapshots.digest(issuance.pdf_of(statement)) == statement.pdf_sha256
        assert snapshots.digest(bytes(statement.snapshot)) == statement.snapshot_sha256

    def test_asking_again_gives_the_same_document(self, books):
        person = books.worker()
        assert issue(person).serial == issue(person).serial
        assert Statement.objects.count() == 1

    def test_a_new_payment_makes_a_new_statement_that_supersedes_the_old_one(self, books):
        employer = books.city.employer()
        person = books.worker(months="2025-01 2025-11", employer=employer)
        old = issue(person)
        books.due(person, employer, DECEMBER, DECEMBER)
        new = issue(person)
        old.refresh_from_db()
        assert new.serial != old.serial
        assert (old.state, old.superseded_by) == ("superseded", new.serial)
        assert new.state == "valid"

    def test_another_period_is_another_statement(self, books):
        person = books.worker()
        first, second = issue(person), issue(person, JANUARY, Month(2025, 6))
        first.refresh_from_db()
        assert (first.state, second.state) == ("valid", "valid")

    def test_many_are_issued_at_once(self, books):
        people = [books.worker(f"员工{n}") for n in range(3)]
        before = issue(people[0])
        issued = issuance.issue_many([p.id for p in people], JANUARY, DECEMBER, by="system:timetable")
        assert set(issued) == {p.id for p in people}
        assert issued[people[0].id].serial == before.serial
        assert StatementKey.objects.count() == 3

    def test_issuing_stands_in_the_audit(self, books):
        statement = issue(books.worker())
        line = AuditEvent.objects.get(event="statement.issued")
        assert (line.about, line.actor, line.person_id) == (statement.ref, CLERK, statement.person_id)

    @pytest.mark.parametrize(
        ("first", "last"), [(DECEMBER, JANUARY), (JANUARY, Month(2026, 12)), (Month(1950, 1), DECEMBER)]
    )
    def test_a_period_that_cannot_be_is_refused(self, books, first, last):
        with pytest.raises(issuance.NotIssued):
            issue(books.worker(), first, last)

    def test_nobody_unknown_gets_one(self, books):
        with pytest.raises(issuance.NotIssued, match="没有"):
            issuance.issue(999_999, JANUARY, DECEMBER, by=CLERK)

    def test_a_serial_that_was_drawn_before_is_drawn_again(self, books):
        first, second = books.worker(), books.worker("张三")
        taken = issue(first).serial
        drawn = iter([taken, "420100-261122-AAAA-AAAA-A"])
        with mock.patch("shebao.statements.serials.new_serial", lambda *_: next(drawn)):
            assert issue(second).serial == "420100-261122-AAAA-AAAA-A"

    def test_a_failing_write_leaves_neither_row_nor_file(self, books, tmp_path):
        person = books.worker()
        with mock.patch("shebao.audit.record", side_effect=RuntimeError), pytest.raises(RuntimeError):
            issue(person)
        assert not Statement.objects.exists() and not StatementKey.objects.exists()
        assert not list((tmp_path / "store").rglob("*.pdf"))

    def test_a_damaged_file_is_not_handed_out(self, books, tmp_path):
        statement = issue(books.worker())
        (file,) = (tmp_path / "store").rglob("*.pdf")
        file.write_bytes(file.read_bytes()[:-1])
        with pytest.raises(store.Damaged, match="backup"):
            issuance.pdf_of(statement)


@pytest.mark.django_db(transaction=True)
def test_two_who_press_the_button_at_once_get_one_and_the_same_statement():
    from tests.statements.books import Books

    person = Books().worker()
    start, got = threading.Barrier(2), []

    def press():
        try:
            with clock.fixed(date(2026, 11, 22)):
                start.wait()
                got.append(issue(person).serial)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 2 and len(set(got)) == 1
    assert Statement.objects.filter(state="valid").count() == 1


class TestVerifying:
    def test_the_file_is_genuine_and_the_owner_sees_that_somebody_asked(self, books):
        person = books.worker()
        verdict = verification.of_file(issuance.pdf_of(issue(person)), origin="203.0.113.0/24")
        assert verdict.answer is Answer.GENUINE
        assert verdict.certified["name"] == "李*明"
        (seen,) = issuance.lookups_of(person.id)
        assert (seen.how, seen.answer, seen.by, seen.origin) == (
            "file",
            "genuine",
            "stranger",
            "203.0.113.0/24",
        )

    def test_serial_and_code_of_the_printed_page_are_enough(self, books):
        statement = issue(books.worker())
        verdict = verification.of_code(statement.serial.lower(), code_on(statement).replace("-", " "))
        assert verdict.answer is Answer.GENUINE
        assert verdict.certified["schemes"][0]["personal_paid"] == "6000.00"

    def test_a_wrong_code_and_an_unknown_serial_are_told_the_same(self, books):
        statement = issue(books.worker())
        wrong = verification.of_code(statement.serial, "AAAA-AAAA-AAAA-AAAA")
        unknown = verification.of_code("420100-261122-K7QM-4XZ2-M", "AAAA-AAAA-AAAA-AAAA")
        assert wrong.answer is unknown.answer is Answer.NOT_OURS
        assert wrong.sentence == unknown.sentence
        assert wrong.certified is unknown.certified is None
        assert Lookup.objects.get().answer == "not-ours"  # the owner sees that somebody guessed

    def test_a_mistyped_serial_is_told_to_look_again(self, db):
        assert "逐字核对" in verification.of_code("420100-261122-K7QM-4XZ2-X", "x").sentence

    def test_a_changed_byte_is_altered(self, books):
        pdf = bytearray(issuance.pdf_of(issue(books.worker())))
        pdf[len(pdf) // 2] ^= 1
        assert verification.of_file(bytes(pdf)).answer is Answer.ALTERED
        assert Lookup.objects.get().answer == "altered"

    def test_our_figures_under_another_signature_are_altered(self, books, tmp_path, settings):
        statement = issue(books.worker())
        keys.make(tmp_path / "foreign", "某市", at=statement.issued_at)
        forged = sign_with(tmp_path / "foreign", figures_of(statement))
        assert verification.of_file(forged).answer is Answer.ALTERED

    def test_another_document_of_our_own_key_with_this_serial_is_altered(self, books, key_folder):
        """Whoever got hold of the key still can't make a statement that the books know."""
        statement = issue(books.worker())
        forged = sign_with(key_folder, snapshot() | {"serial": statement.serial})
        assert verification.of_file(forged).answer is Answer.ALTERED

    def test_our_signature_without_an_entry_in_the_books_is_not_ours(self, db, signed):
        verdict = verification.of_file(signed)
        assert verdict.answer is Answer.NOT_OURS
        assert "台账中没有" in verdict.sentence

    def test_an_older_statement_is_superseded(self, books):
        employer = books.city.employer()
        person = books.worker(months="2025-01 2025-11", employer=employer)
        old = issue(person)
        pdf, code = issuance.pdf_of(old), code_on(old)
        books.due(person, employer, DECEMBER, DECEMBER)
        issue(person)
        assert verification.of_file(pdf).answer is Answer.SUPERSEDED
        verdict = verification.of_code(old.serial, code)
        assert verdict.answer is Answer.SUPERSEDED
        assert "新的对账单" in verdict.sentence

    def test_a_revoked_one_says_why(self, books):
        person = books.worker()
        statement = issue(person)
        issuance.revoke(statement, "单位申报有误", by=CLERK)
        verdict = verification.of_file(issuance.pdf_of(statement))
        assert verdict.answer is Answer.REVOKED
        assert "单位申报有误" in verdict.sentence
        assert Notice.objects.get(recipient=f"person:{person.id}").code == "statement-revoked"
        with pytest.raises(issuance.NotIssued):
            issuance.revoke(statement, "再来一次", by=CLERK)

    def test_after_a_revocation_a_new_one_can_be_had(self, books):
        person = books.worker()
        old = issue(person)
        issuance.revoke(old, "遗失", by=CLERK)
        assert issue(person).serial != old.serial
