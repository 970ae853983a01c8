"""Statements that were issued, and who asked about them. Nothing here is ever deleted."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shebao.foundation import ownership
from shebao.foundation.fields import MonthField


class Issued(models.Model):
    """A document that was certified, on one day, of somebody for some months.

    `snapshot` is the figures as they were signed, byte for byte. At most one document of an owner, kind and
    period is valid: one with new figures supersedes it.
    """

    OWNER = ""  # the field that says whose it is

    class State(models.TextChoices):
        VALID = "valid", _("有效")
        SUPERSEDED = "superseded", _("已被新单替代")
        REVOKED = "revoked", _("已撤销")

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
        abstract = True

    def __str__(self):
        return self.serial

    @property
    def ref(self) -> str:
        return f"statement:{self.serial}"

    @property
    def owner_id(self) -> int:
        return getattr(self, self.OWNER)

    @property
    def owner(self) -> str:
        """The reference of whose it is, e.g. person:88."""
        return f"{self.OWNER.removesuffix('_id')}:{self.owner_id}"


def _begins_before_it_ends(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(first_month__lte=F("last_month")), name=name)


def _says_since_when_it_is_over(name: str) -> models.CheckConstraint:
    over = Q(~Q(state="valid"), ended_at__isnull=False)
    return models.CheckConstraint(condition=Q(state="valid", ended_at__isnull=True) | over, name=name)


class Statement(Issued):
    """电子对账单 of one person."""

    ownership = ownership.PERSON
    OWNER = "person_id"

    class Kind(models.TextChoices):
        FIVE_INSURANCE = "five-insurance", _("五险电子对账单")

    pk = models.CompositePrimaryKey("person_id", "serial")
    person_id = models.BigIntegerField()
    serial = models.CharField(max_length=32)
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "kind", "first_month", "last_month"],
                condition=Q(state="valid"),
                name="one_valid_statement_per_person_kind_and_period",
            ),
            _begins_before_it_ends("a_statement_begins_before_it_ends"),
            _says_since_when_it_is_over("a_statement_that_is_over_says_since_when"),
        ]
        indexes = [models.Index(fields=["person_id", "-issued_at"], name="statements_of_person")]

    @property
    def lookups(self) -> type["Lookup"]:
        return Lookup


class EmployerStatement(Issued):
    """单位缴费对账单: what an employer itself paid for its people, for all of them or for the one `person_id` names."""

    ownership = ownership.LOCAL
    OWNER = "employer_id"

    class Kind(models.TextChoices):
        ALL = "own-contributions", _("单位缴费对账单（全体职工）")
        ONE = "own-for-employee", _("单位缴费对账单（一名职工）")

    serial = models.CharField(max_length=32, primary_key=True)
    employer_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employer_id", "person_id", "kind", "first_month", "last_month"],
                condition=Q(state="valid"),
                nulls_distinct=False,
                name="one_valid_statement_per_employer_kind_and_period",
            ),
            _begins_before_it_ends("an_employers_statement_begins_before_it_ends"),
            _says_since_when_it_is_over("an_employers_statement_that_is_over_says_since_when"),
        ]
        indexes = [models.Index(fields=["employer_id", "-issued_at"], name="statements_of_employer")]

    @property
    def lookups(self) -> type["EmployerLookup"]:
        return EmployerLookup


class StatementKey(models.Model):
    """Leads from a serial, unique in the whole city, to the person or the employer whose statement it is."""

    ownership = ownership.REFERENCE

    serial = models.CharField(max_length=32, primary_key=True)
    person_id = models.BigIntegerField(null=True)
    employer_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person_id__isnull=True) ^ Q(employer_id__isnull=True),
                name="a_statement_is_a_persons_or_an_employers",
            )
        ]

    def __str__(self):
        return self.serial


class Asked(models.Model):
    """Somebody verified a statement. Its owner may see when, how and with which answer."""

    class How(models.TextChoices):
        CODE = "code", _("编号和验证码")
        FILE = "file", _("文件")

    serial = models.CharField(max_length=32)
    at = models.DateTimeField()
    how = models.CharField(max_length=4, choices=How)
    answer = models.CharField(max_length=12)
    by = models.CharField(max_length=120)  # account:12, or "stranger"
    origin = models.CharField(max_length=60, blank=True, default="")  # coarse: part of an address, never all

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.serial} {self.at:%Y-%m-%d %H:%M}"


class Lookup(Asked):
    """Somebody verified a person's statement."""

    ownership = ownership.PERSON

    pk = models.CompositePrimaryKey("person_id", "id")
    person_id = models.BigIntegerField()
    id = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["person_id", "-at"], name="statements_lookup_person")]


class EmployerLookup(Asked):
    """Somebody verified an employer's statement."""

    ownership = ownership.LOCAL

    id = models.UUIDField(primary_key=True)
    employer_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["employer_id", "-at"], name="statements_lookup_employer")]
