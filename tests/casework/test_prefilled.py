"""Rows that come filled with what is on file."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from shebao.casework import cases, catalogue, prefilled, sheets
from shebao.foundation.unsettled import Unsettled
from tests.casework.conftest import number, problems, states


def renewal(sequence, **other):
    return {"reader": number(sequence), "name": "李小明", "book": "围城", "deposit": "120"} | other


@pytest.fixture
def lent(here):
    for sequence in (1, 2, 3):
        here.knows(number(sequence), book="围城")
    here.knows(number(9), book=None)
    return here


def template(here):
    service = catalogue.service("renew-books")
    return sheets.template(service, prefilled.written(cases.blank(service, by=here.by)))


def test_the_template_comes_with_everything_on_file(lent):
    page = load_workbook(BytesIO(template(lent)))["名单"]
    lines = [[cell.value for cell in line] for line in page.iter_rows(min_row=2)]
    assert lines == [[number(one), "李小明", "围城", "100"] for one in (1, 2, 3)]


def test_the_template_as_it_is_can_be_handed_in(lent):
    case = lent.started("renew-books")
    case, upload = lent.uploaded(file=SimpleUploadedFile("名单.xlsx", template(lent)), case=case)
    assert (upload.faults, case.good, case.bad) == ([], 3, 0)


def test_what_the_file_answers_may_not_be_altered(lent):
    case = lent.saved(renewal(1), renewal(2, book="红楼梦"), service="renew-books")
    assert states(case) == ["可以提交", "有问题"]
    sentence = "“书名”由系统填写，不能改动；请照原名单改回“围城”"
    assert problems(case, 2) == [("book", sentence, "fixed")]


def test_a_fixed_cell_is_compared_before_it_is_read(lent):
    """That its check digit is wrong says nothing to whoever may not change it at all."""
    broken = number(2)[:-1] + ("1" if number(2)[-1] != "1" else "2")
    case = lent.saved(renewal(1), renewal(2, reader=broken), renewal(3, name=""), service="renew-books")
    assert states(case) == ["可以提交", "有问题", "有问题"]
    sentence = "“读者身份证号”由系统填写，不能改动；请照原名单改回；不办的请删除这一行"
    assert problems(case, 2) == [("reader", sentence, "fixed")]
    sentence = "“读者姓名”由系统填写，不能改动；请照原名单改回“李小明”"
    assert problems(case, 3) == [("name", sentence, "fixed")]


def test_nobody_is_added(lent):
    case = lent.saved(renewal(8), renewal(9), service="renew-books")
    sentence = "不在本次办理的名单里，名单不能增加；请删除这一行"
    assert problems(case, 1) == problems(case, 2) == [("reader", sentence, "unlisted")]


def test_whoever_is_left_out_is_left_out(lent):
    case = lent.submitted(renewal(2), service="renew-books")
    assert states(case) == ["进行中"]


def test_a_small_roster_is_filled_in_without_a_workbook(lent):
    case = lent.started("renew-books")
    cases.fill(case, by=lent.by, most=3)
    cases.fill(case, by=lent.by, most=3)
    assert states(case) == ["已删除"] * 3 + ["可以提交"] * 3
    with pytest.raises(Unsettled, match="名单超过 2 人"):
        cases.fill(case, by=lent.by, most=2)


def test_what_has_changed_on_file_meanwhile_is_told_at_the_decision(lent):
    from shebao.casework import review
    from shebao.foundation import sql
    from tests.casework.conftest import again, officer

    case = lent.submitted(renewal(1), service="renew-books")
    sql.run("UPDATE library_loan SET book = '边城' WHERE reader = %(one)s", {"one": number(1)}).close()
    review.decide_all(case, review.APPROVE, by=officer())
    assert "请照原名单改回“边城”" in again(case).reason
