"""A company registers from the public site, signs in with its password slip, lives, and is closed again."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.halls import Hall, answer_the_question
from tests.scenes import id_number, uscc

pytestmark = pytest.mark.browser

NEW = "Lotus-Root-2026"
PAPER = {"name": "扫描.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a scan"}
WRITTEN = {
    "name": "武汉新立示例软件有限公司",
    "founded_on": "2026-11-02",
    "address": "武汉市江岸区示例路1号",
    "business": "软件开发",
    "legal_person": "沈一鸣",
    "legal_person_id": id_number(date(1980, 5, 15), 1),
    "clerk": "周小舟",
    "clerk_id": id_number(date(1992, 3, 4), 3),
    "clerk_mobile": "13100000000",
}


def test_from_the_public_site_to_the_end_of_the_company(hall):
    visitor = hall.visitor().new_page()
    number, code = applied(visitor, hall)
    for officer in ("jiangan01", "jiangan04"):
        approve(hall, officer, number)
    username, password = collected(hall, number, code)
    admin = signed_in(hall, username, password)
    a_second_clerk(admin, hall)
    the_registrar_finds_it(hall)
    moved = filed(admin, hall, "change-employer", papers=1, address="武汉市江岸区示例路9号")
    for officer in ("jiangan01", "jiangan04"):
        decide(hall, officer, moved)
    admin.goto(f"{hall.address}/employer/registration/")
    expect(admin.get_by_text("武汉市江岸区示例路9号").first).to_be_visible()
    verified = filed(admin, hall, "verify-employer", papers=1, ticks=("same",), headcount="0")
    decide(hall, "jiangan01", verified)
    lost = filed(admin, hall, "reissue-certificate", ticks=("reason",), story="搬家时遗失")
    decide(hall, "jiangan01", lost)
    words = {"keeper": "周小舟", "keeper_mobile": "13100000000", "story": "网上办理，由专人复核"}
    trusted = filed(admin, hall, "apply-for-trust", ticks=("keeps",), **words)
    for officer in ("jiangan01", "jiangan04"):
        decide(hall, officer, trusted)
    words = {"ended_on": "2026-11-10", "mobile": "13100000000"}
    closed = filed(admin, hall, "deregister-employer", papers=1, picks={"reason": "dissolved"}, **words)
    for officer in ("jiangan01", "jiangan04"):
        decide(hall, officer, closed)
    admin.goto(f"{hall.address}/employer/")
    expect(admin.get_by_role("heading", name="工作台")).to_have_count(0)


def applied(page: Page, hall: Hall) -> tuple[str, str]:
    page.goto(f"{hall.address}/registration/")
    answer_the_question(page)
    page.get_by_label("我已阅读承诺书").check()
    page.get_by_role("button", name="同意，开始填写").click()
    page.wait_for_url("**/filing/register-employer/**")
    page.locator("#id_uscc").fill("91420102MA4K0X0011")
    for name, value in WRITTEN.items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_organisation").select_option("company")
    page.locator("input[name=office]").check()
    page.locator("#id_industry").select_option("1")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("代码的校验位对不上").first).to_be_visible()
    page.locator("#id_uscc").fill(uscc(7))
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="信息已保存")).to_be_visible()
    for place in range(3):
        page.locator(f"input[name=paper{place}]").set_input_files(PAPER)
    page.locator("#id_declared").check()
    page.get_by_role("button", name=re.compile("提交审批")).click()
    expect(page.get_by_role("heading", name="正在审核")).to_be_visible()
    page.get_by_role("button", name="显示查询码").click()
    code = page.locator("#code").inner_text()
    number = re.search(r"\d{20}", page.locator("main").inner_text())[0]
    page.get_by_role("button", name="离开").click()
    return number, code


def approve(hall: Hall, officer: str, number: str) -> None:
    page = hall.signed_in(officer).new_page()
    page.goto(f"{hall.address}/office/review/{number}/")
    expect(page.get_by_text(WRITTEN["legal_person_id"])).to_be_visible()
    page.get_by_role("button", name="保存本页结论").click()
    expect(page.get_by_text("结论已保存").first).to_be_visible()


def filed(page: Page, hall: Hall, service: str, *, papers=0, ticks=(), picks=(), **fields) -> str:
    """Fill in a form that opens with what is on file, and submit it. Answers with its number."""
    page.goto(f"{hall.address}/filing/{service}/new/")
    expect(page.locator("#id_name")).to_have_value(WRITTEN["name"])
    for name, value in fields.items():
        page.locator(f"#id_{name}").fill(value)
    for name, value in dict(picks).items():
        page.locator(f"#id_{name}").select_option(value)
    for name in ticks:
        page.locator(f"input[name={name}]").first.check()
    page.locator(".actionbar").get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="信息已保存")).to_be_visible()
    for place in range(papers):
        page.locator(f"input[name=paper{place}]").set_input_files(PAPER)
    page.locator("#id_declared").check()
    page.get_by_role("button", name=re.compile("提交审批")).click()
    expect(page.locator("#state")).to_be_visible()
    return re.search(r"\d{20}", page.url)[0]


def decide(hall: Hall, officer: str, number: str) -> None:
    """Approve a case of one row."""
    page = hall.signed_in(officer).new_page()
    page.goto(f"{hall.address}/office/review/{number}/")
    page.get_by_role("button", name="保存本页结论").click()
    expect(page.get_by_text("结论已保存").first).to_be_visible()
    page.context.close()


def collected(hall: Hall, number: str, code: str) -> tuple[str, str]:
    """From another computer, with number and code: user name and first password, off the slip."""
    page = hall.visitor().new_page()
    page.goto(f"{hall.address}/registration/progress/")
    page.get_by_label("业务顺序号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", name="登记已办结")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="领取密码条（PDF）").click()
    paper = Path(download.value.path()).read_bytes()
    text = pypdf.PdfReader(BytesIO(paper)).pages[0].extract_text()
    username = re.search(r"dw\d+", text)[0]
    password = re.search(r"\b\w{4}-\w{4}-\w{4}\b", text)[0]
    return username, password


def signed_in(hall: Hall, username: str, password: str) -> Page:
    page = hall.visitor().new_page()
    page.goto(f"{hall.address}/login/employer/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.locator("main form").get_by_role("button", name="登录").click()
    page.get_by_label("原密码").fill(password)
    page.locator("#id_new").fill(NEW)
    page.locator("#id_again").fill(NEW)
    page.get_by_role("button", name="修改密码").click()
    page.get_by_label("我已阅读并同意").check()
    page.get_by_role("button", name="同意并继续").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    return page


def a_second_clerk(page: Page, hall: Hall) -> None:
    page.goto(f"{hall.address}/employer/registration/")
    expect(page.get_by_role("heading", name=WRITTEN["name"])).to_be_visible()
    page.get_by_role("link", name="经办人员").click()
    page.get_by_label("姓名").fill("李娜")
    page.get_by_label("业务经办", exact=True).check()
    page.get_by_role("button", name="开通账户").click()
    expect(page.get_by_role("button", name="生成密码条（PDF）")).to_be_visible()
    page.get_by_role("link", name="经办人员").first.click()
    row = page.get_by_role("row").filter(has_text="李娜")
    expect(row).to_contain_text("还没有密码条")
    row.get_by_role("link", name="管理").click()
    page.get_by_role("button", name="停用，立即退出登录").click()
    expect(page.get_by_role("row").filter(has_text="李娜")).to_contain_text("已停用")


def the_registrar_finds_it(hall: Hall) -> None:
    page = hall.signed_in("jiangan03").new_page()
    page.goto(f"{hall.address}/office/registry/")
    page.get_by_placeholder("单位编号、统一社会信用代码或名称").fill("新立示例")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name=WRITTEN["name"]).click()
    expect(page.get_by_text("凭查询码网上领取")).to_be_visible()
