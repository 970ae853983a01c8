"""The hall's own language. What is kept for others to read is written in it, whatever the writer speaks."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import translation


@contextmanager
def of_the_hall() -> Iterator[bool]:
    """Speak the hall's language inside. Yields whether another one is spoken outside."""
    foreign = translation.get_language() not in (None, settings.LANGUAGE_CODE)
    with translation.override(settings.LANGUAGE_CODE):
        yield foreign
