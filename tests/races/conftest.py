"""The library of the casework tests, committed, so that two connections see it."""

from tests.casework.conftest import here_committed, services

__all__ = ["here_committed", "services"]
