"""Bringing the tables to what the files say. Run again, it changes nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.policy import faults
from shebao.policy.entries import EVIDENCE, Entry
from shebao.policy.faults import Faulty
from shebao.policy.files import Book, read
from shebao.policy.models import Terms, Value
from shebao.policy.terms import Laid

_SQL = sql.queries("shebao.policy", "policy.sql")

# Changing one of these changes what a calculation gives; the rest is about how well it is known.
_FIGURES = ("value", "text", "unit", "provisional")
_FIELDS = (
    "city", "scheme", "parameter", "kind", "klass", "valid_from", "valid_until", "known_from", "value", "text",
    "unit", "title", "source", "document", "url", "evidence", "adopted", "provisional", "synthetic", "review_due",
)  # fmt: skip
_KEY = ("city", "scheme", "parameter", "kind", "klass", "valid_from", "known_from", "synthetic")
_LAID_ON = ("city", "scheme", "kind", "injury_class", "starts", "known_from")
_TERMS_FIGURES = (
    "floor", "ceiling", "average", "employer_rate", "personal_rate", "employer_fixed", "personal_fixed",
    "account_rate", "value_ids", "provisional", "synthetic",
)  # fmt: skip

Cited = Callable[[Collection[int]], Mapping[int, tuple[Month, Month]]]
"""Of these terms: the first and last month of the dues that cite them. Policy may not look into the books itself."""


@dataclass(frozen=True)
class Outcome:
    """What a load did: rows of values and of terms, and how many entries say that something is unknown."""

    values_added: int
    values_changed: int
    values_removed: int
    terms_added: int
    terms_changed: int
    terms_removed: int
    unknown: int
    synthetic: bool

    @property
    def changed(self) -> int:
        return (
            self.values_added + self.values_changed + self.values_removed
            + self.terms_added + self.terms_changed + self.terms_removed
        )  # fmt: skip


def accepted_evidence() -> frozenset[str]:
    """The marks whose figures this installation calculates with; production leaves out those of one source alone."""
    return frozenset(getattr(settings, "POLICY_EVIDENCE", EVIDENCE))


def check(folder: Path | None = None, *, synthetic: bool = False) -> list[str]:
    """All faults of the files, without touching the database."""
    book = read(folder or settings.POLICIES, synthetic=synthetic)
    try:
        faults.lay_or_refuse(book, accepted=accepted_evidence(), synthetic=synthetic)
    except Faulty as faulty:
        return faulty.problems
    return []


@transaction.atomic
def load(folder: Path | None = None, *, synthetic: bool = False, cited: Cited) -> Outcome:
    """Bring the tables to what the files say, or change nothing and raise Faulty with all that is wrong.

    `synthetic` also takes the made-up figures of the demo; an installation that is no demo refuses that.
    `cited` tells which terms posted dues name: those may not change (docs/adr/0005).
    """
    if synthetic and not getattr(settings, "DEMO", False):
        raise Faulty(["合成数据只供演示，正式环境不能加载；请去掉 --synthetic"])
    book = read(folder or settings.POLICIES, synthetic=synthetic)
    accepted = accepted_evidence()
    laid = faults.lay_or_refuse(book, accepted=accepted, synthetic=synthetic)
    sql.run(_SQL["lock"]).close()  # two loads at once would both add
    values = _bring_values(book)
    terms = _bring_terms(laid, values, cited)
    removed = _remove_values(values.gone)
    return Outcome(
        values_added=len(values.added), values_changed=len(values.changed), values_removed=removed,
        terms_added=terms[0], terms_changed=terms[1], terms_removed=terms[2],
        unknown=len(faults.unknown(book, accepted)), synthetic=synthetic,
    )  # fmt: skip


@dataclass(frozen=True)
class _Values:
    ids: Mapping[tuple, int]
    added: list[Value]
    changed: list[Value]
    altered: Mapping[int, Entry]  # those whose figure is another one than before
    gone: Mapping[int, Value]


def _bring_values(book: Book) -> _Values:
    stored = {tuple(getattr(v, f) for f in _KEY): v for v in Value.objects.all()}
    added, changed, altered = [], [], {}
    for entry in book.entries:
        value = stored.pop(entry.key, None)
        if value is None:
            added.append(Value(**{field: getattr(entry, field) for field in _FIELDS}))
            continue
        differing = [field for field in _FIELDS if getattr(value, field) != getattr(entry, field)]
        if differing:
            if set(differing) & {*_FIGURES, "valid_until"}:
                altered[value.id] = entry
            for field in differing:
                setattr(value, field, getattr(entry, field))
            changed.append(value)
    Value.objects.bulk_create(added, batch_size=500)
    if changed:
        Value.objects.bulk_update(changed, [f for f in _FIELDS if f not in _KEY], batch_size=500)
    ids = {tuple(getattr(v, f) for f in _KEY): v.id for v in Value.objects.all()}
    return _Values(ids, added, changed, altered, {v.id: v for v in stored.values()})


def _bring_terms(wanted: Sequence[Laid], values: _Values, cited: Cited) -> tuple[int, int, int]:
    stored = {tuple(getattr(t, f) for f in _LAID_ON): t for t in Terms.objects.all()}
    added, changed, forbidden = [], [], {}
    for laid in wanted:
        fresh = _as_terms(laid, values.ids)
        old = stored.pop(tuple(getattr(fresh, f) for f in _LAID_ON), None)
        if old is None:
            added.append(fresh)
            continue
        differing = [f for f in _TERMS_FIGURES if getattr(old, f) != getattr(fresh, f)]
        if differing:
            forbidden[old.id] = (old, laid, None)
        elif old.ends != fresh.ends:
            forbidden[old.id] = (old, laid, fresh.ends)
        else:
            continue
        for field in (*differing, "ends"):
            setattr(old, field, getattr(fresh, field))
        changed.append(old)
    forbidden |= {old.id: (old, None, None) for old in stored.values()}
    _refuse_cited(forbidden, values, cited)
    Terms.objects.filter(id__in=[old.id for old in stored.values()]).delete()
    Terms.objects.bulk_create(added, batch_size=500)
    if changed:
        Terms.objects.bulk_update(changed, [*_TERMS_FIGURES, "ends"], batch_size=500)
    return len(added), len(changed), len(stored)


def _as_terms(laid: Laid, ids: Mapping[tuple, int]) -> Terms:
    return Terms(
        city=laid.rule.city, scheme=laid.rule.scheme, kind=laid.rule.kind, injury_class=laid.injury_class,
        starts=laid.starts, ends=laid.ends, known_from=laid.known_from,
        value_ids=[ids[entry.key] for entry in laid.entries],
        provisional=laid.provisional, synthetic=laid.synthetic, **laid.figures,
    )  # fmt: skip


def _refuse_cited(forbidden, values: _Values, cited: Cited) -> None:
    """Terms that dues name may only be shortened to a month that no such due lies behind."""
    if not forbidden:
        return
    problems = []
    for terms_id, (first, last) in cited(list(forbidden)).items():
        old, laid, ends = forbidden[terms_id]
        if ends is not None and last <= ends:
            continue
        of = f"{old.scheme} {old.kind} {old.starts}"
        to_blame = [values.altered[i] for i in old.value_ids if i in values.altered]
        lost = [values.gone[i] for i in old.value_ids if i in values.gone]
        because = (
            f"{first} 至 {last} 的应缴已引用，不能改动；请恢复原条目，另写一条 known_from 更晚的条目来取代它"
        )
        if to_blame:
            problems += [f"{entry}：{because}" for entry in to_blame]
        elif lost:
            problems += [
                f"{v.city}：{v.scheme} {v.parameter} {v.kind} {v.valid_from} 被删去，而{because}"
                for v in lost
            ]
        else:
            problems.append(f"{laid.rule.where if laid else old.city}：{of}：{because}")
    if problems:
        raise Faulty(list(dict.fromkeys(problems)))


def _remove_values(gone: Mapping[int, Value]) -> int:
    Value.objects.filter(id__in=list(gone)).delete()
    return len(gone)
