"""Kept sums whose name held a day were never replaced, and some held names: all are made anew when asked for."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0010_revisions_are_told")]

    operations = [migrations.RunSQL("DELETE FROM ledger_summary", migrations.RunSQL.noop)]
