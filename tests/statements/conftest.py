"""Keys of a hall that lasts one test run, and a place for its documents."""

from datetime import UTC, datetime

import pytest

from shebao.statements import keys, rendering, signing
from tests.statements.books import Books
from tests.statements.examples import CODE, URL, snapshot


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    keys.make(folder, "江城市社会保险经办机构（测试）", at=datetime(2024, 1, 1, tzinfo=UTC))
    return folder


@pytest.fixture(autouse=True)
def hall(settings, key_folder, tmp_path):
    """The hall of these tests: its keys, an empty store, an address."""
    settings.KEYS = key_folder
    settings.VERIFY_AT = "https://hall.example/verify"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "store"},
        }
    }


@pytest.fixture(scope="session")
def signed(key_folder) -> bytes:
    """A signed statement that needs no database."""
    return sign_with(key_folder, snapshot())


@pytest.fixture
def books(db) -> Books:
    return Books()


def sign_with(folder, figures: dict) -> bytes:
    pdf = rendering.render(figures, code=CODE, url=URL)
    return signing.sign(pdf, keys.held_in(folder), at=datetime.fromisoformat(figures["issued_at"]))
