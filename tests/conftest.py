"""What all tests stand on. The database is real: embedded PostgreSQL in var/pg-test, or the one DATABASE_URL names."""

import os

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import HealthCheck, settings

from config.browser import chromium

# The same examples in every run, however slow the machine: what fails, fails for everybody.
settings.register_profile(
    "steady", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


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
def _empty_tables_that_django_does_not_manage(request, django_db_blocker):
    """After tests with transactions of their own: Django empties the tables it made, not the partitioned ones
    and the queue's."""
    yield
    mark = request.node.get_closest_marker("django_db")
    own = mark and (mark.kwargs.get("transaction") or (mark.args and mark.args[0]))
    if own or {"transactional_db", "live_server"} & set(request.fixturenames):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            unmanaged = {model._meta.db_table for model in apps.get_models() if not model._meta.managed}
            tables = unmanaged & set(connection.introspection.table_names(cursor))
            names = ", ".join(connection.ops.quote_name(table) for table in sorted(tables))
            cursor.execute(f"TRUNCATE {names} CASCADE")  # noqa: S608
