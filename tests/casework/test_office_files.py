"""Rosters as office programs save them: dates and wages as numbers, formulas, hidden lines, joined cells, blanks."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from shebao.casework import failures, sheets
from tests.casework import library
from tests.casework.conftest import HEADS, loan, number, sheet, states

OFFICE = Path(__file__).parent / "office"  # saved by LibreOffice 7.4 as .xlsx and as .xls (Excel 97)
JOINED = "D8:D9 是合并的单元格：内容只算在左上角那一格，其余按空白处理；请取消合并，每一行都填上，再上传"
ERRORS = "D7 显示的是错误值（如 #N/A），所以按空白处理；请改成正确的内容再上传"
HIDDEN = "表里隐藏（或被筛选掉）的 1 行也读进来了；不办理的，请在名单里删除"


def saved(book, name="名单.xlsx"):
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())


@pytest.mark.parametrize(
    ("kind", "told"), [("xlsx", [ERRORS, JOINED, HIDDEN]), ("xls", [JOINED])], ids=["xlsx", "xls"]
)
def test_what_libreoffice_saved_is_read_right_or_refused_with_what_to_do(here, kind, told):
    file = SimpleUploadedFile(f"名单.{kind}", (OFFICE / f"saved-by-libreoffice.{kind}").read_bytes())
    case, upload = here.uploaded(file=file)
    assert (upload.stage, upload.lines_total, upload.faults) == ("done", 8, told)
    assert states(case) == ["可以提交"] * 4 + ["有问题", "有问题", "可以提交", "有问题"]
    rows = {row.number: row for row in case.rows.all()}
    assert [rows[line].data["reader"] for line in (2, 3, 4, 5)] == [number(n) for n in (1, 2, 3, 4)]
    deposits = [rows[line].data["deposit"] for line in (2, 3, 4, 5, 8)]
    assert deposits == ["1200.00", "1200.50", "1100.00", "100.00", "100.00"]
    assert [rows[line].data["until"] for line in (2, 3, 4, 5)] == ["2026-11-30"] * 4
    wrong = {line: rows[line].problems[0]["sentence"] for line in (6, 7, 9)}
    assert "请将身份证号码列设为文本" in wrong[6]
    assert wrong[7] == wrong[9] == "还没有填写，请填写"


def test_lines_of_nothing_but_spaces_are_no_lines(here):
    book = load_workbook(sheet([loan(1)]))
    for line in range(3, 40):
        book.active.cell(line, 2, " " if line % 2 else "　\u00a0")
    case, upload = here.uploaded(file=saved(book))
    assert (upload.lines_total, states(case)) == (1, ["可以提交"])


def test_a_date_cell_with_an_empty_time_is_a_day(here):
    case, _upload = here.uploaded([loan(1, until=date(2026, 11, 30))])
    assert case.rows.get().raw["until"] == "2026-11-30"


def test_when_the_roster_stands_in_another_sheet_it_is_said_which_was_read(here):
    book = load_workbook(sheet([loan(1)]))
    book.active.title = "十一月增员"
    book.create_sheet("通讯录", 0)["A1"] = "办公室"
    _case, upload = here.uploaded(file=saved(book))
    assert upload.faults == [
        "第一行不是模板的表头，请使用下载的模板，从第二行开始填写",
        "读的是“通讯录”表；名单如果在别的表里，请把那张表改名为“名单”",
    ]


def test_a_title_over_joined_heads_is_not_called_a_joined_cell(here):
    book = Workbook()
    book.active.append(["借书名单", *[None] * 5])
    book.active.append(list(HEADS))
    book.active.merge_cells("A1:F1")
    _case, upload = here.uploaded(file=saved(book))
    assert upload.faults == ["第一行不是模板的表头，请使用下载的模板，从第二行开始填写"]


def test_a_template_prints_as_wide_as_a4_with_its_heads_on_each_page():
    book = load_workbook(BytesIO(sheets.template(library.BORROW)))
    for page, heads in ((book["名单"], "$1:$1"), (book["填写说明"], "$6:$6")):
        assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
        assert page.sheet_properties.pageSetUpPr.fitToPage and page.page_setup.fitToHeight == 0
        assert page.print_title_rows == heads


def test_a_long_reason_has_room_in_both_lists_of_failures(here):
    broken = loan(1, name="", reader="12", book="", deposit="五千", until="明天")
    case, upload = here.uploaded([broken])
    for content in (failures.workbook(case), failures.own_workbook(upload)):
        page = load_workbook(BytesIO(content)).worksheets[0]
        reason = page.cell(2, 7).value
        assert len(reason) == 123 and page.row_dimensions[2].height == 60, "four lines of thirty characters"
