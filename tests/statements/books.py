"""Books to issue statements from: dues, payments and accounts said in words. Figures are fictional."""

from datetime import date
from decimal import Decimal

from shebao.foundation.months import Month
from shebao.ledger.models import AccountLine, Allocation, Due
from shebao.policy.models import Terms, Value
from shebao.registry.models import Employer, Person
from shebao.registry.schemes import Scheme
from tests.scenes import City

_SHARES = {
    Scheme.PENSION: ("0.16", "0.08"),
    Scheme.MEDICAL: ("0.087", "0.02"),
    Scheme.LARGE_MEDICAL: ("0", "0"),
    Scheme.INJURY: ("0.002", "0"),
    Scheme.UNEMPLOYMENT: ("0.007", "0.003"),
}


class Books:
    def __init__(self):
        self.city = City()
        Value.objects.create(
            city="420100", parameter="payment_due_day", unit="day_of_month", value=25, source="scene",
            evidence="V1", valid_from=date(1992, 1, 1), known_from=date(1992, 1, 1),
        )  # fmt: skip
        self._terms: dict[str, Terms] = {}

    def worker(
        self, name: str = "李小明", *, months: str = "2025-01 2025-12", wage: str = "6250", **how
    ) -> Person:
        """Somebody who worked and was paid for, in all five schemes."""
        person, employer = self.city.person(name), how.pop("employer", None) or self.city.employer()
        first, last = map(Month.parse, months.split())
        self.due(person, employer, first, last, wage=wage, **how)
        return person

    def due(
        self, person: Person, payer: Employer | Person, first: Month, last: Month, *, wage: str = "6250",
        line: int = 1, paid: bool = True, paid_on: date | None = None, schemes=tuple(_SHARES),
    ) -> None:  # fmt: skip
        """Dues for these months, settled within each month unless said otherwise."""
        dues, allocations, credits = [], [], []
        for month in Month.range(first, last):
            for scheme in schemes:
                terms = self.terms(scheme)
                base = Decimal(wage)
                employer_part = round(base * terms.employer_rate, 2)
                personal_part = round(base * terms.personal_rate, 2) + terms.personal_fixed
                key = {
                    "person_id": person.id, "scheme": scheme, "payer_id": payer.id, "month": month, "line": line,
                }  # fmt: skip
                parts = {"employer_part": employer_part, "personal_part": personal_part}
                account = personal_part if scheme in ("pension", "medical") else Decimal(0)
                dues.append(
                    Due(
                        **key,
                        **parts,
                        declared=base,
                        base=base,
                        account_part=account,
                        terms_id=terms.id,
                        run_id=1,
                    )
                )
                if paid:
                    day = paid_on or date(month.year, month.month, 20)
                    allocations.append(
                        Allocation(**key, **parts, kind="paid", settled_on=day, receipt_id=None)
                    )
                    if account:
                        credits.append(
                            AccountLine(
                                person_id=person.id,
                                account=scheme,
                                month=month,
                                kind="contribution",
                                payer_id=payer.id,
                                line=line,
                                amount=account,
                                posted_on=day,
                            )  # fmt: skip
                        )
        Due.objects.bulk_create(dues)
        Allocation.objects.bulk_create(allocations)
        AccountLine.objects.bulk_create(credits)

    def written_off(self, person: Person, payer: Employer | Person, month: Month) -> None:
        """An open month is written off, in all schemes."""
        Allocation.objects.bulk_create(
            Allocation(
                person_id=d.person_id,
                scheme=d.scheme,
                payer_id=d.payer_id,
                month=d.month,
                line=d.line,
                employer_part=d.employer_part,
                personal_part=d.personal_part,
                kind="written_off",
                settled_on=month.last_day,
                receipt_id=None,
            )  # fmt: skip
            for d in Due.objects.filter(person_id=person.id, payer_id=payer.id, month=month)
        )

    def interest(self, person: Person, year: int, amount: str) -> None:
        AccountLine.objects.bulk_create(
            [
                AccountLine(
                    person_id=person.id,
                    account="pension",
                    month=Month(year, 12),
                    kind="interest",
                    payer_id=person.id,
                    line=1,
                    amount=Decimal(amount),
                    posted_on=date(year, 12, 31),
                )  # fmt: skip
            ]
        )

    def terms(self, scheme: str) -> Terms:
        if scheme not in self._terms:
            employer, personal = _SHARES[scheme]
            value = Value.objects.create(
                city="420100", scheme=scheme, parameter="rates", valid_from=date(2019, 5, 1),
                known_from=date(2019, 4, 4), unit="", source="关于降低社会保险费率的通知", document="示例〔2019〕1号",
                evidence="V2", synthetic=scheme == Scheme.INJURY,
            )  # fmt: skip
            self._terms[scheme] = Terms.objects.create(
                city="420100", scheme=scheme, kind="employee", starts=Month(2019, 5), known_from=date(2019, 4, 4),
                floor=Decimal("4498"), ceiling=Decimal("22488"),
                employer_rate=Decimal(employer), personal_rate=Decimal(personal), employer_fixed=Decimal(0),
                personal_fixed=Decimal(7 if scheme == Scheme.LARGE_MEDICAL else 0), account_rate=Decimal(personal),
                value_ids=[value.id], synthetic=value.synthetic,
            )  # fmt: skip
        return self._terms[scheme]
