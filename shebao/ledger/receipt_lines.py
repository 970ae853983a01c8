"""What the bank or the tax office sends: a CSV file of receipts, read into lines or into everything wrong with it.

Columns by name, in any order; others are ignored: 凭单号, 金额, 到账日期, 流水号 (slip_number, amount, received_on,
reference). UTF-8 or GB18030.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from shebao.foundation.unreadable import Missing, Unreadable
from shebao.foundation.values import Day, Money
from shebao.foundation.writing import packed

MOST_BYTES = 20 * 2**20
MOST_ROWS = 200_000

COLUMNS = {
    "slip_number": "凭单号",
    "amount": "金额",
    "received_on": "到账日期",
    "reference": "流水号",
}
_LONGEST_SLIP_NUMBER = 24
_LONGEST_REFERENCE = 40
# What a spreadsheet makes of a long number when it saves it as text.
_MANGLED = re.compile(r"\d(\.\d+)?[eE]\+\d+")
# What people write so that a spreadsheet leaves a long number alone: '4201… or ="4201…".
_GUARDED = re.compile(r"""^(?:'(.*)|="(.*)")$""")


@dataclass(frozen=True, slots=True)
class Line:
    """One receipt as the bank states it; `row` counts lines of the file from 1, the heading included."""

    row: int
    slip_number: str
    amount: Decimal
    received_on: date
    reference: str

    def same_as(self, other: "Line") -> bool:
        return (self.slip_number, self.amount, self.received_on) == (
            other.slip_number,
            other.amount,
            other.received_on,
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one row, and how to put it right."""

    row: int
    column: str
    written: str
    sentence: str


@dataclass(frozen=True)
class Sheet:
    """The lines of a file, or its problems; `repeated` are lines that say again what one before them says."""

    lines: tuple[Line, ...] = ()
    repeated: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()


def sample(day: date) -> bytes:
    """A file with the four columns and two invented receipts of that day, as spreadsheets open it."""
    lines = (
        COLUMNS.values(),
        (f"420100{day:%Y%m}000000010", "4200.00", day.isoformat(), f"{day:%Y%m%d}000000000001"),
        (f"420100{day:%Y%m}000000028", "1440.00", day.isoformat(), f"{day:%Y%m%d}000000000002"),
    )
    return "".join(f"{','.join(line)}\r\n" for line in lines).encode("utf-8-sig")


def read(data: bytes, *, today: date) -> Sheet:
    """Read the whole file. First what is wrong with the file and its heading, then with all rows at once."""
    try:
        rows = _rows(_decoded(data))
        heading = next(rows, None)
        columns = _columns(heading[1] if heading else [])
        return _lines(rows, columns, today)
    except Unreadable as wrong:
        return Sheet(problems=(Problem(1, "", "", wrong.sentence),))
    except _HeadingFaults as faults:
        return Sheet(problems=tuple(faults.problems))


class _HeadingFaults(Exception):
    def __init__(self, problems: list[Problem]):
        self.problems = problems


def _decoded(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Unreadable(
            _("文件超过 %(most)s MB，请分成几个文件，每个不超过 %(rows)s 行")
            % {"most": MOST_BYTES // 2**20, "rows": f"{MOST_ROWS:,}"}
        )
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        raise Unreadable(_("这是 Excel 工作簿，请另存为 CSV（逗号分隔）文件再上传"))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable(_("文件是 UTF-16 编码，请另存为“CSV UTF-8（逗号分隔）”再上传"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise Unreadable(_("看不出文件的文字编码，请另存为“CSV UTF-8（逗号分隔）”再上传"))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the number of its first line in the file."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    begins = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error as wrong:
        raise Unreadable(
            _("第 %(row)s 行的引号没有成对，或一格内容过长，请用表格软件重新另存为 CSV") % {"row": begins}
        ) from wrong


def _columns(heading: list[str]) -> dict[str, int]:
    names = [re.sub(r"[(（].*$", "", packed(cell)).lower() for cell in heading]
    found: dict[str, int] = {}
    problems = []
    for column, title in COLUMNS.items():
        places = [place for place, name in enumerate(names) if name in (column, title)]
        if not places:
            problems.append(
                Problem(
                    1,
                    title,
                    "",
                    _("表头缺少“%(title)s”（%(column)s）一列") % {"title": title, "column": column},
                )
            )
        elif len(places) > 1:
            problems.append(
                Problem(
                    1,
                    title,
                    "",
                    _("表头有 %(count)s 列“%(title)s”，请只留一列") % {"count": len(places), "title": title},
                )
            )
        else:
            found[column] = places[0]
    if problems:
        raise _HeadingFaults(problems)
    return found


def _lines(rows: Iterator[tuple[int, list[str]]], columns: dict[str, int], today: date) -> Sheet:
    first: dict[str, Line] = {}
    repeated: list[Line] = []
    problems: list[Problem] = []
    count = 0
    for number, cells in rows:
        count += 1
        if count > MOST_ROWS:
            raise Unreadable(_("文件超过 %(rows)s 行，请分成几个文件") % {"rows": f"{MOST_ROWS:,}"})
        line = _line(number, cells, columns, today, problems)
        if line is None:
            continue
        before = first.setdefault(line.reference, line)
        if before is line:
            continue
        if before.same_as(line):
            repeated.append(line)
        else:
            problems.append(
                Problem(
                    number,
                    COLUMNS["reference"],
                    line.reference,
                    _("流水号与第 %(row)s 行相同，内容却不同，请向银行核对") % {"row": before.row},
                )
            )
    if count == 0:
        raise Unreadable(_("文件里只有表头，没有到账记录"))
    if problems:
        return Sheet(problems=tuple(problems))
    return Sheet(lines=tuple(first.values()), repeated=tuple(repeated))


def _line(
    number: int, cells: list[str], columns: dict[str, int], today: date, problems: list[Problem]
) -> Line | None:
    read_cells = {}
    for column, reader in _READERS.items():
        written = cells[columns[column]] if columns[column] < len(cells) else ""
        try:
            read_cells[column] = reader(_unguarded(written), today)
        except Unreadable as wrong:
            problems.append(Problem(number, COLUMNS[column], written.strip()[:60], wrong.sentence))
    return Line(number, **read_cells) if len(read_cells) == len(_READERS) else None


def _unguarded(written: str) -> str:
    guarded = _GUARDED.match(written.strip())
    return written if guarded is None else guarded[1] or guarded[2] or ""


def _number(text: str, longest: int) -> str:
    text = packed(text)
    if not text:
        raise Missing
    if _MANGLED.fullmatch(text):
        raise Unreadable(_("表格软件把号码变成了科学计数法，末尾几位已经丢失；请将该列设为文本，重新导出"))
    if len(text) > longest:
        raise Unreadable(_("号码超过 %(longest)s 位，请核对") % {"longest": longest})
    return text


def _read_slip_number(text: str, today: date) -> str:
    return _number(text, _LONGEST_SLIP_NUMBER)


def _read_amount(text: str, today: date) -> Decimal:
    amount = Money.read(text)
    if amount <= 0:
        raise Unreadable(_("到账金额应大于 0；退款不在这里登记"))
    return amount


def _read_day(text: str, today: date) -> date:
    day = Day.read(text)
    if day > today:
        raise Unreadable(_("到账日期晚于今天，请核对"))
    return day


def _read_reference(text: str, today: date) -> str:
    return _number(text, _LONGEST_REFERENCE)


_READERS = {
    "slip_number": _read_slip_number,
    "amount": _read_amount,
    "received_on": _read_day,
    "reference": _read_reference,
}
