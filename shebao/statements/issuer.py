"""In whose name statements are issued: the owner of the hall, as its city's folder says."""

from functools import cache
from pathlib import Path

import yaml
from django.conf import settings


def issuer() -> dict[str, str]:
    """City code and name. A demo's says that it is one."""
    return _issuer(settings.CITY_FOLDER, settings.CITY_CODE, settings.DEMO)


@cache
def _issuer(folder: Path, city: str, demo: bool) -> dict[str, str]:
    words = yaml.safe_load((folder / "hall" / "hall.yaml").read_text("utf-8"))
    return {"city": city, "name": words["owner"]["zh"] + ("（演示）" if demo else "")}
