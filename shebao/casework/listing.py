"""Pages of lists by key: the next page begins after the last line of this one, however long the list is.

A key holds what the list is sorted by, so that a page costs the same at the end as at the start, and a line that came
or went meanwhile neither repeats nor hides another.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet


@dataclass(frozen=True)
class Asked:
    """Which page: the one after or before a key, with at most so many lines."""

    after: str = ""
    before: str = ""
    most: int = 10


@dataclass(frozen=True)
class Page:
    """Some lines, and the keys that lead to the pages around them, empty at either end."""

    lines: Sequence[Any]
    previous: str = ""
    next: str = ""


def page_of(found: QuerySet, order: Sequence[str], asked: Asked) -> Page:
    """A page of a query in this order (`-` for descending; the last field makes it unique)."""
    back = bool(asked.before) and not asked.after
    key = _read(found, order, asked.before if back else asked.after)
    sorted_by = [_turned(field) for field in order] if back else list(order)
    if key is not None:
        found = found.filter(_beyond(sorted_by, key))
    lines = list(found.order_by(*sorted_by)[: asked.most + 1])
    more, lines = len(lines) > asked.most, lines[: asked.most]
    if back:
        lines.reverse()
    earlier, later = (more, key is not None) if back else (key is not None, more)
    return Page(
        lines,
        previous=_key(lines[0], order) if lines and earlier else "",
        next=_key(lines[-1], order) if lines and later else "",
    )


def _turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _beyond(order: Sequence[str], key: Sequence[Any]) -> Q:
    """Whatever stands after the key: less or greater in one field, equal in those before it."""
    beyond, equal = Q(), Q()
    for field, value in zip(order, key, strict=True):
        name = field.lstrip("-")
        beyond |= equal & Q(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return beyond


def _key(line: Any, order: Sequence[str]) -> str:
    return json.dumps([getattr(line, field.lstrip("-")) for field in order], cls=DjangoJSONEncoder)


def _read(found: QuerySet, order: Sequence[str], text: str) -> list[Any] | None:
    """The key in an address, or None: whatever isn't one leads to the first page."""
    try:
        values = json.loads(text) if text else None
        if not isinstance(values, list) or len(values) != len(order) or None in values:
            return None
        fields = [found.model._meta.get_field(name.lstrip("-")) for name in order]
        return [field.to_python(value) for field, value in zip(fields, values, strict=True)]
    except (ValueError, TypeError, ValidationError):
        return None
