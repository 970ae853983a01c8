"""The services of this hall by code. They are handed in once, at start; casework itself knows none."""

from __future__ import annotations

from collections.abc import Iterable

from shebao.casework.service import Service

_declared: list[Service] = []


def declare(services: Iterable[Service]) -> None:
    """Offer these services and no others. Called by the package that lists them when it is ready."""
    _declared[:] = services


def declared() -> tuple[Service, ...]:
    """As they were handed in, in the order of menus."""
    return tuple(_declared)


def service(code: str) -> Service:
    """The service of this code. KeyError when the hall doesn't offer it."""
    for service in _declared:
        if service.code == code:
            return service
    raise KeyError(code)


def offered_to(kind: str) -> tuple[Service, ...]:
    """What a filer of this kind (`Acting.kind`) may file."""
    return tuple(service for service in _declared if kind in service.who)
