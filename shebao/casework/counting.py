"""What a service's rows are, and how many of them one says there are: 3 人, 1 笔, 2 户 (量词)."""

from enum import Enum

from django.utils.translation import ngettext


class Unit(Enum):
    """What a service counts its rows in."""

    PEOPLE = "people"
    EMPLOYERS = "employers"
    ENTRIES = "entries"  # of the books: claims, slips
    COPIES = "copies"  # of a document

    def counted(self, count: int) -> str:
        """So many of them, in the reader's language."""
        words = {
            Unit.PEOPLE: ngettext("%(count)s 人", "%(count)s 人", count),
            Unit.EMPLOYERS: ngettext("%(count)s 户", "%(count)s 户", count),
            Unit.ENTRIES: ngettext("%(count)s 笔", "%(count)s 笔", count),
            Unit.COPIES: ngettext("%(count)s 份", "%(count)s 份", count),
        }[self]
        return words % {"count": f"{count:,}"}
