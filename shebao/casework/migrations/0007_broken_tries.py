from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_writer")]

    operations = [
        migrations.AddField(
            model_name="errand", name="broken", field=models.SmallIntegerField(db_default=0, default=0)
        ),
    ]
