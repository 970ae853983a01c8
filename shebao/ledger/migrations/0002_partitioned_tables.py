"""The four person-owned tables of the ledger, partitioned by year of the contribution month.

Written as SQL because Django does not make partitioned tables; the models are unmanaged and equal to these
columns (tests/ledger/test_tables.py holds them together).
"""

from django.db import migrations

FIRST_YEAR, LAST_YEAR = 1992, 2035

TABLES = {
    "ledger_due": """
        person_id bigint NOT NULL, scheme text NOT NULL, payer_id bigint NOT NULL, month date NOT NULL,
        line smallint NOT NULL DEFAULT 1,
        declared numeric(14,2) NOT NULL, base numeric(14,2) NOT NULL,
        employer_part numeric(14,2) NOT NULL, personal_part numeric(14,2) NOT NULL,
        account_part numeric(14,2) NOT NULL, terms_id integer NOT NULL, run_id bigint NOT NULL,
        PRIMARY KEY (person_id, scheme, payer_id, month, line)
    """,
    "ledger_slipitem": """
        person_id bigint NOT NULL, scheme text NOT NULL, payer_id bigint NOT NULL, month date NOT NULL,
        line smallint NOT NULL, slip_id bigint NOT NULL, live boolean NOT NULL DEFAULT true,
        PRIMARY KEY (person_id, scheme, payer_id, month, line, slip_id)
    """,
    "ledger_allocation": """
        person_id bigint NOT NULL, scheme text NOT NULL, payer_id bigint NOT NULL, month date NOT NULL,
        line smallint NOT NULL, kind text NOT NULL,
        employer_part numeric(14,2) NOT NULL, personal_part numeric(14,2) NOT NULL,
        settled_on date NOT NULL, receipt_id bigint, source text NOT NULL DEFAULT '',
        PRIMARY KEY (person_id, scheme, payer_id, month, line)
    """,
    "ledger_accountline": """
        person_id bigint NOT NULL, account text NOT NULL, month date NOT NULL, kind text NOT NULL,
        payer_id bigint NOT NULL, line smallint NOT NULL DEFAULT 1, amount numeric(14,2) NOT NULL,
        posted_on date NOT NULL, source text NOT NULL DEFAULT '',
        PRIMARY KEY (person_id, account, month, kind, payer_id, line)
    """,
}
INDEXES = {
    # No index by payer: a payer's people stand in registry_enrolment, and the key begins with the person.
    "ledger_due": [],
    "ledger_slipitem": [
        "CREATE UNIQUE INDEX one_live_slip_per_due ON ledger_slipitem"
        " (person_id, scheme, payer_id, month, line) WHERE live",
        "CREATE INDEX ledger_slipitem_slip ON ledger_slipitem (slip_id)",
    ],
    "ledger_allocation": [],
    "ledger_accountline": [],
}


def _statements():
    for table, columns in TABLES.items():
        yield f"CREATE TABLE {table} ({columns}) PARTITION BY RANGE (month)", f"DROP TABLE {table}"
        for index in INDEXES[table]:
            yield index, migrations.RunSQL.noop
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            yield (
                f"CREATE TABLE {table}_{year} PARTITION OF {table}"
                f" FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')",
                migrations.RunSQL.noop,
            )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(sql, reverse) for sql, reverse in _statements()]
