"""The inbox of a party in the hall. Who may read which is the caller's to know: he hands in the references."""

from collections.abc import Collection

from django.db.models import QuerySet

from shebao.foundation import clock
from shebao.notices.models import Notice


def of(refs: Collection[str]) -> QuerySet[Notice]:
    """All messages to these references (an account and the party it acts for), newest first."""
    return Notice.objects.filter(recipient__in=refs).order_by("-id")


def unread(refs: Collection[str]) -> int:
    """How many of them nobody has opened."""
    return of(refs).filter(read_at=None).count()


def mark_read(refs: Collection[str], ids: Collection[int]) -> int:
    """Messages that were opened; answers how many were unread until now. Others' messages stay as they are."""
    return of(refs).filter(id__in=ids, read_at=None).order_by().update(read_at=clock.now())


def told(code: str, refs: Collection[str]) -> set[tuple[str, str]]:
    """(recipient, day) of each message of this code that names a day and lies with one of these: who knows already."""
    found = Notice.objects.filter(code=code, recipient__in=list(refs))
    return set(found.values_list("recipient", "facts__day"))
