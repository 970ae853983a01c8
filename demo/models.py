from django.db import models
from django.utils import timezone


class City(models.Model):
    """The city that was made here. It is written last, in the transaction that puts everything else in place."""

    seed = models.BigIntegerField()
    people = models.IntegerField()
    employers = models.IntegerField()
    first_employer = models.BigIntegerField()
    first_person = models.BigIntegerField()
    made_for = models.DateField()  # the day its last month is the month before of
    made_at = models.DateTimeField(default=timezone.now)
