"""Books to set scenes in: what is owed, by words. Slips and receipts go through the ledger's own verbs."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count

from shebao.foundation.months import Month
from shebao.identity.acting import Acting
from shebao.ledger import dues, invariants, receipts, slips
from shebao.ledger.models import Allocation, Bill, Due, Run, Slip
from shebao.policy.models import Terms, Value
from shebao.registry.models import Employer
from tests.scenes import City

CLERK = Acting(31, "钱出纳", "agency", None, "江岸区社保处", frozenset({"ledger"}), "420102")
PAYER = Acting(32, "赵会计", "employer", 86, "示例公司", frozenset({"payer"}))

# What one person costs a month in these books: employer, personal, credited to the account.
PRICES = {
    "pension": ("960.00", "480.00", "480.00"),
    "medical": ("480.00", "120.00", "120.00"),
    "unemployment": ("42.00", "18.00", "0.00"),
}
A_MONTH = sum(Decimal(part) for parts in PRICES.values() for part in parts[:2])


@dataclass
class Books:
    """A small city and what its payers owe."""

    city: City = field(default_factory=City)
    _references: count = field(default_factory=lambda: count(1))

    def team(self, employer, size: int, *, since: Month, until: Month | None = None) -> list:
        """So many people who work there."""
        people = [self.city.person(f"员工{n}") for n in range(1, size + 1)]
        for person in people:
            self.city.works(person, employer, since=since, until=until)
        return people

    def terms(self, scheme: str) -> Terms:
        return Terms.objects.get_or_create(
            city="420100",
            scheme=scheme,
            kind="employee",
            injury_class=0,
            starts=Month(2000, 1),
            known_from=date(2000, 1, 1),
            defaults={
                "employer_rate": 0,
                "personal_rate": 0,
                "employer_fixed": 0,
                "personal_fixed": 0,
                "account_rate": 0,
                "value_ids": [],
            },
        )[0]

    def last_days_are_known(self) -> None:
        """From here on months are to be paid by the 25th, and late fees have their rates."""
        common = {"unit": "text", "source": "scene", "known_from": date(2000, 1, 1)}
        for city, parameter, first, last, value in (
            ("420100", "payment_due_day", date(1992, 1, 1), None, "25"),
            ("china", "late_fee_rate", date(1999, 1, 22), date(2011, 6, 30), "0.002"),
            ("china", "late_fee_rate", date(2011, 7, 1), None, "0.0005"),
        ):
            Value.objects.create(
                city=city, parameter=parameter, valid_from=first, valid_until=last, value=Decimal(value),
                evidence="V1", **common,
            )  # fmt: skip

    def owed(self, people, payer, *months: Month, schemes=tuple(PRICES)) -> None:
        """The months are assessed: each of these people costs the payer the usual."""
        run = Run.objects.create(kind="month", month=max(months), state=Run.State.DONE, source="scene")
        Due.objects.bulk_create(
            Due(
                person_id=person.id,
                scheme=scheme,
                payer_id=payer.id,
                month=month,
                line=1,
                declared=Decimal("6000"),
                base=Decimal("6000"),
                **_parts(PRICES[scheme]),
                terms_id=self.terms(scheme).id,
                run_id=run.id,
            )
            for month in months
            for scheme in schemes
            for person in people
        )
        self._bill(payer)

    def differs(
        self, person, payer, month: Month, scheme: str, employer="0", personal="0", account="0"
    ) -> Due:
        """A further line: it was found that a month costs more, or less."""
        run = Run.objects.create(kind="case", month=month, state=Run.State.DONE, source="scene")
        before = Due.objects.filter(person_id=person.id, scheme=scheme, payer_id=payer.id, month=month)
        due = Due.objects.create(
            person_id=person.id,
            scheme=scheme,
            payer_id=payer.id,
            month=month,
            line=before.count() + 1,
            declared=Decimal("6500"),
            base=Decimal("6500"),
            **_parts((employer, personal, account)),
            terms_id=self.terms(scheme).id,
            run_id=run.id,
        )
        self._bill(payer)
        dues.write_off_too(run.id, [month], [person.id])
        return due

    def _bill(self, payer) -> None:
        if not isinstance(payer, Employer):
            return
        Bill.objects.filter(payer_id=payer.id).delete()
        bills: dict = {}
        for due in Due.objects.filter(payer_id=payer.id):
            bill = bills.setdefault(
                (due.month, due.scheme),
                Bill(
                    payer_id=payer.id,
                    month=due.month,
                    scheme=due.scheme,
                    persons=0,
                    employer_part=Decimal(0),
                    personal_part=Decimal(0),
                ),
            )
            bill.persons += due.line == 1
            bill.lines += 1
            bill.employer_part += due.employer_part
            bill.personal_part += due.personal_part
        for done in Allocation.objects.filter(payer_id=payer.id):
            bills[done.month, done.scheme].settled += 1
        Bill.objects.bulk_create(bills.values())

    def slip(self, payer, month: Month, **more) -> Slip:
        return slips.make_monthly(payer.id, month, by=PAYER, **more)

    def reference(self) -> str:
        return f"B2026{next(self._references):012d}"

    def transfer(
        self, slip: Slip, *, amount=None, on=date(2026, 11, 12), reference: str | None = None
    ) -> tuple:
        """One row of a bank's file."""
        return (slip.number, amount or slip.total, on, reference or self.reference())

    def money_comes(self, *rows: tuple, name: str = "到账.csv"):
        return receipts.take_in(bank_file(*rows), name, by=CLERK)

    def pays(self, slip: Slip, *, on=date(2026, 11, 12)):
        return self.money_comes(self.transfer(slip, on=on))


def bank_file(*rows: tuple, heading: str = "凭单号,金额,到账日期,流水号") -> bytes:
    lines = [heading, *(",".join(str(cell) for cell in row) for row in rows)]
    return ("\r\n".join(lines) + "\r\n").encode()


def broken() -> list[str]:
    """The invariants that do not hold, with an example."""
    return [f"{one.invariant.name}: {one.examples[0]}" for one in invariants.broken()]


def _parts(parts: tuple[str, str, str]) -> dict:
    return dict(zip(("employer_part", "personal_part", "account_part"), map(Decimal, parts), strict=True))
