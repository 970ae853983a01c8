"""The rows of a case as a set: written, read and counted in a fixed number of statements."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.db.models import BooleanField, Exists, Func, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _

from shebao.casework import ask
from shebao.casework.counting import Unit
from shebao.casework.models import (
    MATERIAL,
    OPEN_ROWS,
    OPEN_STATES,
    READY_ROWS,
    Case,
    Errand,
    Row,
    RowState,
    State,
    Upload,
)
from shebao.casework.service import Service
from shebao.foundation import clock, sql
from shebao.foundation.writing import packed

_SQL = sql.queries("shebao.casework", "rows.sql")
OTHER_DRAFT = "other-draft"  # the rule of a note: the filer has begun something else for the same person
FINDINGS = ("key", "data", "problems", "flags", "notes")
_LONGEST_CELL = 500  # characters kept of what was written in one field


Spot = tuple[int, int | None]
"""Where a row stands: its number, and its line in a sheet (`models.spot` says it in words)."""


@dataclass(frozen=True)
class Kept:
    """A row as its table has it, for examination."""

    id: int
    number: int
    line: int | None
    state: str
    raw: dict[str, Any]
    findings: tuple  # what was found before

    @property
    def spot(self) -> Spot:
        return self.number, self.line


def write(
    case: Case,
    written: Mapping[int, Mapping[str, object]],
    *,
    upload: Upload | None = None,
    lines: Mapping[int, int] | None = None,
) -> int:
    """Put rows down under their numbers, over open rows of the same number; answer how many were written.

    Of an upload, `lines` says in which line of the sheet each number stood.
    """
    with clock.fixed(clock.now()):
        found = [_line(case.service, number, fields, lines) for number, fields in written.items()]
    params = {"case": case.pk, "upload": upload and upload.pk, "rows": json.dumps(found, ensure_ascii=False)}
    with sql.run(_SQL["write"], params) as cursor:
        return cursor.rowcount


def _line(
    service: Service, number: int, fields: Mapping[str, object], lines: Mapping[int, int] | None
) -> dict[str, Any]:
    raw = raw_of(service, fields)
    reading = ask.read(service.row, raw)
    data = ask.kept(service.row, reading.values)
    return {
        "number": number,
        "key": key_text(service, data),
        "raw": raw,
        "data": data,
        "problems": [problem.kept for problem in reading.problems],
        "state": RowState.BAD if reading.problems else RowState.DRAFT,
        "line": lines[number] if lines else None,
    }


def raw_of(service: Service, fields: Mapping[str, object]) -> dict[str, Any]:
    """What was written in the fields of one row, as it can be kept."""
    return {question.name: as_json(fields.get(question.name)) for question in service.questions}


def as_json(written: object) -> Any:
    """What a page, a cell or JSON brought, as it can be kept."""
    if isinstance(written, bool | int | float) or written is None:
        return written
    if isinstance(written, date | time):
        return written.isoformat()
    if isinstance(written, list | tuple):
        return [as_json(one) for one in written[:_LONGEST_CELL]]
    text = str(written) if isinstance(written, str | timedelta) else json.dumps(written, default=str)
    # jsonb can't hold a NUL, nor half a surrogate pair.
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")[:_LONGEST_CELL]


def key_text(service: Service, data: Mapping[str, Any]) -> str:
    """The row's key as it is searched for; empty while a part of it could not be read."""
    parts = [data.get(name) for name in service.key_fields]
    return "" if None in parts else "|".join(str(part) for part in parts)


def keep_findings(case: Case, findings: Sequence[Mapping[str, Any]]) -> None:
    """Write what examination or a decision found with these rows."""
    if findings:
        params = {"case": case.pk, "findings": json.dumps(findings, ensure_ascii=False)}
        sql.run(_SQL["keep_findings"], params).close()


def slice_of(
    case: Case, states: Collection[str], *, after: int, most: int, numbers: Collection[int] | None = None
) -> list[Kept]:
    """The next rows in these states, in their order."""
    found = Row.objects.filter(case=case, state__in=states, number__gt=after)
    if numbers is not None:
        found = found.filter(number__in=numbers)
    columns = ("id", "number", "line", "state", "raw", *FINDINGS)
    return [Kept(*one[:5], one[5:]) for one in found.order_by("number").values_list(*columns)[:most]]


def keys_elsewhere(case: Case, states: Collection[str]) -> dict[str, Spot]:
    """The keys of rows on their way or settled that aren't among these states, with where to find them."""
    return _spots(
        Row.objects.filter(case=case, state__in={RowState.SUBMITTED, RowState.APPROVED} - set(states))
    )


def keys_up_to(case: Case, number: int) -> dict[str, Spot]:
    """The keys of rows up to this number that are ready to be submitted, with where to find them."""
    return _spots(Row.objects.filter(case=case, state__in=READY_ROWS, number__lte=number))


def numbers_like(case: Case, numbers: Collection[int], keys: Collection[str] = ()) -> set[int]:
    """These rows, and the open ones that share a key with them or with `keys`: those that a change of them touches."""
    here = Row.objects.filter(case=case)
    shared = {*keys, *here.filter(number__in=numbers).values_list("key", flat=True)} - {""}
    like = here.filter(key__in=shared, state__in=OPEN_ROWS).values_list("number", flat=True)
    return {*numbers, *like}


def keys_beside(case: Case, number: int) -> dict[str, Spot]:
    """The keys of all sound rows but one, with where to find them."""
    return _spots(search(case, "").exclude(state=RowState.BAD).exclude(number=number))


def _spots(found: QuerySet[Row]) -> dict[str, Spot]:
    return {key: (number, line) for key, number, line in found.values_list("key", "number", "line")}


def at(case: Case, number: int) -> Row | None:
    """The row of this number, unless it was removed."""
    return search(case, "").filter(number=number).first()


def only_open(case: Case) -> Row | None:
    """The row, if there is but one that its filer may still change."""
    found = list(Row.objects.filter(case=case, state__in=OPEN_ROWS)[:2])
    return found[0] if len(found) == 1 else None


def naming(text: str, services: Iterable[Service]) -> Q:
    """Rows of these services that name this person, or whose key begins so."""
    named = {
        question.name for service in services for question in service.questions if question.names_a_person
    }
    told = Q(key__startswith=text.upper())
    for name in sorted(named):
        told |= Q(**{f"raw__{name}": text})
    return told


def tally(case: Case) -> int:
    """Count the rows into the case (saved) and answer with the last number given."""
    (counted,) = sql.rows(_SQL["tally"], {"case": case.pk})
    case.total, case.good, case.bad, case.flagged = (
        counted[one] for one in ("total", "good", "bad", "flagged")
    )
    case.about = _about(case)
    case.save(update_fields=["total", "good", "bad", "flagged", "about"])
    return counted["last"]


def last_number(case: Case) -> int:
    return Row.objects.filter(case=case).order_by("-number").values_list("number", flat=True).first() or 0


def remove(case: Case, numbers: Iterable[int] | None = None) -> int:
    """Drop these open rows, or all; they stay on file. Answers how many were dropped."""
    found = Row.objects.filter(case=case, state__in=OPEN_ROWS)
    if numbers is not None:
        found = found.filter(number__in=list(numbers))
    return found.update(state=RowState.REMOVED)


def faults(case: Case, most: int) -> list[dict[str, Any]]:
    """What is wrong with the bad rows, rule by rule: rule, field, the first sentence, and of how many rows."""
    return sql.rows(_SQL["faults"], {"case": case.pk, "most": most})


def send_back(case: Case, reasons: Mapping[int, str]) -> None:
    """Return submitted rows, each with its reason."""
    if reasons:
        params = {"case": case.pk, "numbers": list(reasons), "reasons": list(reasons.values())}
        sql.run(_SQL["send_back"], params).close()


def approve(case: Case, numbers: Collection[int]) -> None:
    """Submitted rows that took effect."""
    found = Row.objects.filter(case=case, number__in=numbers, state=RowState.SUBMITTED)
    found.update(state=RowState.APPROVED, reason="")


def first_approval(case: Case, numbers: Collection[int], officer: int) -> None:
    """Remember who approved these rows first, of two."""
    Row.objects.filter(case=case, number__in=numbers).update(first_officer=officer)


def in_other_drafts(case: Case, keys: Collection[str]) -> dict[str, Case]:
    """Of these keys, those that the same party has in another case that isn't submitted, with that case."""
    mine = Case.objects.filter(party_kind=case.party_kind, party_id=case.party_id, state__in=OPEN_STATES)
    others = {other.pk: other for other in mine.exclude(pk=case.pk)}
    if not others:
        return {}
    found = Row.objects.filter(case__in=others, key__in=keys, state__in=OPEN_ROWS)
    return {key: others[other] for key, other in found.values_list("key", "case").order_by("case")}


def under_review(case: Case, keys: Collection[str] | None = None) -> dict[str, Case]:
    """Of these keys, or of all, those that the same party has handed in for the same service in another case and that
    nobody has decided yet, with that case."""
    mine = Case.objects.filter(
        party_kind=case.party_kind, party_id=case.party_id, service_code=case.service_code
    )
    others = {other.pk: other for other in handed_in(mine.exclude(pk=case.pk))}
    if not others:
        return {}
    found = waiting(Row.objects.filter(case__in=others))
    found = found if keys is None else found.filter(key__in=keys)
    return {key: others[other] for key, other in found.values_list("key", "case").order_by("-case")}


def noted(found: QuerySet[Row]) -> QuerySet[Row]:
    """Of these rows, those of which something is worth knowing."""
    return found.exclude(notes=[])


def told_of(found: QuerySet[Row]) -> QuerySet[Row]:
    """Of these rows, those of which an officer should know something; what else the filer has begun isn't his."""
    beside = Value(f'$[*] ? (@.rule != "{OTHER_DRAFT}")')
    noted = Func(
        "notes",
        beside,
        template="jsonb_path_exists(%(expressions)s::jsonpath)",
        output_field=BooleanField(),
    )
    return found.filter(~Q(flags=[]) | Q(noted))


def handed_in(found: QuerySet[Case]) -> QuerySet[Case]:
    """Of these cases, those that wait to be decided or are being submitted by a worker."""
    being_submitted = Errand.objects.filter(case=OuterRef("pk"), deed=Errand.Deed.SUBMIT, finished_at=None)
    return found.filter(Q(state=State.SUBMITTED) | Exists(being_submitted))


def waiting(found: QuerySet[Row]) -> QuerySet[Row]:
    """Of these rows of cases that were handed in, those that aren't decided."""
    return found.filter(
        Q(case__state=State.SUBMITTED, state=RowState.SUBMITTED)
        | Q(case__state__in=OPEN_STATES, state__in=READY_ROWS)
    )


def lacking(case: Case, paper: str) -> QuerySet[Row]:
    """The open rows that can't go on without a paper of this name."""
    found = Row.objects.filter(
        case=case, state=RowState.BAD, problems__contains=[{"field": paper, "rule": MATERIAL}]
    )
    return found.order_by("number")


def search(case: Case, text: str) -> QuerySet[Row]:
    """The case's rows whose key begins with this, read or as written, or all; removed ones don't show."""
    found = Row.objects.filter(case=case).exclude(state=RowState.REMOVED).order_by("number")
    text = packed(text).upper()
    if not text:
        return found
    written = {f"raw__{case.service.key_fields[0]}__startswith": text}
    return found.filter(Q(key__startswith=text) | Q(key="", **written))


def _about(case: Case) -> str:
    """Whom or what the case is about, masked: 李*明, or 李*明等 3 人, or HD20261100000012等 2 笔."""
    first = Row.objects.filter(case=case).exclude(state=RowState.REMOVED).order_by("number").first()
    if first is None:
        return ""
    service = case.service
    if service.unit is Unit.EMPLOYERS and not service.party_name:
        shown = case.party_name  # an employer that files for itself
    else:
        values = ask.read(service.row, first.raw).values
        shown = " – ".join(one.shown(values.get(one.name), masked=True) for one in service.subject)
    if case.total <= 1:
        return shown[:100]
    words = {"first": shown[:60], "total": case.counted(case.total)}
    return (_("%(first)s等 %(total)s") % words)[:100]
