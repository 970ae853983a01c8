"""Marks the wrong cells of one workbook, in a process of its own: `python redpen.py FILE MARKED < marks`.

It is a stranger's file (docs/adr/0012), so it is loaded here, with bounds, and not in the process that serves pages. It
imports nothing of ours. What it is told, as JSON: the head of the reason column, by what that head is known from
earlier times, the colour, the wrong cells with their sentences, and the reason of each line.
"""

import json
import resource
import sys

MEMORY = 600 * 2**20  # bytes; 100,000 cells take 130 MB
SECONDS = 30  # of processor time; 100,000 cells take 4
ROSTER = "名单"
AUTHOR = "社保网上办事大厅"
WIDTH = 60  # of the reason column, in characters
LINE = 15  # points


def main(path: str, marked: str, told: dict) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    import openpyxl

    book = openpyxl.load_workbook(path, rich_text=True)
    sheet = book[ROSTER] if ROSTER in book.sheetnames else book.worksheets[0]
    forget(sheet, told["colour"])
    for cell, sentence in told["cells"]:
        mark(sheet[cell], sentence, told["colour"])
    reason(sheet, told)
    book.save(marked)


def forget(sheet, colour: str) -> None:
    """Take out what an earlier round marked."""
    from openpyxl.styles import PatternFill

    for line in sheet.iter_rows():
        for cell in line:
            if cell.has_style and cell.fill.fgColor.rgb == f"FF{colour}":
                cell.fill = PatternFill()
            if getattr(cell, "comment", None) is not None and cell.comment.author == AUTHOR:
                cell.comment = None


def mark(cell, sentence: str, colour: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell.fill = PatternFill("solid", fgColor=f"FF{colour}")
    if type(cell).__name__ != "MergedCell":  # the hidden part of a joined cell can't hold a note
        cell.comment = Comment(sentence, AUTHOR, height=80, width=260)


def reason(sheet, told: dict) -> None:
    """The column of reasons behind the last head, or in the place of the one that is there."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    heads = next((line for line in sheet.iter_rows() if any(cell.value is not None for cell in line)), ())
    filled = [cell for cell in heads if cell.value is not None]
    if not filled:
        return
    there = [cell.column for cell in filled if str(cell.value).startswith(told["ours"])]
    column = there[0] if there else filled[-1].column + 1
    if there:
        for (cell,) in sheet.iter_rows(min_col=column, max_col=column, min_row=filled[0].row + 1):
            cell.value = None
    sheet.column_dimensions[get_column_letter(column)].width = WIDTH
    head = sheet.cell(filled[0].row, column, told["head"])
    head.font = Font(bold=True, color="FFB3261E")
    for line, words, lines in told["reasons"]:
        row = sheet.row_dimensions[line]
        if lines > 1:  # of itself it grows in no program
            row.height = max(row.height or 0, lines * LINE)
        cell = sheet.cell(line, column)
        cell.value, cell.data_type = words, "s"  # text, whatever it begins with
        cell.font, cell.alignment = Font(color="FFB3261E"), Alignment(wrap_text=True, vertical="top")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.load(sys.stdin))
