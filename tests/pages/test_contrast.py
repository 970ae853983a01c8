"""The colours of text keep their distance from what they stand on (WCAG 1.4.3 and 1.4.11), in both modes."""

import re
from pathlib import Path

import pytest

SHEET = Path(__file__).resolve().parents[2] / "shebao/pages/static/ui/css/tokens.css"
TEXT, PART, ENHANCED = 4.5, 3.0, 7.0

PAIRS = [
    ("c-text", "c-surface", TEXT),
    ("c-text", "c-bg", TEXT),
    ("c-text-2", "c-bg", TEXT),
    ("c-text-3", "c-surface", TEXT),
    ("c-text-3", "c-bg", TEXT),
    ("c-text-3", "c-tint", TEXT),
    ("c-link", "c-surface", TEXT),
    ("c-link", "c-tint-2", TEXT),
    ("c-on-brand", "c-brand", TEXT),
    ("c-on-brand", "c-brand-hover", TEXT),
    ("c-on-brand", "c-brand-active", TEXT),
    ("c-danger-text", "c-danger-bg", TEXT),
    ("c-warn-text", "c-warn-bg", TEXT),
    ("c-ok-text", "c-ok-bg", TEXT),
    ("c-info-text", "c-info-bg", TEXT),
    ("c-control", "c-surface", PART),
    ("c-control", "c-bg", PART),
    ("c-danger", "c-surface", PART),
    ("c-focus-edge", "c-surface", PART),
    ("c-focus", "river-950", PART),
    ("river-900", "river-500", PART),
    ("river-500", "c-surface", PART),
]
ELDER = [
    "c-text",
    "c-text-2",
    "c-text-3",
    "c-link",
    "c-danger-text",
    "c-warn-text",
    "c-ok-text",
    "c-info-text",
]


def tokens(elder=False):
    """Each token's colour; 长者模式 overrides some."""
    sheet = SHEET.read_text("utf-8")
    standard, _, rest = sheet.partition(':root[data-mode="elder"] {')
    found = dict(re.findall(r"--([\w-]+):\s*([^;]+);", standard))
    return found | (dict(re.findall(r"--([\w-]+):\s*([^;]+);", rest.partition("}")[0])) if elder else {})


def luminance(name, known):
    value = known[name].strip()
    while value.startswith("var("):
        value = known[value[6:-1]].strip()
    digits = value.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other, known):
    darker, lighter = sorted((luminance(one, known), luminance(other, known)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("front", "back", "least"), PAIRS, ids=[f"{f} on {b}" for f, b, _ in PAIRS])
def test_each_colour_can_be_told_from_its_ground(front, back, least):
    assert contrast(front, back, tokens()) >= least


@pytest.mark.parametrize("front", ELDER)
def test_elder_mode_keeps_the_enhanced_distance(front):
    assert contrast(front, "c-surface", tokens(elder=True)) >= ENHANCED
