"""The cities' policies in a test's database. They are read from their files once; after that the rows are copied in."""

from django.conf import settings
from django.db import connection

from shebao.policy import loading

TABLES = ("policy_value", "policy_terms")
_rows: dict[bool, list[bytes]] = {}


def load(*, synthetic: bool = False) -> None:
    """As `bin/shebao policies load` would."""
    if synthetic in _rows:
        for table, content in zip(TABLES, _rows[synthetic], strict=True):
            with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(content)
        with connection.cursor() as cursor:
            for table in TABLES:  # a test that empties tables may have set their numbers back to 1
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )  # noqa: S608
        return
    loading.load(settings.POLICIES, synthetic=synthetic, cited=lambda ids: {})
    _rows[synthetic] = []
    for table in TABLES:
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
            _rows[synthetic].append(b"".join(bytes(part) for part in copy))
