"""The real cities' policies, and a day of the hall."""

from datetime import date

import pytest
from django.conf import settings

from shebao.foundation import clock
from shebao.policy import loading
from tests.scenes import City


@pytest.fixture
def today():
    with clock.fixed(date(2026, 11, 23)):
        yield date(2026, 11, 23)


@pytest.fixture
def policies(db, today):
    """As production would load them: what is unknown is unknown."""
    loading.load(settings.POLICIES, cited=lambda ids: {})


@pytest.fixture
def demo_policies(db, today):
    """With the made-up figures of the demo city."""
    loading.load(settings.POLICIES, synthetic=True, cited=lambda ids: {})


@pytest.fixture
def city(policies) -> City:
    return City()
