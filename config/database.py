"""Which PostgreSQL: the one DATABASE_URL names, or else the embedded one in a folder of ours."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from shebao.foundation import postgres


def databases(folder: Path, server: Mapping[str, str] | None = None) -> dict[str, dict]:
    """Django's DATABASES. `folder` and `server` (settings of the server) only count for the embedded one."""
    named = os.environ.get("DATABASE_URL", "")
    if named:
        return {"default": {**from_url(named), **KEPT}}
    embedded = from_url(postgres.url(folder))
    embedded |= {"ENGINE": "shebao.foundation.embedded", "FOLDER": folder, "SERVER": server}
    return {"default": {**embedded, **KEPT}}


def from_url(url: str) -> dict:
    """Read postgresql://user:password@host:port/name?sslmode=…; a host that begins with %2F is a socket folder."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    where, _, port = parts.netloc.rpartition("@")[2].partition(":")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(where)),
        "PORT": options.pop("port", port),
        "OPTIONS": options,
    }


# A connection costs 9 ms, a page 6: so they are kept (docs/operations says what was measured).
KEPT = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
