"""Statements that were issued, and who asked about them. Nothing here is ever deleted."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shebao.foundation import ownership
from shebao.foundation.fields import MonthField


class Statement(models.Model):
    """电子对账单: what was certified of one person for some months, on one day.

    `snapshot` is the figures as they were signed, byte for byte. At most one statement of a person, kind and
    period is valid: one with new figures supersedes it.
    """

    ownership = ownership.PERSON

    class Kind(models.TextChoices):
        FIVE_INSURANCE = "five-insurance", _("五险电子对账单")

    class State(models.TextChoices):
        VALID = "valid", _("有效")
        SUPERSEDED = "superseded", _("已被新单替代")
        REVOKED = "revoked", _("已撤销")

    pk = models.CompositePrimaryKey("person_id", "serial")
    person_id = models.BigIntegerField()
    serial = models.CharField(max_length=32)
    kind = models.CharField(max_length=20, choices=Kind)
    first_month = MonthField()
    last_month = MonthField()
    snapshot = models.BinaryField()
    snapshot_sha256 = models.CharField(max_length=64)
    # Of the figures without serial and time: tells whether a new statement would say anything new.
    figures_sha256 = models.CharField(max_length=64)
    pdf = models.CharField(max_length=200)  # name in the store
    pdf_sha256 = models.CharField(max_length=64)
    code_sha256 = models.CharField(max_length=64)  # the verification code itself stands on the document alone
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.VALID)
    ended_at = models.DateTimeField(null=True, blank=True)  # superseded or revoked
    ended_by = models.CharField(max_length=120, blank=True, default="")
    superseded_by = models.CharField(max_length=32, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")  # why it was revoked

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "kind", "first_month", "last_month"],
                condition=Q(state="valid"),
                name="one_valid_statement_per_person_kind_and_period",
            ),
            models.CheckConstraint(
                condition=Q(first_month__lte=F("last_month")), name="a_statement_begins_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(state="valid", ended_at__isnull=True)
                | Q(~Q(state="valid"), ended_at__isnull=False),
                name="a_statement_that_is_over_says_since_when",
            ),
        ]
        indexes = [models.Index(fields=["person_id", "-issued_at"], name="statements_of_person")]

    def __str__(self):
        return self.serial

    @property
    def ref(self) -> str:
        return f"statement:{self.serial}"


class StatementKey(models.Model):
    """Leads from a serial, unique in the whole city, to the person whose statement it is."""

    ownership = ownership.REFERENCE

    serial = models.CharField(max_length=32, primary_key=True)
    person_id = models.BigIntegerField()

    def __str__(self):
        return self.serial


class Lookup(models.Model):
    """Somebody verified a statement. Its owner may see when, how and with which answer."""

    ownership = ownership.PERSON

    class How(models.TextChoices):
        CODE = "code", _("编号和验证码")
        FILE = "file", _("文件")

    pk = models.CompositePrimaryKey("person_id", "id")
    person_id = models.BigIntegerField()
    id = models.UUIDField()
    serial = models.CharField(max_length=32)
    at = models.DateTimeField()
    how = models.CharField(max_length=4, choices=How)
    answer = models.CharField(max_length=12)
    by = models.CharField(max_length=120)  # account:12, or "stranger"
    origin = models.CharField(max_length=60, blank=True, default="")  # coarse: part of an address, never all

    class Meta:
        indexes = [models.Index(fields=["person_id", "-at"], name="statements_lookup_person")]

    def __str__(self):
        return f"{self.serial} {self.at:%Y-%m-%d %H:%M}"
