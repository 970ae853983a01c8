"""What the tests of the books share."""

from datetime import date

import pytest

from shebao.foundation import clock
from tests.ledger.books import Books


@pytest.fixture
def books():
    """A city on 22 November 2026 whose books are empty."""
    with clock.fixed(date(2026, 11, 22)):
        yield Books()
