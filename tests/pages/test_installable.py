"""The hall can be put on a phone's home screen, and keeps nothing personal there."""

import json

import pytest

pytestmark = pytest.mark.django_db


def test_the_manifest_names_the_hall_and_its_icons(client):
    manifest = json.loads(client.get("/manifest.webmanifest").content)
    assert manifest["lang"] == "zh-CN"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    assert any(icon.get("purpose") == "maskable" for icon in manifest["icons"])


def test_the_worker_keeps_static_files_and_the_offline_page_only(client):
    script = client.get("/worker.js").content.decode()
    assert "/offline/" in script
    kept = json.loads(script.partition("const KEPT = ")[2].partition(";")[0])
    assert all(address.startswith("/static/") for address in kept)


def test_the_offline_page_says_what_is_safe(client):
    assert "不会丢失" in client.get("/offline/").content.decode()
