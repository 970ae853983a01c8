"""Where a request comes from, as far as we can trust it."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def source_of(request: HttpRequest) -> str:
    """The address of the sender. Behind PROXIES of our own it is the one the outermost of them wrote down.

    What stands further left in X-Forwarded-For comes from the sender and may say anything.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        passed = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(passed) >= settings.PROXIES:
            address = passed[-settings.PROXIES]
    try:
        return str(ip_address(address))
    except ValueError:
        return ""  # a Unix socket


def neighbourhood(source: str) -> str:
    """The part of an address that its owner can't change at will: of IPv6 the first 64 bits."""
    try:
        address = ip_address(source)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False))
    return source
