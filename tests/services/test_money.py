"""Whatever is hired, paused, raised, declared, announced, asked for, paid and written off, in whatever order:
each month comes to what the final facts say, once, and no money vanishes."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shebao.assessment import revisions, runs, undeclared
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from shebao.ledger import arrears, arrears_slips, claims, invariants, receipts, slips, suspense
from shebao.ledger.models import AccountLine, Allocation, Claim, Due, LateFee, Receipt, Resolution, Slip
from shebao.policy.models import Terms
from shebao.registry import declarations
from shebao.services import change_wages, declare_wages, enrol_employees, pause_employees, write_off_month
from tests import policies
from tests.ledger.books import CLERK, PAYER, bank_file
from tests.scenes import City
from tests.services.final_facts import FLOORED, FinalFacts, fen

FIRST = Month(2025, 12)
NEW_YEAR = Month(2026, 1)
SECOND = Acting(33, "孙复核", "agency", None, "江岸区社保处", frozenset({"ledger"}), "420102")
ZERO = Decimal(0)
wages = st.sampled_from(["3000", "4498", "4498.01", "4777.77", "6000", "9123.45", "22488", "30000"]).map(
    Decimal
)
people = st.integers(0, 3)
employers = st.integers(0, 1)
of_last_month = st.sampled_from([False, False, True])


class Hall(RuleBasedStateMachine):
    """Two employers and four people, from December 2025 on; each deed goes through the effect of its service."""

    @initialize()
    def it_opens(self):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clock = None
        self.today = date(2025, 12, 8)
        self._it_is(self.today)
        policies.load(synthetic=True)
        self.city, self.facts, self.numbers = City(), FinalFacts(), count(1)
        self.employers = [self.city.employer() for _ in range(2)]
        self.people = [self.city.person(f"员工{n}") for n in range(4)]
        self.came = ZERO
        self.announced = set()
        for person, wage in zip(self.people[:3], ("4000", "6000", "25000"), strict=True):
            self._hire(person, self.employers[0], FIRST, Decimal(wage))
        # A city in which nobody is enrolled has no months.
        self._hire(self.city.person("常在"), self.employers[1], FIRST, Decimal("7000"))
        runs.run_month(FIRST, by="test")

    def teardown(self):
        if not hasattr(self, "savepoint"):
            return
        try:
            self._everything_is_proved()
        finally:
            self.clock.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def _it_is(self, day: date) -> None:
        if self.clock:
            self.clock.__exit__(None, None, None)
        self.today = day
        self.clock = clock.fixed(day)
        self.clock.__enter__()

    @property
    def month(self) -> Month:
        return Month.of(self.today)

    def _case(self, employer, month=None, **more):
        number = next(self.numbers)
        return SimpleNamespace(
            party_id=employer.id, month=month or self.month, filed_on=self.today, office_code="420102",
            ref=f"case:{number}", ref_of=lambda row: f"case:{number}/row:{row.id_number[-6:]}", filed_by=1,
            filed_by_name="张明", numbers={}, **more,
        )  # fmt: skip

    def _try(self, deed) -> bool:
        """Whether it was done; what is refused leaves everything as it was."""
        try:
            with transaction.atomic():
                deed()
        except Unsettled as refused:
            assert refused.sentence
            return False
        return True

    # What the clock does.

    @rule(months=st.integers(1, 4), day=st.sampled_from([5, 20, 25, 26, 28]))
    def months_pass(self, months, day):
        for _ in range(months):
            month = self.month.plus(1)
            self._it_is(month.first_day.replace(day=5))
            undeclared.settle(by="test", spared=lambda payer_ids: set())
            self._law_counts()
            runs.run_month(month, by="test")
        self._it_is(self.month.first_day.replace(day=day))

    def _law_counts(self):
        """Whoever was left out counts with 110 % of the base of the month before, from the year's first month on."""
        if self.today <= date(2026, 11, 30) or self.today.year > 2026 or NEW_YEAR in self.announced:
            return
        self.announced.add(NEW_YEAR)
        for person in {one.person for one in self.facts.stints} - self.declared:
            before, first = self.facts.stint(person, FIRST), self.facts.stint(person, NEW_YEAR)
            if before and first and before.payer == first.payer:
                base = {s: self.facts.base(s, wage, FIRST) for s, wage in before.wages.items()}
                base["large_medical"] = max(base[s] for s in base if s != "large_medical")
                law = {s: fen(one * Decimal("1.1")) for s, one in base.items()}
                self.facts.earns(person, first.payer, law, NEW_YEAR)

    @property
    def declared(self) -> set[int]:
        found = declarations.WageDeclaration.objects.filter(year=2026, how="declared", superseded_by="")
        return set(found.values_list("person_id", flat=True))

    @rule(days=st.integers(1, 9))
    def days_pass(self, days):
        then = self.today + timedelta(days=days)
        if Month.of(then) == self.month:
            self._it_is(then)

    # What employers do.

    @rule(person=people, employer=employers, back=st.integers(-1, 2), wage=wages)
    def somebody_is_hired(self, person, employer, back, wage):
        person, starts = self.people[person], self.month.plus(-back)
        mine = [one for one in self.facts.stints if one.person == person.id]
        if starts >= FIRST and all(one.ends is not None and one.ends < starts for one in mine):
            self._hire(person, self.employers[employer], starts, wage)

    def _hire(self, person, employer, starts, wage):
        hire = enrol_employees.Hire(
            person.id_number, person.name, min(starts.first_day, self.today), wage, starts
        )  # fmt: skip
        with transaction.atomic():
            enrol_employees.enrol([hire], self._case(employer))
        self.facts.begins(person.id, employer.id, starts, wage)

    @rule(person=people, late=of_last_month)
    def somebody_leaves(self, person, late):
        person, month = self.people[person], self.month.plus(-late)
        stint = self.facts.stint(person.id, month)
        if stint is None or not self._stays(person, stint.payer):
            return
        row = pause_employees.Leaver(person.id_number, person.name, "resigned")
        employer = next(e for e in self.employers if e.id == stint.payer)
        with transaction.atomic():
            pause_employees.pause([row], self._case(employer, month))
        self.facts.ends(person.id, stint.payer, month)

    def _stays(self, person, payer) -> bool:
        mine = [one for one in self.facts.stints if one.person == person.id]
        return any(one.ends is None for one in mine) and all(
            one.payer == payer for one in mine if one.ends is None or one.ends >= self.month.plus(-1)
        )

    @rule(person=people, wage=wages, late=of_last_month)
    def a_wage_is_changed(self, person, wage, late):
        person, month = self.people[person], self.month.plus(-late)
        stint = self.facts.stint(person.id, month.plus(1))
        if stint is None or stint.starts == month.plus(1):
            return
        employer = next(e for e in self.employers if e.id == stint.payer)
        row = change_wages.NewWage(person.id_number, person.name, wage, "adjusted")
        with transaction.atomic():
            change_wages.declare([row], self._case(employer, month))
        self.facts.earns(person.id, stint.payer, dict.fromkeys(stint.wages, wage), month.plus(1))

    @precondition(lambda self: self.today.year == 2026)
    @rule(person=people, wage=wages)
    def a_year_is_declared(self, person, wage):
        person = self.people[person]
        before, first = self.facts.stint(person.id, FIRST), self.facts.stint(person.id, NEW_YEAR)
        if not before or not first or before.payer != first.payer or person.id in self.declared:
            return
        employer = next(e for e in self.employers if e.id == first.payer)
        assert person.id in {r["person_id"] for r in declarations.declarable(employer.id, NEW_YEAR)}
        row = declare_wages.Declared(
            id_number=person.id_number, name=person.name, present=None, wage=wage
        )  # fmt: skip
        with transaction.atomic():
            declare_wages.declare([row], self._case(employer))
        self.facts.earns(person.id, first.payer, dict.fromkeys(first.wages, wage), NEW_YEAR)

    @precondition(lambda self: self.today.year == 2026)
    @rule(floor=st.sampled_from(["4300", "4498", "4650", "5000.01"]).map(Decimal))
    def bases_are_announced(self, floor):
        """Of a day one figure is known; it counts since January, and all months are revised."""
        if self.today in self.announced:
            return
        self.announced.add(self.today)
        newest = {}
        for one in Terms.objects.filter(
            city="420100", kind="employee", scheme__in=FLOORED, injury_class__in=[0, 1]
        ):
            if (one.ends is None or one.ends >= NEW_YEAR) and one.starts <= NEW_YEAR:
                key = (one.scheme, one.injury_class)
                newest[key] = max(newest.get(key, one), one, key=lambda t: t.known_from)
        for one in newest.values():
            one.pk, one.starts, one.ends, one.known_from, one.floor = None, NEW_YEAR, None, self.today, floor
            one._state.adding = True
            one.save()
        self.facts.floors.append((NEW_YEAR, floor))
        revision = revisions.open_one(NEW_YEAR, by="test")
        assert revisions.carry_out(revision.id).state == "done"

    @rule(person=people)
    def this_month_is_written_off(self, person):
        person = self.people[person]
        for employer in self.employers:
            row = write_off_month.Unpaid(person.id_number, person.name)
            self._try(lambda r=row, e=employer: write_off_month.write_off([r], self._case(e)))

    # What is asked for and paid.

    @rule(employer=employers)
    def a_monthly_slip_is_asked_for(self, employer):
        self._try(lambda: slips.make_monthly(self.employers[employer].id, self.month, by=PAYER))

    @rule(employer=employers, only=people, all_of_them=st.booleans())
    def arrears_are_assessed(self, employer, only, all_of_them):
        payer = self.employers[employer].id
        owed = [one.person_id for one in arrears.of_payer(payer, today=self.today, limit=None)]
        asked = owed if all_of_them else [one for one in owed if one == self.people[only].id]
        if asked:
            self._try(lambda: claims.assess(dict.fromkeys(asked, "case:0"), payer, by=PAYER))

    @rule(employer=employers, days=st.integers(0, 12))
    def an_arrears_slip_is_asked_for(self, employer, days):
        payer = self.employers[employer].id
        ready = Claim.objects.filter(payer_id=payer, state="ready").values_list("number", flat=True)
        on = self.today + timedelta(days=days)
        self._try(lambda: arrears_slips.make(payer, list(ready), by=PAYER, on=on))

    @rule(pick=st.randoms(use_true_random=False), clerk=st.booleans())
    def a_slip_is_taken_back(self, pick, clerk):
        made = list(Slip.objects.order_by("id"))
        if made:
            self._try(lambda: slips.take_back(pick.choice(made).id, by=CLERK if clerk else PAYER))

    @rule(pick=st.randoms(use_true_random=False))
    def an_assessment_is_taken_back(self, pick):
        made = list(Claim.objects.order_by("id"))
        if made:
            self._try(lambda: claims.take_back(pick.choice(made).number, by=PAYER))

    @rule(
        pick=st.randoms(use_true_random=False), parts=st.integers(1, 2),
        off_by=st.sampled_from(["0", "0", "0", "0", "0.01", "-0.01", "500"]), days_ago=st.integers(0, 6),
    )  # fmt: skip
    def money_comes(self, pick, parts, off_by, days_ago):
        made = list(Slip.objects.exclude(state="taken_back").order_by("id"))
        made = [one for one in made if one.state == "open"] or made[-1:]
        if not made:
            return
        slip = pick.choice(made)
        amount = max(slip.total + Decimal(off_by), Decimal("0.02"))
        first = fen(amount / parts)
        on = max(self.today - timedelta(days=days_ago), slip.made_at.date())
        rows = [
            (slip.number, part, on, f"B{next(self.numbers):09d}")
            for part in ([first, amount - first] if parts == 2 else [amount])
        ]
        self.came += amount
        assert receipts.take_in(bank_file(*rows), "bank.csv", by=CLERK).file.state == "done"

    @rule(pick=st.randoms(use_true_random=False), deed=st.sampled_from(["assign", "reissue", "refund"]))
    def suspense_is_seen_to(self, pick, deed):
        waiting = receipts.suspense()
        if not waiting:
            return
        one = pick.choice(waiting)
        if deed == "refund":
            made = suspense.propose_refund([one.id], "多缴", by=CLERK)
            suspense.decide_refund(made.id, pick.random() < 0.7, by=SECOND)
        elif one.slip_id:
            number = Slip.objects.get(pk=one.slip_id).number
            settle = suspense.assign_all if deed == "assign" else suspense.reissue
            self._try(lambda: settle(number, by=CLERK))

    # What must be so after each of them.

    @invariant()
    def the_books_are_sound(self):
        if hasattr(self, "facts"):
            self._each_month_comes_to_what_the_facts_say()
            self._what_is_written_off_leaves_nothing_to_pay_or_to_be_credited()
            self._slips_ask_for_something_and_fees_bear_no_fee()
            self._no_money_vanishes()

    def _each_month_comes_to_what_the_facts_say(self):
        posted = {
            (row["person_id"], row["scheme"], row["payer_id"], row["month"]): (row["e"], row["p"], row["a"])
            for row in Due.objects.values("person_id", "scheme", "payer_id", "month").annotate(
                e=Sum("employer_part"), p=Sum("personal_part"), a=Sum("account_part")
            )
        }
        expected = dict(self.facts.months(Month.range(FIRST, self.month)))
        assert {key: parts for key, parts in posted.items() if any(parts)} == expected

    def _what_is_written_off_leaves_nothing_to_pay_or_to_be_credited(self):
        key = ("person_id", "scheme", "payer_id", "month")
        off = {}
        for row in Allocation.objects.filter(kind="written_off").values(
            *key, "employer_part", "personal_part"
        ):
            of = tuple(row[name] for name in key)
            off[of] = off.get(of, ZERO) + row["employer_part"] + row["personal_part"]
        off = {of for of, amount in off.items() if amount}
        settled = {
            (*(row[name] for name in key), row["line"]): row["kind"]
            for row in Allocation.objects.values(*key, "line", "kind")
        }
        for row in Due.objects.values(*key, "line"):
            of = tuple(row[name] for name in key)
            if of in off:
                assert settled.get((*of, row["line"])) == "written_off", (row, off)

    def _slips_ask_for_something_and_fees_bear_no_fee(self):
        assert not Slip.objects.filter(total__lte=0).exists()
        assert not Slip.objects.filter(late_fee__lt=0).exists()
        dues = {
            (d.person_id, d.scheme, d.payer_id, d.month, d.line): d.employer_part + d.personal_part
            for d in Due.objects.all()
        }
        for fee in LateFee.objects.all():
            due = dues[fee.person_id, fee.scheme, fee.payer_id, fee.month, fee.line]
            assert ZERO < fee.principal <= due and fee.fee > 0

    def _no_money_vanishes(self):
        money = Receipt.objects.aggregate(amount=Sum("amount"))["amount"] or ZERO
        assert money == self.came
        waits = sum((amount for _n, amount in receipts.suspense_totals().values()), ZERO)
        back = sum((one.amount for one in Resolution.objects.filter(kind="refunded", state="done")), ZERO)
        paid = sum(
            (one.employer_part + one.personal_part for one in Allocation.objects.filter(kind="paid")), ZERO
        )
        fees = sum((one.fee for one in LateFee.objects.filter(receipt_id__isnull=False)), ZERO)
        assert money == waits + back + paid + fees

    def _everything_is_proved(self):
        assert not [(one.invariant.name, one.examples) for one in invariants.broken(since=FIRST)]
        self._everybody_pays_what_he_can()
        assert not [(one.invariant.name, one.examples) for one in invariants.broken(since=FIRST)]
        self._each_month_comes_to_what_the_facts_say()
        self._accounts_hold_what_was_paid_for()

    def _everybody_pays_what_he_can(self):
        """Open slips are taken back and all that is owed is asked for once, and paid on the day."""
        for slip in Slip.objects.filter(state="open").exclude(kind="late_fee"):
            slips.take_back(slip.id, by=CLERK)
        for claim in Claim.objects.filter(state="ready"):
            claims.take_back(claim.number, by=CLERK)
        for employer in self.employers:
            owed = [one.person_id for one in arrears.of_payer(employer.id, today=self.today, limit=None)]
            if owed:
                made = claims.assess(dict.fromkeys(owed, "case:0"), employer.id, by=PAYER)
                arrears_slips.make(employer.id, [one.number for one in made], by=PAYER)
            self._try(lambda e=employer: slips.make_monthly(e.id, self.month, by=PAYER))
        rows = [
            (slip.number, slip.total, self.today, f"B{next(self.numbers):09d}")
            for slip in Slip.objects.filter(state="open")
        ]
        if rows:
            taken = receipts.take_in(bank_file(*rows), "bank.csv", by=CLERK)
            assert taken.file.matched == len(rows)
        for employer in self.employers:
            assert not arrears.of_payer(employer.id, today=self.today, limit=None)

    def _accounts_hold_what_was_paid_for(self):
        """The account of a month is what its final facts credit, once nothing of it is open or written off."""
        lines: dict = {}
        for one in AccountLine.objects.all():
            key = (one.person_id, one.account, one.payer_id, one.month)
            lines[key] = lines.get(key, ZERO) + one.amount
        paid = {
            (a.person_id, a.scheme, a.payer_id, a.month, a.line)
            for a in Allocation.objects.filter(kind="paid")
        }
        unpaid = {
            (d.person_id, d.scheme, d.payer_id, d.month)
            for d in Due.objects.all()
            if (d.person_id, d.scheme, d.payer_id, d.month, d.line) not in paid
        }
        for key, (_employer, _personal, account) in self.facts.months(Month.range(FIRST, self.month)):
            if key not in unpaid:
                assert lines.get(key, ZERO) == account, key


_FEW = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)


@pytest.mark.django_db
def test_each_month_comes_to_what_the_final_facts_say():
    run_state_machine_as_test(Hall, settings=settings(_FEW, max_examples=6, stateful_step_count=20))


@pytest.mark.slow
@pytest.mark.django_db
def test_for_long_each_month_comes_to_what_the_final_facts_say():
    run_state_machine_as_test(Hall, settings=settings(_FEW, max_examples=60, stateful_step_count=40))
