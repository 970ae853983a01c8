"""Printed forms (增员表, 核定表 …): one description, and from it a PDF on A4 and a workbook.

    sheet = Sheet(
        title="企业参保人员增员表",
        facts=[("单位名称", "武汉江汇精密制造示例公司"), ("单位编号", "0000000086")],
        heads=[Head("序号", Kind.COUNT, width=10), Head("姓名"), Head("月申报工资", Kind.MONEY)],
        lines=[(1, "李小明", Decimal("6500.00"))],
        totals=("合计", "", Decimal("6500.00")),
        stamps=[Stamp("申报单位（盖章）", ("填表人", "单位负责人"))],
    )
    prints.pdf(sheet), prints.excel(sheet)

A line has a value for each head: text, int, Decimal (yuan for Kind.MONEY), date, Month or None. Forms are Chinese in
every language of the hall: whoever makes one leaves it untranslated.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from io import BytesIO
from typing import BinaryIO

import xlsxwriter
from django.conf import settings

from shebao.foundation import clock, languages, spreadsheets
from shebao.foundation.months import Month
from shebao.statements import typefaces, typesetting

STANDARDS = ["a-3a", "ua-1"]
MOST_PRINTED = 5_000  # lines of a PDF; a longer list is for the workbook
_WIDE, _NARROW = 269, 182  # mm between the margins of form.typ
_LINE, _HIGH, _LOW = 14, 20, 16.5  # pt: one more line of text, a row, a row where there are many
_MANY = 40
_POINT = 25.4 / 72  # mm
_EMPTY = "（没有记录）"

Value = str | int | Decimal | date | Month | None


class Kind(Enum):
    """What a column holds: how it is aligned, and what its cells are in a workbook."""

    TEXT = "left"
    CODE = "center"  # numbers of people and things, months, days: text in a workbook
    MONEY = "right"  # yuan, two decimals
    COUNT = "right "  # whole numbers

    @property
    def align(self) -> str:
        return self.value.strip()


@dataclass(frozen=True)
class Head:
    """A column. `width` is its share of the page, about millimetres of an A4; heads with one `group` stand under it."""

    label: str
    kind: Kind = Kind.TEXT
    width: float = 25
    group: str = ""


@dataclass(frozen=True)
class Stamp:
    """A place at the end to stamp and sign: whose stamp, and who signs."""

    title: str
    signers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A form, filled in. `facts` stand above the table, `unit` right above it, `notes` and `stamps` below.

    `void` is written large across each page of a form that counts no more, and above the facts of its workbook.
    """

    title: str
    heads: Sequence[Head]
    lines: Iterable[Sequence[Value]]
    subtitle: str = ""
    facts: Sequence[tuple[str, str]] = ()
    totals: Sequence[Value] = ()
    unit: str = ""
    notes: Sequence[str] = ()
    stamps: Sequence[Stamp] = ()
    number: str = ""  # in the footer: of the case, the slip …
    landscape: bool = False
    void: str = ""
    size: float = 9  # of the lines' text, in points; larger for what is read at arm's length
    code: str = ""  # drawn as a QR code beside the title
    empty: str = _EMPTY
    made_at: datetime = field(default_factory=clock.now)


def pdf(sheet: Sheet) -> bytes:
    """The form as a tagged PDF/A of A4 pages: heads repeated, pages numbered.

    Raises ValueError for more than MOST_PRINTED lines: offer the workbook instead.
    """
    with languages.of_the_hall():
        page = typefaces.printable(json.dumps(_laid_out(sheet), ensure_ascii=False))
    return typesetting.typeset(
        "form.typ",
        {"sheet": page, "qr": typesetting.qr(sheet.code) if sheet.code else ""},
        format="pdf",
        pdf_standards=STANDARDS,
        timestamp=int(sheet.made_at.timestamp()),
    )


def written(value: Value) -> str:
    """A value as it is printed."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return str(value)


def _laid_out(sheet: Sheet) -> dict:
    rows = [[written(value) for value in line] for line in sheet.lines]
    if len(rows) > MOST_PRINTED:
        raise ValueError(f"{sheet.title}：{len(rows)} 行，打印最多 {MOST_PRINTED} 行，请导出 Excel")
    room = _WIDE if sheet.landscape else _NARROW
    scale = room / sum(head.width for head in sheet.heads)
    widths = [round(head.width * scale, 3) for head in sheet.heads]
    grouped = any(head.group for head in sheet.heads)
    large = sheet.size / 9
    high, line = _HIGH * large, _LINE * large
    height = _LOW if len(rows) > _MANY else high
    heads = high + line * (
        max(_lines_of(h.label, w, sheet.size - 0.5) for h, w in zip(sheet.heads, widths, strict=True)) - 1
    )
    heights = [high, heads] if grouped else [heads + 2]
    heights += [height + line * (_tallest(row, widths, sheet.size) - 1) for row in rows]
    totals = _totals(sheet)
    heights += [high] * ((not rows) + bool(totals))
    return {
        "title": sheet.title,
        "description": " ".join([sheet.title, sheet.subtitle, sheet.number]).strip(),
        "author": next((value for _label, value in sheet.facts), sheet.title),
        "subtitle": sheet.subtitle,
        "facts": [[label, written(value)] for label, value in sheet.facts],
        "unit": sheet.unit,
        "landscape": sheet.landscape,
        "void": sheet.void,
        "size": sheet.size,
        "code": sheet.code,
        "heads": [
            {"label": head.label, "align": head.kind.align, "width": width, "grouped": bool(head.group)}
            for head, width in zip(sheet.heads, widths, strict=True)
        ],
        "groups": _groups(sheet.heads) if grouped else [],
        "above": 1 + grouped,
        "heights": heights,
        "rows": rows,
        "empty": "" if rows else sheet.empty,
        "totals": totals,
        "notes": list(sheet.notes),
        "stamps": [{"title": stamp.title, "signers": list(stamp.signers)} for stamp in sheet.stamps],
        "footer": _footer(sheet),
        "made": f"打印时间 {sheet.made_at:%Y-%m-%d %H:%M}",
    }


def _footer(sheet: Sheet) -> str:
    demo = "演示数据，不作凭证" if settings.DEMO else ""
    return "　".join(part for part in (demo, sheet.title, sheet.number) if part)


def _tallest(row: Sequence[str], widths: Sequence[float], size: float) -> int:
    return max((_lines_of(text, width, size) for text, width in zip(row, widths, strict=True)), default=1)


def _lines_of(text: str, width: float, size: float) -> int:
    """How many lines a text takes in a cell of this width (mm), generously: Chinese is as wide as high."""
    room = max(1, int((width - 2.2) / (size * _POINT)))
    if len(text) <= room:
        return 1
    ems = sum(1 if ord(character) > 0x2E80 else 0.56 for character in text)
    return math.ceil(ems / room)


def _groups(heads: Sequence[Head]) -> list[dict]:
    """The upper row of heads: a group over its columns, or a head that reaches over both rows."""
    upper: list[dict] = []
    for head in heads:
        if not head.group:
            upper.append({"label": None, "head": head.label, "span": 1})
        elif upper and upper[-1]["label"] == head.group:
            upper[-1]["span"] += 1
        else:
            upper.append({"label": head.group, "span": 1})
    return upper


def _totals(sheet: Sheet) -> list[dict]:
    """The last row: empty places join the one before them, so that 合计 reaches up to the first sum."""
    cells: list[dict] = []
    for head, value in zip(sheet.heads, sheet.totals or (), strict=bool(sheet.totals)):
        text = written(value)
        if cells and not text and not cells[-1]["figure"]:
            cells[-1]["span"] += 1
        else:
            figure = isinstance(value, Decimal | int)
            align = head.kind.align if figure else "center"
            cells.append({"text": text, "span": 1, "align": align, "figure": figure})
    return cells


def excel(sheet: Sheet) -> bytes:
    """The form as a workbook."""
    out = BytesIO()
    write_excel(sheet, out)
    return out.getvalue()


def write_excel(sheet: Sheet, out: BinaryIO) -> None:
    """The form as a workbook, written line by line: the lines may be many and come from a cursor.

    Numbers of people are text, money is a number with two decimals; printed, it is A4 with the heads on each page.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with languages.of_the_hall(), xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": sheet.title, "comments": _footer(sheet)})
        _fill(book, book.add_worksheet(sheet.title[:31]), sheet)


def _fill(book: xlsxwriter.Workbook, page, sheet: Sheet) -> None:
    last = len(sheet.heads) - 1
    look = _looks(book)
    for column, head in enumerate(sheet.heads):
        page.set_column(column, column, _column_width(head))
    at = _above(page, sheet, look, last)
    first = at
    grouped = any(head.group for head in sheet.heads)
    if grouped:
        column = 0
        for group in _groups(sheet.heads):
            _across(
                page, at, column, column + group["span"] - 1, group["label"] or group["head"], look["head"]
            )
            column += group["span"]
        at += 1
    page.set_row(at, 30)
    for column, head in enumerate(sheet.heads):
        page.write_string(at, column, "" if grouped and not head.group else head.label, look["head"])
    at += 1
    page.freeze_panes(at, 0)
    made = f"{sheet.made_at:%Y-%m-%d %H:%M}"
    spreadsheets.on_a4(
        page, heads=(first, at - 1), footer=_footer(sheet), right=made, landscape=sheet.landscape
    )
    for line in sheet.lines:
        if (tallest := _tallest_cell(sheet.heads, line)) > 1:
            page.set_row(at, spreadsheets.LINE * tallest)
        for column, (head, value) in enumerate(zip(sheet.heads, line, strict=True)):
            _cell(page, at, column, head.kind, value, look)
        at += 1
    if at == first + 1 + grouped:
        _across(page, at, 0, last, sheet.empty, look["centre"])
        at += 1
    if sheet.totals:
        for column, (head, value) in enumerate(zip(sheet.heads, sheet.totals, strict=True)):
            _cell(page, at, column, head.kind, value, look, strong=True)
        at += 1
    _below(page, at, sheet, look, last)


def _above(page, sheet: Sheet, look: dict, last: int) -> int:
    """Title, subtitle, facts and unit; the row where the table begins."""
    page.set_row(0, 34)
    _across(page, 0, 0, last, sheet.title, look["title"])
    at = 1
    if sheet.subtitle:
        _across(page, at, 0, last, sheet.subtitle, look["plain_centre"])
        at += 1
    if sheet.void:
        _across(page, at, 0, last, sheet.void, look["plain_centre"])
        at += 1
    for label, value in sheet.facts:
        _paragraph(page, at, sheet, f"{label}：{written(value)}", look)
        at += 1
    if sheet.unit:
        _across(page, at, 0, last, sheet.unit, look["plain_right"])
        at += 1
    return at


def _below(page, at: int, sheet: Sheet, look: dict, last: int) -> None:
    for words in sheet.notes:
        _paragraph(page, at, sheet, words, look)
        at += 1
    for stamp in sheet.stamps:
        at += 1
        signers = "　".join(f"{signer}：＿＿＿＿＿" for signer in stamp.signers)
        page.set_row(at, 24)
        _across(
            page,
            at,
            0,
            last,
            "　".join(filter(None, [stamp.title, signers, "　　年　　月　　日"])),
            look["plain"],
        )


def _cell(page, at: int, column: int, kind: Kind, value: Value, look: dict, *, strong: bool = False) -> None:
    weight = "strong_" if strong else ""
    if kind is Kind.MONEY and isinstance(value, Decimal | int):
        page.write_number(at, column, value, look[weight + "money"])
    elif kind is Kind.COUNT and isinstance(value, int):
        page.write_number(at, column, value, look[weight + "count"])
    else:
        page.write_string(
            at, column, written(value), look[weight + ("centre" if kind is Kind.CODE else "text")]
        )


def _column_width(head: Head) -> float:
    """In digits, as Excel counts."""
    return max(6, round(head.width * 0.56, 1))


def _tallest_cell(heads: Sequence[Head], line: Sequence[Value]) -> int:
    """How many lines the longest text of a row takes; figures are never wrapped."""
    return max(
        (
            spreadsheets.lines_of(value, _column_width(head))
            for head, value in zip(heads, line, strict=True)
            if isinstance(value, str)
        ),
        default=1,
    )


def _paragraph(page, at: int, sheet: Sheet, text: str, look: dict) -> None:
    """A sentence over the whole width, in as many lines as it takes: merged cells don't grow by themselves."""
    room = sum(_column_width(head) for head in sheet.heads)
    page.set_row(at, spreadsheets.LINE * spreadsheets.lines_of(text, room))
    _across(page, at, 0, len(sheet.heads) - 1, text, look["paragraph"])


def _across(page, at: int, first: int, last: int, text: str, look) -> None:
    if first == last:
        page.write_string(at, first, text, look)
        return
    page.merge_range(at, first, at, last, "", look)
    page.write_string(at, first, text, look)


def _looks(book: xlsxwriter.Workbook) -> dict:
    plain = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
    ruled = plain | {"border": 1, "text_wrap": True}
    strong = {"bold": True, "bg_color": "#F0F0F0"}
    kinds = {
        "text": {"num_format": "@"},
        "centre": {"num_format": "@", "align": "center"},
        "money": {"num_format": "#,##0.00", "align": "right"},
        "count": {"num_format": "0", "align": "center"},
    }
    looks = {name: ruled | kind for name, kind in kinds.items()}
    looks |= {f"strong_{name}": ruled | kind | strong for name, kind in kinds.items()}
    looks |= {
        "head": ruled | strong | {"align": "center"},
        "title": plain | {"font_size": 18, "bold": True, "align": "center"},
        "plain": plain,
        "paragraph": plain | {"text_wrap": True},
        "plain_centre": plain | {"align": "center"},
        "plain_right": plain | {"align": "right"},
    }
    return {name: book.add_format(how) for name, how in looks.items()}
