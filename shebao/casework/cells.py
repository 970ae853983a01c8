"""Reads the cells of one workbook, in a process of its own: `python cells.py FILE` prints JSON lines.

A workbook is a stranger's file. Two cells at opposite corners of a sheet make the reader ask for terabytes,
and that ends a process; so it is this one, with little memory and time, and not the worker. It imports
nothing of ours. Formulas are not computed: their cell holds what the spreadsheet program last saw there.
"""

import json
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from xml.etree import ElementTree

MEMORY = 400 * 2**20  # bytes; 50,000 rows × 10 columns take 80 MB
SECONDS = 60  # of processor time; 50,000 rows take 2
WIDEST = 100  # columns
LONGEST = 500  # characters of a cell
NAMED = 1_000  # cells of one kind

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

ROSTER = "名单"
ABOUT = "填写说明"


def main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    import python_calamine as calamine

    try:
        with calamine.load_workbook(path) as book:
            sheet = (
                book.get_sheet_by_name(ROSTER) if ROSTER in book.sheet_names else book.get_sheet_by_index(0)
            )
            about = book.get_sheet_by_name(ABOUT) if ABOUT in book.sheet_names else None
            mark = about.to_python(nrows=1) if about else []
            # Before the first row has gone out: how many there are, so that too many are refused at once.
            lines, first, last = 0, None, 0
            for number, row in enumerate(sheet.iter_rows(), 1):
                if any(map(filled, row)):
                    lines, first, last = lines + 1, first or number, number
            first_column = sheet.start[1] if sheet.start else 0
            say(
                {
                    "lines": lines,
                    "first_column": first_column,
                    "mark": [str(cell) for cell in mark[0]] if mark else [],
                    "sheet": sheet.name,
                    "sheets": len(book.sheet_names),
                    "joined": joined(sheet, first or 0, last),
                    **looks(path, sheet.name),
                }
            )
            for number, row in enumerate(sheet.iter_rows(), 1):
                if any(map(filled, row)):
                    say([number, [plain(cell) for cell in row[:WIDEST]]])
    except calamine.PasswordError:
        say({"fault": "password"})
    except calamine.CalamineError:
        say({"fault": "broken"})


def filled(cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def joined(sheet, heads: int, last: int) -> list[str]:
    """The joined cells below the line of the heads and above the last one, as A2:B3."""
    ranges = [
        (top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if bottom >= heads and top < last
    ]
    return [
        f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
        for top, left, bottom, right in sorted(ranges)[:NAMED]
    ]


def letters(column: int) -> str:
    """The letters of a column counted from 0: A, B … Z, AA."""
    before, last = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def looks(path, name) -> dict:
    """What its writer sees in a sheet otherwise than we read it, of an .xlsx: the cells whose formula has no value, for
    no program has opened and saved the file since; those that show an error; how many of the lines are hidden."""
    found = {"formulas": [], "errors": [], "hidden": 0}
    if not zipfile.is_zipfile(path):
        return found  # an .xls always has the values
    with zipfile.ZipFile(path) as book:
        part = where(book, name)
        if part is None or not mentions(book, part, (b"<f", b't="e"', b'hidden="1"', b'hidden="true"')):
            return found
        with book.open(part) as file:
            holds = False  # the line, anything
            for _event, element in ElementTree.iterparse(file):
                if element.tag == f"{{{_MAIN}}}c":
                    value = element.findtext(f"{{{_MAIN}}}v")
                    holds = holds or bool(value) or element.find(f"{{{_MAIN}}}is") is not None
                    if element.get("t") == "e":
                        found["errors"].append(element.get("r", ""))
                    elif not value and element.find(f"{{{_MAIN}}}f") is not None:
                        found["formulas"].append(element.get("r", ""))
                elif element.tag == f"{{{_MAIN}}}row":
                    found["hidden"] += holds and element.get("hidden") in ("1", "true")
                    holds = False
                    element.clear()
    return found | {kind: found[kind][:NAMED] for kind in ("formulas", "errors")}


def where(book, name):
    """The part of the file that holds this sheet."""
    try:
        sheets = ElementTree.fromstring(book.read("xl/workbook.xml"))
        parts = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return None
    id = next((one.get(_ID) for one in sheets.iter(f"{{{_MAIN}}}sheet") if one.get("name") == name), None)
    target = next((one.get("Target", "") for one in parts if one.get("Id") == id), "")
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return part if part in book.namelist() else None


def mentions(book, part, words):
    before, longest = b"", max(map(len, words))
    with book.open(part) as file:
        while piece := file.read(1 << 20):
            if any(word in before + piece for word in words):
                return True
            before = piece[-longest:]
    return False


def plain(cell):
    if isinstance(cell, str):
        return cell[:LONGEST]
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else cell


def say(what) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=True))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
