"""The whole API: every module's operations, and those of every service that is open to machines."""

from functools import cache

from ninja import NinjaAPI

from shebao.api.v1 import books, cases, corrections, door, filing, papers

MODULES = (books, cases, filing, papers)  # by importing them their operations are declared


@cache
def api() -> NinjaAPI:
    """Built in one go, whoever asks first: Ninja takes nothing more once anybody has seen its addresses."""
    for service in filing.offered():
        filing.declare(service)
        corrections.declare(service)
    return door.built()
