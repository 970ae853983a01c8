"""The first page of the done list, however many cases an employer has handed over."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("casework", "0009_words_of_states")]

    operations = [
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["party_kind", "party_id", "-submitted_at", "-id"],
                condition=Q(submitted_at__isnull=False),
                name="case_handed_over",
            ),
        ),
    ]
