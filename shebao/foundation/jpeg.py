"""Looking into a JPEG file without drawing it: is it whole, how large is it, is it in colour."""

from dataclasses import dataclass

_STARTS_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_START_OF_SCAN, _END = 0xDA, b"\xff\xd9"


@dataclass(frozen=True)
class Picture:
    """What the file says of itself: pixels across and down, and how many colours make one."""

    width: int
    height: int
    colours: int


def look(content: bytes) -> Picture | None:
    """None for anything that isn't a whole JPEG file. Reads the headers only; nothing is decoded."""
    if not content.startswith(b"\xff\xd8") or _END not in content[-64:]:
        return None
    at, found = 2, None
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _BARE:
            at += 2
            continue
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if length < 2 or at + 2 + length > len(content):
            return None
        if marker == _START_OF_SCAN:
            return found
        if marker in _STARTS_OF_FRAME:
            if length < 8:
                return None
            height, width = (int.from_bytes(content[at + n : at + n + 2], "big") for n in (5, 7))
            found = Picture(width, height, content[at + 9])
        at += 2 + length
    return None
