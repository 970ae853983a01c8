"""Portals stand on the library of casework's tests (what is filed does not matter to them), and on the keys and books
of the statements' tests."""

from tests.casework.conftest import here, services
from tests.statements.conftest import books, hall, key_folder

__all__ = ["books", "hall", "here", "key_folder", "services"]
