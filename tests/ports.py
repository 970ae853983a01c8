"""A port for a server of a test's own, which takes some seconds until it listens there."""

import os
import random
import socket
from pathlib import Path

FIRST, WORKERS = 11_000, 16
_GIVEN_BY_THE_SYSTEM = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """One that nobody listens on, and that the system gives to no connection meanwhile: it gives higher ones.

    Nor does another process of this run get it: each takes every sixteenth.
    """
    end = int(_GIVEN_BY_THE_SYSTEM.read_text().split()[0]) if _GIVEN_BY_THE_SYSTEM.exists() else 32_768
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    room = range(FIRST + process, end, WORKERS)
    for port in random.sample(room, len(room)) or [0]:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return probe.getsockname()[1]
            except OSError:
                continue
    raise AssertionError("every port is taken")
