"""Deeds that meet in the database: where each of two waits for the other, the database ends one of them."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from shebao.foundation.unsettled import Busy

log = logging.getLogger(__name__)
_MOMENT = (0.1, 0.4)  # seconds, drawn anew each time so that two who were both ended part
_CROSSED = (DeadlockDetected, LockNotAvailable, SerializationFailure)
T = TypeVar("T")


def outlast(deed: Callable[[], T]) -> T:
    """Do the deed, a transaction of its own; if the database ended it in favour of another one, do it once more.

    The other one is given a moment to get done first: who comes back at once takes the lock that was just freed, and
    the two wait for each other again. Busy when it happened twice: nothing was changed, and it may be done again later.
    """
    for last in (False, True):
        try:
            return deed()
        except OperationalError as crossed:
            if not isinstance(crossed.__cause__, _CROSSED):
                raise
            log.warning("crossed by another deed%s: %s", ", twice" if last else "", crossed)
            if last:
                raise Busy(_("同时办理的人较多，没有任何变动；请过一会儿再试")) from crossed
            _wait_a_moment()
    raise AssertionError("a deed is done, or not")


def _wait_a_moment() -> None:
    time.sleep(random.uniform(*_MOMENT))
