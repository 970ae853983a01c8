"""Counting failures so that guessing becomes slow; docs/adr says why no count ever locks a person out.

A try is charged before its outcome is known, so that a hundred tries at once count as a hundred; one that turns
out right is given back.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from shebao.foundation import clock, sql
from shebao.identity.models import Throttle

_SQL = sql.queries("shebao.identity", "throttle.sql")
_KEPT = timedelta(days=3)


@dataclass(frozen=True)
class Limit:
    """So many failures are free within a window; each further one closes the door for twice as long as the last."""

    free: int
    window: timedelta
    first_wait: timedelta = timedelta(minutes=1)
    longest_wait: timedelta = timedelta(minutes=15)


NEVER = 10**9
"""As `free`: failures are only counted, nothing is ever closed."""


def key(*parts: object) -> str:
    """The key for these parts. Nobody can read names or addresses from the table."""
    return salted_hmac(
        "shebao.identity.throttle", "\x1f".join(map(str, parts)), algorithm="sha256"
    ).hexdigest()


def failures(keys: Collection[str], window: timedelta) -> dict[str, int]:
    """How many failures stand against each key within the window; keys without any are 0."""
    since = clock.instant() - window
    found = Throttle.objects.filter(key__in=keys, since__gte=since).values_list("key", "failures")
    return {**dict.fromkeys(keys, 0), **dict(found)}


def charge(one: str, limit: Limit) -> timedelta:
    """Count a try as failed, and answer zero; or answer how long this door is still closed, counting nothing."""
    now = clock.instant()
    waits = {"window": limit.window, "first_wait": limit.first_wait, "longest_wait": limit.longest_wait}
    counted = sql.rows(_SQL["charge"], {"key": one, "now": now, "free": limit.free, **waits})
    if counted:
        return timedelta(0)
    closed_until = Throttle.objects.filter(key=one).values_list("closed_until", flat=True).first()
    return max(closed_until - now, timedelta(seconds=1)) if closed_until else timedelta(0)


def give_back(keys: Collection[str]) -> None:
    """These tries were no failures after all."""
    sql.run(_SQL["give_back"], {"keys": sorted(keys)}).close()


def forgive(keys: Collection[str]) -> None:
    """Whoever got in has nothing standing against him any more."""
    Throttle.objects.filter(key__in=keys).delete()


@transaction.atomic
def forget_old() -> int:
    """Drop counts that no window reaches any more; answers how many."""
    return Throttle.objects.filter(since__lt=clock.instant() - _KEPT).delete()[0]
