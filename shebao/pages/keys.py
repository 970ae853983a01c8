"""Keys of pages of a list, as they come back in an address."""


def number(text: str | None, default: int | None = None) -> int | None:
    """The key in the address; the default for anything that isn't a number of the database."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else default
