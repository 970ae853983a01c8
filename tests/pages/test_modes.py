"""长者模式 is entered and left by a link on every page, and the choice stays."""

import pytest

pytestmark = pytest.mark.django_db


def test_whoever_chooses_it_gets_it_everywhere_and_can_leave(client):
    there = client.get("/mode/elder/?next=/help/")
    assert there.headers["Location"] == "/help/"
    html = client.get("/guides/").content.decode()
    assert 'data-mode="elder"' in html
    assert "退出长者模式" in html
    client.get("/mode/standard/?next=/help/")
    assert 'data-mode="elder"' not in client.get("/guides/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_link_leads_nowhere_else(client, target):
    assert client.get("/mode/elder/", {"next": target}).headers["Location"] == "/"


def test_it_offers_less_not_just_larger_things(client):
    standard = client.get("/").content
    client.cookies["jc_mode"] = "elder"
    elder = client.get("/").content
    assert len(elder) < len(standard)
    assert "12333" in elder.decode()


def test_a_cache_keeps_the_modes_apart(client):
    assert "Cookie" in client.get("/help/").headers["Vary"]
