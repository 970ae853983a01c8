"""Every fault in the books is found by the invariant that is there for it."""

from datetime import date

import pytest
from django.db import connection

from shebao.foundation.months import Month
from shebao.ledger import arrears_slips, claims, invariants, slips, writeoffs
from tests.ledger.books import CLERK

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)

# Each of these is something that no deed of ours can do.
FAULTS = {
    "due_is_paid_arrears_and_written_off": "UPDATE ledger_allocation SET employer_part = employer_part - 1",
    "allocations_settle_a_due_whole": "DELETE FROM ledger_due WHERE month = '2026-10-01' AND scheme = 'medical'",
    "bills_equal_dues": "UPDATE ledger_bill SET personal_part = personal_part + 0.01 WHERE scheme = 'pension'",
    "bills_count_what_is_settled": "UPDATE ledger_bill SET settled = 0 WHERE month = '2026-10-01'",
    "due_lines_are_numbered": "UPDATE ledger_due SET line = 3 WHERE month = '2026-11-01' AND scheme = 'pension'",
    "dues_cite_their_terms": "UPDATE policy_terms SET ends = '2026-10-01' WHERE scheme = 'pension'",
    "dues_name_their_run": "UPDATE ledger_due SET run_id = 999999 WHERE month = '2026-11-01'",
    "dues_lie_within_enrolments": "UPDATE registry_enrolment SET payer_id = 1 WHERE scheme = 'pension'",
    "accounts_equal_what_was_paid": "UPDATE ledger_accountline SET amount = amount + 1 WHERE account = 'medical'",
    "slips_equal_their_items": "UPDATE ledger_slip SET total = total + 1, employer_part = employer_part + 1",
    "items_belong_to_a_slip": "UPDATE ledger_slip SET state = 'taken_back' WHERE state = 'open'",
    "no_due_on_two_live_slips": "DROP INDEX one_live_slip_per_due; UPDATE ledger_slipitem SET live = true",
    "a_matched_receipt_pays_its_slip": "UPDATE ledger_receipt SET amount = amount + 1 WHERE state = 'matched'",
    "a_matched_receipt_settles_every_item": "DELETE FROM ledger_allocation WHERE kind = 'paid' AND scheme = 'medical'",
    "items_of_paid_slips_are_settled_by_them": "UPDATE ledger_allocation SET receipt_id = NULL WHERE kind = 'paid'",
    "what_is_paid_has_a_receipt": "UPDATE ledger_allocation SET source = '' WHERE kind = 'written_off'",
    "what_is_written_off_is_neither_paid_nor_open": "UPDATE ledger_allocation SET line = 2 WHERE kind = 'written_off'; "
    "INSERT INTO ledger_due SELECT person_id, scheme, payer_id, month, 2, declared, base, employer_part, "
    "personal_part, account_part, terms_id, run_id FROM ledger_due WHERE scheme = 'unemployment' "
    "AND month = '2026-11-01'",
    "files_account_for_every_row": "DELETE FROM ledger_receipt WHERE state = 'unknown_slip'",
    "suspense_says_why": "UPDATE ledger_receipt SET state = 'wrong_amount' WHERE state = 'unknown_slip'",
    "resolutions_account_for_their_money": "UPDATE ledger_receipt SET resolution_id = 77 WHERE state = 'unknown_slip'",
    "revisions_tell_what_they_wrote": "INSERT INTO ledger_revisedpayer SELECT 1, 7, true, 1, 1, '2026-10-01', "
    "'2026-10-01', 1, 1",
    "late_fees_equal_their_slips": "UPDATE ledger_latefee SET live = false",
    "late_fee_is_paid_and_open": "UPDATE ledger_latefee SET receipt_id = NULL WHERE receipt_id IS NOT NULL",
    "late_fees_follow_from_their_days": "UPDATE ledger_latefee SET principal = principal * 2",
    "claims_equal_their_items": "UPDATE ledger_claim SET late_fee = late_fee + 0.01",
    "claims_stand_on_their_slip": "UPDATE ledger_claim SET state = 'ready', slip_id = NULL WHERE state = 'asked'",
    "what_is_held_is_open": "UPDATE ledger_claim SET state = 'asked' WHERE state = 'paid'",
    "no_overlapping_enrolments": "UPDATE registry_enrolment SET starts = '2026-09-01', ends = '2026-10-01' WHERE "
    "starts = '2026-11-01'",
    "numbers_lead_to_their_person": "DELETE FROM registry_personkey WHERE kind = 'personal_number'",
}


@pytest.fixture
def eventful(books):
    """Books in which a bit of everything has happened."""
    employer, other = books.city.employer(), books.city.employer()
    team = books.team(employer, 2, since=OCTOBER)
    mover = books.city.person()
    books.city.works(mover, other, since=OCTOBER, until=OCTOBER)
    books.city.works(mover, employer, since=NOVEMBER)
    books.owed(team, employer, OCTOBER)
    taken_back = books.slip(employer, OCTOBER)
    slips.take_back(taken_back.id, by=CLERK)
    paid = books.slip(employer, OCTOBER)
    books.money_comes(books.transfer(paid), ("unknown", "5.00", "2026-11-12", "B-unknown"))
    books.money_comes(("unknown", "5.00", "2026-11-12", "B-unknown"), name="again.csv")
    books.owed([*team, mover], employer, NOVEMBER)
    writeoffs.write_off(
        [writeoffs.DueKey(mover.id, "unemployment", employer.id, NOVEMBER)],
        on=date(2026, 11, 22), source="case:1", by=CLERK,
    )  # fmt: skip
    books.slip(employer, NOVEMBER)
    _arrears(books)
    return books


def _arrears(books):
    """Three people in arrears: paid with late fee, asked for, and assessed."""
    books.last_days_are_known()
    employer = books.city.employer()
    team = books.team(employer, 3, since=SEPTEMBER)
    books.owed(team, employer, SEPTEMBER)
    made = claims.assess({person.id: "case:3" for person in team}, employer.id, by=CLERK)
    first, second = (arrears_slips.make(employer.id, [claim.number], by=CLERK) for claim in made[:2])
    assert second.late_fee > 0
    books.pays(first)


def test_eventful_books_are_sound(eventful):
    results = list(invariants.check())
    assert [r.invariant.name for r in results if not r.holds] == []
    assert len(results) == len(invariants.INVARIANTS)


def test_each_invariant_has_a_fault_that_it_is_there_for():
    assert set(FAULTS) == {one.name for one in invariants.INVARIANTS}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(eventful, name):
    with connection.cursor() as cursor:
        cursor.execute(FAULTS[name])
    found = {r.invariant.name: r for r in invariants.broken()}
    assert name in found
    assert found[name].exceptions >= len(found[name].examples) >= 1
    assert len(found[name].examples) <= 5


def test_a_fault_of_an_old_year_is_not_looked_for_when_only_new_months_are_asked_about(eventful):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_bill SET employer_part = 0 WHERE month = '2026-10-01'")
    assert not invariants.broken(since=NOVEMBER)
    assert invariants.broken(since=OCTOBER)
