"""Every page is sound on each screen: no serious fault for assistive technology, nothing blocked, nothing cut off."""

import os
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from tests.browser import looking
from tests.browser.trips import filled_in, hires, strangers

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("SHEBAO_PICTURES", "")  # a folder, to look at the pages oneself
CLERK, ADMIN, OFFICER, CASHIER = "qingchuan01", "donghu01", "jiangan01", "jiangan02"


def found(page: Page, path: str, link: str) -> str:
    """The address behind the first such link of a page."""
    page.goto(path)
    return page.locator(link).first.get_attribute("href")


@pytest.fixture(scope="module")
def addresses(hall, tmp_path_factory) -> dict[str, tuple[str | None, str]]:
    """The pages by name: who looks, and at which address."""
    clerk = hall.signed_in(CLERK).new_page()
    names = filled_in(None, hires(strangers(6), faulty={2, 4}), tmp_path_factory.mktemp("x") / "名单.xlsx")
    clerk.goto(f"{hall.address}/filing/enrol-employees/batch/")
    clerk.locator("input[type=file]").set_input_files(names)
    clerk.get_by_role("button", name="上传名单").click()
    expect(clerk.get_by_text("行可以提交")).to_be_visible(timeout=60_000)
    batch = clerk.url
    edit = found(clerk, f"{hall.address}/employer/", "#todo-list tr:has-text('黄') a.btn")
    status = found(clerk, f"{hall.address}/employer/", "#done-list th a")
    clerk.goto(urljoin(hall.address, edit))
    edit = clerk.url
    officer = hall.signed_in(OFFICER).new_page()
    review = found(officer, f"{hall.address}/office/review/", ".queue a")
    person = hall.signed_in(hall.city["zhou"]["id_number"]).new_page()
    person.goto(f"{hall.address}/individual/statements/")
    person.get_by_role("button", name="生成并签名").click()
    expect(person.get_by_role("link", name="下载 PDF")).to_be_visible()
    for page in (clerk, officer, person):
        page.context.close()
    zhou = hall.city["zhou"]["id_number"]
    return {
        "home": (None, "/"),
        "guide": (None, "/guides/enrol-employees/"),
        "log-in": (None, "/login/"),
        "bench": (CLERK, "/employer/"),
        "form": (CLERK, "/filing/enrol-employees/new/"),
        "pick": (CLERK, "/filing/pause-employees/pick/"),
        "check": (CLERK, edit),
        "status": (CLERK, status),
        "batch": (CLERK, batch),
        "bills": (CLERK, "/employer/bills/"),
        "api-keys": (ADMIN, "/employer/api/"),
        "api": (None, "/api/"),
        "review": (OFFICER, review),
        "ledger": (CASHIER, "/office/ledger/"),
        "overview": (zhou, "/individual/"),
        "explain": (zhou, "/individual/contributions/2026-10/"),
        "statements": (zhou, "/individual/statements/"),
        "verify": (None, "/verify/"),
    }


def views():
    """The two that differ most in every run; all four in a long one."""
    for view in looking.VIEWS:
        marks = () if view.name in ("desktop", "elder-phone") else pytest.mark.slow
        yield pytest.param(view, marks=marks, id=view.name)


@pytest.mark.parametrize("view", list(views()))
def test_every_page_is_sound(hall, addresses, view):
    wrongs = []
    for name, (who, path) in addresses.items():
        users = hall.signed_in(who, view) if who else hall.visitor(view)
        picture = PICTURES and Path(PICTURES) / f"{name}-{view.name}.png"
        seen = looking.look(users.new_page(), urljoin(hall.address, path), view, picture)
        users.close()
        if seen.status != 200:
            wrongs.append(f"{path}: {seen.status}")
        wrongs += seen.wrongs
    assert not wrongs, "\n".join(wrongs)
