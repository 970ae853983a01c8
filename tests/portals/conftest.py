"""Filing is tested with the library of casework's own tests: what is filed does not matter to it."""

from tests.casework.conftest import here, services

__all__ = ["here", "services"]
