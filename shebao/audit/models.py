"""The tables of the audit. They are written by named SQL (sql/), the models serve reading and migrations."""

from django.contrib.postgres.fields import BigIntegerRangeField
from django.db import models

from shebao.foundation import ownership


class AuditEvent(models.Model):
    """One line: who did what, when, to which reference. A trigger forbids changing or removing it.

    No foreign keys: the line outlives what it speaks of.
    """

    ownership = ownership.LOCAL

    at = models.DateTimeField()
    event = models.TextField()
    about = models.TextField()
    actor = models.TextField()
    actor_name = models.TextField(default="", blank=True)
    person_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_event"
        indexes = [
            models.Index(fields=["about", "id"], name="audit_event_about"),
            models.Index(
                fields=["person_id", "id"],
                name="audit_event_person",
                condition=models.Q(person_id__isnull=False),
            ),
            models.Index(fields=["actor", "id"], name="audit_event_actor"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.event} {self.about}"


class Waiting(models.Model):
    """A line that no seal covers yet; a trigger puts it here together with the line."""

    ownership = ownership.LOCAL

    event_id = models.BigIntegerField(primary_key=True)

    def __str__(self):
        return str(self.event_id)


class _Int8MultiRange(BigIntegerRangeField):
    """Stretches of numbers with holes; only SQL reads it."""

    def db_type(self, connection):
        return "int8multirange"


class Seal(models.Model):
    """A hash over a number of lines and over the seal before."""

    ownership = ownership.LOCAL

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    events = models.BigIntegerField()
    covers = _Int8MultiRange()
    hash = models.BinaryField()

    def __str__(self):
        return f"{self.number}"
