"""个人工资年度申报 in a browser: the filled template comes back corrected, an officer decides row by row (EMP-11)."""

import re
from datetime import date

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.halls import Hall
from tests.scenes import id_number

pytestmark = pytest.mark.browser

CLERK, OFFICER = "qingchuan01", "jiangan01"


def test_the_roster_comes_filled_is_corrected_and_decided_row_by_row(hall: Hall, tmp_path):
    clerk = hall.signed_in(CLERK).new_page()
    clerk.goto(f"{hall.address}/employer/")
    clerk.goto(f"{hall.address}/filing/declare-wages/")
    expect(clerk.get_by_text("2026 年度（2026-01 至 2026-12）")).to_be_visible()
    with clerk.expect_download() as download:
        clerk.get_by_role("link", name="下载模板（xlsx）").click()
    file = tmp_path / "申报表.xlsx"
    download.value.save_as(file)
    book = load_workbook(file)
    lines = list(book["名单"].iter_rows(min_row=2))
    assert len(lines) >= 2 and all(line[2].value == line[3].value for line in lines)
    for line in lines:
        line[3].value = "7200"
    lines[-1][1].value = "改了名"
    book.save(file)
    clerk.locator("input[type=file]").set_input_files(file)
    clerk.get_by_role("button", name="上传名单").click()
    expect(clerk.locator(".impsum .ok b")).to_have_text(str(len(lines) - 1))
    expect(clerk.get_by_text("“姓名”由系统填写，不能改动").first).to_be_visible()

    # The altered row is put right on the page, where only the wage can be written.
    clerk.get_by_role("link", name=re.compile(r"修改\s*：\s*第")).click()
    expect(clerk.locator("#id_present")).to_have_attribute("readonly", "")
    clerk.goto(f"{hall.address}/filing/declare-wages/")
    clerk.get_by_role("button", name="在网页上填写").click()
    expect(clerk.locator(".impsum .ok b")).to_have_text(str(len(lines)))
    clerk.get_by_role("link", name=re.compile("修改第 1 行")).click()
    clerk.locator("#id_wage").fill("7300")
    clerk.get_by_role("button", name="保存").click()
    expect(clerk.get_by_role("cell", name="7,300.00")).to_be_visible()
    clerk.get_by_role("link", name=re.compile("核对并提交")).click()
    clerk.locator("#id_declared").check()
    clerk.get_by_role("button", name=re.compile("提交审批")).click()
    expect(clerk.locator("#state")).to_contain_text("审核")
    number = re.search(r"\d{20}", clerk.locator("main").inner_text())[0]

    officer = hall.signed_in(OFFICER).new_page()
    officer.goto(f"{hall.address}/office/review/{number}/")
    officer.locator("select[name^=verdict]").first.select_option("return")
    officer.locator("#id_reason").fill("请核对：与工资表不符")
    officer.get_by_role("button", name="保存本页结论").click()
    expect(officer.get_by_text(f"{len(lines) - 1} 人通过，1 人回退").first).to_be_visible()

    clerk.goto(f"{hall.address}/employer/")
    expect(clerk.locator("#todo-list tbody").filter(has_text=number)).to_contain_text("请核对：与工资表不符")
    assert "不成立" not in hall.run("bin/books", "check")


def test_a_pension_paid_elsewhere_is_declared_on_the_page(hall: Hall):
    clerk = hall.signed_in(CLERK).new_page()
    clerk.goto(f"{hall.address}/filing/declare-pensions/")
    clerk.get_by_role("button", name="在网页上填写").click()
    clerk.get_by_role("link", name=re.compile(r"修改.*第")).click()
    expect(clerk.locator("#id_name")).to_have_value("郭老栓")
    clerk.locator("#id_pension").fill("4300")
    clerk.get_by_role("button", name="保存").click()
    expect(clerk.get_by_role("heading", name="信息已保存")).to_be_visible()
    clerk.locator("#id_declared").check()
    clerk.get_by_role("button", name=re.compile("提交审批")).click()
    expect(clerk.locator("#state")).to_contain_text("审核")


def test_a_retiree_is_registered_and_stands_on_the_next_list(hall: Hall):
    clerk = hall.signed_in(CLERK).new_page()
    clerk.goto(f"{hall.address}/filing/register-retirees/new/")
    clerk.get_by_label("身份证号码").fill(str(id_number(date(1955, 3, 12), 871)))
    clerk.locator("#id_name").fill("魏国强")
    clerk.locator("#id_month").fill("2019-04")
    clerk.get_by_role("button", name="保存").click()
    expect(clerk.get_by_text("请填写养老金发放单位：此人的养老金由哪里发放").first).to_be_visible()
    clerk.locator("#id_pool").fill("铁路行业统筹")
    clerk.get_by_role("button", name="保存").click()
    clerk.locator("#id_declared").check()
    clerk.get_by_role("button", name=re.compile("提交审批")).click()
    expect(clerk.locator("#state")).to_contain_text("审核")
    number = re.search(r"\d{20}", clerk.locator("main").inner_text())[0]

    officer = hall.signed_in(OFFICER).new_page()
    officer.goto(f"{hall.address}/office/review/{number}/")
    officer.get_by_role("button", name="保存本页结论").click()
    expect(officer.get_by_text("结论已保存：1 人通过").first).to_be_visible()

    clerk.goto(f"{hall.address}/filing/declare-pensions/")
    clerk.get_by_role("button", name="在网页上填写").click()
    expect(clerk.get_by_role("cell", name="魏*强").first).to_be_visible()
