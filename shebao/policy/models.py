"""Rules of cities as dated, cited data. Read by SQL; written by the loader alone."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from shebao.foundation import ownership
from shebao.foundation.fields import MonthField


class Value(models.Model):
    """One figure of one city, in force for a time, known from a day, with its source.

    `value` null means: it is known that nobody knows; a calculation that needs it stops and says so.
    `klass` is what tells figures of one parameter apart: an injury class, a tier, an age.
    """

    ownership = ownership.REFERENCE

    id = models.AutoField(primary_key=True)
    city = models.CharField(max_length=6)  # 420100, 440300, or china
    scheme = models.CharField(max_length=20, blank=True, default="")
    parameter = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, blank=True, default="")  # employee | flexible | '' for both
    klass = models.CharField(max_length=20, blank=True, default="")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)  # last day, inclusive
    known_from = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    text = models.CharField(max_length=200, blank=True, default="")  # for values that are words
    unit = models.CharField(max_length=20)
    title = models.CharField(max_length=80, default="")  # what people call it: 单位缴费比例
    source = models.TextField()
    document = models.CharField(max_length=120, blank=True, default="")
    url = models.CharField(max_length=300, blank=True, default="")
    evidence = models.CharField(max_length=3)  # V1 V2 V3 V4 S U X N SYN, as in docs/algorithms/policy.md
    # Why a figure of evidence U or X is used all the same; without this sentence such a figure stays unknown.
    adopted = models.TextField(blank=True, default="")
    provisional = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    review_due = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "city",
                    "scheme",
                    "parameter",
                    "kind",
                    "klass",
                    "valid_from",
                    "known_from",
                    "synthetic",
                ],
                name="one_policy_value_per_key_and_day",
            )
        ]


class Terms(models.Model):
    """Everything that one due of one month needs, in one row: made by the loader from the values it names.

    A due cites its terms; so the explanation of an amount is a join, and a cited row may never change: what is
    learned later is a further row with a later `known_from`, over the same months.
    Rates are fractions (0.16), fixed parts yuan a month, limits yuan a month.
    """

    ownership = ownership.REFERENCE

    id = models.AutoField(primary_key=True)
    city = models.CharField(max_length=6)
    scheme = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)  # employee | flexible
    injury_class = models.SmallIntegerField(default=0)  # 0 where the class does not matter
    starts = MonthField()
    ends = MonthField(null=True, blank=True)
    known_from = models.DateField()
    floor = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    ceiling = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    average = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    employer_rate = models.DecimalField(max_digits=9, decimal_places=6)
    personal_rate = models.DecimalField(max_digits=9, decimal_places=6)
    employer_fixed = models.DecimalField(max_digits=14, decimal_places=2)
    personal_fixed = models.DecimalField(max_digits=14, decimal_places=2)
    account_rate = models.DecimalField(
        max_digits=9, decimal_places=6
    )  # share of the base credited to the account
    value_ids = ArrayField(models.IntegerField())
    provisional = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = [
            # Later knowledge lies on top of earlier: of the terms that cover a month, the newest known counts.
            models.UniqueConstraint(
                fields=["city", "scheme", "kind", "injury_class", "starts", "known_from"],
                name="one_terms_per_key_month_and_day",
            )
        ]
