"""A second city is a folder: pages take its words and pictures from there."""

import pytest
from django.conf import settings
from django.utils import translation

from shebao.pages import city


def test_each_city_that_ships_has_a_hall():
    for folder in settings.POLICIES.glob("[0-9]*-*"):
        ours = city.read(folder)
        assert ours.title
        assert ours.filings


def test_words_come_in_the_language_of_the_page():
    ours = city.read(next(settings.POLICIES.glob("440300-*")))
    with translation.override("zh-hans"):
        assert ours.title.startswith("深圳")
    with translation.override("en"):
        assert ours.title.startswith("Shenzhen")


def test_a_city_without_pictures_shows_text():
    assert city.read(next(settings.POLICIES.glob("440300-*"))).wordmark == ""


def test_a_word_that_is_missing_is_named(tmp_path):
    (tmp_path / "hall").mkdir()
    (tmp_path / "hall/hall.yaml").write_text("city: {zh: 某市, en: X}\n")
    with pytest.raises(city.NoHall, match="lacks title"):
        city.read(tmp_path)


def test_no_template_and_no_page_module_names_a_city():
    folder = settings.ROOT / "shebao"
    files = [*folder.rglob("templates/**/*.html"), *(folder / "pages").rglob("*.py")]
    assert not [file for file in files if "武汉" in file.read_text("utf-8")]
