"""What a correction wrote and dropped, how far examination has come, and where the numbers of a workbook's rows begin."""

from django.db import migrations, models
from django.db.models import F


def begin_before(apps, schema_editor):
    """`first_number` was the number of the first line; now it is what a line's own number is added to."""
    upload = apps.get_model("casework", "Upload")
    upload.objects.exclude(numbered_after=None).update(numbered_after=F("numbered_after") - 1)


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_broken_tries")]

    operations = [
        migrations.RenameField("upload", "first_number", "numbered_after"),
        migrations.RunPython(begin_before, migrations.RunPython.noop),
        migrations.RemoveField("upload", "taken"),
        migrations.AddField("upload", "expected", models.JSONField(default=list)),
        migrations.AddField("upload", "written", models.JSONField(default=list)),
        migrations.AddField("upload", "left_out", models.IntegerField(default=0)),
        migrations.AddField("upload", "dropped", models.IntegerField(default=0)),
        migrations.AddField("upload", "to_examine", models.IntegerField(default=0)),
        migrations.AddField("upload", "examined", models.IntegerField(default=0)),
        migrations.AddField("upload", "examined_to", models.IntegerField(default=0)),
        migrations.AlterField(
            "upload",
            "stage",
            models.CharField(
                choices=[
                    ("waiting", "等待读取"),
                    ("reading", "正在读取"),
                    ("examining", "正在检查"),
                    ("done", "已读完"),
                    ("refused", "未能读取"),
                    ("stopped", "已停止读取"),
                ],
                default="waiting",
                max_length=12,
            ),
        ),
    ]
