"""A roster of thousands in the browser: the clerk's own workbook comes back red, is mended, and goes through."""

import re
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser import looking, trips
from tests.browser.halls import Hall

pytestmark = pytest.mark.browser

CLERK, OFFICER = "qingchuan01", "jiangan01"
ROWS = 2_040  # more than are submitted while the page waits
RED = "FFFFC9C7"
PATIENCE = 120_000  # milliseconds that a job may take on a busy machine


def test_thousands_of_rows_are_mended_submitted_and_decided_with_progress(hall, tmp_path):
    clerk = hall.signed_in(CLERK).new_page()
    number = upload(clerk, hall, tmp_path)
    mend(clerk, tmp_path)
    submit(clerk, hall, number)
    decide(hall, number)
    clerk.goto(f"{hall.address}/filing/case/{number}/status/")
    expect(clerk.locator("#state")).to_contain_text("结束")
    expect(clerk.locator("#state")).to_contain_text(f"审核通过 {ROWS:,} 人")
    clerk.goto(f"{hall.address}/employer/?list=done&state=approved")
    expect(clerk.locator("#done-list")).to_contain_text(number)
    clerk.context.close()
    assert "不成立" not in hall.run("bin/books", "check")


def upload(page: Page, hall: Hall, folder: Path) -> str:
    """A workbook of the clerk's own, with another sheet and two lines that can't go on; answers the case's number."""
    lines = trips.hires(trips.strangers(ROWS, after=20), faulty={3, 7})
    lines[5]["申领社会保障卡"] = "是"
    for line in lines:
        line.setdefault("申领社会保障卡", "")
    file = trips.filled_in(None, lines, folder / "晴川.xlsx")
    book = load_workbook(file)
    book.create_sheet("通讯录")["A1"] = "办公室"
    book.save(file)
    hand_in(page, f"{hall.address}/filing/enrol-employees/batch/", file)
    expect(page.locator(".impsum .bad b")).to_have_text("3", timeout=PATIENCE)
    expect(page.get_by_role("heading", name="1 人还缺相片")).to_be_visible()
    return re.search(r"\d{20}", page.locator("main").inner_text())[0]


def hand_in(page: Page, address: str, file: Path) -> None:
    page.goto(address)
    page.locator("input[name=file]").set_input_files(file)
    page.get_by_role("button", name="上传名单").click()
    expect(page.locator("#roster")).to_contain_text(re.compile("读取|检查|可以提交"))


def mend(page: Page, folder: Path) -> None:
    """What is red is put right in the very file; nothing else is taken."""
    address = page.url
    with page.expect_download(timeout=PATIENCE) as download:
        page.get_by_role("link", name=re.compile("下载标红的 晴川")).click()
    download.value.save_as(folder / "标红.xlsx")
    book = load_workbook(folder / "标红.xlsx")
    assert book.sheetnames[-1] == "通讯录"
    sheet = book["名单"] if "名单" in book.sheetnames else book.worksheets[0]
    right = trips.hires(trips.strangers(ROWS, after=20))
    heads = [cell.value for cell in sheet[1]]
    assert {cell.coordinate for cell in sheet[5] if cell.fill.fgColor.rgb == RED} == {"A5", "C5", "D5"}
    for place in (3, 7):
        for column, head in enumerate(heads, 1):
            if head in right[place]:
                sheet.cell(place + 2, column).value = right[place][head]
    sheet.cell(7, heads.index("申领社会保障卡") + 1).value = "否"
    book.save(folder / "改好.xlsx")
    hand_in(page, address, folder / "改好.xlsx")
    expect(page.get_by_text("这份文件里改过或新增的 3 行已重新检查")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".impsum .ok b")).to_have_text(f"{ROWS:,}")


def submit(page: Page, hall: Hall, number: str) -> None:
    page.get_by_role("link", name=re.compile("核对并提交")).click()
    page.locator("#id_declared").check()
    bar = page.locator("#state progress")
    with hall.worker_resting():
        page.get_by_role("button", name=re.compile("提交审批")).click()
        expect(bar).to_have_attribute("max", str(ROWS))
    expect(page.locator("#state")).to_contain_text("待窗口审核", timeout=PATIENCE)
    expect(bar).to_have_count(0)


def decide(hall: Hall, number: str) -> None:
    page = hall.signed_in(OFFICER).new_page()
    page.goto(f"{hall.address}/office/review/{number}/")
    with hall.worker_resting():
        page.get_by_role("button", name=re.compile("全部通过")).click()
        expect(page.locator("#errand progress")).to_have_attribute("max", str(ROWS))
    expect(page.locator("#detail")).to_contain_text("结束", timeout=PATIENCE)
    expect(page.locator("#errand")).to_have_count(0, timeout=PATIENCE)
    page.context.close()


@dataclass
class Reading:
    """A workbook that is being read, as slowly as a test wants: the worker needs its case for each step."""

    hold: psycopg.Connection
    case_id: int

    @classmethod
    @contextmanager
    def held(cls, hall: Hall):
        """The workbook handed in last; it is read to its end after the block."""
        with psycopg.connect(hall.database) as hold:
            (case_id,) = hold.execute("SELECT case_id FROM casework_upload ORDER BY id DESC").fetchone()
            reading = cls(hold, case_id)
            reading._take()
            yield reading

    def _take(self) -> int:
        self.hold.execute("SELECT FROM casework_case WHERE id = %s FOR UPDATE", [self.case_id])
        found = self.hold.execute(
            "SELECT lines_read FROM casework_upload WHERE case_id = %s ORDER BY id DESC", [self.case_id]
        )
        return found.fetchone()[0]

    def goes_on(self) -> None:
        """A step or two, out of ten."""
        before = self._take()

        def moved():
            self.hold.commit()
            return self._take() != before

        until(moved)

    def is_next_but_one(self) -> None:
        """Until somebody else waits for the case behind the worker."""
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        until(lambda: self.hold.execute(waiting).fetchone()[0] >= 2)


def until(true) -> None:
    end = time.monotonic() + PATIENCE / 1000
    while not true():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)


def test_reading_shows_how_far_it_is_goes_on_without_its_page_and_can_be_stopped(hall, tmp_path):
    page = hall.signed_in(CLERK).new_page()
    address = f"{hall.address}/filing/enrol-employees/batch/"
    lines = trips.hires(trips.strangers(1_000, after=2_100))
    file = trips.filled_in(None, lines, tmp_path / "一千人.xlsx")
    bar = page.locator(".reading progress")
    with ExitStack() as held:
        with hall.worker_resting():
            hand_in(page, address, file)
            expect(bar).to_be_in_viewport()
            reading = held.enter_context(Reading.held(hall))
        reading.goes_on()
        expect(page.locator(".reading")).to_contain_text(re.compile(r"已读 [\d,]+ / 1,000 行"))
        expect(bar).to_have_attribute("max", "100")
        before = int(bar.get_attribute("value"))
        roster = page.url
        page.goto(f"{hall.address}/employer/")
        expect(page.locator("#todo-list")).to_contain_text("正在读取名单")
        reading.goes_on()
        page.goto(roster)
        page.wait_for_function(f"Number(document.querySelector('.reading progress')?.value) > {before}")
        page.get_by_role("button", name="停止读取").click(no_wait_after=True)
        reading.is_next_but_one()
    expect(page.get_by_text("已按您的要求停止读取，这份文件里的行都没有收")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".impsum")).to_have_count(0)
    page.goto(f"{hall.address}/employer/")
    expect(page.locator("#todo-list")).not_to_contain_text("正在读取名单")
    page.context.close()


def test_failed_rows_are_deleted_on_the_page_or_with_their_lines(hall, tmp_path):
    page = hall.signed_in(CLERK, looking.VIEWS[1]).new_page()
    address = f"{hall.address}/filing/enrol-employees/batch/"
    lines = trips.hires(trips.strangers(12, after=3_000), faulty={1, 4, 6, 9})
    file = trips.filled_in(None, lines, tmp_path / "十二人.xlsx")
    hand_in(page, address, file)
    expect(page.locator(".impsum .bad b")).to_have_text("4", timeout=PATIENCE)
    roster = page.url
    page.get_by_role("checkbox", name=re.compile("选择第 3 行")).check()
    page.get_by_role("button", name="删除所选").first.click()
    expect(page.get_by_text("已删除 1 行")).to_be_visible()
    with page.expect_download(timeout=PATIENCE) as download:
        page.get_by_role("link", name=re.compile("下载标红的 十二人")).click()
    download.value.save_as(tmp_path / "标红.xlsx")
    book = load_workbook(tmp_path / "标红.xlsx")
    sheet = book.active
    assert sheet.cell(6, sheet.max_column).value.startswith("编号 6："), "the number of the margin"
    sheet.delete_rows(6)
    book.save(tmp_path / "改好.xlsx")
    hand_in(page, roster, tmp_path / "改好.xlsx")
    expect(page.get_by_text("您从文件里删去的 1 行失败的行，也从名单里删除了")).to_be_visible(
        timeout=PATIENCE
    )
    expect(page.locator(".impsum .bad b")).to_have_text("2")
    page.get_by_text("全部删除").click()
    page.get_by_role("button", name="删除失败的 2 行").click()
    expect(page.get_by_text("已删除 2 行")).to_be_visible()
    expect(page.locator(".impsum .ok b")).to_have_text("8")
    page.context.close()


def test_a_form_saves_itself_while_it_is_filled_in(hall):
    page = hall.signed_in(CLERK, looking.VIEWS[0]).new_page()
    page.goto(f"{hall.address}/filing/enrol-employees/new/")
    page.get_by_label("身份证号码").fill(trips.strangers(1, after=4_000)[0])
    page.locator("#id_name").fill("陈思远")
    page.locator("#id_hired_on").click()
    expect(page.locator("#autosave")).to_contain_text("已自动存为草稿")
    with page.expect_response(lambda answer: "=6500" in (answer.request.post_data or "")):
        page.locator("#id_hired_on").fill("2026-11-02")
        page.locator("#id_wage").fill("6500")
        page.locator("#id_hired_on").click()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="信息已保存")).to_be_visible()
    page.goto(f"{hall.address}/employer/")
    expect(page.locator("#todo-list tbody").filter(has_text="陈*远")).to_have_count(1)
    page.context.close()
