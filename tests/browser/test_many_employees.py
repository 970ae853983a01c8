"""个人工资年度申报 of 50,000 employees in one workbook, from the template to what counts, all in a browser (EMP-11).

Only `bin/test --all` runs it; it takes some minutes. With `-s` it tells the seconds of each stage.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser import crowd, trips
from tests.browser.halls import Hall
from tests.browser.looking import PATIENCE
from tests.browser.trips import ROSTER

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EMPLOYEES = 50_000
OFFICER = "jiangan01"
SOON, LONG = 60_000, 1_800_000  # milliseconds: of a page, of a job with all the rows
NOT_A_NUMBER, RENAMED, LOW, LEFT_OUT = "七千", "改了名", "1800", 12
BAD_WAGES, BAD_NAMES, ADDED, LOW_WAGES = 60, 30, 10, 25  # lines of the workbook
TOO_HIGH = "请核对：与工资表不符"
TOO_LOW = "请说明：低于最低缴费基数"


class Stages:
    """How long each stage took, told and never judged."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began
        print(f"{name:44} {self.seconds[name]:8.1f} s", flush=True)


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """Pages of so large a case may be waited for, on a busy machine too."""
    expect.set_options(timeout=SOON)
    yield
    expect.set_options(timeout=PATIENCE)


@pytest.fixture
def stage() -> Stages:
    return Stages()


def test_fifty_thousand_wages_are_declared_and_decided(hall: Hall, tmp_path: Path, stage: Stages):
    with stage("scene: the employer and its people"):
        hall.run(".venv/bin/python", "-m", "tests.browser.crowd", str(EMPLOYEES), patience=1_800)
    clerk = hall.signed_in(crowd.CLERK).new_page()
    clerk.set_default_timeout(SOON)
    template = download_template(clerk, hall, tmp_path, stage)
    lines = list(read(template))
    assert len(lines) == EMPLOYEES

    with stage("fill in the template (openpyxl)"):
        filled = fill_in(template, tmp_path / "申报表.xlsx")
    sent = EMPLOYEES - LEFT_OUT + ADDED
    bad = BAD_WAGES + BAD_NAMES + ADDED
    upload(clerk, filled, stage, "upload, read and check", watched=True)
    expect(clerk.locator(".impsum .ok b")).to_have_text(f"{sent - bad:,}")
    expect(clerk.locator(".impsum .bad b")).to_have_text(f"{bad:,}")
    roster = clerk.url

    with stage("download own workbook with red cells"):
        with clerk.expect_download(timeout=LONG) as marked:
            clerk.get_by_role("link", name="下载标红的").click()
        marked.value.save_as(tmp_path / "标红.xlsx")
    with stage("mend the wages (openpyxl)"):
        mended = mend(tmp_path / "标红.xlsx", tmp_path / "改好.xlsx")
    upload(clerk, mended, stage, "upload again, read and check what changed")
    good = sent - bad + BAD_WAGES
    expect(clerk.locator(".impsum .ok b")).to_have_text(f"{good:,}")

    with stage("find one by number, and delete him"):
        delete(clerk, lines[-1][0])
        good -= 1
        expect(clerk.locator(".impsum .ok b")).to_have_text(f"{good:,}")
    with stage("those below the floor alone"):
        clerk.get_by_role("link", name="有提醒").click()
        expect(clerk.locator("tr.row-note")).to_have_count(20)
    with stage("next page of the list"):
        clerk.goto(roster)
        clerk.get_by_role("link", name="下一页").last.click()
        expect(clerk.get_by_role("link", name="上一页").last).to_be_visible()

    number = submit(clerk, stage)
    decide(hall, number, lines[5][0], stage)
    approved = good - LOW_WAGES - 1
    with stage("the clerk reads how it came out"):
        clerk.goto(f"{hall.address}/filing/case/{number}/status/")
        words = f"{approved:,} 人已通过，{LOW_WAGES + 1 + BAD_NAMES + ADDED} 人被回退"
        expect(clerk.locator("#state")).to_contain_text(words)
        clerk.goto(f"{hall.address}/employer/")
        expect(clerk.locator("#todo-list tbody").filter(has_text=number)).to_contain_text("被回退")
    with stage("results as a workbook"):
        clerk.goto(f"{hall.address}/filing/case/{number}/status/")
        with clerk.expect_download(timeout=LONG) as results:
            clerk.get_by_role("link", name="下载结果").click()
        results.value.save_as(tmp_path / "结果.xlsx")
    assert sum(1 for _line in read(tmp_path / "结果.xlsx")) == sent - 1

    # Whoever isn't declared yet, and nobody else, is on the next template; that case is taken back.
    rest = download_template(clerk, hall, tmp_path, stage)
    assert len(list(read(rest))) == EMPLOYEES - approved
    upload(clerk, rest, stage, "upload the rest")
    with stage("take the second case back"):
        clerk.get_by_role("link", name="退单").first.click()
        clerk.get_by_role("button", name=re.compile("退单")).click()
        expect(clerk.get_by_text("已退单").first).to_be_visible()
    with stage("roster: the new wage counts"):
        clerk.goto(f"{hall.address}/employer/roster/?q={lines[100][0]}")
        expect(clerk.locator("main")).to_contain_text("7,100.00")
    with stage("books check"):
        assert "不成立" not in hall.run("bin/books", "check", patience=1_800)
    print(f"{'all':44} {sum(stage.seconds.values()):8.1f} s")


def download_template(clerk: Page, hall: Hall, folder: Path, stage: Stages) -> Path:
    with stage("open the service"):
        clerk.goto(f"{hall.address}/filing/declare-wages/")
    with stage("download the template"):
        with clerk.expect_download(timeout=LONG) as download:
            clerk.get_by_role("link", name="下载模板（xlsx）").click()
        file = folder / "模板.xlsx"
        download.value.save_as(file)
    return file


def read(file: Path) -> Iterator[tuple]:
    book = load_workbook(file, read_only=True)
    yield from book[ROSTER].iter_rows(min_row=2, values_only=True)
    book.close()


def fill_in(template: Path, file: Path) -> Path:
    """New wages for all; some lines are wrong, some below the floor, some people are left out."""
    book = load_workbook(template)
    sheet = book[ROSTER]
    for place, line in enumerate(sheet.iter_rows(min_row=2)):
        kind, turn = place % (EMPLOYEES // 100), place // (EMPLOYEES // 100)
        line[3].value = str(7_000 + place % 900)
        if kind == 7 and turn < BAD_WAGES:
            line[3].value = NOT_A_NUMBER
        elif kind == 27 and turn < BAD_NAMES:
            line[1].value = RENAMED
        elif kind == 47 and turn < LOW_WAGES:
            line[3].value = LOW
    sheet.delete_rows(2 + 60, LEFT_OUT)
    for number in trips.strangers(ADDED):
        sheet.append([number, "外来人", "", "7000"])
    book.save(file)
    return file


def mend(marked: Path, file: Path) -> Path:
    """What came back with red cells: the wages put right, the altered names left for later."""
    book = load_workbook(marked)
    for line in book[ROSTER].iter_rows(min_row=2):
        if line[3].value == NOT_A_NUMBER:
            line[3].value = "7000"
    book.save(file)
    return file


def upload(clerk: Page, file: Path, stage: Stages, name: str, *, watched: bool = False) -> None:
    """Hand it in, and see it read to its end; `watched`, there is time to see how far it is."""
    with stage(name):
        clerk.locator("input[type=file]").set_input_files(file)
        clerk.get_by_role("button", name="上传名单").click()
        if watched:
            expect(
                clerk.get_by_text(re.compile(r"已读 [\d,]+ / [\d,]+ 行|正在逐行检查")).first
            ).to_be_visible()
        expect(clerk.get_by_role("heading", name="导入结果")).to_be_visible(timeout=LONG)


def delete(clerk: Page, number: str) -> None:
    clerk.locator("#rq").fill(number)
    clerk.get_by_role("button", name="查找").click()
    expect(clerk.locator("input[name=row]")).to_have_count(1)
    clerk.locator("input[name=row]").check()
    clerk.get_by_role("button", name="删除所选").click()


def submit(clerk: Page, stage: Stages) -> str:
    with stage("check page"):
        clerk.get_by_role("link", name=re.compile("核对并提交")).click()
        clerk.locator("#id_declared").check()
    with stage("submit: until the page says that it goes on"):
        clerk.get_by_role("button", name=re.compile("提交审批")).click()
        expect(clerk.locator("#state progress")).to_be_visible()
    number = re.search(r"\d{20}", clerk.locator("main").inner_text())[0]
    with stage("submit: all rows checked again"):
        expect(clerk.locator("#state")).to_contain_text("待窗口审核", timeout=LONG)
    return number


def decide(hall: Hall, number: str, one: str, stage: Stages) -> None:
    """One row is found and sent back, those below the floor are sent back together, all others approved."""
    officer = hall.signed_in(OFFICER).new_page()
    officer.set_default_timeout(SOON)
    with stage("officer opens the case"):
        officer.goto(f"{hall.address}/office/review/{number}/")
    with stage("officer finds one by number, and sends him back"):
        officer.locator("#dq").fill(one)
        officer.locator("#detail").get_by_role("button", name="查找").click()
        expect(officer.locator("select[name^=verdict]")).to_have_count(1)
        officer.locator("select[name^=verdict]").select_option("return")
        officer.locator("#id_reason").fill(TOO_HIGH)
        officer.get_by_role("button", name="保存本页结论").click()
        expect(officer.get_by_text("结论已保存：1 人回退").first).to_be_visible()
        officer.goto(f"{hall.address}/office/review/{number}/")
    with stage("officer sends back who is below the floor"):
        officer.get_by_role("link", name="有提醒").click()
        below = officer.locator("select[name^=verdict]")
        expect(officer.get_by_text("申报工资低于下限，按下限计算").first).to_be_visible()
        expect(below).to_have_count(LOW_WAGES)
        officer.locator("#id_reason").fill(TOO_LOW)
        officer.get_by_role("button", name="本页全部回退").click()
        expect(officer.get_by_text(f"结论已保存：{LOW_WAGES} 人回退").first).to_be_visible()
        expect(below).to_have_count(0)
        officer.locator("#detail").get_by_role("link", name=re.compile("^全部")).click()
    with stage("officer approves all others"):
        officer.get_by_role("button", name=re.compile("全部通过")).click()
        expect(officer.locator("#errand progress")).to_be_visible()
        expect(officer.locator("#errand")).to_have_count(0, timeout=LONG)
        expect(officer.get_by_text("0 人待审").first).to_be_visible()
