"""Portals stand on the keys and books of the statements' tests."""

from tests.statements.conftest import books, hall, key_folder

__all__ = ["books", "hall", "key_folder"]
