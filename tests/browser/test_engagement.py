"""An office opens a counter; a clerk books and moves an appointment by keyboard, and reports a problem."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import looking
from tests.browser.halls import Hall

pytestmark = pytest.mark.browser
CLERK, OFFICER, REGISTRAR = "qingchuan01", "jiangan01", "jiangan03"
PICTURES = os.environ.get("SHEBAO_PICTURES", "")  # a folder, to look at the pages oneself
NUMBER = re.compile(r"\d{11}")


@dataclass(frozen=True)
class Trip:
    """What the clerk went through, by its numbers."""

    visit: str
    problem: str


@pytest.fixture(scope="module")
def trip(hall) -> Trip:
    open_a_counter(hall)
    clerk = hall.signed_in(CLERK).new_page()
    visit = book(hall, clerk)
    move(hall, clerk)
    officer = hall.signed_in(OFFICER).new_page()
    expect_at_the_desk(hall, officer, visit)
    problem = report(hall, clerk)
    answer(hall, officer, problem)
    close(hall, clerk, problem)
    clerk.context.close()
    officer.context.close()
    return Trip(visit, problem)


def test_a_visit_and_a_problem_from_both_sides_of_the_counter(hall, trip):
    """The way itself is `trip`; at its end the officer reads that the clerk was content."""
    officer = go(hall.signed_in(OFFICER).new_page(), hall, f"/office/problems/{trip.problem}/")
    expect(officer.locator(".idline")).to_contain_text("已办结")
    officer.context.close()


def test_the_pages_on_both_sides_are_sound(hall, trip):
    """Each in one view: by turns on a desktop, and on a phone in 长者模式."""
    views = [view for view in looking.VIEWS if view.name in ("desktop", "elder-phone")]
    wrongs = [
        wrong for turn, view in enumerate(views) for wrong in unsound(hall, view, trip, turn, len(views))
    ]
    assert not wrongs, "\n".join(wrongs)


@pytest.mark.slow
@pytest.mark.parametrize("view", looking.VIEWS, ids=lambda view: view.name)
def test_every_page_is_sound_in_every_view(hall, trip, view):
    assert not (wrongs := unsound(hall, view, trip)), "\n".join(wrongs)


def go(page: Page, hall: Hall, path: str) -> Page:
    page.goto(f"{hall.address}{path}")
    return page


def open_a_counter(hall: Hall) -> None:
    page = go(hall.signed_in(REGISTRAR).new_page(), hall, "/office/appointments/setup/")
    page.get_by_role("link", name="增加窗口").click()
    page.get_by_label("窗口名称").fill("1 号窗口")
    page.get_by_label("材料审核").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("rowheader", name="1 号窗口")).to_be_visible()
    page.context.close()


def book(hall: Hall, page: Page) -> str:
    """From the papers on the bench to the slip; the time is chosen with the keyboard alone."""
    go(page, hall, "/employer/").get_by_role("link", name="预约材料审核").click()
    page.get_by_role("link", name=re.compile("^选时间")).click()
    page.get_by_role("link", name=re.compile("11 月 16 日上午")).click()
    page.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("手机号码").fill("13100000000")
    page.get_by_role("button", name="确认预约").click()
    expect(page.get_by_role("heading", name="预约单")).to_be_visible()
    expect(page.locator(".ticket")).to_contain_text("2026-11-16")
    expect(page.locator(".ticket")).to_contain_text("09:20")
    return NUMBER.search(page.locator(".idline").inner_text())[0]


def move(hall: Hall, page: Page) -> None:
    page.get_by_role("link", name="改约").click()
    page.get_by_role("link", name=re.compile("11 月 13 日下午")).click()
    page.get_by_role("radio", name=re.compile("14:10")).check()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认改约").click()
    expect(page.get_by_text("已改约，预约号不变")).to_be_visible()
    expect(page.locator(".ticket")).to_contain_text("14:10")
    with page.expect_download() as download:
        page.get_by_role("link", name="打印预约单（PDF）").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")


def expect_at_the_desk(hall: Hall, page: Page, number: str) -> None:
    go(page, hall, "/office/appointments/?day=2026-11-13")
    row = page.get_by_role("row").filter(has_text=number)
    expect(row).to_contain_text("已预约")
    expect(row).to_contain_text("14:10")


def report(hall: Hall, page: Page) -> str:
    go(page, hall, "/problems/").get_by_role("link", name="报告问题").first.click()
    page.get_by_role("button", name="发送报告").click()
    expect(page.get_by_role("link", name="报告业务名称：请选报告业务名称")).to_be_visible()
    page.get_by_label("报告业务名称").select_option(label="缴费、到账与欠费")
    page.get_by_label("问题描述").fill("十月已缴费，仍显示欠费")
    page.get_by_role("button", name="发送报告").click()
    expect(page.get_by_text("承诺 11 月 19 日前答复")).to_be_visible()
    return NUMBER.search(page.locator(".idline").inner_text())[0]


def answer(hall: Hall, page: Page, number: str) -> None:
    go(page, hall, "/office/problems/")
    page.get_by_role("row").filter(has_text=number).get_by_role("link", name="打开").click()
    page.get_by_label("答复内容").fill("已到账，明天更新。")
    page.get_by_role("button", name="发送答复").click()
    expect(page.get_by_text("答复已发送")).to_be_visible()


def close(hall: Hall, page: Page, number: str) -> None:
    go(page, hall, f"/problems/{number}/")
    expect(page.get_by_text("已到账，明天更新。")).to_be_visible()
    page.get_by_role("radio", name="很满意", exact=True).check()
    page.get_by_role("button", name="解决了，办结").click()
    expect(page.locator(".idline")).to_contain_text("已办结")


def unsound(hall: Hall, view: looking.View, trip: Trip, turn: int = 0, turns: int = 1) -> list[str]:
    """What a machine finds wrong with the pages, as their users see them; of every `turns` pages that one."""
    pages = [
        (CLERK, "/appointments/"),
        (CLERK, "/appointments/new/papers/"),
        (CLERK, "/appointments/new/papers/420102/"),
        (CLERK, "/appointments/new/papers/420102/confirm/?day=2026-11-16&time=10:00"),
        (CLERK, "/problems/new/"),
        (CLERK, f"/appointments/{trip.visit}/"),
        (OFFICER, f"/office/problems/{trip.problem}/"),
        (CLERK, f"/problems/{trip.problem}/"),
        (OFFICER, "/office/appointments/?day=2026-11-13"),
        (OFFICER, "/office/problems/"),
        (REGISTRAR, "/office/appointments/setup/counters/0/"),
        (REGISTRAR, "/office/appointments/setup/closures/new/"),
    ]
    wrongs = []
    contexts = {}
    for who, path in pages[turn::turns]:
        users = contexts.get(who) or contexts.setdefault(who, hall.signed_in(who, view))
        name = re.sub(r"\W+", "-", path.partition("?")[0]).strip("-")
        picture = PICTURES and Path(PICTURES) / f"{name}-{view.name}.png"
        page = users.new_page()
        seen = looking.look(page, f"{hall.address}{path}", view, picture)
        page.close()
        wrongs += [f"{path}: {seen.status}"] if seen.status != 200 else seen.wrongs
    for users in contexts.values():
        users.close()
    return wrongs
