"""A service's questions as the fields of a form, and a posted form as what was written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from shebao.casework.ask import Problem, Question
from shebao.casework.models import Case
from shebao.casework.service import Material, Service
from shebao.casework.sheets import as_text
from shebao.foundation import clock
from shebao.foundation.identifiers import IdNumber, Mobile, Uscc
from shebao.foundation.unreadable import Missing, Unreadable
from shebao.foundation.values import PersonName
from shebao.pages.fields import Button, Field, Section

_FEW = 3  # answers that fit as buttons; more go into a list
_KINDS = {IdNumber: "id-number", Uscc: "uscc", PersonName: "name", Mobile: "mobile", int: "number"}


def sections(
    case: Case,
    raw: Mapping[str, object],
    problems: Sequence[Problem] = (),
    *,
    typed_only: bool = False,
    look_url: str = "",
) -> list[Section]:
    """The form, panel by panel; with `typed_only` without the fields that come with a picked line."""
    service = case.service
    open_ = answers(case)
    panels: dict[str, list[Field]] = {}
    exactly = service.occasion_on(clock.today()).of_fields
    for question in _asked(service, typed_only):
        button = None
        if look_url and question.name == service.key_fields[0]:
            button = Button(_("查询"), look_url, "#who")
        panel = panels.setdefault(str(question.words.section) or str(service.title), [])
        panel.append(
            _field(question, raw, problems, button, exactly.get(question.name, ""), open_.get(question.name))
        )
    return [
        # The panel whose field has the look-up tells what was found.
        Section(title, fields, live="who" if any(field.button for field in fields) else "")
        for title, fields in panels.items()
    ]


def posted(service: Service, data: QueryDict, *, typed_only: bool = False) -> dict[str, object]:
    """What was written in the form's fields."""
    return {
        question.name: data.getlist(question.name) if question.many else data.get(question.name)
        for question in _asked(service, typed_only)
    }


def answers(case: Case) -> Mapping[str, Collection[str]]:
    """Which of a field's answers the filer of this case can give, of the fields where those aren't all."""
    return case.service.answers(case) if case.service.answers else {}


def unticked(case: Case, raw: Mapping[str, object]) -> list[Problem]:
    """The fields that came with all their answers ticked, and came back with none: that is no way to mean all."""
    return [
        Problem(question.name, _("请至少勾选一项"), "required")
        for question in case.service.questions
        if question.many and question.name in answers(case) and not raw.get(question.name)
    ]


def wrongs(service: Service, problems: Iterable[Problem]) -> list[tuple[str, str, str]]:
    """(id of the control, label, sentence) of each problem, for the summary above the form."""
    labels = {question.name: question.label for question in service.questions}
    return [
        (
            f"id_{problem.field}" if problem.field in labels else "",
            labels.get(problem.field, ""),
            problem.sentence,
        )
        for problem in problems
    ]


def accept(paper: Material) -> str:
    """The endings of the files that the control for a paper lets one choose."""
    return ",".join(f".{kind}" for kind in paper.kinds).replace(".jpg", ".jpg,.jpeg")


def formats(paper: Material) -> str:
    """What the file may be, for people: PDF、JPG、PNG."""
    return _("、").join(kind.upper() for kind in paper.kinds)


def with_rule(sentence: str, rule: str) -> str:
    """The sentence with the rule of the rule book that refused; those of form alone (`required` …) stand in none."""
    if not rule[:1].isupper():
        return sentence
    return _("%(sentence)s（规则 %(rule)s）") % {"sentence": sentence, "rule": rule}


def summary(
    service: Service, raw: Mapping[str, object], change: str
) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """What was entered, panel by panel, with the way back."""
    panels: dict[str, list[tuple[str, str]]] = {}
    for question in service.questions:
        panel = panels.setdefault(str(question.words.section) or str(service.title), [])
        panel.append((question.label, _shown(question, raw.get(question.name))))
    return [(f"c{place}", title, lines, change) for place, (title, lines) in enumerate(panels.items(), 1)]


@dataclass(frozen=True)
class Table:
    """Rows as people read them, names and numbers masked; columns in which nobody wrote anything are left out."""

    heads: list[str]
    money: list[int]  # which of the columns, from 0
    rows: list[list[str]]


def table(service: Service, raws: Sequence[Mapping[str, object]]) -> Table:
    cells = [[_shown(one, raw.get(one.name), masked=True) for one in service.questions] for raw in raws]
    used = [
        (place, question)
        for place, question in enumerate(service.questions)
        if question.required or any(row[place] for row in cells)
    ]
    return Table(
        [
            _("%s（元）") % question.label if question.is_money else question.label
            for _place, question in used
        ],
        [column for column, (_place, question) in enumerate(used) if question.is_money],
        [[row[place] for place, _question in used] for row in cells],
    )


def who_heads(service: Service) -> list[str]:
    """The columns that say whom a row is about; the others are left out where a reason needs the room."""
    return [question.label for question in service.telling]


def who(service: Service, raw: Mapping[str, object]) -> list[str]:
    """Whom a row is about, masked."""
    return [_shown(question, raw.get(question.name), masked=True) for question in service.telling]


def name(service: Service, raw: Mapping[str, object]) -> str:
    """The person's name in a row, masked; empty where a service asks for none."""
    return next((_shown(q, raw.get(q.name), masked=True) for q in service.questions if q.names_a_person), "")


def key(service: Service, raw: Mapping[str, object]) -> str:
    """The number by which a row is known, masked."""
    question = service.question(service.key_fields[0])
    return _shown(question, raw.get(question.name), masked=True)


def key_label(service: Service) -> str:
    """What that number is called."""
    return service.question(service.key_fields[0]).label


def _asked(service: Service, typed_only: bool) -> list[Question]:
    return [question for question in service.questions if not (typed_only and question.words.picked)]


def _field(
    question: Question,
    raw: Mapping[str, object],
    problems: Sequence[Problem],
    button: Button | None,
    exactly: str,
    open_: Collection[str] | None,
) -> Field:
    written = raw.get(question.name, question.json(question.default))
    ticked = (
        open_ is not None and question.many
    )  # all of them at first, so that the form itself says what it means
    hint = _("；").join(part for part in (exactly, question.help if ticked else question.hint) if part)
    if question.words.example and not question.choices:
        hint = _("；").join(part for part in (hint, _("例如 %s") % question.words.example) if part)
    kind = _kind(question)
    field = {
        "name": question.name,
        "label": question.label,
        "kind": kind,
        "hint": hint,
        "errors": [problem.sentence for problem in problems if problem.field == question.name],
        "required": question.required or ticked,
        "important": question.words.important,
        "readonly": question.words.fixed,
        "unit": _("元") if question.is_money else "",
        "full": question.many,
        "button": button,
    }
    if question.words.fixed:  # to be read, and posted back as it is
        return Field(**field | {"kind": "text"}, value=as_text(written))
    if question.choices:
        chosen = _chosen(question, written)
        choices = [one for one in question.choices if open_ is None or one[0] in open_ or one[0] in chosen]
        if ticked and not written and not field["errors"]:
            chosen = [value for value, _label in choices]
        empty = [("", _("请选择"))] if kind == "select" else []
        return Field(**field, choices=[*empty, *choices], values=chosen, value="".join(chosen[:1]))
    return Field(**field, value="" if written is None else written)


def _kind(question: Question) -> str:
    if question.many:
        return "ticks"
    if question.choices:
        return "radios" if len(question.choices) <= _FEW else "select"
    if question.is_money:
        return "money"
    if question.is_month:
        return "month"
    if question.is_date:
        return "date"
    return _KINDS.get(question.kind, "text")


def _chosen(question: Question, written: object) -> list[str]:
    """Which answers are chosen, whatever spelling they came in."""
    try:
        value = question.json(question.read(written))
    except Unreadable:
        return []
    values = value if isinstance(value, list) else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values if one is not None]


def _shown(question: Question, written: object, *, masked: bool = False) -> str:
    try:
        return question.shown(question.read(written), masked=masked)
    except Missing:
        return question.shown(question.default, masked=masked)
    except Unreadable:
        return str(written)
