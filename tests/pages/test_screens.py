"""One answer for a whole page and for its part; what is personal is never kept."""

import pytest
from django.contrib.messages.storage import default_storage
from django.http import Http404
from django.test import RequestFactory, override_settings
from django.utils import translation

from shebao.identity.acting import Acting
from shebao.pages import errors, navigation
from shebao.pages.screens import page
from tests.browser import samples

pytestmark = pytest.mark.django_db
OFFICER = Acting(3, "陈静", "agency", None, "武昌区", frozenset({"reviewer"}), "420106")


@pytest.fixture
def asked(client):
    """A request as a view gets it."""

    def make(path="/", acting=None, htmx=False):
        request = RequestFactory().get(path)
        request.session = client.session
        request._messages = default_storage(request)
        request.acting = acting
        request.htmx = Htmx() if htmx else False
        request.resolver_match = None
        return request

    return make


class Htmx:
    boosted = False
    history_restore_request = False


def test_htmx_gets_the_part_alone(asked):
    bench = samples.bench()
    whole = page(asked(), "filing/bench.html", part="todo", **bench).content.decode()
    part = page(asked(htmx=True), "filing/bench.html", part="todo", **bench).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert "被回退" in part


def test_a_page_of_somebody_signed_in_is_kept_nowhere(asked):
    answer = page(asked(acting=OFFICER), "public/help.html")
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "no-store" not in page(asked(), "public/help.html").headers.get("Cache-Control", "")


def test_a_menu_shows_only_what_its_user_may_open(asked):
    shown = [
        str(one.label) for one in navigation.links(asked(), navigation.AGENCY, elder=False, acting=OFFICER)
    ]
    assert "待审业务" in shown
    assert "收缴台" not in shown


def test_nothing_points_nowhere(asked):
    for entries in navigation.PORTALS.values():
        for one in navigation.links(asked(), entries, elder=False, acting=samples.CLERK):
            assert one.url not in ("", "#")


def test_a_missing_page_says_nothing_about_why(asked):
    answer = errors.not_found(asked(), Http404("case 42 belongs to somebody else"))
    assert answer.status_code == 404
    assert "somebody else" not in answer.content.decode()


def test_trouble_is_told_in_words_with_the_requests_number(asked):
    request = asked()
    request.number = "a1b2c3"
    assert "a1b2c3" in errors.stale_form(request).content.decode()
    assert "a1b2c3" in errors.broken(request).content.decode()


def test_the_page_about_trouble_needs_no_database(asked, django_assert_num_queries):
    request = asked()
    with django_assert_num_queries(0):
        errors.broken(request)


@override_settings(DEMO=True)
def test_a_demo_says_so_on_every_page(asked):
    assert "数据均为虚构" in page(asked(), "public/help.html").content.decode()


def test_invented_figures_are_labelled(asked):
    assert "虚构参数" in page(asked(), "public/help.html", synthetic_figures=True).content.decode()


def test_pages_speak_english(asked):
    with translation.override("en"):
        html = page(asked(), "filing/bench.html", **samples.bench()).content.decode()
    assert '<html lang="en"' in html
    assert "Work bench" in html


@pytest.mark.parametrize("name", samples.PAGES)
@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
def test_every_sample_page_can_be_drawn(asked, name, elder):
    template, context = samples.PAGES[name]
    request = asked()
    request.COOKIES = {"jc_mode": "elder"} if elder else {}
    html = page(request, template, **context()).content.decode()
    assert html.count("<h1") == 1
    assert 'href="#"' not in html
    assert " style=" not in html
    assert " onclick=" not in html
