from django.db import migrations


class Migration(migrations.Migration):
    """The last six digits of case numbers. A million cases a day are more than any city has."""

    dependencies = [("casework", "0001_cases")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE casework_case_number AS bigint MINVALUE 1 MAXVALUE 999999 CYCLE",
            "DROP SEQUENCE casework_case_number",
        ),
    ]
