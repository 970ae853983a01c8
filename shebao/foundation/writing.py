"""How people write: full-width digits, stray spaces, invisible characters from copied text."""

from decimal import Decimal

# Only the full-width forms of ASCII: a general Unicode folding would change rare characters in names.
_HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x00AD])
_MEANT = _HALF_WIDTH | _INVISIBLE
# In running Chinese text the full-width comma, brackets and so on are the right ones.
_WORDS = _INVISIBLE | {full: half for full, half in _HALF_WIDTH.items() if chr(half).isalnum()}


class reader(classmethod):  # noqa: N801 - a decorator, as classmethod is
    """A class method that its instances don't have: a text with `read` would pass for an open file, e.g. in forms."""

    def __get__(self, instance, owner=None):
        if instance is not None:
            raise AttributeError("read")
        return super().__get__(instance, owner)


def plain(raw: object) -> str:
    """Text as it was meant: half-width, without invisible characters, with single spaces, trimmed."""
    if raw is None:
        return ""
    return " ".join(str(raw).translate(_MEANT).split())


def prose(raw: object) -> str:
    """The same of running text and names of companies: its punctuation stays as it was written."""
    return "" if raw is None else " ".join(str(raw).translate(_WORDS).split())


def packed(raw: object) -> str:
    """The same without any space: for numbers and codes."""
    return plain(raw).replace(" ", "")


def is_number(raw: object) -> bool:
    """A numeric cell or JSON number, as against text of digits."""
    return isinstance(raw, int | float | Decimal) and not isinstance(raw, bool)


def digits(raw: object) -> str:
    """The digits of a short number, be it text or a numeric cell (13100000000.0); other text stays as it is."""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 2**53:
        return str(int(raw))
    return packed(raw)
