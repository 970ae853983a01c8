"""A workbook becomes rows: every line checked, progress kept, failures handed back, and nothing taken twice."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from shebao.casework import cases, catalogue, failures, rosters, rows, sheets, workbooks
from shebao.casework.models import Row, Upload
from shebao.foundation.unsettled import Unsettled
from tests.casework import library
from tests.casework.conftest import HEADS, again, loan, number, sheet, states
from tests.jobs import work


def opened(content):
    return load_workbook(BytesIO(content))


def as_upload(book, name="名单.xlsx"):
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())


def test_every_line_is_checked_and_each_has_its_fate(here):
    here.knows(number(2), book="边城")
    case, upload = here.uploaded([loan(1), loan(2), loan(3, name=""), loan(1)])
    assert (upload.stage, upload.lines_read, upload.lines_total) == ("done", 4, 4)
    assert states(case) == ["可以提交", "有问题", "有问题", "有问题"]
    assert (case.total, case.good, case.bad, case.about) == (4, 1, 3, "李*明等 4 人")
    assert list(case.rows.order_by("number").values_list("number", flat=True)) == [2, 3, 4, 5], (
        "as the margin of the sheet counts"
    )
    assert case.rows.get(number=5).problems[0]["sentence"] == "与第 2 行重复，请删除其中一行"


def test_a_number_cell_in_an_id_column_is_refused_by_the_name_of_its_cell(here):
    case, _upload = here.uploaded([loan(1), loan(2, reader=420102199202299993)])
    row = case.rows.get(number=3)
    assert (row.cell("reader"), row.spot) == ("A3", "第 3 行")
    assert "请将身份证号码列设为文本" in row.problems[0]["sentence"]


def test_columns_may_stand_in_another_order_and_below_empty_lines(here):
    book = load_workbook(sheet([loan(1)]))
    page = book.active
    page.move_range("A1:F2", rows=2, cols=3)
    case, upload = here.uploaded(file=as_upload(book))
    assert upload.faults == [] and states(case) == ["可以提交"]
    assert case.rows.get().cell("deposit") == "G4"


def test_all_that_is_wrong_with_the_heads_is_told_before_any_row(here):
    heads = ("读者身份证号", "姓名", "书名", "书名", "归还日期", "书库")
    case, upload = here.uploaded(file=sheet([loan(1)], heads))
    assert upload.stage == "refused"
    assert upload.faults == [
        "多出一列“姓名”，请删除这一列，或改回模板里的名称",
        "“书名”列出现了两次，请只留一列",
        "缺少“读者姓名”列，请使用下载的模板，不要改动表头",
        "缺少“押金”列，请使用下载的模板，不要改动表头",
    ]
    assert not case.rows.exists()


def test_a_sheet_without_heads_or_without_lines_is_told_so(here):
    _case, upload = here.uploaded(file=sheet([loan(1)], heads=("甲", "乙", "丙", "丁", "戊", "己")))
    assert upload.faults == ["第一行不是模板的表头，请使用下载的模板，从第二行开始填写"]
    _case, upload = here.uploaded([])
    assert upload.faults == ["表里没有名单：请从表头下面一行开始填写，每行一人"]


def test_too_many_lines_are_refused_at_once_with_the_limit(here):
    catalogue.declare([replace(library.BORROW, most_rows=3)])
    case, upload = here.uploaded([loan(n) for n in range(4)])
    assert upload.faults == ["名单有 4 行，一笔业务最多 3 行；请分成几个文件，每个文件另办一笔"]
    case, upload = here.uploaded([loan(1), loan(2)])
    case, upload = here.uploaded([loan(3), loan(4)], case=case)
    assert upload.faults == ["一笔业务最多 3 行：从第 3 行起，新增的人没有收，请另办一笔"]
    assert (states(case), upload.left_out) == (["可以提交"] * 3, 1)


def test_the_template_of_another_service_is_known_by_its_mark(here):
    wrong = SimpleUploadedFile("x.xlsx", sheets.template(library.RETURN))
    _case, upload = here.uploaded(file=wrong)
    assert upload.faults == [
        "这是“图书归还”的模板，不能办理“图书借阅”；请在本页下载模板，把名单复制进去再上传"
    ]


def test_an_older_version_of_the_template_is_called_so(here):
    book = opened(sheets.template(library.BORROW))
    book["填写说明"]["A1"] = "borrow-books/0123abcd"
    book["名单"]["D1"] = "押金金额"
    book["名单"].append([number(1), "李小明", "围城", "100", None, None])
    case, upload = here.uploaded(file=as_upload(book))
    assert upload.faults == [
        "模板已经更新，这份是旧的；请下载新模板，把名单复制进去再上传",
        "多出一列“押金金额”，请删除这一列，或改回模板里的名称",
        "缺少“押金”列，请使用下载的模板，不要改动表头",
    ]
    book["名单"]["D1"] = "押金"
    case, upload = here.uploaded(file=as_upload(book), case=case)
    assert upload.faults == [] and states(case) == ["可以提交"], "as long as its columns fit, it is taken"


def test_the_template_helps_to_fill_it_in(services):
    book = opened(sheets.template(library.BORROW))
    page = book["名单"]
    assert [cell.value for cell in page[1]] == list(HEADS)
    assert "必填" in page["A1"].comment.text and "按身份证填写 18 位号码" in page["A1"].comment.text
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["A"].width > 18
    assert book["填写说明"]["A1"].value.startswith("borrow-books/")
    said = [row[0].value for row in book["填写说明"].iter_rows(min_row=2, max_row=4)]
    assert "一次最多 5,000 行，文件不超过 20 MB" in said[2]


def test_a_field_with_few_answers_has_a_drop_down(services):
    from dataclasses import dataclass
    from enum import Enum

    from shebao.casework.ask import label
    from shebao.foundation.values import Text

    class Colour(Enum):
        RED = "红"
        BLUE = "蓝"

    @dataclass(frozen=True)
    class Book:
        title: Text = label("书名")
        colour: Colour = label("颜色")
        lent: bool = label("外借")

    service = replace(library.BORROW, row=Book, unique="title", checks=(), facts=None)
    page = opened(sheets.template(service))["名单"]
    lists = {
        str(one.sqref): one.formula1 for one in page.data_validations.dataValidation if one.type == "list"
    }
    assert lists == {"B2:B5001": '"红,蓝"', "C2:C5001": '"是,否"'}


def test_a_filled_template_is_read_back(here):
    book = opened(sheets.template(library.BORROW))
    book["名单"].append([number(1), "李小明", "围城", "100", None, None])
    case, upload = here.uploaded(file=as_upload(book))
    assert upload.faults == [] and states(case) == ["可以提交"]


def test_failures_come_back_as_written_with_the_reason_in_the_last_column(here):
    here.knows(number(2), book="边城")
    case, _upload = here.uploaded([loan(1), loan(2, deposit="0")])
    cases.add(case, [loan(3, deposit="=1+1")], by=here.by)
    page = opened(failures.workbook(case))["名单"]
    lines = [[cell.value for cell in row] for row in page.iter_rows(values_only=False)]
    assert lines[0] == [*HEADS, "失败原因"]
    assert lines[1][-1] == "编号 3：读者身份证号：该读者已借有图书，请先归还；押金：押金应大于零"
    assert page["D2"].fill.fgColor.rgb == "FFFFC9C7" and page["D2"].comment.text == "押金应大于零"
    assert page["C2"].fill.fgColor.rgb != "FFFFC9C7", "what is right isn't red"
    assert lines[1][0] == number(2) and len(lines) == 3
    typed = page["D3"]
    assert (typed.value, typed.data_type) == ("=1+1", "s"), "text, not a formula"


def test_failures_put_right_and_uploaded_again_take_the_place_of_the_failed(here):
    case, _upload = here.uploaded([loan(1), loan(2, deposit="0"), loan(3, name="")])
    book = opened(failures.workbook(case))
    page = book["名单"]
    page["D2"], page["B3"] = "50", "王强"
    case, upload = here.uploaded(file=as_upload(book), case=case)
    assert upload.faults == []
    assert (case.total, case.good, case.bad) == (3, 3, 0)
    assert states(case) == ["可以提交", "可以提交", "可以提交"]
    assert (upload.corrects, upload.taken) == (True, 2)


def test_how_every_row_came_out_can_be_had_as_a_sheet(here):
    case, _upload = here.uploaded([loan(1), loan(2, deposit="0")])
    cases.submit(case, by=here.by)
    page = opened(failures.results(case))["名单"]
    assert [row[6].value for row in page.iter_rows()] == ["办理结果", "进行中", "有问题"]


def test_an_unsafe_file_is_refused_at_the_counter_and_not_kept(here):
    case = here.started()
    with pytest.raises(Unsettled, match="“名单.xlsx”的内容是网页，不是 Excel 工作簿，只改名字不行"):
        rosters.hand_in(case, SimpleUploadedFile("名单.xlsx", b"<html>"), by=here.by)
    assert not case.uploads.exists()


def test_a_roster_that_is_still_being_read_holds_up_submission_and_the_next_roster(here):
    case = here.saved(loan(9))
    rosters.hand_in(case, sheet([loan(1)]), by=here.by)
    with pytest.raises(Unsettled, match="名单还在读取"):
        cases.submit(case, by=here.by)
    with pytest.raises(Unsettled, match="上一份名单还在读取"):
        rosters.hand_in(case, sheet([loan(2)]), by=here.by)
    work()
    cases.submit(case, by=here.by)
    assert states(case) == ["进行中", "进行中"]


def test_a_case_taken_back_meanwhile_takes_no_more_lines(here):
    case = here.started()
    upload = rosters.hand_in(case, sheet([loan(1)]), by=here.by)
    cases.withdraw(case, by=here.by)
    work()
    upload.refresh_from_db()
    assert (upload.stage, upload.faults) == ("refused", ["这笔业务已经退单，请重新办理"])


def test_reading_goes_on_where_it_stopped(here, monkeypatch):
    case = here.started()
    upload = rosters.hand_in(case, sheet([loan(n) for n in range(1, 18)]), by=here.by)

    class Killed(BaseException):
        pass

    write, written = rows.write, []

    def killed_in_the_third_step(*args, **kwargs):
        written.append(1)
        if len(written) == 3:
            raise Killed
        return write(*args, **kwargs)

    monkeypatch.setattr(rows, "write", killed_in_the_third_step)
    with pytest.raises(Killed):
        rosters.take_in(upload.pk)
    upload.refresh_from_db()
    assert (upload.stage, upload.lines_read) == ("reading", 4)
    monkeypatch.setattr(rows, "write", write)
    rosters.take_in(upload.pk)
    rosters.take_in(upload.pk)
    assert list(case.rows.order_by("number").values_list("line", flat=True)) == list(range(2, 19))
    assert Upload.objects.get(pk=upload.pk).stage == "done" and states(again(case)) == ["可以提交"] * 17


def test_rows_are_found_by_the_beginning_of_their_key(here):
    case, _upload = here.uploaded([loan(1), loan(2)])
    assert [row.number for row in rows.search(case, number(2)[:17])] == [3]
    assert rows.search(case, " ").count() == 2


def test_the_template_holds_its_own_under_the_reader(services):
    with workbooks.opened(BytesIO(sheets.template(library.BORROW))) as book:
        assert book.mark == sheets.mark_of(library.BORROW)
        assert book.lines == 1


def test_no_row_is_left_without_its_upload(here):
    case, upload = here.uploaded([loan(1)])
    assert Row.objects.get(case=case).upload == upload


def test_examination_goes_on_step_by_step_and_says_how_far_it_is(here, monkeypatch):
    monkeypatch.setattr(rosters.examination, "SLICE", 2)
    case = here.started()
    upload = rosters.hand_in(case, sheet([loan(1), loan(2), loan(3), loan(1), loan(5)]), by=here.by)
    own_up, seen = rosters.examination.own_up, []

    def looking(*args, **kwargs):
        now = Upload.objects.get(pk=upload.pk)
        seen.append((now.stage, now.examined, now.to_examine, now.percent))
        return own_up(*args, **kwargs)

    monkeypatch.setattr(rosters.examination, "own_up", looking)
    work()
    assert seen == [("examining", 0, 5, 33), ("examining", 2, 5, 59), ("examining", 4, 5, 86)]
    assert states(again(case)) == ["可以提交", "可以提交", "可以提交", "有问题", "可以提交"]
    assert again(case).bad == 1


def test_a_stopped_roster_leaves_nothing_behind_and_the_next_one_counts_as_its_sheet_does(here, monkeypatch):
    case = here.started()
    upload = rosters.hand_in(case, sheet([loan(n) for n in range(1, 18)]), by=here.by)
    write = rosters._write

    def stopped_after_a_while(*args, **kwargs):
        write(*args, **kwargs)
        if case.rows.count() == 6:
            rosters.stop(case, by=here.by)

    monkeypatch.setattr(rosters, "_write", stopped_after_a_while)
    work()
    upload.refresh_from_db()
    assert (upload.stage, upload.is_finished, case.rows.count(), again(case).total) == ("stopped", True, 0, 0)
    with pytest.raises(Unsettled, match="名单已经读完，不用停止"):
        rosters.stop(case, by=here.by)
    case, _next = here.uploaded([loan(1)], case=case)
    assert case.rows.get().number == 2


def test_a_correction_that_is_stopped_keeps_what_was_taken_by_then(here, monkeypatch):
    case, _upload = here.uploaded([loan(n, deposit="0") for n in range(1, 18)])
    upload = rosters.hand_in(case, sheet([loan(n) for n in range(1, 18)]), by=here.by)
    write = rosters._write

    def stopped_after_a_while(upload, *args, **kwargs):
        write(upload, *args, **kwargs)
        if upload.lines_read == 4:
            rosters.stop(case, by=here.by)

    monkeypatch.setattr(rosters, "_write", stopped_after_a_while)
    work()
    upload.refresh_from_db()
    assert (upload.stage, upload.faults) == ("done", ["已按您的要求停止：17 行里只收了前 4 行"])
    assert states(case) == ["可以提交"] * 4 + ["有问题"] * 13
