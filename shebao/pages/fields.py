"""One field of a form as a page shows it: label, 必填 or 选填, hint, error, control. One template draws all of them.

A view may hand over these, or Django's own bound fields: `{% field %}` takes both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django import forms
from django.utils.safestring import SafeString

# What a control of each kind tells browser and keyboard. Dates are text: native pickers follow the browser's
# language and not ours. Numbers are text too: a wheel or an arrow key must not change money. There is room for the
# spaces of a number that is pasted: what a browser cuts off is lost without a word.
_KINDS = {
    "text": {},
    "name": {"autocomplete": "off"},
    "id-number": {"autocomplete": "off", "maxlength": 24, "css": "w-id"},
    "uscc": {"autocomplete": "off", "maxlength": 24, "css": "w-id"},
    "mobile": {"inputmode": "tel", "autocomplete": "off", "maxlength": 20, "css": "w-tel"},
    "money": {"inputmode": "decimal", "autocomplete": "off", "css": "w-money"},
    "number": {"inputmode": "numeric", "autocomplete": "off", "css": "w-s"},
    "date": {"inputmode": "numeric", "autocomplete": "off", "maxlength": 10, "css": "w-tel"},
    "month": {"inputmode": "numeric", "autocomplete": "off", "maxlength": 7, "css": "w-tel"},
    "password": {"autocomplete": "current-password", "css": "w-id"},
    "search": {"autocomplete": "off"},
}


@dataclass(frozen=True)
class Button:
    """A look-up beside a field: htmx asks `url` with the whole form and puts the answer into `target`."""

    label: str
    url: str
    target: str
    icon: str = "search"


@dataclass(frozen=True, kw_only=True)
class Field:
    """`kind` is one of text, name, id-number, uscc, mobile, money, number, date, month, password, search, select,
    radios, ticks (several of `choices`), tick (one box), textarea, file, hidden.

    `values` are the ticked ones of ticks; `unit` stands behind the control (元/月); `full` takes both columns;
    `important` marks one that may be left empty and had better not be.
    """

    name: str
    label: str = ""
    kind: str = "text"
    value: object = ""
    values: Sequence[str] = ()
    choices: Sequence[tuple[str, str]] = ()
    hint: str = ""
    errors: Sequence[str] = ()
    required: bool = True
    important: bool = False
    readonly: bool = False
    unit: str = ""
    css: str = ""
    full: bool = False
    autocomplete: str = ""
    maxlength: int | None = None
    accept: str = ""
    rows: int = 3
    button: Button | None = None
    prefix: str = "id_"
    widget: SafeString = field(default=SafeString(""))

    @property
    def id(self) -> str:
        return f"{self.prefix}{self.name}"

    @property
    def described_by(self) -> str:
        """The ids of hint and error that exist, for aria-describedby."""
        ids = [f"{self.id}_helptext"] if self.hint else []
        return " ".join([*ids, f"{self.id}_error"] if self.errors else ids)

    @property
    def grouped(self) -> bool:
        """Whether several controls share the label: then it is a fieldset with a legend."""
        return self.kind in ("radios", "ticks")

    @property
    def attributes(self) -> dict:
        """Attributes of the control that follow from its kind, or were asked for."""
        found = {key: value for key, value in _KINDS.get(self.kind, {}).items() if key != "css"}
        found |= {"autocomplete": self.autocomplete} if self.autocomplete else {}
        return found | ({"maxlength": self.maxlength} if self.maxlength else {})

    @property
    def width(self) -> str:
        return self.css or _KINDS.get(self.kind, {}).get("css", "")

    @property
    def type(self) -> str:
        return self.kind if self.kind in ("password", "search", "hidden", "file") else "text"


@dataclass(frozen=True)
class Section:
    """A numbered panel of a form. `note` stands small beside its title; `extra` is HTML below the fields.

    With `live`, that HTML is a region of this id, which htmx fills and screen readers read out when it changes.
    """

    title: str
    fields: Sequence[Field | forms.BoundField]
    note: str = ""
    extra: SafeString = SafeString("")
    live: str = ""


def of(bound: Field | forms.BoundField) -> Field:
    """A Django bound field as ours; a Field comes back as it is.

    A form's field may carry `unit`, `full` and `button` as attributes of its own.
    """
    if isinstance(bound, Field):
        return bound
    inner = bound.field
    kind = _kind(inner)
    ours = Field(
        name=bound.html_name,
        label=str(bound.label or ""),
        kind=kind,
        hint=str(bound.help_text or ""),
        errors=[str(error) for error in bound.errors],
        required=inner.required,
        readonly=inner.disabled,
        unit=getattr(inner, "unit", ""),
        full=getattr(inner, "full", False) or kind == "textarea",
        button=getattr(inner, "button", None),
        prefix=(bound.auto_id or "").removesuffix(bound.html_name),
        choices=_choices(bound) if kind in ("radios", "ticks") else (),
        values=_chosen(bound) if kind in ("radios", "ticks") else (),
    )
    if ours.grouped:
        return ours
    css = {"select": "select", "textarea": "textarea", "file": "govuk-file-upload", "tick": ""}.get(
        kind, "input"
    )
    wanted = {"class": f"{css} {inner.widget.attrs.get('class', '')}".strip()}
    widget = bound.as_widget(attrs={**inner.widget.attrs, **{k: v for k, v in wanted.items() if v}})
    return Field(**{**ours.__dict__, "widget": widget})


_WIDGETS = (
    (forms.CheckboxSelectMultiple, "ticks"),  # before radios, of which Django made it a kind
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "tick"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
    (forms.HiddenInput, "hidden"),
)


def _kind(inner: forms.Field) -> str:
    return next((kind for widget, kind in _WIDGETS if isinstance(inner.widget, widget)), "text")


def _choices(bound: forms.BoundField) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in bound.field.choices if value != ""]


def _chosen(bound: forms.BoundField) -> list[str]:
    value = bound.value()
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
