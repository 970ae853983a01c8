"""A month's dues lie together in their year; a small index says where, so that a run need not read the whole year."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_times_come_from_the_halls_clock")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX ledger_due_month ON ledger_due USING brin (month)"
            " WITH (pages_per_range = 32, autosummarize = on)",
            "DROP INDEX ledger_due_month",
        ),
        migrations.AddIndex(
            model_name="bill", index=models.Index(fields=["month"], name="ledger_bill_month")
        ),
    ]
