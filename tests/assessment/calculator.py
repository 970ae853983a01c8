"""The rule once more, in plain Decimal arithmetic: an independent check of the SQL. Nothing here is shared with it.

It asks `inforce` for each figure by itself, so it also checks that terms were laid together rightly.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from shebao.policy import inforce

FEN = Decimal("0.01")


@dataclass(frozen=True)
class Amounts:
    base: Decimal
    employer: Decimal
    personal: Decimal
    account: Decimal


def amounts(subject, month, *, city="420100", synthetic=False) -> Amounts:
    def figure(parameter, klass=""):
        return inforce.value(
            parameter,
            on=month,
            scheme=subject.scheme,
            kind=subject.kind,
            klass=klass,
            city=city,
            synthetic=synthetic,
        )

    if subject.scheme == "large_medical":
        employer = figure("employer_fixed") if subject.kind == "employee" else Decimal(0)
        return Amounts(
            Decimal("0.00"), employer.quantize(FEN), figure("personal_fixed").quantize(FEN), Decimal("0.00")
        )
    declared = subject.declared_wage
    if subject.tier is not None:
        declared = rounded(subject.tier * figure("average_wage"))
    base = min(max(declared, figure("base_floor")), figure("base_ceiling"))
    employer = personal = account = Decimal(0)
    if subject.kind == "employee":
        employer = figure(
            "employer_rate", klass=str(subject.injury_class) if subject.scheme == "injury" else ""
        )
    if subject.scheme not in ("injury", "maternity"):
        personal = figure("personal_rate")
    if subject.scheme in ("pension", "medical"):
        account = figure("account_rate")
    return Amounts(
        base.quantize(FEN), rounded(base * employer), rounded(base * personal), rounded(base * account)
    )


def rounded(amount: Decimal) -> Decimal:
    """Half up to the fen."""
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)
