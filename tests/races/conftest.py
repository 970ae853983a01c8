"""What races share: the casework tests' library, committed, so that two connections see it; and a clean end."""

import pytest

from shebao.foundation import sql
from tests.casework.conftest import here_committed, services

__all__ = ["here_committed", "services"]


@pytest.fixture(autouse=True)
def empty_books(transactional_db):
    """Django empties the tables of its models after such a test; these it does not know as its own."""
    yield
    sql.run("TRUNCATE ledger_due, ledger_slipitem, ledger_allocation, ledger_accountline").close()
