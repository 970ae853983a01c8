"""The archive. A wage change or a move closes one enrolment period and opens the next; nothing is edited away."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shebao.foundation import ownership
from shebao.foundation.fields import MonthField

from .schemes import Scheme


class Office(models.Model):
    """辖区社保处: a district office of the agency."""

    ownership = ownership.REFERENCE

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=200, blank=True, default="")
    hours = models.CharField(max_length=120, blank=True, default="")


class Person(models.Model):
    """参保人. The id never changes and says nothing; ID number and card number may change."""

    ownership = ownership.PERSON

    class Sex(models.TextChoices):
        MALE = "M", _("男")
        FEMALE = "F", _("女")

    id = models.BigIntegerField(primary_key=True)  # from registry_party_number
    id_number = models.CharField(max_length=18)
    personal_number = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    sex = models.CharField(max_length=1, choices=Sex)
    birth_date = models.DateField()
    mobile = models.CharField(max_length=20, blank=True, default="")
    email = models.CharField(max_length=120, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    bank_tail = models.CharField(
        max_length=6, blank=True, default=""
    )  # last six digits; the number is not kept
    photo = models.CharField(max_length=200, blank=True, default="")
    special_group = models.CharField(max_length=40, blank=True, default="")
    retired_from = MonthField(null=True, blank=True)  # first month of the pension
    died_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["name"], name="registry_person_name")]


class PersonKey(models.Model):
    """What is unique city-wide and leads to one person: ID number, personal number, card number."""

    ownership = ownership.REFERENCE

    class Kind(models.TextChoices):
        ID_NUMBER = "id_number"
        PERSONAL_NUMBER = "personal_number"
        CARD_NUMBER = "card_number"

    pk = models.CompositePrimaryKey("kind", "value")
    kind = models.CharField(max_length=16, choices=Kind)
    value = models.CharField(max_length=24)
    person_id = models.BigIntegerField(db_index=True)


class Card(models.Model):
    """社会保障卡."""

    ownership = ownership.PERSON

    class State(models.TextChoices):
        NORMAL = "normal", _("正常")
        LOST_ONLINE = "lost_online", _("个人网上挂失")
        LOST = "lost", _("正式挂失")
        LOCKED = "locked", _("锁定")
        CANCELLED = "cancelled", _("注销")

    pk = models.CompositePrimaryKey("person_id", "number")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    number = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=State, default=State.NORMAL)
    issued_on = models.DateField()


class Employer(models.Model):
    """参保单位."""

    ownership = ownership.REFERENCE

    class Grade(models.TextChoices):
        ORDINARY = "ordinary", _("普通单位")
        TRUSTED = "trusted", _("VIP 单位")

    class State(models.TextChoices):
        ACTIVE = "active", _("正常")
        SUSPENDED = "suspended", _("停办")
        CLOSED = "closed", _("已注销")

    id = models.BigIntegerField(primary_key=True)  # from registry_party_number
    number = models.CharField(max_length=12, unique=True)
    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=120)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    grade = models.CharField(max_length=10, choices=Grade, default=Grade.ORDINARY)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    schemes = ArrayField(models.CharField(max_length=20))  # the set that every employee must be in
    contact_name = models.CharField(max_length=80, blank=True, default="")
    contact_phone = models.CharField(max_length=30, blank=True, default="")
    email = models.CharField(max_length=120, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    founded_on = models.DateField()
    registered_on = models.DateField()
    source = models.CharField(max_length=120)


class InjuryClass(models.Model):
    """An employer's work-injury industry class (1 to 8) from a month on."""

    ownership = ownership.REFERENCE

    pk = models.CompositePrimaryKey("employer_id", "starts")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT)
    starts = MonthField()
    injury_class = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(injury_class__gte=1, injury_class__lte=8), name="injury_class_is_1_to_8"
            )
        ]


class Enrolment(models.Model):
    """参保关系: a person in one scheme, through one payer, from a month to a month (both inclusive).

    `ends` is null while it is open. A period that should never have been is reversed (`reversed_by` names the
    case) and stays visible; `version` tells it from the one that replaces it. `opened_late` marks an enrolment
    filed later than the law's 30 days.
    """

    ownership = ownership.PERSON

    class Kind(models.TextChoices):
        EMPLOYEE = "employee", _("单位职工")
        FLEXIBLE = "flexible", _("灵活就业")
        RESIDENT = "resident", _("居民")

    pk = models.CompositePrimaryKey("person_id", "scheme", "starts", "version")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    scheme = models.CharField(max_length=20, choices=Scheme)
    starts = MonthField()
    version = models.SmallIntegerField(default=1)
    ends = MonthField(null=True, blank=True)
    payer_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    declared_wage = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    tier = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)  # share of the average
    hired_on = models.DateField(null=True, blank=True)
    opened_late = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, blank=True, default="")  # why it ended
    source = models.CharField(max_length=120)
    closed_source = models.CharField(max_length=120, blank=True, default="")
    reversed_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "scheme"],
                condition=Q(ends__isnull=True, reversed_by=""),
                name="one_open_enrolment_per_person_and_scheme",
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="enrolment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(declared_wage__isnull=True) | Q(declared_wage__gt=0),
                name="declared_wage_is_above_zero",
            ),
            models.CheckConstraint(
                condition=~Q(kind="employee") | Q(declared_wage__isnull=False), name="an_employee_has_a_wage"
            ),
        ]
        indexes = [
            # The roster of a payer: who is, or was, with it.
            models.Index(fields=["payer_id", "person_id"], name="registry_enrolment_payer"),
        ]
