"""The workbook that comes back: the filer's own file with red cells; handed in again, only what was mended is taken."""

from dataclasses import replace
from io import BytesIO

import pytest
import xlwt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill

from shebao.casework import cases, catalogue, corrections, failures, review, rosters, sheets
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
    assert page["G1"].value == f"失败原因（{case.number}-{upload.pk}）"
    assert page["G3"].value == "编号 3：押金：押金应大于零" and page["G2"].value is None
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
    for good in (2, 4):
        assert after[good].raw == before[good].raw, "not touched"
        assert after[good].upload_id == second.pk, "but found in the newer workbook"
    assert problems(case, 5) == [(p["field"], p["sentence"], p["rule"]) for p in before[5].problems]
    assert [one.pk for one in failures.uploads(case)] == [second.pk], (
        "the last file is offered, not the first"
    )
    page = handed_back(second)["名单"]
    assert red_cells(page) == ["A5", "B5"], "what was mended is red no more"
    assert page.max_column == 7, "the reason column stands where it stood"
    assert page["G3"].value is None and page["G5"].value.startswith("编号 5：")


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
    assert (case.rows.get(number=3).key, case.rows.get(number=5).key) == (number(2), number(4))
    assert (case.rows.get(number=5).spot, case.rows.get(number=3).spot) == ("第 2 行（编号 5）", "第 3 行")


def test_without_the_reasons_rows_are_known_by_the_person_or_the_line(here, roster):
    case, upload = roster
    book = handed_back(upload)
    page = book["名单"]
    page["D3"], page["A5"], page["B5"] = 50, "王强", number(4)
    for line in range(2, 6):
        page.cell(line, 7).value = None
    case, _second = here.uploaded(file=as_file(book), case=case)
    assert states(case) == ["可以提交"] * 4


def test_a_failed_line_that_was_deleted_from_the_file_is_dropped_from_the_roster(here, roster):
    case, upload = roster
    page = (book := handed_back(upload))["名单"]
    page["D3"] = 50
    page.delete_rows(5)
    case, second = here.uploaded(file=as_file(book), case=case)
    assert (second.taken, second.dropped) == (1, 1)
    assert states(case) == ["可以提交", "可以提交", "可以提交", "已删除"] and case.total == 3


def test_a_good_line_that_was_deleted_stays_and_a_changed_one_counts(here, roster):
    case, upload = roster
    page = (book := handed_back(upload))["名单"]
    page["D4"] = 200
    page.delete_rows(2)
    case, second = here.uploaded(file=as_file(book), case=case)
    assert (second.taken, second.dropped, case.total) == (1, 0, 4)
    assert [case.rows.get(number=n).data.get("deposit") for n in (2, 4)] == ["100.00", "200.00"]


def test_a_row_deleted_on_the_page_does_not_come_back_with_the_marked_file(here, roster):
    case, upload = roster
    cases.remove(case, [3], by=here.by)
    page = (book := handed_back(upload))["名单"]
    assert page["G3"].value == "已从名单里删除；这一行不改就不会再收" and red_cells(page) == ["A5", "B5"]
    case, second = here.uploaded(file=as_file(book), case=case)
    assert (second.taken, states(case)) == (0, ["可以提交", "已删除", "可以提交", "有问题"])
    book["名单"]["D3"] = 70
    case, third = here.uploaded(file=as_file(book), case=case)
    assert (third.taken, states(case)[-1]) == (1, "可以提交"), "put right, it is wanted after all"


@pytest.mark.parametrize("marked", [True, False], ids=["the red file", "his own file"])
def test_an_old_file_does_not_undo_what_was_mended_on_the_page(here, roster, marked):
    case, upload = roster
    with upload.file.open("rb") as file:
        old = handed_back(upload) if marked else load_workbook(BytesIO(file.read()))
    cases.save(case, {3: loan(2, deposit="50"), 5: loan(5, name="王强")}, by=here.by)
    for _again in range(2):
        case, second = here.uploaded(file=as_file(old), case=case)
        assert (second.faults, second.taken, second.dropped, case.total) == ([], 0, 0, 4)
        assert states(case) == ["可以提交"] * 4
        assert (case.rows.get(number=3).data["deposit"], case.rows.get(number=5).key) == ("50.00", number(5))
    cases.save(case, {3: loan(2, deposit="60")}, by=here.by)
    case, _third = here.uploaded(file=as_file(old), case=case)
    assert case.rows.get(number=3).data["deposit"] == "60.00"


def test_of_a_row_mended_on_the_page_and_then_in_the_file_the_file_counts(here, roster):
    case, upload = roster
    book = handed_back(upload)
    cases.save(case, {3: loan(2, deposit="50")}, by=here.by)
    book["名单"]["D3"] = 70
    case, second = here.uploaded(file=as_file(book), case=case)
    assert (second.taken, case.rows.get(number=3).data["deposit"]) == (1, "70.00")


def test_a_person_number_put_right_in_a_good_line_of_the_red_file_makes_no_second_row(here, roster):
    case, upload = roster
    book = handed_back(upload)
    book["名单"]["B4"] = number(8)
    case, second = here.uploaded(file=as_file(book), case=case)
    assert (second.taken, case.total, case.rows.get(number=4).key) == (1, 4, number(8))
    book["名单"]["A4"], book["名单"]["B4"] = "赵敏", number(9)
    case, third = here.uploaded(file=as_file(book), case=case)
    assert (third.taken, case.total) == (1, 5), "somebody else"


def test_whoever_undoes_a_newer_file_with_an_older_red_one_is_told(here, roster):
    case, upload = roster
    old = handed_back(upload)
    (newer := handed_back(upload))["名单"]["D3"] = 50
    case, second = here.uploaded(file=as_file(newer), case=case)
    newer["名单"]["D4"] = 60
    case, third = here.uploaded(file=as_file(newer), case=case)
    assert second.faults == third.faults == [], "he goes on with the same file"
    case, fourth = here.uploaded(file=as_file(old), case=case)
    assert fourth.faults == [
        "这是较早的一份标红文件：编号 3、4 共 2 行后来上传的文件改过，现在照这份改了；"
        "如果选错了文件，请再上传最后改好的那一份"
    ]


def test_nameless_lines_are_known_by_their_words_wherever_they_stand(here):
    case, _upload = here.uploaded([loan(1), loan(2, reader="420102196001010012", book="边城")])
    case, second = here.uploaded([loan(2, reader="420102196001010012", book="边城"), loan(1)], case=case)
    assert (second.taken, states(case)) == (0, ["可以提交", "有问题"])


def test_of_the_list_of_failures_only_its_own_deleted_lines_are_dropped(here, roster):
    case, _upload = roster
    book = load_workbook(BytesIO(failures.workbook(case)))
    book["名单"].delete_rows(2)
    cases.save(case, {2: loan(1, deposit="0")}, by=here.by)  # fails only after the list was taken
    case, second = here.uploaded(file=as_file(book), case=case)
    assert second.dropped == 1
    assert states(case) == ["有问题", "已删除", "可以提交", "有问题"]


def test_the_filers_own_unmarked_file_put_right_is_laid_beside_its_rows(here, roster):
    """He mended his own file, not the red one: nobody is on the roster twice, and nothing he left out is lost."""
    case, _upload = roster
    mended = own_file([loan(1), loan(2, deposit=80), loan(3, deposit=120.5), loan(5)])
    case, second = here.uploaded(file=as_file(mended), case=case)
    assert (second.corrects, second.taken, second.dropped) == (True, 2, 0)
    assert states(case) == ["可以提交", "可以提交", "可以提交", "有问题", "可以提交"]
    assert case.rows.get(number=5).spot == "第 5 行", "the nameless line was nobody else's"
    assert corrections.left(case, second) == 1
    assert case.rows.get(number=6).spot == "第 5 行（编号 6）"


def test_a_wrong_number_mended_in_his_own_file_is_known_by_line_and_name(here):
    case, _upload = here.uploaded([loan(1), loan(2, reader="420102196001010012")])
    case, second = here.uploaded([loan(1), loan(2)], case=case)
    assert (second.taken, states(case)) == (1, ["可以提交", "可以提交"])


def test_a_second_list_of_other_people_is_added_with_both_numbers_named(here):
    case, _upload = here.uploaded([loan(1), loan(2)])
    case, _second = here.uploaded([loan(3), loan(3)], case=case)
    assert states(case) == ["可以提交"] * 3 + ["有问题"]
    assert problems(case, 5)[0][1] == "与第 2 行（编号 4）重复，请删除其中一行"


def test_what_is_submitted_or_approved_takes_no_correction(here):
    case, upload = here.uploaded(file=as_file(own_file([loan(1), loan(2)])))
    cases.submit(case, by=here.by)
    review.decide(case, {2: APPROVE, 3: send_back("书名写错")}, by=officer())
    page = (book := handed_back(upload))["名单"]
    page["C2"] = page["C3"] = "边城"
    case, second = here.uploaded(file=as_file(book), case=again(case))
    assert states(case) == ["结束", "可以提交"] and case.rows.get(number=2).data["book"] == "围城"
    assert second.faults == ["第 2 行的人已提交或办结，这一行的改动没有收"]


def test_a_person_who_was_added_is_taken_too(here, roster):
    case, upload = roster
    book = handed_back(upload)
    book["名单"].append(["赵敏", number(9), "家", 80, None, None])
    case, second = here.uploaded(file=as_file(book), case=case)
    assert (second.taken, case.total, states(case)[-1]) == (1, 5, "可以提交")


def test_rows_that_an_officer_sent_back_are_marked_and_mended_alone(here):
    case, upload = here.uploaded(file=as_file(own_file([loan(1), loan(2), loan(3)])))
    cases.submit(case, by=here.by)
    verdicts = {2: APPROVE, 3: send_back("书名写错"), 4: send_back("书名写错")}
    review.decide(case, verdicts, by=officer())
    book = handed_back(upload)
    page = book["名单"]
    assert page["G3"].value == "编号 3：书名写错" and red_cells(page) == ["B3", "B4"]
    page["C3"] = "边城"
    case, _second = here.uploaded(file=as_file(book), case=again(case))
    assert states(case) == ["结束", "可以提交", "被回退"]
    assert case.rows.get(number=4).reason == "书名写错"


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

    def killed(*args, **marked):
        written.append(1)
        if len(written) == 3:
            raise Killed
        return write(*args, **marked)

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
    assert third.faults == ["一笔业务最多 2 行：从第 3 行起，新增的人没有收，请另办一笔"]


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
