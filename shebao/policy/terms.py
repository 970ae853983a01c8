"""Laying the values of a due together: a row of terms for each stretch of months and each time more was learned."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shebao.foundation.months import Month
from shebao.policy.entries import COUNTRY, Entry, in_force, usable
from shebao.policy.files import DuesRule

_COLUMNS = {
    "base_floor": "floor",
    "base_ceiling": "ceiling",
    "average_wage": "average",
}


@dataclass(frozen=True)
class Laid:
    """Terms as they follow from the files; they have no id yet."""

    rule: DuesRule
    injury_class: int
    starts: Month
    ends: Month | None
    known_from: date
    entries: tuple[Entry, ...]  # in the order of rule.of

    @property
    def figures(self) -> dict[str, Decimal | None]:
        """By column of policy_terms. A limit that the dues are not made of is absent, a rate or fixed part is zero."""
        zero = Decimal(0)
        columns = {
            "floor": None, "ceiling": None, "average": None, "employer_rate": zero, "personal_rate": zero,
            "employer_fixed": zero, "personal_fixed": zero, "account_rate": zero,
        }  # fmt: skip
        for entry in self.entries:
            columns[_COLUMNS.get(entry.parameter, entry.parameter)] = entry.value
        return columns

    @property
    def provisional(self) -> bool:
        return any(entry.provisional for entry in self.entries)

    @property
    def synthetic(self) -> bool:
        return any(entry.synthetic for entry in self.entries)


def lay(
    entries: Sequence[Entry], rules: Sequence[DuesRule], *, accepted: frozenset[str], synthetic: bool
) -> Iterator[Laid]:
    """All terms of all rules.

    What was known on a day is one time line. Each later day of learning adds rows only for the months for which it
    changed something; the rows of before stay as they are, because dues cite them.
    """
    by_parameter: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        by_parameter.setdefault((entry.scheme, entry.parameter), []).append(entry)
    for rule in rules:
        for klass in rule.classes:
            series = [
                [
                    entry
                    for entry in by_parameter.get((rule.scheme, part), ())
                    if entry.city in (rule.city, COUNTRY)
                    and entry.kind in (rule.kind, "")
                    and entry.klass in (klass, "")
                ]
                for part in rule.of
            ]
            yield from _lay_one(rule, klass, series, accepted, synthetic)


def _lay_one(rule, klass, series, accepted, synthetic) -> Iterator[Laid]:
    stretches = _stretches(rule, [entry for figures in series for entry in figures])
    known_before: dict[Month, tuple[Entry, ...] | None] = dict.fromkeys(stretches)
    for known_on in sorted({entry.known_from for figures in series for entry in figures}):
        run: Laid | None = None
        for starts, ends in stretches.items():
            chosen = _composition(rule, klass, series, starts, known_on, accepted, synthetic)
            learned = chosen if chosen != known_before[starts] else None
            known_before[starts] = chosen
            if run is not None and learned == run.entries:
                run = Laid(rule, run.injury_class, run.starts, ends, known_on, run.entries)
                continue
            if run is not None:
                yield run
            run = learned and Laid(rule, int(klass or 0), starts, ends, known_on, learned)
        if run is not None:
            yield run


def _composition(rule, klass, series, month, known_on, accepted, synthetic) -> tuple[Entry, ...] | None:
    """The figure of each part in this month, or None when one of them is not known."""
    chosen = []
    for figures in series:
        entry = in_force(
            figures, month.first_day, city=rule.city, kind=rule.kind, klass=klass, known_on=known_on,
            accepted=accepted, synthetic=synthetic,
        )  # fmt: skip
        if entry is None or not usable(entry, accepted):
            return None
        chosen.append(entry)
    return tuple(chosen)


def _stretches(rule: DuesRule, entries: Sequence[Entry]) -> dict[Month, Month | None]:
    """The rule's months, cut wherever a figure begins or ends: first month → last month."""
    cuts = {rule.starts}
    for entry in entries:
        cuts.add(Month.of(entry.valid_from))
        if entry.valid_until:
            cuts.add(Month.of(entry.valid_until + timedelta(days=1)))
    inside = sorted(cut for cut in cuts if cut >= rule.starts and (rule.ends is None or cut <= rule.ends))
    following = [*(cut.plus(-1) for cut in inside[1:]), rule.ends]
    return dict(zip(inside, following, strict=True))


def gaps(
    entries: Sequence[Entry], rules: Sequence[DuesRule], *, accepted: frozenset[str], synthetic: bool
) -> Iterator[str]:
    """Months for which a due's part is neither given nor written down as unknown."""
    today = max((entry.known_from for entry in entries), default=date.min)
    for rule in rules:
        for klass in rule.classes:
            for part in rule.of:
                figures = [
                    entry for entry in entries if entry.scheme == rule.scheme and entry.parameter == part
                ]
                missing = [
                    (starts, ends)
                    for starts, ends in _stretches(rule, figures).items()
                    if in_force(
                        figures, starts.first_day, city=rule.city, kind=rule.kind, klass=klass, known_on=today,
                        accepted=accepted, synthetic=synthetic,
                    )
                    is None
                ]  # fmt: skip
                for starts, ends in missing:
                    of = f"{rule.scheme} {rule.kind} {part} {klass}".strip()
                    when = f"{starts} 至 {ends or '今后'}"
                    yield f"{rule.where}：{of} 在 {when} 没有写明；不知道也要写 value: null 和缘由"
