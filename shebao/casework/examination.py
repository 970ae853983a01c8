"""Examination: all problems of all rows, against the facts of this moment, in a number of queries that
doesn't grow.

Rows are taken in slices of thousands, so that 50,000 need no more memory than 5,000; each slice asks for its
facts once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _

from shebao import audit
from shebao.casework import ask, papers, prefilled, rows
from shebao.casework.ask import Problem
from shebao.casework.models import OPEN_ROWS, Case, RowState, spot
from shebao.casework.rows import Kept, Spot
from shebao.casework.service import Offers, Service, Wanted, Weight
from shebao.foundation import clock
from shebao.identity.acting import Acting

UNDER_REVIEW = "under-review"  # the rule of a problem: the same was handed in already and isn't decided
# Rules that tell a filer nothing about somebody which he hasn't on his own list.
OF_FORM = ("required", "readable", "unique", rows.MATERIAL, UNDER_REVIEW, prefilled.UNLISTED, prefilled.FIXED)
_OF_WRITING = {*OF_FORM} - {UNDER_REVIEW, prefilled.UNLISTED}  # what the rest of a row may still put right
SLICE = 5_000  # rows; the most a workbook of most services has, so that one slice is the rule


@dataclass
class Examined:
    """One row and what was found. `row` is None when not all of it could be read."""

    kept: Kept
    row: Any | None
    key: str
    data: dict[str, Any]
    problems: list[Problem]
    flags: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.kept.number

    @property
    def tells(self) -> bool:
        """Whether one of its problems says something of whom the row is about, and not only of how it is written."""
        return bool(self.key) and any(problem.rule not in OF_FORM for problem in self.problems)

    @property
    def sentence(self) -> str:
        """All its problems in one line."""
        return "；".join(problem.sentence for problem in self.problems)

    def line(self, state: str, reason: str | None = None) -> dict[str, Any] | None:
        """Its line for the table of rows, or None if nothing is new. Without a `reason` the one there stays."""
        some = ([one.kept for one in found] for found in (self.problems, self.flags, self.notes))
        findings = (self.key, self.data, *some)
        if (findings, state, reason) == (self.kept.findings, self.kept.state, None):
            return None
        return dict(zip(rows.FINDINGS, findings, strict=True)) | {
            "id": self.kept.id,
            "state": state,
            "reason": reason,
        }


@dataclass
class Outcome:
    """What an examination found, counted."""

    good: int = 0
    bad: int = 0
    flagged: int = 0
    turned_bad: list[int] = field(default_factory=list)
    rules: Counter[str] = field(default_factory=Counter)
    told_of: list[str] = field(default_factory=list)  # keys of rows whose reader has just learnt something

    def count(self, examined: Examined) -> None:
        if examined.problems:
            self.bad += 1
            if examined.kept.state != RowState.BAD:
                self.turned_bad.append(examined.number)
        else:
            self.good += 1
            self.flagged += bool(examined.flags)
        self.rules.update({finding.rule for finding in (*examined.problems, *examined.flags)})

    def as_kept(self, service: Service) -> dict[str, Any]:
        """For the history of the case: how each rule came out, and the legal basis."""
        found = {
            check.rule: self.rules.get(check.rule, 0)
            for check in service.checks
            if check.weight != Weight.TELLS
        }
        return {"basis": str(service.basis), "rules": {**self.rules, **found}}


def examine(case: Case, numbers: Collection[int] | None = None) -> Outcome:
    """Examine the rows its filer may still change, or these of them, and keep what was found with each.

    The case must be locked.
    """
    outcome = Outcome()
    for part in look(case, OPEN_ROWS, numbers):
        _keep(case, part, outcome)
    rows.tally(case)
    return outcome


def examine_on(
    case: Case, *, after: int, most: int, numbers: Collection[int] | None = None
) -> tuple[Outcome, int | None]:
    """The next open rows behind this number, as `examine`; answers with the last number, None when none is left.

    A long examination goes on like this from transaction to transaction; `rows.tally` ends it.
    """
    outcome = Outcome()
    part = look_on(case, OPEN_ROWS, after=after, most=most, numbers=numbers)
    _keep(case, part, outcome)
    return outcome, part[-1].number if part else None


def _keep(case: Case, part: Sequence[Examined], outcome: Outcome) -> None:
    changed = []
    for examined in part:
        outcome.count(examined)
        kept_problems = examined.kept.findings[rows.FINDINGS.index("problems")]
        if examined.tells and [one.kept for one in examined.problems] != kept_problems:
            outcome.told_of.append(examined.key)
        good = RowState.RETURNED if examined.kept.state == RowState.RETURNED else RowState.DRAFT
        changed.append(examined.line(RowState.BAD if examined.problems else good))
    rows.keep_findings(case, [line for line in changed if line])


def own_up(service: Service, keys: Sequence[str], *, by: Acting, about: str) -> None:
    """Let the people behind these keys see who was told something about them (docs/adr/0007); one look-up for all."""
    for first in range(0, len(keys) if service.people else 0, SLICE):
        known = service.people(keys[first : first + SLICE])
        audit.looked_many(by=by, person_ids=known.values(), what=service.title, about=about)


def glance(case: Case, raw: Mapping[str, object], number: int = 1) -> Examined:
    """One row as it would be found in this case, which needn't be saved; nothing is kept."""
    service, seen, here, known = case.service, {}, set(), None
    if case.pk:
        known = rows.at(case, number)
        seen = rows.keys_beside(case, number)
        here = papers.by_row(case)
    kept = Kept(known.pk if known else 0, number, None, RowState.DRAFT, rows.raw_of(service, raw), ())
    (examined,) = _examined(service, case, [kept], seen, here)
    return examined


def offered(case: Case, wanted: Wanted) -> Offers:
    """The lines that can be ticked for a case, which needn't be saved; each with why it is certain to be refused."""
    offers = case.service.offers(case, wanted)
    found = against(case, [line.fills for line in offers.lines])
    lines = (
        replace(line, why_not=why.sentence, leads_to=why.leads_to) if why else line
        for line, why in zip(offers.lines, found, strict=True)
    )
    return replace(offers, lines=tuple(lines))


def against(case: Case, known: Sequence[Mapping[str, Any]]) -> list[Problem | None]:
    """Why each row of which only this much is written is refused, whatever the rest says; None where it may pass."""
    service = case.service
    part = [
        Kept(0, number, None, RowState.DRAFT, rows.raw_of(service, raw), ())
        for number, raw in enumerate(known, 1)
    ]
    with clock.fixed(clock.now()):
        found = _examined(service, case, part, {}, set(), in_part=True)
    return [next((p for p in one.problems if p.rule not in _OF_WRITING), None) for one in found]


def glance_many(case: Case, written: Sequence[Mapping[str, Any]]) -> list[Examined]:
    """All of these rows as they would be found in a case that needn't be saved; nothing is kept."""
    service, seen, found = case.service, {}, []
    for start in range(0, len(written), SLICE):
        part = [
            Kept(0, number, None, RowState.DRAFT, rows.raw_of(service, raw), ())
            for number, raw in enumerate(written[start : start + SLICE], start + 1)
        ]
        with clock.fixed(clock.now()):
            found += _examined(service, case, part, seen, set())
    return found


def look(
    case: Case, states: Collection[str], numbers: Collection[int] | None = None
) -> Iterator[list[Examined]]:
    """The rows in these states, examined and untouched, slice by slice in their order."""
    seen = rows.keys_elsewhere(case, states)
    here = papers.by_row(case)
    after = 0
    while part := rows.slice_of(case, states, after=after, most=SLICE, numbers=numbers):
        after = part[-1].number
        yield _at_one_moment(case, part, seen, here)


def look_on(
    case: Case, states: Collection[str], *, after: int, most: int, numbers: Collection[int] | None = None
) -> list[Examined]:
    """The next rows in these states behind a number, examined beside all that stand before it."""
    part = rows.slice_of(case, states, after=after, most=most, numbers=numbers)
    seen = rows.keys_elsewhere(case, states) | rows.keys_up_to(case, after)
    return _at_one_moment(case, part, seen, papers.by_row(case))


def _at_one_moment(
    case: Case, part: Sequence[Kept], seen: dict[str, Spot], here: set[tuple[int, str]]
) -> list[Examined]:
    with clock.fixed(clock.now()):  # to ask the time for each row would cost as much as the row
        return _examined(case.service, case, part, seen, here)


def _examined(
    service: Service,
    case: Case,
    part: Sequence[Kept],
    seen: dict[str, Spot],
    here: set[tuple[int, str]],
    *,
    in_part: bool = False,
) -> list[Examined]:
    """With `in_part` an empty field is one that isn't answered yet, and checks that need it are left out."""
    found, understood = [], []
    for row in part:
        reading = ask.read(service.row, row.raw)
        data = ask.kept(service.row, reading.values)
        key = rows.key_text(service, data)
        whole = None if in_part else reading.row
        found.append(Examined(row, whole, key, data, reading.problems))
        # What could be read stands in for a row that isn't whole, so that its other problems are told at once.
        there = {
            name: one for name, one in reading.values.items() if not in_part or row.raw[name] is not None
        }
        understood.append(whole or SimpleNamespace(**there))
    facts = _facts(service, case, [row for one, row in zip(found, understood, strict=True) if one.key])
    keys = {one.key for one in found} - {""}
    others = rows.in_other_drafts(case, keys) if case.is_open else {}
    decided_first = rows.under_review(case, keys) if case.is_open else {}
    filed = prefilled.by_key(case, [one.key for one in found if one.key])
    for examined, row in zip(found, understood, strict=True):
        if other := decided_first.get(examined.key):
            sentence = _("已在业务 %(number)s 里提交，正在审核，不能重复办理；请等审核有了结果，或删除这一行")
            problem = Problem(service.key_fields[0], sentence % {"number": other.number}, UNDER_REVIEW)
            examined.problems.append(problem)
            continue  # what else may be said of it depends on that decision
        if filed is not None:
            there = filed.get(examined.key)
            examined.problems = prefilled.problems(service, vars(row), examined.problems, examined.key, there)
            if examined.key and there is None:
                continue  # whatever else might be wrong with it, it has to go
        if other := others.get(examined.key):
            words = {"title": other.service.title, "number": other.number}
            sentence = _("此人另有未提交的业务：%(title)s %(number)s，请核对有没有重复") % words
            examined.notes.append(Problem(service.key_fields[0], sentence, rows.OTHER_DRAFT))
        fact = _fact(facts, service.key(row)) if examined.key else None
        _check(service, case, examined, row, fact)
        if examined.key:
            _papers(service, case, examined, row, fact, here)
            _against_the_rest(service, examined, seen)
    return found


def _facts(service: Service, case: Case, some: Sequence[Any]) -> Any:
    if service.facts is None or not some:
        return {}
    try:
        return service.facts(some, case)
    except AttributeError:
        # The look-up needs more than the key, and some rows could not be read whole: then only the whole ones are told.
        whole = [row for row in some if not isinstance(row, SimpleNamespace)]
        if len(whole) == len(some):
            raise
        return service.facts(whole, case) if whole else {}


def _fact(facts: Any, key: Any) -> Any:
    try:
        return facts[key]
    except KeyError:
        return None


def _check(service: Service, case: Case, examined: Examined, row: Any, fact: Any) -> None:
    # Of a row that isn't whole, the checks that need more than could be read are left out.
    whole = examined.row is not None
    lists = {Weight.REFUSES: examined.problems, Weight.FLAGS: examined.flags, Weight.TELLS: examined.notes}
    unread = {problem.field for problem in examined.problems}
    for check in service.checks:
        if check.field in unread:
            continue
        try:
            sentence = check.wrong(row, fact, case)
        except AttributeError:
            if whole:
                raise
            continue  # it asks for a field that could not be read
        if sentence:
            lists[check.weight].append(Problem(check.field, str(sentence), check.rule, check.leads_to))


def _papers(
    service: Service, case: Case, examined: Examined, row: Any, fact: Any, here: set[tuple[int, str]]
) -> None:
    """Papers that this very row must come with."""
    if examined.row is None:
        return
    for paper in service.materials_of(case.grade):
        if not (paper.per_row and paper.must_be_uploaded) or (examined.kept.id, paper.name) in here:
            continue
        if paper.asked_of is None or paper.asked_of(row, fact, case):
            sentence = _("请上传%(name)s") % {"name": paper.name}
            examined.problems.append(Problem(paper.name, sentence, rows.MATERIAL))


def _against_the_rest(service: Service, examined: Examined, seen: dict[str, Spot]) -> None:
    """A roster has each key once; the first row without a problem of its own keeps it."""
    first = seen.get(examined.key)
    if first is not None:
        sentence = _("与%(spot)s重复，请删除其中一行") % {"spot": spot(*first)}
        examined.problems.append(Problem(service.key_fields[0], sentence, "unique"))
    elif not examined.problems:
        seen[examined.key] = examined.kept.spot
