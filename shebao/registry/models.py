"""The archive. A wage change or a move closes one enrolment period and opens the next; nothing is edited away."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shebao.foundation import clock, ownership
from shebao.foundation.fields import MonthField
from shebao.registry.schemes import Scheme


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
    # Codes of registry/particulars.py; phone beside the mobile, where he is registered, where he lives (address).
    education = models.CharField(max_length=2, blank=True, default="", db_default="")
    marital_state = models.CharField(max_length=2, blank=True, default="", db_default="")
    ethnicity = models.CharField(max_length=2, blank=True, default="", db_default="")
    phone = models.CharField(max_length=30, blank=True, default="", db_default="")
    hukou_place = models.CharField(max_length=200, blank=True, default="", db_default="")
    special_group = models.CharField(max_length=40, blank=True, default="")
    retired_from = MonthField(null=True, blank=True)  # first month of the pension
    died_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["name"], name="registry_person_name")]


class PersonChange(models.Model):
    """个人信息变更: one particular of a person, what stood there before and what stands there now, and by what.

    Where both are the same, a counter confirmed it with the person's identity card.
    """

    ownership = ownership.PERSON

    pk = models.CompositePrimaryKey("person_id", "source", "field")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_index=False)
    source = models.CharField(max_length=120)
    field = models.CharField(max_length=20)
    before = models.CharField(max_length=200, blank=True, default="")
    after = models.CharField(max_length=200, blank=True, default="")
    by_name = models.CharField(max_length=200, blank=True, default="")
    changed_at = models.DateTimeField(default=clock.now)


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


class CardApplication(models.Model):
    """社会保障卡申领: somebody asks for a card; the agency makes it. `payer_id` is who filed for him."""

    ownership = ownership.PERSON

    class State(models.TextChoices):
        APPLIED = "applied", _("已申请制卡")
        ISSUED = "issued", _("已发卡")
        CANCELLED = "cancelled", _("已撤销")

    pk = models.CompositePrimaryKey("person_id", "source")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_index=False)
    source = models.CharField(max_length=120)
    payer_id = models.BigIntegerField(db_index=True)
    applied_on = models.DateField()
    mobile = models.CharField(max_length=20, blank=True, default="")  # where he is told; his own if empty
    state = models.CharField(max_length=10, choices=State, default=State.APPLIED)
    card_number = models.CharField(max_length=12, blank=True, default="")  # once it is issued

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(state="applied"), name="one_card_application_at_a_time"
            )
        ]


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

    class Organisation(models.TextChoices):
        COMPANY = "company", _("企业")
        INSTITUTION = "institution", _("事业单位")
        BODY = "body", _("社会团体或民办非企业单位")
        TRADER = "trader", _("有雇工的个体工商户")
        OTHER = "other", _("其他单位")

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
    address = models.CharField(max_length=200, blank=True, default="")  # 住所: its registered seat
    postal_address = models.CharField(
        max_length=200, blank=True, default="", db_default=""
    )  # where it is reached
    phone = models.CharField(max_length=30, blank=True, default="", db_default="")
    fax = models.CharField(max_length=30, blank=True, default="", db_default="")
    postcode = models.CharField(max_length=6, blank=True, default="", db_default="")
    legal_person = models.CharField(max_length=80, blank=True, default="", db_default="")  # 法定代表人
    organisation = models.CharField(
        max_length=20, choices=Organisation, blank=True, default="", db_default=""
    )
    business = models.CharField(max_length=200, blank=True, default="", db_default="")  # what it mainly does
    founded_on = models.DateField()
    registered_on = models.DateField()
    source = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["office", "id"], name="registry_employer_office")]


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


class OutsideRetiree(models.Model):
    """非统筹退休人员: somebody retired from an employer whose pension comes from outside the city's pool.

    The city's pension books know nothing of him; his employer declares once a year what he gets a month.
    """

    ownership = ownership.PERSON

    pk = models.CompositePrimaryKey("person_id", "payer_id", "starts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    payer_id = models.BigIntegerField()
    starts = MonthField()  # first month of the pension
    ends = MonthField(null=True, blank=True)  # last month with this employer; null while it goes on
    pool = models.CharField(max_length=80)  # who pays the pension
    source = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"],
                condition=Q(ends__isnull=True),
                name="one_employer_answers_for_an_outside_retiree",
            )
        ]
        indexes = [models.Index(fields=["payer_id", "person_id"], name="registry_retiree_payer")]


class WageDeclaration(models.Model):
    """年度缴费工资: what counts as a person's monthly wage with an employer for a base year, and who said so.

    `year` is that of the base year's first month. What somebody declares later supersedes what was there; both
    stay. Where nobody declared, the law says what counts, and `how` says that it was the law.
    """

    ownership = ownership.PERSON

    class How(models.TextChoices):
        DECLARED = "declared", _("单位申报")
        UNDECLARED = "undeclared", _("未申报，按规定确定")
        PENSION = "pension", _("非统筹退休人员申报")

    pk = models.CompositePrimaryKey("person_id", "payer_id", "year", "version")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    payer_id = models.BigIntegerField()
    year = models.SmallIntegerField()
    version = models.SmallIntegerField(default=1)
    how = models.CharField(max_length=10, choices=How)
    wage = models.DecimalField(max_digits=14, decimal_places=2)  # yuan a month
    source = models.CharField(max_length=120)
    superseded_by = models.CharField(max_length=120, blank=True, default="")
    declared_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "payer_id", "year"],
                condition=Q(superseded_by=""),
                name="one_wage_per_person_employer_and_base_year",
            ),
            models.CheckConstraint(condition=Q(wage__gt=0), name="a_declared_wage_of_a_year_is_above_zero"),
        ]
        indexes = [models.Index(fields=["payer_id", "year"], name="registry_declaration_payer")]


class EmployerChange(models.Model):
    """单位登记变更: one field of an employer, what stood there before and what stands there now, and by what."""

    ownership = ownership.REFERENCE

    id = models.BigAutoField(primary_key=True)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, db_index=False)
    field = models.CharField(max_length=20)
    before = models.CharField(max_length=200, blank=True, default="")
    after = models.CharField(max_length=200, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    by_name = models.CharField(max_length=200, blank=True, default="")
    changed_at = models.DateTimeField(default=clock.now)
    source = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["employer", "-id"], name="registry_employerchange_of")]


class Certificate(models.Model):
    """社会保险登记证 of an employer. A lost one is voided and another number is given."""

    ownership = ownership.REFERENCE

    number = models.CharField(max_length=20, primary_key=True)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT)
    issued_on = models.DateField()
    voided_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")  # why it was voided
    source = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employer"],
                condition=Q(voided_on__isnull=True),
                name="one_valid_certificate_per_employer",
            )
        ]


class Verification(models.Model):
    """验证: an employer confirmed its key data, and the agency saw the papers."""

    ownership = ownership.REFERENCE

    pk = models.CompositePrimaryKey("employer_id", "verified_on")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT)
    verified_on = models.DateField()
    source = models.CharField(max_length=120)


class Inspection(models.Model):
    """稽核: the agency looked at how an employer does its business, and what it found."""

    ownership = ownership.REFERENCE

    class Way(models.TextChoices):
        ON_SITE = "on_site", _("实地稽核")
        BY_PAPERS = "by_papers", _("书面稽核")

    class Outcome(models.TextChoices):
        SOUND = "sound", _("没有问题")
        MINOR = "minor", _("轻微问题，已整改")
        SERIOUS = "serious", _("严重问题")

    id = models.BigAutoField(primary_key=True)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, db_index=False)
    held_on = models.DateField()
    way = models.CharField(max_length=10, choices=Way)
    outcome = models.CharField(max_length=10, choices=Outcome)
    note = models.CharField(max_length=500, blank=True, default="")
    by_name = models.CharField(max_length=200)
    source = models.CharField(max_length=120)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["employer", "-held_on"], name="registry_inspection_of")]


class Evaluation(models.Model):
    """评估: whether an employer met each criterion of trusted standing on a day, with the figures of that day."""

    ownership = ownership.REFERENCE

    id = models.BigAutoField(primary_key=True)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, db_index=False)
    evaluated_on = models.DateField()
    meets = models.BooleanField()  # no criterion is known to be missed
    criteria = models.JSONField()  # [{code, figure, threshold, met: true, false or null}]
    source = models.CharField(max_length=120)

    class Meta:
        indexes = [
            models.Index(fields=["employer", "-id"], name="registry_evaluation_of"),
            models.Index(
                fields=["-evaluated_on"], condition=Q(meets=False), name="registry_evaluation_missed"
            ),
        ]
