"""A look at pages as their users have them: desktop, phone, and both in 长者模式.

`python -m tests.browser.looking http://127.0.0.1:8000 / /guides/ --to var/pictures` takes pictures and reports what a
machine can find: axe-core's violations, breaches of the content policy, console errors, sideways scrolling.
`--session KEY` looks as whoever has that session.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from config.browser import ARGUMENTS, chromium

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE = 60_000  # ms: a busy machine is slow, and no reason for a test to fail
NARROW = 320  # CSS pixels: what 400 % zoom leaves of a small screen (WCAG 1.4.10)

_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_BREACHES = """window.__breaches = [];
document.addEventListener('securitypolicyviolation', breach =>
  window.__breaches.push(breach.effectiveDirective + ' ' + breach.blockedURI))"""
# Block controls, as a finger meets them; links inside sentences are exempt (WCAG 2.5.8).
_SMALL = """least => [...document.querySelectorAll(
    '.btn:not(.btn--s, .btn--link), .input, .select, .choice, .tabbar a, .tile')]
  .map(control => [control, control.getBoundingClientRect().height])
  .filter(([control, height]) => height > 1 && height < least - .5 && !control.closest('td, .filters'))
  .map(([control, height]) =>
    (control.innerText || control.id || control.className).trim().slice(0, 20) + ' ' + Math.round(height))"""


@dataclass(frozen=True)
class View:
    """A screen, and whether 长者模式 is on."""

    name: str
    width: int
    height: int
    elder: bool

    @property
    def phone(self) -> bool:
        return self.width < 500

    @property
    def least_target(self) -> int:
        """The height a block control must have, in CSS pixels."""
        return 60 if self.elder else 44


VIEWS = (
    View("desktop", 1280, 800, False),
    View("phone", 390, 844, False),
    View("elder-desktop", 1280, 800, True),
    View("elder-phone", 390, 844, True),
)


@dataclass
class Seen:
    """What was wrong with one page in one view; `serious` and `small` hold axe's findings by impact."""

    url: str
    view: str
    status: int = 200
    serious: list[str] = field(default_factory=list)
    lesser: list[str] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    sideways: int = 0
    sideways_narrow: int = 0
    small: list[str] = field(default_factory=list)

    @property
    def wrongs(self) -> list[str]:
        """Everything that must not be, in sentences; empty for a sound page."""
        found = [f"axe: {one}" for one in self.serious]
        found += [f"content policy: {one}" for one in self.breaches]
        found += [f"console: {one}" for one in self.console]
        if self.sideways:
            found.append(f"scrolls sideways by {self.sideways} px")
        if self.sideways_narrow:
            found.append(f"scrolls sideways by {self.sideways_narrow} px at {NARROW} px")
        found += [f"too small to touch: {one}" for one in self.small]
        return [f"{self.url} [{self.view}] {one}" for one in found]


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")


def context(browser: Browser, view: View, base: str, cookies: dict[str, str] | None = None) -> BrowserContext:
    """A browser as somebody with this screen has it, with these cookies of the hall at `base`."""
    made = browser.new_context(
        viewport={"width": view.width, "height": view.height},
        device_scale_factor=2 if view.phone else 1,
        has_touch=view.phone,
        is_mobile=view.phone,
        locale="zh-CN",
        reduced_motion="reduce",
        service_workers="block",
    )
    made.set_default_timeout(PATIENCE)
    wanted = {**(cookies or {}), **({"jc_mode": "elder"} if view.elder else {})}
    made.add_cookies([{"name": key, "value": value, "url": base} for key, value in wanted.items()])
    made.add_init_script(_BREACHES)
    return made


def look(page: Page, url: str, view: View, picture: Path | None = None) -> Seen:
    """Open the page and report; with `picture`, also draw it at full length."""
    seen = Seen(urlsplit(url).path, view.name)

    heard: list[str] = []
    page.on(
        "console", lambda said: heard.append(said.text[:200]) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: seen.console.append(str(error)[:200]))
    answer = page.goto(url, wait_until="load")
    seen.status = answer.status if answer else 0
    if page.locator(
        "script[data-govuk]"
    ).count():  # pages about trouble, and those without our frame, have none
        page.wait_for_selector("body.js-enabled")
    # A page about something missing is answered with 404, which the console calls an error.
    expected = (f"status of {seen.status}", "Service Worker registration blocked")
    seen.console += [said for said in heard if not any(part in said for part in expected)]
    return examine(page, seen, view, picture)


def examine(page: Page, seen: Seen, view: View, picture: Path | None = None) -> Seen:
    """The same for a page that is already open, for example after a click."""
    seen.breaches += page.evaluate("window.__breaches")
    seen.sideways = page.evaluate(_SIDEWAYS)
    if view.phone or view.elder:
        seen.small = page.evaluate(_SMALL, view.least_target)
    # At full length, so that nothing lies below a sticky bar.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": view.width, "height": height})
    if picture:
        picture.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=picture, full_page=True)
    page.evaluate(_axe())
    result = page.evaluate('rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"]})', RULES)
    for one in result["violations"]:
        line = f"{one['impact']} {one['id']} ×{len(one['nodes'])}: {one['nodes'][0]['target'][0]}"
        (seen.serious if one["impact"] in ("serious", "critical") else seen.lesser).append(line)
    page.set_viewport_size({"width": NARROW, "height": 700})
    seen.sideways_narrow = page.evaluate(_SIDEWAYS)
    page.set_viewport_size({"width": view.width, "height": view.height})
    return seen


def look_at_all(
    base: str, paths: list[str], cookies: dict[str, str] | None = None, to: Path | None = None, views=VIEWS
) -> Iterator[Seen]:
    """Every page in every view; with `to`, pictures named after page and view."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, "--hide-scrollbars"])
        for view in views:
            with context(browser, view, base, cookies) as users:
                for path in paths:
                    page = users.new_page()
                    name = path.split("?")[0].strip("/").replace("/", "-") or "home"
                    yield look(page, urljoin(base, path), view, to and to / f"{name}-{view.name}.png")
                    page.close()
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", help="where the hall is served, e.g. http://127.0.0.1:8000")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--to", type=Path, help="a folder for pictures")
    parser.add_argument("--session", help="the cookie sessionid of somebody signed in")
    parser.add_argument("--language", help="en, or zh-hans")
    parser.add_argument("--views", help="some of: " + ", ".join(view.name for view in VIEWS))
    asked = parser.parse_args()
    cookies = {"sessionid": asked.session, "django_language": asked.language}
    cookies = {key: value for key, value in cookies.items() if value}
    views = [view for view in VIEWS if not asked.views or view.name in asked.views.split(",")]
    wrong = 0
    for seen in look_at_all(asked.base, asked.paths, cookies, asked.to, views):
        print(f"{seen.url} [{seen.view}] {seen.status} {'sound' if not seen.wrongs else ''}".rstrip())
        for line in [*seen.wrongs, *(f"    lesser: {one}" for one in seen.lesser)]:
            print("   ", line)
        wrong += len(seen.wrongs)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
