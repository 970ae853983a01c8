"""A tiny oracle: what each person's months must come to from what finally is so. It shares nothing with the hall."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from shebao.foundation.months import Month

# Wuhan since 2025, employer / employee / of it to the account: docs of the figures are in policies/420100-wuhan.
RATES = {
    "pension": ("0.16", "0.08", "0.08"),
    "medical": ("0.087", "0.02", "0.02"),
    "injury": ("0.002", "0", "0"),
    "unemployment": ("0.007", "0.003", "0"),
}
FLAT = {"large_medical": (Decimal("0.00"), Decimal("7.00"), Decimal("0.00"))}
FLOOR, CEILING = Decimal("4498"), Decimal("22488")
FLOORED = (
    "pension",
    "injury",
    "unemployment",
)  # those whose floor is announced anew; medical has one of its own
SCHEMES = (*RATES, *FLAT)


def fen(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Stint:
    """So many months with one employer at one wage, by scheme; `ends` None: it goes on."""

    person: int
    payer: int
    starts: Month
    ends: Month | None
    wages: dict[str, Decimal]

    def covers(self, month: Month) -> bool:
        return self.starts <= month and (self.ends is None or month <= self.ends)


@dataclass
class FinalFacts:
    """What was done, without how the books came to know of it."""

    stints: list[Stint] = field(default_factory=list)
    floors: list[tuple[Month, Decimal]] = field(default_factory=list)  # announced, the newest last

    def begins(self, person: int, payer: int, starts: Month, wage: Decimal) -> None:
        self.stints.append(Stint(person, payer, starts, None, dict.fromkeys(SCHEMES, wage)))

    def ends(self, person: int, payer: int, last: Month) -> None:
        """Nothing of this person with this employer is left after the month."""
        kept = []
        for one in self.stints:
            if (one.person, one.payer) == (person, payer) and (one.ends is None or one.ends > last):
                if one.starts > last:
                    continue
                kept.append(replace(one, ends=last))
            else:
                kept.append(one)
        self.stints = kept

    def earns(self, person: int, payer: int, wages: dict[str, Decimal], first: Month) -> None:
        """From this month on, for as long as the stint of that month goes."""
        for one in [s for s in self.stints if (s.person, s.payer) == (person, payer) and s.covers(first)]:
            self.stints.remove(one)
            if one.starts < first:
                self.stints.append(replace(one, ends=first.plus(-1)))
            self.stints.append(replace(one, starts=first, wages=one.wages | wages))

    def stint(self, person: int, month: Month) -> Stint | None:
        return next((one for one in self.stints if one.person == person and one.covers(month)), None)

    def base(self, scheme: str, wage: Decimal, month: Month) -> Decimal:
        floor = FLOOR
        if scheme in FLOORED:
            floor = next((sum_ for since, sum_ in reversed(self.floors) if month >= since), FLOOR)
        return min(max(wage, floor), CEILING)

    def due(self, scheme: str, wage: Decimal, month: Month) -> tuple[Decimal, Decimal, Decimal]:
        """Employer, employee, account: each rounded once."""
        if scheme in FLAT:
            return FLAT[scheme]
        base = self.base(scheme, wage, month)
        return tuple(fen(base * Decimal(rate)) for rate in RATES[scheme])

    def months(self, months: Iterable[Month]) -> Iterator[tuple[tuple, tuple[Decimal, Decimal, Decimal]]]:
        """(person, scheme, payer, month) → what it comes to."""
        for month in months:
            for one in self.stints:
                if one.covers(month):
                    for scheme in SCHEMES:
                        yield (
                            (one.person, scheme, one.payer, month),
                            self.due(scheme, one.wages[scheme], month),
                        )
