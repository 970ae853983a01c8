"""What the little script does, and that pages work without it."""

import re

import pytest
from playwright.sync_api import expect, sync_playwright

from config.browser import ARGUMENTS
from tests.browser.looking import VIEWS, context

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.urls"),
]


@pytest.fixture
def browser(chromium_path):
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=chromium_path, args=list(ARGUMENTS))
        yield made
        made.close()


@pytest.fixture
def page(browser, live_server):
    with context(browser, VIEWS[0], live_server.url) as users:
        yield users.new_page()


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(page, live_server):
    page.goto(f"{live_server.url}/_samples/form-wrong/")
    expect(page.locator(".errsum")).to_be_focused()
    page.get_by_role("link", name="手机号码：").click()
    expect(page.locator("#id_mobile")).to_be_focused()


def test_one_box_ticks_all_and_the_button_counts(page, live_server):
    page.goto(f"{live_server.url}/_samples/pick/")
    save = page.get_by_role("button", name="保存")
    expect(save).to_contain_text("2")  # one ticked here, one kept from another page of the list
    page.get_by_label("选择本页全部").check()
    expect(save).to_contain_text("3")  # whoever is in arrears can't be ticked


def test_a_part_that_fails_says_so_in_the_page(page, live_server):
    page.goto(f"{live_server.url}/_samples/bench/")
    page.route(
        "**/_samples/bench/?*", lambda route: route.fulfill(status=500, headers={"X-Request-ID": "a1b2c3"})
    )
    page.locator("#todo-list").get_by_role("button", name="筛选").click()
    expect(page.locator("#flash")).to_contain_text("刚才的操作没有完成")
    expect(page.locator("#flash")).to_contain_text("a1b2c3")


def test_whoever_is_about_to_be_signed_out_is_told_and_can_stay(page, live_server):
    page.clock.install()
    page.goto(f"{live_server.url}/_samples/bench/")
    page.wait_for_selector("body.js-enabled")
    told = page.locator("[data-session-seconds]")
    expect(told).not_to_be_visible()
    page.clock.fast_forward((1800 - 290) * 1000)
    expect(told).to_be_visible()
    page.route(
        "**/account/stay/", lambda route: route.fulfill(status=204, headers={"X-Session-Seconds": "1800"})
    )
    page.get_by_role("button", name="我还在").click()
    expect(told).not_to_be_visible()


def test_the_drawer_opens_on_a_phone_and_closes_by_escape(browser, live_server):
    with context(browser, VIEWS[1], live_server.url) as users:
        page = users.new_page()
        page.goto(f"{live_server.url}/")
        page.get_by_role("button", name="打开菜单").click()
        drawer = page.get_by_role("navigation", name="菜单", exact=True)
        expect(drawer).to_be_visible()
        page.keyboard.press("Escape")
        expect(drawer).not_to_be_visible()


def test_language_is_changed_by_a_button_and_stays(page, live_server):
    page.goto(f"{live_server.url}/help/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Help")
    page.goto(f"{live_server.url}/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_without_scripts_a_form_can_still_be_read_and_sent(browser, live_server):
    with browser.new_context(java_script_enabled=False, locale="zh-CN") as plain:
        page = plain.new_page()
        page.goto(f"{live_server.url}/_samples/form-wrong/")
        expect(page.get_by_role("link", name="手机号码：")).to_have_attribute("href", "#id_mobile")
        expect(page.locator("input[type=file]")).to_be_visible()
        expect(page.get_by_role("button", name="保存")).to_be_enabled()


def test_every_stop_of_the_tab_key_shows_where_it_is(page, live_server):
    for path in ("/", "/_samples/form/", "/_samples/bench/"):
        page.goto(live_server.url + path)
        page.evaluate("document.activeElement.blur()")
        unseen = []
        for _ in range(80):
            page.keyboard.press("Tab")
            stop = page.evaluate(STOP)
            if stop is None:
                break
            unseen += [] if stop["ring"] and not stop["hidden"] else [(path, stop["name"])]
        assert unseen == []


STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect(), look = getComputedStyle(at);
  const shared = at.closest('.choice, .govuk-drop-zone');
  const ring = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2
    || shared && getComputedStyle(shared).outlineStyle !== 'none' || at.closest('.govuk-drop-zone');
  const bars = [...document.querySelectorAll('.actionbar, .tabbar')].filter(bar => !bar.contains(at));
  const hidden = bars.some(bar => {
    const over = bar.getBoundingClientRect(), position = getComputedStyle(bar).position;
    return ['fixed', 'sticky'].includes(position) && box.top >= over.top - 1 && box.bottom <= over.bottom + 1;
  });
  return {ring: Boolean(ring), hidden, name: (at.innerText || at.id || at.tagName).slice(0, 20)};
}"""


def _typed_before_the_log_in_ended(page, live_server):
    """A clerk types into a form, and the log-in has ended when he sends it."""
    here = f"{live_server.url}/_samples/form/"
    page.goto(here)
    page.locator("#id_name").fill("李小明")
    page.locator("#f").evaluate("form => form.requestSubmit()")
    page.wait_for_url("**/login/employer/?next=%2F_samples%2Fform%2F")
    return here


def test_what_was_typed_is_there_again_when_the_log_in_ended_meanwhile(page, live_server):
    here = _typed_before_the_log_in_ended(page, live_server)
    expect(page.locator("[data-kept]")).to_be_visible()
    page.goto(here)
    expect(page.locator("#id_name")).to_have_value("李小明")
    expect(page.locator("[data-restored]")).to_be_visible()
    page.goto(here)  # once
    expect(page.locator("#id_name")).not_to_have_value("李小明")


def test_what_was_typed_is_given_to_nobody_else(page, live_server):
    here = _typed_before_the_log_in_ended(page, live_server)
    page.route("**/_samples/form/", _as_somebody_else)
    page.goto(here)
    expect(page.locator("[data-restored]")).not_to_be_visible()
    expect(page.locator("#id_name")).not_to_have_value("李小明")
    assert page.evaluate("sessionStorage.getItem('kept-form')") is None


def _as_somebody_else(route):
    answer = route.fetch()
    route.fulfill(
        response=answer, body=re.sub('data-account="[^"]*"', 'data-account="account:999"', answer.text())
    )


def test_what_was_typed_is_gone_after_logging_out(page, live_server):
    here = _typed_before_the_log_in_ended(page, live_server)
    page.goto(f"{live_server.url}/_samples/bench/")
    page.evaluate("document.querySelector('[data-log-out]').requestSubmit()")
    page.wait_for_url("**/login/**")
    page.goto(here)
    expect(page.locator("#id_name")).not_to_have_value("李小明")
