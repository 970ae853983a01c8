from django.db import migrations, models
from django.db.models import F


def begin_with_the_seat(apps, schema_editor):
    """Until now one address stood for both."""
    apps.get_model("registry", "Employer").objects.update(postal_address=F("address"))


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0007_outside_retirees'),
    ]

    operations = [
        migrations.AddField(
            model_name='employer',
            name='postal_address',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.RunPython(begin_with_the_seat, migrations.RunPython.noop),
    ]
