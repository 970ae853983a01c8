"""Whatever employers, banks and clerks do in whatever order: the books stay sound."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger import arrears, bills, invariants, receipts, slips, writeoffs
from shebao.ledger.models import Allocation, Due, Receipt, Slip, SlipItem
from tests.ledger.books import CLERK, PAYER, Books, bank_file

MONTHS = [Month(2026, month) for month in range(8, 12)]
SCHEMES = ("pension", "medical")
cents = st.integers(-30_000, 30_000).map(lambda n: Decimal(n) / 100)


class City(RuleBasedStateMachine):
    """Two employers and a flexible worker; nothing is checked but what the invariants say, and a count of the money."""

    @initialize()
    def open_the_books(self):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clock = clock.fixed(date(2026, 11, 22))
        self.clock.__enter__()
        self.books = Books()
        self.payers, self.people = [], {}
        for size in (2, 1):
            employer = self.books.city.employer()
            self.payers.append(employer)
            self.people[employer.id] = self.books.team(employer, size, since=MONTHS[0])
        alone = self.books.city.person()
        self.books.city.flexible(alone, since=MONTHS[0])
        self.payers.append(alone)
        self.people[alone.id] = [alone]
        self.sent, self.came = [], Decimal(0)

    def teardown(self):
        if hasattr(self, "savepoint"):
            broken = [one.invariant.name for one in invariants.broken(since=MONTHS[0])]
            self.clock.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)
            assert not broken

    @rule(payer=st.integers(0, 2), month=st.sampled_from(MONTHS))
    def a_month_is_assessed(self, payer, month):
        payer = self.payers[payer]
        missing = [
            person
            for person in self.people[payer.id]
            if not Due.objects.filter(person_id=person.id, payer_id=payer.id, month=month).exists()
        ]
        if missing:
            self.books.owed(missing, payer, month, schemes=SCHEMES)

    @rule(pick=st.randoms(use_true_random=False), employer=cents, personal=cents)
    def a_difference_is_found(self, pick, employer, personal):
        dues = list(Due.objects.filter(line=1).order_by("person_id", "scheme", "month"))
        if dues:
            due = pick.choice(dues)
            payer = next(p for p in self.payers if p.id == due.payer_id)
            person = next(p for p in self.people[payer.id] if p.id == due.person_id)
            account = personal if due.scheme == "pension" else Decimal(0)
            self.books.differs(person, payer, due.month, due.scheme, employer, personal, account)

    @rule(payer=st.integers(0, 2), month=st.sampled_from(MONTHS), only=st.booleans())
    def a_slip_is_asked_for(self, payer, month, only):
        try:
            slip = self.books.slip(self.payers[payer], month, months=[month] if only else None)
        except Unsettled as refused:
            assert refused.sentence
        else:
            assert slip.total > 0

    @rule(pick=st.randoms(use_true_random=False), clerk=st.booleans())
    def a_slip_is_taken_back(self, pick, clerk):
        made = list(Slip.objects.order_by("id"))
        if made:
            slip = pick.choice(made)
            try:
                slips.take_back(slip.id, by=CLERK if clerk else PAYER)
            except Unsettled:
                assert slip.state != "open" or Receipt.objects.filter(slip_id=slip.id).exists()

    @rule(
        pick=st.randoms(use_true_random=False),
        off_by=st.lists(st.sampled_from([0, 0, 0, 1, -1]), min_size=1, max_size=4),
        stranger=st.booleans(),
        repeat=st.booleans(),
    )
    def a_bank_sends_a_file(self, pick, off_by, stranger, repeat):
        made = list(Slip.objects.order_by("id"))
        rows = [
            self.books.transfer(slip, amount=max(slip.total + cent, Decimal("0.01")))
            for cent in off_by
            if made and (slip := pick.choice(made))
        ]
        if stranger:
            rows.append(("420100202611999999990", "8.88", "2026-11-12", self.books.reference()))
        if not rows:
            return
        self.came += sum(Decimal(row[1]) for row in rows)
        data = bank_file(*rows, *(self.sent[-1:] if repeat else []))
        taken = receipts.take_in(data, "bank.csv", by=CLERK)
        assert taken.file.state == "done" and taken.file.rows == len(rows) + bool(repeat and self.sent)
        self.sent.append(rows[0])
        self.last = data

    @precondition(lambda self: hasattr(self, "last"))
    @rule()
    def the_same_file_comes_again(self):
        assert receipts.take_in(self.last, "bank.csv", by=CLERK).again

    @rule(pick=st.randoms(use_true_random=False))
    def a_person_is_written_off_for_a_month(self, pick):
        dues = list(Due.objects.order_by("person_id", "month", "scheme", "line"))
        if dues:
            one = pick.choice(dues)
            keys = [
                writeoffs.DueKey(due.person_id, due.scheme, due.payer_id, due.month, due.line)
                for due in dues
                if (due.person_id, due.month) == (one.person_id, one.month)
            ]
            before = Allocation.objects.count()
            try:
                writeoffs.write_off(keys, on=date(2026, 11, 22), source="case:1", by=CLERK)
            except Unsettled:
                assert Allocation.objects.count() == before
            else:
                assert Allocation.objects.count() == before + len(keys)

    @rule()
    def the_books_are_proved(self):
        assert not [one.invariant.name for one in invariants.broken(since=MONTHS[0])]
        assert sum((r.amount for r in Receipt.objects.all()), Decimal(0)) == self.came, "money vanished"

    @rule(payer=st.integers(0, 2), month=st.sampled_from(MONTHS))
    def an_employer_adds_up(self, payer, month):
        payer = self.payers[payer]
        settled = bills.settled(payer.id, month)
        dues = Due.objects.filter(payer_id=payer.id, month=month)
        assert settled.paid + settled.written_off + settled.outstanding == sum(
            (due.employer_part + due.personal_part for due in dues), Decimal(0)
        )
        owed = arrears.of_payer(payer.id, today=date(2026, 11, 22))
        assert sum(o.amount for o in owed) == sum(
            m.amount for m in arrears.by_month(payer.id, today=date(2026, 11, 22))
        )
        assert not SlipItem.objects.filter(payer_id=payer.id).exclude(person_id__in=self._ids(payer)).exists()

    def _ids(self, payer):
        return [person.id for person in self.people[payer.id]]


@pytest.mark.django_db
def test_the_books_stay_sound_whatever_happens():
    run_state_machine_as_test(City, settings=settings(_FEW, max_examples=12, stateful_step_count=18))


@pytest.mark.slow
@pytest.mark.django_db
def test_the_books_stay_sound_for_long():
    run_state_machine_as_test(City, settings=settings(_FEW, max_examples=150, stateful_step_count=40))


_FEW = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
