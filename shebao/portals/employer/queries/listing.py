"""One shape for all lists of 综合查询: filters, a table, pages by key, and the same list as a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from shebao import audit
from shebao.foundation.months import Month
from shebao.identity.acting import Acting
from shebao.pages.screens import page
from shebao.pages.templatetags import jc

PAGE_SIZE = 20


@dataclass(frozen=True)
class Filter:
    """One control above the table: search, select, month or date."""

    name: str
    label: str
    kind: str = "search"
    value: str = ""
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Head:
    """The head of a column; `look` is money, number, code (of digits), or plain."""

    label: str
    look: str = ""

    @property
    def css(self) -> str:
        return {"money": "r num", "number": "r num", "code": "num"}.get(self.look, "")


@dataclass(frozen=True)
class Cell:
    """What stands in a place: text, or a state's tag, with a link and a small second line if need be."""

    text: Any = ""
    url: str = ""
    state: str = ""
    sub: str = ""


@dataclass(frozen=True)
class Listing:
    """A page of a list. `export` is the code of the same list as a workbook, `people` those shown in it."""

    title: str
    lede: str
    heads: Sequence[Head]
    lines: Sequence[Sequence[Cell]]
    empty: tuple[str, str]
    filters: Sequence[Filter] = ()
    next: str = ""
    previous: str = ""
    export: str = ""
    tabs: Sequence[tuple[str, str, bool]] = ()
    note: str = ""
    people: Sequence[int] = field(default=(), repr=False)
    looks: str = ""

    @property
    def rows(self) -> SafeString:
        """The lines as rows of the table. Written here, tags once a page: a template takes five times as long."""
        tags = [_tags(head, first=not place) for place, head in enumerate(self.heads)]
        lines = []
        for line in self.lines:
            cells = zip(tags, self.heads, line, strict=True)
            lines.append("".join(f"{begin}{_shown(head, cell)}{end}" for (begin, end), head, cell in cells))
        return SafeString("".join(f'<tr role="row">{line}</tr>' for line in lines))

    @property
    def asked(self) -> dict[str, str]:
        """The filters as they were asked for."""
        return {one.name: one.value for one in self.filters if one.value}


def _tags(head: Head, *, first: bool) -> tuple[SafeString, str]:
    """What stands before and after each cell of a column."""
    css = format_html(' class="{}"', head.css) if head.css else ""
    if first:
        return format_html('<th scope="row" role="rowheader"{}>', css), "</th>"
    return format_html('<td role="cell" data-l="{}"{}>', head.label, css), "</td>"


def _shown(head: Head, cell: Cell) -> SafeString:
    if cell.state:
        shown = jc.status_word(cell.state)
    elif cell.url:
        shown = format_html('<a href="{}">{}</a>', cell.url, cell.text)
    else:
        shown = conditional_escape(jc.money(cell.text) if head.look == "money" else cell.text)
    return format_html('{}<span class="sub num">{}</span>', shown, cell.sub) if cell.sub else shown


def show(request: HttpRequest, acting: Acting, listing: Listing) -> HttpResponse:
    """Answer with the list; who stands in it is remembered as looked at."""
    if listing.people:
        audit.looked_many(by=acting, person_ids=listing.people, what=listing.looks, about=acting.party_ref)
    return page(request, "queries/list.html", part="list", acting=acting, listing=listing)


def text(asked: Mapping[str, str], name: str) -> str:
    """A word that was asked for, cut to what a search takes."""
    return asked.get(name, "").strip()[:40]


def chosen(asked: Mapping[str, str], name: str, choices: Sequence[tuple[str, str]]) -> str:
    """A choice that was asked for, "" when it is none of these."""
    value = asked.get(name, "")
    return value if value in {code for code, _label in choices} else ""


def day(asked: Mapping[str, str], name: str) -> date | None:
    """A day that was asked for, None when it can't be read."""
    try:
        return date.fromisoformat(asked.get(name, ""))
    except ValueError:
        return None


def month(asked: Mapping[str, str], name: str, default: Month) -> Month:
    """A month that was asked for, the default when it can't be read."""
    return Month.parse(asked.get(name), default=None) or default
