"""People and employers draw their ids from one sequence: a payer is one bigint, whoever it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE registry_party_number AS bigint START 1001",
            "DROP SEQUENCE registry_party_number",
        )
    ]
