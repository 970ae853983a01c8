"""What clerks bring along on a trip: rosters they filled in, and files from the bank."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import xlwt
from openpyxl import Workbook, load_workbook

from tests.scenes import id_number

ROSTER = "名单"
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "晓芳志强海燕建国桂英家豪思远雨桐"


def strangers(count: int, *, after: int = 0) -> list[str]:
    """ID numbers that no archive knows, each of somebody born on another day; `after` leaves out so many."""
    return [str(id_number(date(1985, 1, 1) + timedelta(days=n), 601)) for n in range(after, after + count)]


def hires(numbers: Sequence[str], *, faulty: Collection[int] = ()) -> list[dict[str, str]]:
    """So many new hires by column; in the faulty ones (counted from 0) the number, the day and the wage are wrong."""
    lines = []
    for place, number in enumerate(numbers):
        line = {
            "身份证号码": number,
            "姓名": SURNAMES[place % 16] + GIVEN[place % 8 * 2 : place % 8 * 2 + 2],
            "用工起始日期": f"2026-11-{1 + place % 10:02d}",
            "月申报工资": str(5000 + 37 * (place % 90)),
            "缴费起始月": "2026-11",
        }
        if place in faulty:
            line |= {"身份证号码": number[:-1] + ("1" if number[-1] != "1" else "2"), "月申报工资": "五千"}
            line |= {"用工起始日期": "2026-13-01"}
        lines.append(line)
    return lines


def filled_in(template: bytes | None, lines: Sequence[dict[str, str]], file: Path) -> Path:
    """The template with these lines under its heads, as .xlsx; without a template, a sheet of the same heads."""
    book = load_workbook(BytesIO(template)) if template else Workbook()
    sheet = book[ROSTER] if template else book.active
    heads = [cell.value for cell in sheet[1]] if template else list(lines[0])
    for column, head in enumerate(heads, 1):
        sheet.cell(1, column, head)
    for row, line in enumerate(lines, 2):
        for column, head in enumerate(heads, 1):
            if head in line:
                sheet.cell(row, column, line[head]).number_format = "@"
    book.save(file)
    book.close()
    return file


def old_workbook(lines: Sequence[dict[str, str]], file: Path) -> Path:
    """The same as .xls, as older programs write it."""
    book = xlwt.Workbook()
    sheet = book.add_sheet(ROSTER)
    for column, head in enumerate(lines[0]):
        sheet.write(0, column, head)
    for row, line in enumerate(lines, 1):
        for column, head in enumerate(lines[0]):
            sheet.write(row, column, line[head])
    book.save(str(file))
    return file


def bank_file(file: Path, *lines: tuple[str, str, str]) -> Path:
    """Transfers as a bank's CSV: slip, amount in yuan, reference."""
    heading = "凭单号,金额,到账日期,流水号"
    rows = [f"{slip},{amount},2026-11-12,{reference}" for slip, amount, reference in lines]
    file.write_text("\r\n".join([heading, *rows, ""]), "utf-8")
    return file
