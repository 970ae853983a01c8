from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0011_summaries_name_nobody")]

    operations = [
        migrations.AddField("slip", "fee_until", models.DateField(null=True, blank=True)),
        migrations.AlterField(
            "slip",
            "kind",
            models.CharField(
                choices=[("monthly", "月度缴费单"), ("arrears", "欠费补缴单"), ("late_fee", "滞纳金缴费单")],
                max_length=10,
            ),
        ),
        migrations.RunSQL(
            "UPDATE ledger_slip s SET fee_until = f.until"
            " FROM (SELECT slip_id, max(until) AS until FROM ledger_latefee GROUP BY slip_id) f"
            " WHERE f.slip_id = s.id",
            migrations.RunSQL.noop,
        ),
    ]
