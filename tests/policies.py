"""The cities' policies in a test's database. They are read from their files once; after that the rows are copied in."""

from django.conf import settings
from django.db import connection

from shebao.policy import loading

TABLES = ("policy_value", "policy_terms")
_RENUMBER = """SELECT setval('policy_value_id_seq', (SELECT max(id) FROM policy_value)),
                      setval('policy_terms_id_seq', (SELECT max(id) FROM policy_terms))"""
_rows: dict[bool, list[bytes]] = {}


def load(*, synthetic: bool = False) -> None:
    """As `bin/shebao policies load` would."""
    if synthetic in _rows:
        for table, content in zip(TABLES, _rows[synthetic], strict=True):
            with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(content)
        with connection.cursor() as cursor:  # a test that empties tables may have set their numbers back to 1
            cursor.execute(_RENUMBER)
        return
    loading.load(settings.POLICIES, synthetic=synthetic, cited=lambda ids: {})
    _rows[synthetic] = []
    for table in TABLES:
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
            _rows[synthetic].append(b"".join(bytes(part) for part in copy))
