"""Tests of this folder look at one running hall; it takes some seconds to start."""

import pytest
from playwright.sync_api import expect, sync_playwright

from config.browser import ARGUMENTS
from tests.browser import halls, looking

expect.set_options(timeout=looking.PATIENCE)


@pytest.fixture(scope="module")
def browser(chromium_path):
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium_path, args=[*ARGUMENTS, "--hide-scrollbars"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def hall(browser, tmp_path_factory):
    with halls.running(tmp_path_factory.mktemp("hall"), browser) as started:
        yield started
