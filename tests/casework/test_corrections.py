"""The workbook that comes back: the filer's own file with red cells; handed in again, only what was mended is taken."""

from dataclasses import replace
from io import BytesIO

import pytest
import xlwt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill

from shebao.casework import cases, catalogue, failures, review, rosters, sheets
from shebao.casework.models import Upload
from shebao.casework.review import APPROVE, send_back
from tests.casework import library
from tests.casework.conftest import HEADS, again, clerk, loan, number, officer, problems, sheet, states
from tests.jobs import work

RED = "FFFFC9C7"


def own_file(loans, heads=HEADS):
    """A clerk's own workbook: another sheet in front, a column of his own order, a yellow cell, a wide column."""
    book = Workbook()
    book.active.title = "通讯录"
    book.active["A1"] = "办公室 027-1234"
    page = book.create_sheet("名单")
    order = ("name", "reader", "book", "deposit", "until", "shelves")
    names = dict(zip(("reader", "name", "book", "deposit", "until", "shelves"), heads, strict=True))
    page.append([names[field] for field in order])
    for one in loans:
        page.append([one.get(field) for field in order])
    page["C2"].fill = PatternFill("solid", fgColor="FFFFFF00")
    page["A1"].font = Font(bold=True)
    page.column_dimensions["C"].width = 44
    return book


def as_file(book, name="我的名单.xlsx"):
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())


def handed_back(upload):
    return load_workbook(BytesIO(failures.own_workbook(Upload.objects.get(pk=upload.pk))))


def red_cells(page):
    return [cell.coordinate for line in page.iter_rows() for cell in line if cell.fill.fgColor.rgb == RED]


@pytest.fixture
def roster(here):
    """Lines 2 and 4 are good; 3 has no deposit to speak of, 5 no name and a wrong number."""
    broken = loan(4, name="", reader="420102196001010012")
    return here.uploaded(
        file=as_file(own_file([loan(1), loan(2, deposit=0), loan(3, deposit=120.5), broken]))
    )


def test_the_filers_own_workbook_comes_back_with_red_cells_and_a_reason_at_the_end(roster):
    case, upload = roster
    book = handed_back(upload)
    page = book["名单"]
    assert book.sheetnames == ["通讯录", "名单"] and book["通讯录"]["A1"].value == "办公室 027-1234"
    assert red_cells(page) == ["D3", "A5", "B5"]
    assert page["D3"].comment.text == "押金应大于零"
    assert page["G1"].value == f"失败原因（{case.number}）"
    assert page["G3"].value == "编号 2：押金：押金应大于零" and page["G2"].value is None
    assert page["C2"].fill.fgColor.rgb == "FFFFFF00" and page.column_dimensions["C"].width == 44
    assert (page["D4"].value, page["B2"].value) == (120.5, number(1)), "as they were written"


def test_mended_rows_take_the_failed_ones_place_and_nothing_else_moves(here, roster):
    case, upload = roster
    before = {row.number: row for row in case.rows.all()}
    book = handed_back(upload)
    book["名单"]["D3"] = 50
    case, second = here.uploaded(file=as_file(book), case=case)
    assert (second.corrects, second.faults, second.taken) == (True, [], 1)
    assert states(case) == ["可以提交", "可以提交", "可以提交", "有问题"]
    after = {row.number: row for row in case.rows.all()}
    for good in (1, 3):
        assert (after[good].raw, after[good].upload_id) == (before[good].raw, upload.pk), "not touched"
    assert problems(case, 4) == [(p["field"], p["sentence"], p["rule"]) for p in before[4].problems]
    page = handed_back(second)["名单"]
    assert red_cells(page) == ["A5", "B5"], "what was mended is red no more"
    assert page.max_column == 7, "the reason column stands where it stood"
    assert page["G3"].value is None and page["G5"].value.startswith("编号 4：")


def test_rows_are_known_again_when_the_sheet_was_sorted_and_good_lines_deleted(here, roster):
    case, upload = roster
    book = handed_back(upload)
    page = book["名单"]
    page["D3"], page["A5"], page["B5"] = 50, "王强", number(4)
    third = [cell.value for cell in page[3]]
    fifth = [cell.value for cell in page[5]]
    page.delete_rows(2, 4)
    page.append(fifth)
    page.append(third)
    case, second = here.uploaded(file=as_file(book), case=case)
    assert states(case) == ["可以提交"] * 4
    assert (case.rows.get(number=2).key, case.rows.get(number=4).key) == (number(2), number(4))


def test_without_the_reasons_rows_are_known_by_the_person_or_the_line(here, roster):
    case, upload = roster
    book = handed_back(upload)
    page = book["名单"]
    page["D3"], page["A5"], page["B5"] = 50, "王强", number(4)
    for line in range(2, 6):
        page.cell(line, 7).value = None
    case, _second = here.uploaded(file=as_file(book), case=case)
    assert states(case) == ["可以提交"] * 4


def test_a_person_who_was_added_is_taken_too(here, roster):
    case, upload = roster
    book = handed_back(upload)
    book["名单"].append(["赵敏", number(9), "家", 80, None, None])
    case, second = here.uploaded(file=as_file(book), case=case)
    assert (second.taken, case.total, states(case)[-1]) == (1, 5, "可以提交")


def test_rows_that_an_officer_sent_back_are_marked_and_mended_alone(here):
    case, upload = here.uploaded(file=as_file(own_file([loan(1), loan(2), loan(3)])))
    cases.submit(case, by=here.by)
    verdicts = {1: APPROVE, 2: send_back("书名写错"), 3: send_back("书名写错")}
    review.decide(case, verdicts, by=officer())
    book = handed_back(upload)
    page = book["名单"]
    assert page["G3"].value == "编号 2：书名写错" and red_cells(page) == ["B3", "B4"]
    page["C3"] = "边城"
    case, _second = here.uploaded(file=as_file(book), case=again(case))
    assert states(case) == ["结束", "可以提交", "回退"]
    assert case.rows.get(number=3).reason == "书名写错"


def test_the_list_of_another_case_is_a_list_like_any_other(here, roster):
    _case, upload = roster
    other, second = here.uploaded(file=as_file(handed_back(upload)), by=clerk(account=71))
    assert (second.corrects, second.faults, other.total) == (False, [], 4)


def test_an_xls_comes_back_in_the_templates_form_with_all_its_rows(here):
    book = xlwt.Workbook()
    page = book.add_sheet("名单")
    for line, cells in enumerate(
        [HEADS, *([one[f] for f in one] for one in (loan(1), loan(2, deposit="0")))]
    ):
        for column, value in enumerate(cells):
            page.write(line, column, value)
    out = BytesIO()
    book.save(out)
    case, upload = here.uploaded(file=SimpleUploadedFile("名单.xls", out.getvalue()))
    assert not failures.keeps_its_form(upload)
    page = handed_back(upload)["名单"]
    assert page.max_row == 3 and red_cells(page) == ["D3"]
    page["D3"] = "50"
    case, second = here.uploaded(file=as_file(page.parent), case=case)
    assert (second.corrects, states(case)) == (True, ["可以提交", "可以提交"])


def test_a_workbook_too_large_to_mark_comes_in_the_templates_form(roster, monkeypatch):
    _case, upload = roster
    monkeypatch.setattr(failures, "MOST_CELLS", 10)
    book = handed_back(upload)
    assert "通讯录" not in book.sheetnames and red_cells(book["名单"]) == ["D3", "A5", "B5"]


def test_a_workbook_that_can_not_be_marked_comes_in_the_templates_form(roster, monkeypatch):
    _case, upload = roster
    monkeypatch.setattr(failures, "_PATIENCE", 0.001)
    assert "填写说明" in handed_back(upload).sheetnames


def test_reading_a_correction_goes_on_where_it_stopped(here, roster, monkeypatch):
    case, upload = roster
    book = handed_back(upload)
    book["名单"]["D3"] = 50
    second = rosters.hand_in(case, as_file(book), by=here.by)

    class Killed(BaseException):
        pass

    write, written = rosters._write_corrected, []

    def killed(*args):
        written.append(1)
        if len(written) == 3:
            raise Killed
        return write(*args)

    monkeypatch.setattr(rosters, "_write_corrected", killed)
    with pytest.raises(Killed):
        rosters.take_in(second.pk)
    monkeypatch.setattr(rosters, "_write_corrected", write)
    work()
    assert states(again(case)) == ["可以提交", "可以提交", "可以提交", "有问题"]
    second.refresh_from_db()
    assert (second.stage, second.taken) == ("done", 1)


def test_new_rows_of_a_correction_find_no_room_beyond_the_limit(here):
    catalogue.declare([replace(library.BORROW, most_rows=2)])
    case, upload = here.uploaded(file=as_file(own_file([loan(1), loan(2, deposit=0)])))
    book = handed_back(upload)
    book["名单"]["D3"] = 50
    case, second = here.uploaded(file=as_file(book), case=case)
    assert (second.faults, states(case)) == ([], ["可以提交", "可以提交"]), "no more rows than before"
    book["名单"].delete_rows(2)
    book["名单"].append(["赵敏", number(9), "家", 80, None, None])
    _case, third = here.uploaded(file=as_file(book), case=case)
    assert third.faults == ["一笔业务最多 2 行，请分成几笔办理"]


def test_formulas_without_a_value_are_named(here):
    book = load_workbook(sheet([loan(1), loan(2)]))
    book.active["D2"] = "=50+50"
    case, upload = here.uploaded(file=as_file(book))
    assert upload.stage == "done" and upload.faults[0].startswith("D2 是公式，但文件里没有算出的值")
    assert states(case) == ["有问题", "可以提交"]


def test_a_template_taken_in_english_is_read_back(here):
    with translation.override("en"):
        content = sheets.template(library.BORROW)
    book = load_workbook(BytesIO(content))
    assert book.sheetnames == ["名单", "填写说明"] and book["填写说明"]["A7"].value == HEADS[0]
