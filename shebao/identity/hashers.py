"""How passwords are hashed: Argon2id with the cost that OWASP's password storage cheat sheet names first.

A hash takes 19 MiB and some 20 ms of a core. A crowd of log-ins must neither fill the memory nor starve the pages,
so only as many are computed at once as there are cores; the others wait a little, then are asked to come again.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext as _

_PATIENCE = 10  # seconds
_slots = threading.BoundedSemaphore(len(os.sched_getaffinity(0)))


class TooBusy(Exception):
    """More log-ins at once than this machine can check; `sentence` asks to come again."""

    def __init__(self):
        self.sentence = _("现在办理的人很多，请过一会儿再试")
        super().__init__(self.sentence)


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=_PATIENCE):
        raise TooBusy
    try:
        yield
    finally:
        _slots.release()


class Argon2(Argon2PasswordHasher):
    """Argon2id, 19 MiB, two passes, one lane."""

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1

    def encode(self, password, salt):
        with _slot():
            return super().encode(password, salt)

    def verify(self, password, encoded):
        with _slot():
            return super().verify(password, encoded)
