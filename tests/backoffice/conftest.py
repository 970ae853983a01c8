"""The desk is tested with the library of casework's own tests: what is reviewed does not matter to it."""

from tests.casework.conftest import here, services

__all__ = ["here", "services"]
