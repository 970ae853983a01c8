"""Arrears in a browser: figures before submission, a slip with its forms, money in two parts, writing off."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser import trips
from tests.browser.test_changes import downloaded, opened, save, submit, tick
from tests.browser.test_trip import CASHIER, PATIENCE, first_log_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def clerk(hall):
    page = first_log_in(hall)
    yield page
    page.context.close()


def slip_of(page: Page) -> tuple[str, str]:
    """Its number and its total."""
    total = page.locator("dl.ledger dd").first.inner_text().split()[0].replace(",", "").removesuffix("元")
    return page.locator(".idline b").inner_text(), total


def test_arrears_are_assessed_and_paid_in_two_parts_with_one_slip(hall, clerk, tmp_path):
    tick(opened(clerk, hall, "/filing/pay-arrears/pick/"), "钱卫东")
    save(clerk)
    expect(clerk.get_by_role("heading", name="滞纳金由单位承担，计至 2026-11-25")).to_be_visible()
    expect(clerk.get_by_role("row").filter(has_text="2026-09（1 人，逾期 61 天）")).to_be_visible()
    submit(clerk)

    # Taken back and assessed again, as long as no money has come.
    tick(opened(clerk, hall, "/filing/take-back-arrears/pick/"), "钱卫东")
    save(clerk)
    submit(clerk)
    tick(opened(clerk, hall, "/filing/pay-arrears/pick/"), "钱卫东")
    save(clerk)
    submit(clerk)

    tick(opened(clerk, hall, "/filing/make-arrears-slip/pick/"), "钱卫东")
    clerk.locator("#id_pays_on").fill("2026-11-20")
    save(clerk)
    expect(clerk.get_by_role("heading", name="滞纳金计至缴款日 2026-11-20")).to_be_visible()
    submit(clerk)
    paper = (
        pypdf.PdfReader(BytesIO(downloaded(clerk, "单位社会保险费核定表（打印）"))).pages[0].extract_text()
    )
    assert "核定表" in paper and "滞纳金" in paper

    opened(clerk, hall, "/employer/slips/").get_by_role("row").nth(1).get_by_role("link").click()
    expect(clerk.get_by_role("heading", name="欠费补缴单", exact=True)).to_be_visible()
    expect(clerk.get_by_text("26 天 × 0.05%").first).to_be_visible()
    assert downloaded(clerk, "社会保险费补缴明细表（Excel）").startswith(b"PK")
    number, total = slip_of(clerk)

    rest = str(Decimal(total) - 100)
    money = trips.bank_file(Path(tmp_path) / "分两次.csv", (number, "100.00", "B-1"), (number, rest, "B-2"))
    cashier = hall.signed_in(CASHIER).new_page()
    opened(cashier, hall, "/office/ledger/").locator("input[type=file]").set_input_files(money)
    cashier.get_by_role("button", name="收文件并匹配").click()
    expect(cashier.get_by_text("金额不符").first).to_be_visible(timeout=PATIENCE)
    clerk.reload()
    expect(clerk.get_by_text("在挂账，还没有入这张单")).to_be_visible()
    opened(cashier, hall, "/office/ledger/suspense/")
    cashier.get_by_role("button", name="合计相符，认领入单").click()
    expect(cashier.get_by_text("已到账").first).to_be_visible()
    cashier.context.close()
    clerk.reload()
    expect(clerk.locator(".idline")).to_contain_text("已到账")
    assert "不成立" not in hall.run("bin/books", "check")


def test_what_is_open_of_this_month_is_written_off_with_a_signed_word(hall, clerk):
    hall.run("bin/books", "month", "2026-11")
    tick(opened(clerk, hall, "/filing/write-off-month/pick/"), "李小明")
    save(clerk)
    expect(clerk.get_by_text("注销后无法恢复").first).to_be_visible()
    file = {"name": "说明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 signed"}
    clerk.locator("input[type=file]").first.set_input_files(file)
    clerk.locator("#id_declared").check()
    clerk.get_by_role("button", name="提交审批").click()
    expect(clerk.locator("#state")).to_contain_text("进行中", timeout=PATIENCE)
