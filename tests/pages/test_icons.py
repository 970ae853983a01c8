"""Icons are drawn from a list, so that a page can't use one that isn't served."""

import re
from pathlib import Path

import pytest

from shebao.pages import vendor

ROOT = Path(__file__).resolve().parents[2]


def named_in_templates():
    for file in (ROOT / "shebao").rglob("templates/**/*.html"):
        for name in re.findall(r"{% icon ['\"]([\w-]+)['\"]", file.read_text("utf-8")):
            yield name, file.relative_to(ROOT)


def test_templates_name_only_icons_that_are_served():
    known = set(vendor.icon_names())
    assert not [f"{file}: {name}" for name, file in named_in_templates() if name not in known]


def test_the_sprite_holds_each_icon_of_the_list():
    package = vendor.MODULES / "@tabler/icons"
    if not package.exists():
        pytest.skip("the icons come with npm ci, which bin/demo and bin/test run")
    sprite = vendor.sprite(package)
    assert all(f'id="{name}"' in sprite for name in vendor.icon_names())
    assert "style=" not in sprite
