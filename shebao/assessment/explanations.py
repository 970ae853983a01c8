"""怎么算的: why an amount is what it is, for people and for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.policy.entries import EVIDENCE

_SQL = sql.queries("shebao.assessment", "contributions.sql")


@dataclass(frozen=True)
class Cited:
    """A policy value behind an amount."""

    id: int
    parameter: str
    title: str
    klass: str
    value: Decimal
    unit: str
    source: str
    document: str
    url: str
    evidence: str
    adopted: str
    provisional: bool
    synthetic: bool
    valid_from: date
    valid_until: date | None
    known_from: date

    @property
    def how_sure(self) -> str:
        """What its mark of evidence means, for whoever doesn't know the marks."""
        return EVIDENCE.get(self.evidence, self.evidence)


@dataclass(frozen=True)
class Explanation:
    """One due's own account of itself, in yuan and shares. Limits are None where the dues are a fixed amount."""

    declared: Decimal
    base: Decimal
    tier: Decimal | None
    injury_class: int
    floor: Decimal | None
    ceiling: Decimal | None
    average: Decimal | None
    employer_rate: Decimal
    personal_rate: Decimal
    account_rate: Decimal
    employer_fixed: Decimal
    personal_fixed: Decimal
    account_part: Decimal
    provisional: bool
    synthetic: bool
    values: tuple[Cited, ...]
    undeclared: Cited | None = None  # the law's multiple of the month before, where nobody declared a wage

    @property
    def fixed(self) -> bool:
        """Whether the due is a fixed amount, not a share of a base."""
        return self.floor is None

    @property
    def clamped(self) -> str:
        """Whether the declared wage was raised to the floor or cut at the ceiling: none | floor | ceiling."""
        if self.fixed or self.base == self.declared:
            return "none"
        return "floor" if self.base > self.declared else "ceiling"

    @cached_property
    def rounding(self) -> str:
        return _("每个险种、单位和个人各自按月四舍五入到分")

    def as_dict(self) -> dict:
        """For JSON: amounts with two decimals, shares as written, all as strings."""
        return {
            "declared": _yuan(self.declared),
            "base": _yuan(self.base),
            "tier": _share(self.tier),
            "injury_class": self.injury_class or None,
            "floor": _yuan(self.floor),
            "ceiling": _yuan(self.ceiling),
            "average": _yuan(self.average),
            "clamped": self.clamped,
            "undeclared": _share(self.undeclared.value) if self.undeclared else None,
            "employer_rate": _share(self.employer_rate),
            "personal_rate": _share(self.personal_rate),
            "account_rate": _share(self.account_rate),
            "employer_fixed": _yuan(self.employer_fixed),
            "personal_fixed": _yuan(self.personal_fixed),
            "account": _yuan(self.account_part),
            "rounding": self.rounding,
            "provisional": self.provisional,
            "synthetic": self.synthetic,
            "values": [_cited_as_dict(value) for value in self.values],
        }


@dataclass(frozen=True)
class PostedLine:
    """One posted line of a due, in yuan, and why. From line 2 on the amounts are differences to the lines before."""

    scheme: str
    payer_id: int
    month: Month
    line: int
    base: Decimal
    employer_part: Decimal
    personal_part: Decimal
    account_part: Decimal
    run_id: int
    explanation: Explanation


def of_month(person_id: int, month: Month) -> list[PostedLine]:
    """All posted lines of a person's month, by scheme, payer and line, with the terms and values they rest on."""
    found = sql.rows(_SQL["posted_lines"], {"person_id": person_id, "month": month})
    return [
        PostedLine(
            row["scheme"], row["payer_id"], month, row["line"], row["base"], row["employer_part"],
            row["personal_part"], row["account_part"], row["run_id"], why,
        )
        for row, why in zip(found, explanations(found), strict=True)
    ]  # fmt: skip


def explanations(rows: Sequence[Mapping]) -> list[Explanation]:
    """The explanation of each of these dues, in their order; the values they cite are read once."""
    lawful = [_lawful(row) for row in rows]
    wanted = sorted({value_id for row in rows for value_id in row["value_ids"] or ()} | {*lawful} - {None})
    cited = (
        {row["id"]: Cited(**row) for row in sql.rows(_SQL["values"], {"value_ids": wanted})} if wanted else {}
    )
    return [
        Explanation(
            declared=row["declared"], base=row["base"], tier=_tier(row), injury_class=row["injury_class"],
            floor=row["floor"], ceiling=row["ceiling"], average=row["average"],
            employer_rate=row["employer_rate"], personal_rate=row["personal_rate"],
            account_rate=row["account_rate"], employer_fixed=row["employer_fixed"],
            personal_fixed=row["personal_fixed"], account_part=row["account_part"],
            provisional=row["provisional"], synthetic=row["synthetic"],
            values=tuple(cited[value_id] for value_id in (*row["value_ids"], *([by_law] if by_law in cited else ()))),
            undeclared=cited.get(by_law),
        )
        for row, by_law in zip(rows, lawful, strict=True)
    ]  # fmt: skip


def _lawful(row: Mapping) -> int | None:
    """The figure by which the law set this wage: the source of the period names it."""
    _source, _slash, number = (row.get("undeclared_source") or "").rpartition("/policy:")
    return int(number) if number.isdecimal() else None


def _tier(row: Mapping) -> Decimal | None:
    """The tier, of which a posted due keeps only what it came to: found again as the share of the average."""
    if "tier" in row:
        return row["tier"]
    if row["kind"] != "flexible" or not row["average"]:
        return None
    tier = (row["declared"] / row["average"]).quantize(Decimal("0.0001"))
    return (
        tier if (tier * row["average"]).quantize(Decimal("0.01"), ROUND_HALF_UP) == row["declared"] else None
    )


def _yuan(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _share(share: Decimal | None) -> str | None:
    """0.160000 is written 0.16."""
    return None if share is None else f"{share.normalize():f}"


def _cited_as_dict(value: Cited) -> dict:
    return {
        "parameter": value.parameter,
        "title": value.title,
        "class": value.klass or None,
        "value": _share(value.value),
        "unit": value.unit,
        "from": value.valid_from.isoformat(),
        "until": value.valid_until.isoformat() if value.valid_until else None,
        "known_from": value.known_from.isoformat(),
        "source": value.source,
        "document": value.document,
        "url": value.url,
        "evidence": value.evidence,
        "adopted": value.adopted,
        "provisional": value.provisional,
        "synthetic": value.synthetic,
    }
