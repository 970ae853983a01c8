"""Changes of what is on file, in a browser: wages, particulars of people and of the employer, cards; and the forms."""

from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.services.photos import photo

pytestmark = pytest.mark.browser
CLERK = "qingchuan01"
PATIENCE = 60_000


@pytest.fixture(scope="module")
def clerk(hall):
    page = hall.signed_in(CLERK).new_page()
    yield page
    page.context.close()


def opened(page: Page, hall, path: str) -> Page:
    page.goto(f"{hall.address}{path}")
    return page


def tick(page: Page, name: str) -> None:
    page.get_by_role("row").filter(has_text=name).locator("input[name=pick]").check()


def submit(page: Page) -> None:
    page.locator("#id_declared").check()
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator("#state")).to_contain_text("结束", timeout=PATIENCE)


def save(page: Page) -> None:
    page.locator(".actionbar").get_by_role("button", name="保存").click()


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    return Path(download.value.path()).read_bytes()


def test_a_wage_goes_up_from_next_month_on_and_stands_on_the_months_sheet(hall, clerk):
    tick(opened(clerk, hall, "/filing/change-wages/pick/"), "郑海燕")
    clerk.locator("#id_wage").fill("8200")
    clerk.locator("#id_reason").select_option("adjusted")
    save(clerk)
    expect(clerk.get_by_role("heading", name="每月缴费，自 2026-12 起")).to_be_visible()
    submit(clerk)
    opened(clerk, hall, "/employer/changes/")
    expect(clerk.get_by_role("row").filter(has_text="郑海燕")).to_contain_text("7,400.00 → 8,200.00")
    paper = pypdf.PdfReader(BytesIO(downloaded(clerk, "打印（PDF）"))).pages[0].extract_text()
    assert "单位增减员异动表" in paper and "郑海燕" in paper
    assert downloaded(clerk, "导出（Excel）").startswith(b"PK")


def test_a_wage_goes_down_with_the_employees_confirmation(hall, clerk):
    tick(opened(clerk, hall, "/filing/change-wages/pick/"), "冯志强")
    clerk.locator("#id_wage").fill("5000")
    clerk.locator("#id_reason").select_option("hours")
    save(clerk)
    expect(clerk.get_by_text("须有职工本人签字的确认书")).to_be_visible()
    file = {"name": "确认书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 signed"}
    clerk.locator("input[type=file]").last.set_input_files(file)
    submit(clerk)


def test_particulars_come_filled_in_are_changed_and_the_photo_is_looked_at(hall, clerk):
    tick(opened(clerk, hall, "/filing/change-personal-data/pick/"), "郑海燕")
    clerk.get_by_role("button", name="下一步").click()
    expect(clerk.locator("#id_name")).to_have_value("郑海燕")
    expect(clerk.get_by_text("没有任何变动")).to_have_count(0)
    save(clerk)
    expect(clerk.get_by_text("没有任何变动").first).to_be_visible()
    clerk.locator("#id_ethnicity").select_option(label="土家族")
    clerk.locator("#id_mobile").fill("13100000009")
    clerk.locator("input[name=new_photo][value=true]").check()
    save(clerk)
    for size, wrong in (((300, 400), "相片应为 358×441 像素"), ((358, 441), "")):
        made = photo(size)
        file = {"name": made.name, "mimeType": "image/jpeg", "buffer": made.read()}
        clerk.locator("input[type=file]").last.set_input_files(file)
        clerk.locator("#id_declared").check()
        clerk.get_by_role("button", name="提交审批").click()
        if wrong:
            expect(clerk.get_by_text(wrong).first).to_be_visible()
    expect(clerk.locator("#state")).to_contain_text("结束", timeout=PATIENCE)


def test_the_employers_contacts_come_filled_in_and_are_changed(hall, clerk):
    opened(clerk, hall, "/filing/change-contacts/new/")
    clerk.locator("#id_contact_name").fill("许经办")
    clerk.locator("#id_contact_phone").fill("027-85551234")
    clerk.locator("#id_postal_address").fill("武汉市江岸区示例路 8 号")
    save(clerk)
    submit(clerk)
    opened(clerk, hall, "/filing/change-contacts/new/")
    expect(clerk.locator("#id_contact_phone")).to_have_value("027-85551234")


def test_cards_are_applied_for_with_the_photo_that_was_missing(hall, clerk):
    tick(opened(clerk, hall, "/filing/apply-cards/pick/"), "冯志强")
    save(clerk)
    made = photo()
    file = {"name": made.name, "mimeType": "image/jpeg", "buffer": made.read()}
    clerk.locator("input[type=file]").last.set_input_files(file)
    submit(clerk)
    opened(clerk, hall, "/filing/apply-cards/pick/")
    expect(clerk.get_by_role("row").filter(has_text="冯志强")).to_contain_text("申请制卡，请等待领卡通知")


def test_a_case_of_hires_is_printed_as_the_form_that_the_counter_takes(hall, clerk):
    opened(clerk, hall, "/employer/").locator("#done-list th a").last.click()
    paper = pypdf.PdfReader(BytesIO(downloaded(clerk, "企业参保人员增员表（打印）"))).pages[0].extract_text()
    assert "企业参保人员增员表" in paper and "谢家豪" in paper
    assert downloaded(clerk, "企业参保人员增员表（Excel）").startswith(b"PK")


def test_the_books_hold(hall):
    assert "不成立" not in hall.run("bin/books", "check")
