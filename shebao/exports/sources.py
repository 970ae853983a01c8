"""What can be exported. The lists are handed in once, at start, by the packages whose pages show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Filters = Mapping[str, str]


def _as_asked(filters: Filters) -> str:
    return " ".join(filters.values())


@dataclass(frozen=True)
class Column:
    """One column of the workbook: its head, the line's key, and how it is written.

    `sort` is text, money (yuan), number, month or day; `said` turns a code into words.
    """

    label: Any  # translated when the workbook is written
    key: str
    sort: str = "text"
    width: int = 14
    said: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Source:
    """A list of one party. `count` and `lines` get the party's number and the filters as the page had them.

    `lines` comes from a cursor on the server and is read once. `looks` is what is remembered, in their own
    words, with the people in it (by their `person_id` in the lines); empty for a list without people. Of what
    was asked for only `filters` count; `said` tells them in words, as the line under the title.
    """

    code: str
    title: Any
    columns: tuple[Column, ...]
    count: Callable[[int, Filters], int]
    lines: Callable[[int, Filters], Iterable[Mapping[str, Any]]]
    filters: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("employer",)
    looks: Any = ""
    said: Callable[[Filters], str] = _as_asked


_declared: dict[str, Source] = {}


def declare(found: Iterable[Source]) -> None:
    """Offer these lists too. Called by the packages that show them when they are ready."""
    _declared.update({one.code: one for one in found})


def source(code: str) -> Source:
    """The list of this code. KeyError when there is none."""
    return _declared[code]


def declared() -> tuple[Source, ...]:
    return tuple(_declared.values())
