"""A new employee, whom her employer enrolled online, opens her account; an administrator and her new clerk."""

import re
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.halls import Hall, answer_the_question
from tests.browser.trips import strangers

pytestmark = pytest.mark.browser

NEW = "Lotus-Root-2026"
NAME, EMPLOYERS_WORD, HERS = "林小雨", "13100000001", "13100000009"


def test_who_was_enrolled_online_registers_after_the_counter_saw_her_card(hall):
    (number,) = strangers(1, after=50)
    enrolled(hall, number)
    page = hall.signed_in("jiangan03").new_page()
    page.goto(f"{hall.address}/office/registry/")
    page.get_by_role("link", name="个人身份核对").click()
    page.get_by_label("身份证号码").fill(number)
    page.get_by_label("姓名").fill(NAME)
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_text("单位填写，本人未核对，不能用来注册")).to_be_visible()
    hers = re.search(r"个人编号\s*(\d{10})", page.locator(".idline").inner_text())[1]

    visitor = hall.visitor().new_page()
    registers(visitor, hall, number, hers, EMPLOYERS_WORD)
    expect(visitor.get_by_role("alert")).to_contain_text("要本人带身份证到社保处窗口核对")
    visitor.get_by_role("link", name="到哪里、带什么").click()
    expect(visitor.get_by_text("居民身份证原件")).to_be_visible()

    page.locator("#id_mobile").fill(HERS)
    page.get_by_role("button", name="确认是本人的手机").click()
    expect(page.get_by_role("alert")).to_contain_text("请先核对身份证原件，再确认")
    page.locator("#id_card_seen").check()
    page.get_by_role("button", name="确认是本人的手机").click()
    expect(page.get_by_text("手机号码已更换并核对")).to_be_visible()
    expect(page.get_by_text("可以用来注册", exact=True)).to_be_visible()

    registers(visitor, hall, number, hers, HERS)
    expect(visitor.get_by_text("注册成功，您已登录")).to_be_visible()


def enrolled(hall: Hall, number: str) -> None:
    """By an employer whose cases are reviewed by the system."""
    page = hall.signed_in("donghu01").new_page()
    page.goto(f"{hall.address}/filing/enrol-employees/new/")
    written = {"id_number": number, "name": NAME, "hired_on": "2026-11-03", "wage": "6500"}
    for field, text in (written | {"mobile": EMPLOYERS_WORD}).items():
        page.locator(f"#id_{field}").fill(text)
    page.locator(".actionbar").get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="信息已保存")).to_be_visible()
    page.locator("#id_declared").check()
    page.get_by_role("button", name=re.compile("提交审批")).click()
    expect(page.get_by_text("结束").first).to_be_visible()


def registers(page: Page, hall: Hall, number: str, personal_number: str, mobile: str) -> None:
    page.goto(f"{hall.address}/register/")
    page.get_by_label("身份证号码").fill(number)
    page.get_by_label("个人编号").fill(personal_number)
    answer_the_question(page)
    page.get_by_label("我已阅读并同意服务条款").check()
    page.get_by_role("button", name="下一步").click()
    page.locator("#id_name").fill(NAME)
    page.locator("#id_fact_value").fill(mobile)
    page.locator("#id_password").fill(NEW)
    page.locator("#id_again").fill(NEW)
    page.get_by_role("button", name="注册").click()


def slip_of(page: Page, button: str) -> tuple[str, str]:
    """User name and first password, off the slip that this button prints."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    paper = Path(download.value.path()).read_bytes()
    text = pypdf.PdfReader(BytesIO(paper)).pages[0].extract_text()
    return re.search(r"dw\d+(?:-\d+)?", text)[0], re.search(r"\b\w{4}-\w{4}-\w{4}\b", text)[0]


def test_an_administrator_opens_a_clerks_account_and_the_clerk_works_with_the_rights_she_was_given(hall):
    admin = hall.signed_in("donghu01").new_page()
    admin.goto(f"{hall.address}/employer/clerks/")
    admin.get_by_label("姓名").fill("李娜")
    admin.get_by_label("缴费经办", exact=True).check()
    admin.get_by_role("button", name="开通账户").click()
    username, password = slip_of(admin, "生成密码条（PDF）")

    clerk = hall.visitor().new_page()
    signs_in(clerk, hall, username, password)
    clerk.locator("#id_old").fill(password)
    clerk.locator("#id_new").fill(NEW)
    clerk.locator("#id_again").fill(NEW)
    clerk.get_by_role("button", name="修改密码").click()
    clerk.get_by_label("我已阅读并同意").check()
    clerk.get_by_role("button", name="同意并继续").click()
    expect(clerk.get_by_role("heading", name="工作台")).to_be_visible()
    forbidden = f"{hall.address}/filing/enrol-employees/new/"
    assert clerk.goto(forbidden).status == 403

    admin.reload()
    admin.get_by_label("业务经办", exact=False).first.check()
    admin.get_by_role("button", name="保存权限").click()
    expect(admin.get_by_text("李娜 的权限已更新，立即生效")).to_be_visible()
    assert clerk.goto(forbidden).status == 200

    # She forgot her password: the page says who helps, and he does.
    other = hall.visitor().new_page()
    other.goto(f"{hall.address}/login/employer/")
    other.get_by_role("link", name="忘记密码？").click()
    expect(other.get_by_text("普通经办人：请本单位管理员登录后")).to_be_visible()
    admin.get_by_role("row").filter(has_text="李娜").get_by_role("link", name="管理").click()
    _username, anew = slip_of(admin, "生成密码条（PDF）")
    signs_in(other, hall, username, anew)
    expect(other.get_by_role("heading", name="修改密码")).to_be_visible()
    assert "/login/" in clerk.goto(f"{hall.address}/employer/").url

    admin.reload()
    admin.get_by_role("button", name="停用，立即退出登录").click()
    expect(admin.get_by_role("row").filter(has_text="李娜")).to_contain_text("已停用")
    other.reload()
    expect(other.get_by_role("heading", name="登录", exact=True)).to_be_visible()
    signs_in(other, hall, username, anew)
    expect(other.get_by_role("alert")).to_be_visible()


def signs_in(page: Page, hall: Hall, username: str, password: str) -> None:
    page.goto(f"{hall.address}/login/employer/")
    page.get_by_label("用户名").fill(username)
    page.locator("#id_password").fill(password)
    page.locator("main form").get_by_role("button", name="登录").click()
