"""What one row of a service asks: its types say what may be written, its labels say it to people.

    @dataclass(frozen=True)
    class Loan:
        card: Mobile = label("借书证号")
        title: Text = label("书名", help="按封面填写")
        until: Day | None = label("归还日期", default=None)

From this come the form, the Excel template, its reader, the reviewer's table and the schema for machines.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _

from shebao.foundation import masks
from shebao.foundation.months import Month
from shebao.foundation.values import IdNumber, Missing, Money, PersonName, Unreadable, reader_for


@dataclass(frozen=True)
class Label:
    """The words around one field."""

    text: str
    help: str
    example: str
    important: bool
    picked: bool
    fixed: bool
    section: str
    blank: str


def label(
    text: str,
    *,
    help: str = "",
    example: str = "",
    default: Any = dataclasses.MISSING,
    important: bool = False,
    picked: bool = False,
    fixed: bool = False,
    section: str = "",
    blank: str = "",
) -> Any:
    """A field of a row and what people call it.

    `help` is the hint on the form and the note on the template's column; `example` is a value written as a
    person would. With a `default` the field may be left empty (`default=None` for one that then has no
    value); `important` marks an optional one that is better filled. A `picked` field comes with the line that
    is ticked (the service's `offers`) and isn't typed on the page; in a workbook it is a column like any
    other. A `fixed` one comes from the file (`prefill`): it may be read but
    not altered. Fields of one `section` stand in one panel of the form, under that heading.
    `blank` says what counts when the field is left empty, for whoever checks the answers.
    """
    words = Label(text, help, example, important, picked, fixed, section, blank)
    return dataclasses.field(default=default, metadata={"label": words})


@dataclass(frozen=True)
class Problem:
    """Why a row can't go on as it is: which field, the sentence for its writer, and the rule that says so.

    `leads_to` are codes of services that put it right.
    """

    field: str
    sentence: str
    rule: str
    leads_to: Sequence[str] = ()

    @property
    def kept(self) -> dict[str, Any]:
        """As JSON; what leads nowhere says nothing of it."""
        kept = {"field": self.field, "sentence": self.sentence, "rule": self.rule}
        return kept | ({"leads_to": [*self.leads_to]} if self.leads_to else {})


@dataclass(frozen=True)
class Question:
    """One field of a row type, with all that a form, a sheet or a schema needs to ask it."""

    name: str
    words: Label
    type: Any
    required: bool
    default: Any
    read: Callable[[object], Any]

    @property
    def label(self) -> str:
        return str(self.words.text)

    @property
    def help(self) -> str:
        return str(self.words.help)

    @property
    def hint(self) -> str:
        """How to fill it in, and what counts when it is left empty."""
        blank = _("不填即为%(blank)s") % {"blank": self.words.blank} if self.words.blank else ""
        return _("；").join(part for part in (self.help, blank) if part)

    @property
    def many(self) -> bool:
        """Whether several values are given, as in `tuple[Scheme, ...]`."""
        return get_origin(_bare(self.type)) is tuple

    @property
    def kind(self) -> type:
        """The value type itself, without `| None` and `tuple[…]`."""
        bare = _bare(self.type)
        return get_args(bare)[0] if get_origin(bare) is tuple else bare

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """(value, label) of each answer there is, when they can be listed."""
        if self.kind is bool:
            return (("true", _("是")), ("false", _("否")))
        if hasattr(self.kind, "offered"):  # a type whose answers stand in a table
            return tuple(self.kind.offered())
        if issubclass(self.kind, Enum):
            return tuple((str(one.value), str(getattr(one, "label", one.value))) for one in self.kind)
        return ()

    def json(self, value: Any) -> Any:
        """The value as it is kept; `read` takes it back."""
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, tuple):
            return [self.json(one) for one in value]
        if isinstance(value, Enum):
            return value.value
        return value.isoformat() if isinstance(value, date) else str(value)

    def spelled(self, value: Any) -> str | list[str]:
        """The value as somebody would write it into a form or a cell; `read` takes it back."""
        if value is None:
            return ""
        if isinstance(value, tuple):
            return [str(self.spelled(one)) for one in value]
        if isinstance(value, Enum | bool):
            return self.shown(value)
        return value.isoformat() if isinstance(value, date) else str(value)

    def shown(self, value: Any, *, masked: bool = False) -> str:
        """The value as people read it."""
        if value is None or value == ():
            return str(self.words.blank)
        if isinstance(value, tuple):
            return "、".join(self.shown(one, masked=masked) for one in value)
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, Enum):
            return str(getattr(value, "label", value.value))
        if hasattr(self.kind, "offered"):
            return dict(self.kind.offered()).get(str(value), str(value))
        if isinstance(value, Decimal):
            return f"{value:,.2f}" if self.is_money else str(value)
        if masked and self.kind is PersonName:
            return masks.name(value)
        if masked and hasattr(value, "masked"):
            return value.masked
        return str(value)

    @property
    def is_money(self) -> bool:
        return self.kind in (Money, Decimal)

    @property
    def is_date(self) -> bool:
        return issubclass(self.kind, date)

    @property
    def is_month(self) -> bool:
        return self.kind is Month

    @property
    def names_a_person(self) -> bool:
        return self.kind is PersonName

    @property
    def identifies_a_person(self) -> bool:
        return self.kind is IdNumber


@cache
def questions(row_type: type) -> tuple[Question, ...]:
    """What this row type asks, in order. TypeError for a field without a label or a type without reader."""
    types = get_type_hints(row_type)
    found = []
    for field in dataclasses.fields(row_type):
        words = field.metadata.get("label")
        if words is None:
            raise TypeError(
                f"{row_type.__name__}.{field.name} has no label; write {field.name}: … = label(…)"
            )
        required = field.default is dataclasses.MISSING
        default = None if required else field.default
        kind = types[field.name]
        found.append(Question(field.name, words, kind, required, default, reader_for(kind)))
    return tuple(found)


@dataclass(frozen=True)
class Reading:
    """One row from what was written: the fields that could be read, and a problem for each that could not."""

    values: dict[str, Any]
    problems: list[Problem]
    row: Any | None  # whole, when there are no problems


def read(row_type: type, raw: Mapping[str, object]) -> Reading:
    """Read every field, so that all problems of the row are told at once."""
    values, problems = {}, []
    for question in questions(row_type):
        try:
            values[question.name] = question.read(raw.get(question.name))
        except Missing as missing:
            if question.required:
                problems.append(Problem(question.name, missing.sentence, "required"))
            else:
                values[question.name] = question.default
        except Unreadable as unreadable:
            problems.append(Problem(question.name, unreadable.sentence, "readable"))
    return Reading(values, problems, None if problems else row_type(**values))


def kept(row_type: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON; `read` takes them back."""
    return {one.name: one.json(values[one.name]) for one in questions(row_type) if one.name in values}


def spelled(row_type: type, values: Mapping[str, Any]) -> dict[str, object]:
    """The values as somebody would have written them; a field that isn't among them is left empty."""
    return {one.name: one.spelled(values.get(one.name)) for one in questions(row_type)}


def _bare(annotation: Any) -> Any:
    """The annotation without `| None`."""
    if get_origin(annotation) is tuple:
        return annotation
    inner = [one for one in get_args(annotation) if one is not type(None)]
    return inner[0] if inner else annotation
