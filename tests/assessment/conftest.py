"""The real cities' policies, and a day of the hall."""

from datetime import date

import pytest

from shebao.foundation import clock
from tests import policies as tests_policies
from tests.scenes import City


@pytest.fixture
def today():
    with clock.fixed(date(2026, 11, 23)):
        yield date(2026, 11, 23)


@pytest.fixture
def policies(db, today):
    """As production would load them: what is unknown is unknown."""
    tests_policies.load()


@pytest.fixture
def demo_policies(db, today):
    """With the made-up figures of the demo city."""
    tests_policies.load(synthetic=True)


@pytest.fixture
def city(policies) -> City:
    return City()
