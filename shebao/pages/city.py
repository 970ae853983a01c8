"""The city whose hall this is: its names, its owner, its pictures, read from policies/<code>-<name>/hall/."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import get_language

_TEXTS = ("city", "title", "short_title", "owner", "offices")
_PICTURES = ("wordmark", "wordmark_on_dark", "hero")


class NoHall(LookupError):
    """A city's folder has no hall.yaml, or it lacks something that pages show."""


@dataclass(frozen=True)
class City:
    """What pages say of the city. Texts come in the language of the page being made."""

    code: str
    hotline: str
    words: dict
    pictures: dict

    def __getattr__(self, name: str) -> str:
        if name in _TEXTS:
            return _said(self.words[name])
        raise AttributeError(name)

    @property
    def filings(self) -> list[str]:
        """The registrations that a Chinese public site shows at its foot."""
        return [_said(one) for one in self.words["filings"]]

    @property
    def chinese_title(self) -> str:
        return self.words["title"]["zh"]

    @property
    def english_title(self) -> str:
        return self.words["title"]["en"]

    def picture(self, name: str) -> str:
        """The address of a picture, or "" when the city has none: then the page shows text."""
        return _served(f"city/{self.pictures[name]}") if name in self.pictures else ""

    @property
    def wordmark(self) -> str:
        return self.picture("wordmark")

    @property
    def wordmark_on_dark(self) -> str:
        return self.picture("wordmark_on_dark")

    @property
    def hero(self) -> str:
        return self.picture("hero")


def ours() -> City:
    """The city that the setting CITY_FOLDER names."""
    return read(settings.CITY_FOLDER)


@cache
def read(folder: Path) -> City:
    """Read one city's hall. Raises NoHall, naming the file and what is missing in it."""
    file = folder / "hall" / "hall.yaml"
    try:
        words = yaml.safe_load(file.read_text("utf-8"))
    except FileNotFoundError:
        raise NoHall(f"{file} is missing: copy another city's and change the words") from None
    for name in (*_TEXTS, "hotline", "filings"):
        if name not in words:
            raise NoHall(f"{file} lacks {name}")
    pictures = words.get("pictures") or {}
    if unknown := set(pictures) - set(_PICTURES):
        raise NoHall(f"{file}: no page shows these pictures: {', '.join(sorted(unknown))}")
    return City(folder.name.partition("-")[0], str(words["hotline"]), words, pictures)


@cache
def _served(picture: str) -> str:
    return static(picture)


def _said(text: dict) -> str:
    return text["en"] if (get_language() or "").startswith("en") else text["zh"]
