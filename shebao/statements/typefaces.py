"""The typefaces of statements and forms, as Python packages bring them: Noto Sans CJK, in one file of all weights,
and Noto Serif SC (a Song style) for the titles of forms.

No font of the machine is used: a statement must look the same wherever it is made.
"""

import struct
from functools import cache
from importlib.resources import files
from pathlib import Path

FAMILY = "Noto Sans CJK SC"
_FACE = 2  # of the collection JP, KR, SC, TC, HK


def folder() -> Path:
    return Path(str(files("manimgx_fonts_cjk")))


def folders() -> list[Path]:
    return [folder(), Path(str(files("pylopdf_fonts_zh_cn")))]


def printable(text: str) -> str:
    """The text with each character the typeface lacks written as its number, e.g. 〔U+2B7F7〕.

    PDF/A refuses a document with a missing glyph. The typeface has 44,810 characters, so this is about a few very
    rare ones in names; the snapshot keeps the character itself, the page shows which one it is.
    """
    if all(ord(character) in _characters() for character in text):
        return text
    return "".join(c if ord(c) in _characters() else f"〔U+{ord(c):04X}〕" for c in text)


@cache
def _characters() -> frozenset[int]:
    """The character numbers of the typeface, read from its character map (OpenType `cmap`, format 12)."""
    (path,) = folder().glob("*.ttc")
    with open(path, "rb") as file:

        def at(place: int, form: str) -> tuple:
            file.seek(place)
            return struct.unpack(">" + form, file.read(struct.calcsize(">" + form)))

        (face,) = at(12 + 4 * _FACE, "L")
        (tables,) = at(face + 4, "H")
        records = (at(face + 12 + 16 * i, "4sLLL") for i in range(tables))
        cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
        (encodings,) = at(cmap + 2, "H")
        found: set[int] = set()
        for i in range(encodings):
            table = cmap + at(cmap + 4 + 8 * i, "HHL")[2]
            if at(table, "H") == (12,):
                (groups,) = at(table + 12, "L")
                flat = at(table + 16, f"{3 * groups}L")
                for first, last in zip(flat[::3], flat[1::3], strict=True):
                    found.update(range(first, last + 1))
        return frozenset(found)
