"""The main job from end to end, in a browser: hires become insured, billed, paid, and stand on a signed statement.

One hall, its real worker, and everybody who has a part in it, one after the other. Each step begins where the one
before it ended.
"""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser import trips
from tests.browser.halls import Hall, answer_the_question, log_in

pytestmark = pytest.mark.browser

CLERK, TRUSTED, OFFICER, CASHIER = "changqiao01", "donghu01", "jiangan01", "jiangan02"
NEW = "Hubu-Alley-1"
PATIENCE = 60_000  # milliseconds that a job may take on a busy machine
REASON = "劳动合同缺少单位公章，请补盖后重新提交"


@pytest.mark.parametrize("size", [60, pytest.param(3000, marks=pytest.mark.slow)])
def test_from_the_first_hire_to_a_statement_that_a_stranger_verifies(hall, tmp_path, size):
    one, *others = trips.strangers(8)
    many = trips.strangers(size, after=8)
    clerk = first_log_in(hall)
    hire_one(clerk, hall, one)
    batch = hire_many(clerk, hall, many, tmp_path)
    hire_from_an_old_workbook(clerk, hall, others[:3], tmp_path)
    trusted_rows_go_through_by_themselves(hall, others[3:7], tmp_path)
    review(hall, clerk, batch)
    pause(clerk, hall)
    amount = run_the_month(hall)
    assert amount > 0
    slip = make_a_slip(clerk, hall)
    take_receipts_in(hall, clerk, slip, tmp_path)
    clerk.context.close()
    statement = insured_person_fetches_a_statement(hall, tmp_path)
    stranger_verifies(hall, statement)
    assert "不成立" not in hall.run("bin/books", "check")


def opened(page: Page, hall: Hall, path: str) -> Page:
    page.goto(f"{hall.address}{path}")
    return page


def number_of(page: Page) -> str:
    return re.search(r"\d{20}", page.locator("main").inner_text())[0]


def first_log_in(hall: Hall) -> Page:
    """The password on the slip of paper is changed, the terms are read, and the bench is empty."""
    page = hall.visitor().new_page()
    log_in(page, hall.address, CLERK, hall.city["password"])
    page.get_by_label("原密码").fill(hall.city["password"])
    page.locator("#id_new").fill(NEW)
    page.locator("#id_again").fill(NEW)
    page.get_by_role("button", name="修改密码").click()
    page.get_by_label("我已阅读并同意").check()
    page.get_by_role("button", name="同意并继续").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    expect(page.get_by_text("没有待办任务", exact=True)).to_be_visible()
    return page


def hire_one(page: Page, hall: Hall, number: str) -> None:
    """Enter, check answers, save, submit, status."""
    opened(page, hall, "/employer/").get_by_role("link", name="增员（续保）").first.click()
    page.get_by_label("身份证号码").fill(number)
    page.locator("#id_name").fill("陈思远")
    page.locator("#id_hired_on").fill("2026-11-02")
    page.locator("#id_wage").fill("0")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("月申报工资须大于 0").first).to_be_visible()
    page.locator("#id_wage").fill("6500")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="信息已保存")).to_be_visible()
    submit(page)
    expect(page.locator("#state")).to_contain_text("待窗口审核")


def submit(page: Page) -> None:
    page.locator("#id_declared").check()
    page.get_by_role("button", name=re.compile("提交审批")).click()
    expect(page.locator("#state")).to_be_visible()


def upload(page: Page, hall: Hall, file: Path, service: str = "enrol-employees") -> None:
    opened(page, hall, f"/filing/{service}/batch/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="上传名单").click()
    expect(page.get_by_text("行可以提交")).to_be_visible(timeout=PATIENCE)


def hire_many(page: Page, hall: Hall, numbers: list[str], folder: Path) -> str:
    """The downloaded template, filled in with good and bad rows: answers the case's number, submitted."""
    opened(page, hall, "/filing/enrol-employees/batch/")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载模板（xlsx）").click()
    template = Path(download.value.path()).read_bytes()
    faulty = set(range(3, len(numbers), 10))
    upload(page, hall, trips.filled_in(template, trips.hires(numbers, faulty=faulty), folder / "名单.xlsx"))
    good, bad = len(numbers) - len(faulty), len(faulty)
    expect(page.locator(".impsum .ok b")).to_have_text(f"{good:,}")
    expect(page.locator(".impsum .bad b")).to_have_text(f"{bad:,}")
    first = page.get_by_role("row").filter(has_text="第 5 行")
    expect(first.get_by_role("listitem")).to_have_count(3)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载导入失败列表").click()
    kept = folder / "失败.xlsx"
    download.value.save_as(kept)
    book = load_workbook(kept)
    reasons = [row[-1] for row in book["名单"].iter_rows(min_row=2, values_only=True)]
    book.close()
    assert len(reasons) == bad
    assert all("身份证号码" in reason and "用工起始日期" in reason for reason in reasons)
    page.get_by_placeholder("身份证号码，可以只输前几位").fill(numbers[0])
    page.get_by_role("button", name="查找").click()
    boxes = page.locator("input[name=row]")
    expect(boxes).to_have_count(1)
    boxes.check()
    page.get_by_role("button", name="删除所选").click()
    expect(page.locator(".impsum .ok b")).to_have_text(f"{good - 1:,}")
    page.get_by_role("link", name=re.compile("核对并提交")).click()
    expect(page.get_by_role("heading", name=f"有 {bad} 人不会提交")).to_be_visible()
    submit(page)
    expect(page.locator("#state")).to_contain_text("待窗口审核", timeout=PATIENCE)
    return number_of(page)


def hire_from_an_old_workbook(page: Page, hall: Hall, numbers: list[str], folder: Path) -> None:
    upload(page, hall, trips.old_workbook(trips.hires(numbers), folder / "名单.xls"))
    expect(page.locator(".impsum .ok b")).to_have_text(f"{len(numbers):,}")
    page.get_by_role("link", name=re.compile("核对并提交")).click()
    submit(page)


def trusted_rows_go_through_by_themselves(hall: Hall, numbers: list[str], folder: Path) -> None:
    """All but the flagged one, which was hired long ago."""
    page = hall.signed_in(TRUSTED).new_page()
    lines = trips.hires(numbers)
    lines[-1]["用工起始日期"] = "2026-09-15"
    upload(page, hall, trips.filled_in(None, lines, folder / "东湖.xlsx"))
    page.get_by_role("link", name=re.compile("核对并提交")).click()
    expect(page.get_by_text("1 人需要经办人员核对")).to_be_visible()
    submit(page)
    expect(page.locator("#state")).to_contain_text("已处理 3 人，还有 1 人待审核", timeout=PATIENCE)
    opened(page, hall, "/employer/roster/")
    expect(page.get_by_role("row")).to_have_count(1 + 3)
    page.context.close()


def review(hall: Hall, clerk: Page, batch: str) -> None:
    """One is approved, all are approved, some are sent back row by row; those are on the clerk's to-do list again."""
    page = hall.signed_in(OFFICER).new_page()
    opened(page, hall, "/office/review/").locator(".queue a").filter(has_text="1 人").filter(
        has_text="长桥"
    ).first.click()
    page.get_by_role("button", name="保存本页结论").click()
    expect(page.get_by_text("结论已保存：1 人通过")).to_be_visible()
    opened(page, hall, "/office/review/").locator(".queue a").filter(has_text="3 人").filter(
        has_text="长桥"
    ).first.click()
    page.get_by_role("button", name=re.compile("全部通过")).click()
    expect(page.get_by_text("结论已保存：3 人通过")).to_be_visible()

    opened(page, hall, f"/office/review/{batch}/")
    verdicts = page.locator("select[name^=verdict]")
    for place in (0, 1):
        verdicts.nth(place).select_option("return")
    page.get_by_role("button", name="保存本页结论").click()
    expect(page.get_by_text("请填写回退原因").first).to_be_visible()
    page.locator("#id_reason").fill(REASON)
    page.get_by_role("button", name="保存本页结论").click()
    expect(page.get_by_text("2 人回退").first).to_be_visible()
    rest = page.get_by_role("button", name=re.compile("全部通过|保存本页结论")).last
    if rest.is_visible():
        rest.click()
        expect(page.locator("select[name^=verdict]")).to_have_count(0, timeout=PATIENCE)
        expect(page.locator("#errand")).to_have_count(0, timeout=PATIENCE)
    page.context.close()

    opened(clerk, hall, "/employer/")
    line = clerk.locator("#todo-list tbody").filter(has_text=batch)
    expect(line).to_contain_text("被回退")
    expect(line).to_contain_text("回退原因")
    expect(line).to_contain_text(REASON)
    line.get_by_role("link", name=re.compile("修改")).click()
    expect(clerk.get_by_text(REASON).first).to_be_visible()


def pause(page: Page, hall: Hall) -> None:
    """Picked from the list of one's own people; who is in arrears can't be ticked, nor uploaded."""
    opened(page, hall, "/filing/pause-employees/pick/")
    owing = page.get_by_role("row").filter(has_text=hall.city["owing"]["name"])
    expect(owing).to_contain_text("存在社会保险欠费，不能办理暂停缴费")
    expect(owing.get_by_role("checkbox")).to_be_disabled()
    page.get_by_role("checkbox", name=f"选择 {hall.city['wu']['name']}").check()
    page.locator("select[name=reason], #id_reason").first.select_option(label="退休")
    page.get_by_role("button", name=re.compile("保存（")).click()
    submit(page)
    number = number_of(page)
    told = {
        "身份证号码": hall.city["owing"]["id_number"],
        "姓名": hall.city["owing"]["name"],
        "暂停原因": "其他",
    }
    refused = trips.filled_in(None, [told], Path(hall.environment["SHEBAO_VAR"]) / "暂停.xlsx")
    upload(page, hall, refused, "pause-employees")
    expect(page.get_by_text("存在社会保险欠费，不能办理暂停缴费").first).to_be_visible()
    officer = hall.signed_in(OFFICER).new_page()
    opened(officer, hall, f"/office/review/{number}/")
    officer.get_by_role("button", name="保存本页结论").click()
    expect(officer.get_by_text("结论已保存：1 人通过")).to_be_visible()
    officer.context.close()


def run_the_month(hall: Hall) -> Decimal:
    """At the desk, and again as the operator: the second run writes nothing. Answers what the month costs in yuan."""
    page = hall.signed_in(CASHIER).new_page()
    opened(page, hall, "/office/ledger/").get_by_role("button", name="运行核定").click()
    expect(page.locator("#run")).to_contain_text("核定人数", timeout=PATIENCE)
    opened(page, hall, "/office/ledger/")
    total = page.locator("table", has_text="养老保险").get_by_role("row").filter(has_text="养老保险")
    amount = Decimal(total.locator("td b").inner_text().replace(",", ""))
    page.context.close()
    hall.run("bin/books", "month", "2026-11")
    return amount


def make_a_slip(page: Page, hall: Hall) -> tuple[str, str]:
    """The bill of the month, and a slip over all that is outstanding: its number and amount."""
    opened(page, hall, "/employer/bills/2026-11/")
    expect(page.get_by_role("row").filter(has_text="陈思远")).to_be_visible()
    opened(page, hall, "/employer/bills/").get_by_role("button", name="生成缴费单").click()
    expect(page.get_by_role("heading", name="缴费单", exact=True)).to_be_visible()
    number = page.locator(".idline b").inner_text()
    amount = page.locator("dl.ledger dd").first.inner_text()
    return number, re.search(r"[\d,]+\.\d\d", amount)[0].replace(",", "")


def take_receipts_in(hall: Hall, clerk: Page, slip: tuple[str, str], folder: Path) -> None:
    """A wrong amount and an unknown slip stay in suspense; the right amount is matched and paid."""
    number, amount = slip
    page = hall.signed_in(CASHIER).new_page()
    lines = [(number, "1.00", "B-wrong"), ("9999999999", "5.00", "B-unknown"), (number, amount, "B-right")]
    opened(page, hall, "/office/ledger/").locator("input[type=file]").set_input_files(
        trips.bank_file(folder / "到账.csv", *lines)
    )
    page.get_by_role("button", name="收文件并匹配").click()
    expect(page.get_by_text("金额不符").first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("凭单号不存在").first).to_be_visible()
    opened(page, hall, "/office/ledger/")
    expect(page.get_by_role("row").filter(has_text="B-wrong")).to_be_visible()
    page.context.close()
    opened(clerk, hall, f"/employer/slips/{number}/")
    expect(clerk.get_by_text("已到账").or_(clerk.get_by_text("已匹配")).first).to_be_visible()


def insured_person_fetches_a_statement(hall: Hall, folder: Path) -> Path:
    """Registers, sees months and balances, asks how an amount was worked out, and downloads a signed PDF."""
    li = hall.city["li"]
    page = hall.visitor().new_page()
    opened(page, hall, "/register/")
    page.get_by_label("身份证号码").fill(li["id_number"])
    page.get_by_label("个人编号").fill(li["personal_number"])
    answer_the_question(page)
    page.get_by_label("我已阅读并同意服务条款").check()
    page.get_by_role("button", name="下一步").click()
    page.locator("#id_name").fill(li["name"])
    page.locator("#id_card_number").fill(li["card"])
    page.locator("#id_fact_value").fill(li["mobile"])
    page.locator("#id_password").fill(NEW)
    page.locator("#id_again").fill(NEW)
    page.get_by_role("button", name="注册").click()
    expect(page.get_by_text("注册成功，您已登录")).to_be_visible()
    page.get_by_role("button", name="退出").first.click()
    log_in(page, hall.address, li["id_number"], NEW)
    expect(page.get_by_role("heading", name="我的参保缴费")).to_be_visible()
    expect(page.locator("figure.chart svg").first).to_be_visible()
    expect(page.get_by_text("共 14 个月")).to_be_visible()
    page.get_by_text("用表格看这些数字").click()
    page.get_by_role("link", name=re.compile("怎么算的 ?：2026-11")).click()
    expect(page.get_by_role("heading", name=re.compile("2026 ?年 ?11 ?月的钱怎么算的"))).to_be_visible()
    expect(page.get_by_text("6,250.00").first).to_be_visible()
    opened(page, hall, "/individual/statements/")
    page.get_by_label("开始月份").fill("2025-10")
    page.get_by_role("button", name="生成并签名").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 PDF").first.click()
    statement = folder / "statement.pdf"
    download.value.save_as(statement)
    page.context.close()
    return statement


def stranger_verifies(hall: Hall, statement: Path) -> None:
    page = hall.visitor().new_page()
    assert verdict_on(page, hall, statement) == "查验一致"
    assert json.loads(hall.run("bin/shebao", "verify", str(statement)))["verdict"] == "genuine"
    content = bytearray(statement.read_bytes())
    content[len(content) // 2] ^= 1
    changed = statement.with_name("changed.pdf")
    changed.write_bytes(content)
    assert verdict_on(page, hall, changed) == "内容被改动"
    assert json.loads(hall.run("bin/shebao", "verify", str(changed), expected=1))["verdict"] == "altered"
    page.context.close()


def verdict_on(page: Page, hall: Hall, file: Path) -> str:
    opened(page, hall, "/verify/").locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="核对文件").click()
    return page.locator("#vr").inner_text()
