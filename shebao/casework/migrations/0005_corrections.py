from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0004_errands'),
    ]

    operations = [
        migrations.RenameField('Upload', 'replaces_bad', 'corrects'),
        migrations.AddField('Upload', 'taken', models.IntegerField(default=0)),
    ]
