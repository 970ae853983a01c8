"""What all tests stand on. The database is real: embedded PostgreSQL in var/pg-test, or the one DATABASE_URL names."""

import os

import pytest

from config.browser import chromium


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true", help="also the tests marked slow")


def pytest_collection_modifyitems(config, items):
    """Leave out the slow ones unless asked for, and say why browser tests can't run where they can't."""
    if not config.getoption("--all"):
        slow = [item for item in items if item.get_closest_marker("slow")]
        if slow:
            config.hook.pytest_deselected(items=slow)
            items[:] = [item for item in items if not item.get_closest_marker("slow")]
    if chromium() is None and not os.environ.get("CI"):
        reason = "no Chromium on this machine: apt-get install chromium fonts-noto-cjk"
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def chromium_path():
    """The Chromium that browser tests drive; in CI its absence is a failure, not a skip."""
    path = chromium()
    assert path, "no Chromium on this machine: apt-get install chromium fonts-noto-cjk"
    return path


@pytest.fixture(autouse=True)
def partitioned_tables_are_emptied_too(request):
    """After a test that commits, Django empties its tables, but not those that migrations make by SQL."""
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")) and "transactional_db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from django.apps import apps
    from django.db import connection

    for model in apps.get_models(include_auto_created=True):
        ours = model.__module__.startswith("shebao.") and not model._meta.managed
        if ours and model.objects.exists():
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {connection.ops.quote_name(model._meta.db_table)}")
