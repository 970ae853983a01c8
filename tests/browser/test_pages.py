"""What a machine can tell about pages in a real browser: nothing serious by axe-core, no breach of the content policy,
no console error, no sideways scrolling at 320 px, no control too small for a finger."""

import pytest

from tests.browser.looking import AXE, VIEWS, look_at_all
from tests.browser.samples import PAGES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.urls"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core comes with npm ci, which bin/test runs"),
]
PUBLIC = [
    "/",
    "/guides/",
    "/guides/enrol-employees/",
    "/search/?q=增员",
    "/help/",
    "/accessibility/",
    "/verify/",
    "/login/person/",
    "/register/",
    "/offline/",
    "/no-such-page/",
]
SAMPLES = [f"/_samples/{name}/" for name in PAGES]
WRONG = "/_samples/deliberately-wrong/"


def wrongs(live_server, paths, views, **cookies):
    return [
        wrong for seen in look_at_all(live_server.url, paths, cookies, views=views) for wrong in seen.wrongs
    ]


def test_pages_are_sound(live_server, chromium_path):
    """The much used ones, each in one view: by turns on a desktop, and on a phone in 长者模式."""
    desktop, phone = (view for view in VIEWS if view.name in ("desktop", "elder-phone"))
    paths = ["/", "/guides/enrol-employees/", "/verify/", "/login/person/"] + SAMPLES[::2]
    found = wrongs(live_server, paths[::2], [desktop]) + wrongs(live_server, paths[1::2], [phone])
    assert found == []


def test_pages_are_sound_in_english(live_server, chromium_path):
    some = ["/", "/_samples/bench/", "/_samples/form-wrong/"]
    assert wrongs(live_server, some, VIEWS[:1], django_language="en") == []


@pytest.mark.slow
def test_all_pages_are_sound_in_all_views_and_languages(live_server, chromium_path):
    assert wrongs(live_server, PUBLIC + SAMPLES, VIEWS) == []
    assert wrongs(live_server, PUBLIC + SAMPLES, VIEWS[:2], django_language="en") == []


def test_these_eyes_see_what_is_wrong(live_server, chromium_path):
    (seen,) = look_at_all(live_server.url, [WRONG], views=VIEWS[:1])
    said = " ".join(seen.wrongs)
    assert "content policy" in said
    assert "sideways" in said
    assert "axe: " in said
