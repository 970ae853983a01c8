from django.db import migrations


class Migration(migrations.Migration):
    """The last five digits of appointments' and problem reports' numbers."""

    dependencies = [("engagement", "0001_initial")]

    operations = [
        migrations.RunSQL(
            f"CREATE SEQUENCE engagement_{name}_number AS bigint MINVALUE 1 MAXVALUE 99999 CYCLE",
            f"DROP SEQUENCE engagement_{name}_number",
        )
        for name in ("appointment", "problem")
    ]
