"""An employer's clerk looks up what is its own, takes a list along, and finds every page of 综合查询 sound."""

import os
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser import looking

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("SHEBAO_PICTURES", "")
PATHS = {
    "hub": "/employer/queries/",
    "cases": "/employer/queries/cases/",
    "arrears": "/employer/queries/arrears/",
    "payments": "/employer/queries/payments/",
    "roster": "/employer/roster/?month=2026-10",
    "bill": "/employer/bills/2026-10/",
    "calendar": "/employer/queries/calendar/",
    "statements": "/employer/statements/",
    "exports": "/employer/exports/",
}


@pytest.fixture(scope="module")
def clerk(hall):
    """The clerk of the quiet employer, whose password was changed and whose two people are paid for."""
    return "qingchuan01"


def test_a_list_is_taken_along_as_a_workbook(hall, clerk):
    context = hall.signed_in(clerk)
    page = context.new_page()
    page.goto(f"{hall.address}/employer/")
    page.get_by_role("link", name="查询", exact=True).first.click()
    page.locator("main").get_by_role("link", name="参保人员花名册").click()
    page.get_by_label("姓名、身份证号码或个人编号").fill("郑海燕")
    page.get_by_label("月份").fill("2026-10")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.get_by_role("button", name="导出全部（Excel）").click()
    link = page.locator("#exports a.btn").first
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    names = [line[0] for line in book.active.iter_rows(min_row=4, values_only=True)]
    assert names == ["郑海燕"]
    context.close()


def test_a_bill_is_followed_down_to_how_it_was_worked_out(hall, clerk):
    context = hall.signed_in(clerk)
    page = context.new_page()
    page.goto(f"{hall.address}/employer/bills/2026-10/")
    page.get_by_role("link", name="郑海燕").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2026 年 10 月的应缴怎么算的")
    expect(page.get_by_role("heading", name="养老保险")).to_be_visible()
    page.get_by_role("link", name="逐月记录").click()
    expect(page.get_by_role("heading", name="2026 年各月")).to_be_visible()
    context.close()


def test_own_contributions_are_certified_and_a_stranger_verifies_them(hall, clerk):
    context = hall.signed_in(clerk)
    page = context.new_page()
    page.goto(f"{hall.address}/employer/statements/")
    page.get_by_role("link", name="开具对账单").click()
    page.wait_for_url("**/filing/check-contributions/**")
    page.get_by_label("起始月份").fill("2026-01")
    page.get_by_label("截止月份").fill("2026-10")
    page.get_by_role("button", name="保存").first.click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="提交审批").click()
    link = page.get_by_role("link", name="单位社会保险缴费对账单（签名 PDF")
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    stranger = hall.visitor()
    page = stranger.new_page()
    page.goto(f"{hall.address}/verify/")
    page.locator("input[type=file]").set_input_files(
        {"name": "x.pdf", "mimeType": "application/pdf", "buffer": Path(download.value.path()).read_bytes()}
    )
    page.get_by_role("button", name="核对文件").click()
    expect(page.get_by_role("heading", name="查验一致")).to_be_visible()
    expect(page.locator("#res")).to_contain_text("郑*燕")
    stranger.close()
    page = context.new_page()
    page.goto(f"{hall.address}/employer/statements/")
    expect(page.get_by_role("table", name="谁核验过")).to_contain_text("查验一致")
    context.close()


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(
            one, marks=() if one.name in ("desktop", "elder-phone") else pytest.mark.slow, id=one.name
        )
        for one in looking.VIEWS
    ],
)
def test_every_query_page_is_sound(hall, clerk, view):
    wrongs = []
    for name, path in PATHS.items():
        users = hall.signed_in(clerk, view)
        picture = PICTURES and Path(PICTURES) / f"{name}-{view.name}.png"
        seen = looking.look(users.new_page(), urljoin(hall.address, path), view, picture)
        users.close()
        wrongs += [f"{path}: {seen.status}"] if seen.status != 200 else []
        wrongs += seen.wrongs
    assert not wrongs, "\n".join(wrongs)
