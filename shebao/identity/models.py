"""Accounts and what goes with logging in. Parties of the archive are plain numbers here: no key points upward."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shebao.foundation import ownership


class Kind(models.TextChoices):
    """Whose side of the counter an account stands on."""

    PERSON = "person", _("个人")
    EMPLOYER = "employer", _("单位")
    COMMUNITY = "community", _("社区")
    AGENCY = "agency", _("经办机构")


class Role(models.TextChoices):
    """What an account may do for its party."""

    FILER = "filer", _("业务经办")
    PAYER = "payer", _("缴费经办")
    ADMIN = "admin", _("单位管理员")
    REVIEWER = "reviewer", _("业务审核")
    LEDGER = "ledger", _("账务")
    REGISTRY = "registry", _("参保登记")
    POLICY = "policy", _("政策参数")
    SUPERVISOR = "supervisor", _("监督")


ROLES_OF = {
    Kind.PERSON: frozenset(),
    Kind.EMPLOYER: frozenset({Role.FILER, Role.PAYER, Role.ADMIN}),
    Kind.COMMUNITY: frozenset({Role.FILER}),
    Kind.AGENCY: frozenset({Role.REVIEWER, Role.LEDGER, Role.REGISTRY, Role.POLICY, Role.SUPERVISOR}),
}


class Suspension(models.TextChoices):
    """Why an account that isn't closed can't be used: itself was stopped, or its whole employer."""

    NONE = "", ""
    OWN = "own", _("本账户停用")
    EMPLOYER = "employer", _("单位停办")


class Accounts(BaseUserManager):
    """Finds accounts; making them is a deed of identity.accounts."""

    def get_by_natural_key(self, username):
        return self.get(username=username)


class Account(AbstractBaseUser):
    """One login: a person's own, or that of a clerk of an employer, a community or the agency."""

    ownership = ownership.LOCAL

    username = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    person_id = models.BigIntegerField(null=True, blank=True, unique=True)
    employer_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    office_code = models.CharField(max_length=12, blank=True, default="")
    display_name = models.CharField(max_length=100)
    # The name and grade of the employer as the archive has them; registry's deeds write them here (accounts.renamed).
    party_name = models.CharField(max_length=200, blank=True, default="")
    grade = models.CharField(max_length=10, blank=True, default="")
    roles = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    mobile = models.CharField(max_length=11, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    mail_wanted = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    suspension = models.CharField(max_length=10, choices=Suspension.choices, blank=True, default="")
    suspended_because = models.CharField(max_length=200, blank=True, default="")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = Accounts()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_account_of_a_person_and_no_other_names_a_person",
                condition=Q(kind="person", person_id__isnull=False)
                | (~Q(kind="person") & Q(person_id__isnull=True)),
            ),
            models.CheckConstraint(
                name="an_account_of_an_employer_and_no_other_names_an_employer",
                condition=Q(kind="employer", employer_id__isnull=False)
                | (~Q(kind="employer") & Q(employer_id__isnull=True)),
            ),
        ]

    def __str__(self):
        return self.ref

    @property
    def ref(self) -> str:
        return f"account:{self.pk}"


class Throttle(models.Model):
    """Failed tries of one kind, by one key, within one stretch of time. Keys are hashes: this is no list of names."""

    ownership = ownership.LOCAL

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField()
    since = models.DateTimeField()
    closed_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["since"], name="identity_throttle_since")]

    def __str__(self):
        return f"{self.failures} since {self.since}"


class Acceptance(models.Model):
    """That an account accepted a version of a text, and when. Only added to."""

    ownership = ownership.LOCAL

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    terms = models.CharField(max_length=20)
    version = models.CharField(max_length=20)
    accepted_at = models.DateTimeField()
    source = models.GenericIPAddressField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "terms", "version"], name="each_version_is_accepted_once"
            ),
        ]

    def __str__(self):
        return f"{self.account_id} accepted {self.terms} {self.version}"


class ApiKey(models.Model):
    """An employer's key for its own systems. The secret is shown once; here is only its hash.

    `prefix` is the part that may be seen: it names the key in lists, logs and the audit. `spent_until` is when the
    requests made so far are used up (see api_keys.spend).
    """

    ownership = ownership.LOCAL

    class Scope(models.TextChoices):
        """What a key may do."""

        READ = "read", _("查询")
        FILE = "file", _("申报业务")
        PAY = "pay", _("生成和退回缴费单")

    employer_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=12))
    issued_by = models.BigIntegerField()
    issued_by_name = models.CharField(max_length=100)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=100, blank=True, default="")
    last_used_at = models.DateTimeField(null=True)
    spent_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["employer_id", "-id"], name="identity_apikey_employer")]
        constraints = [
            models.UniqueConstraint(
                fields=["employer_id", "name"],
                condition=Q(revoked_at=None),
                name="keys_in_use_of_an_employer_have_different_names",
            ),
        ]

    def __str__(self):
        return self.ref

    @property
    def ref(self) -> str:
        return f"key:{self.prefix}"


class PasswordSlip(models.Model):
    """密码条: that a first password was handed out for an account; by whom, how, and when. Never the password."""

    ownership = ownership.LOCAL

    class Way(models.TextChoices):
        COUNTER = "counter", _("窗口打印")
        ONLINE = "online", _("凭查询码网上领取")
        ADMIN = "admin", _("单位管理员生成")

    number = models.CharField(max_length=16, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="slips")
    way = models.CharField(max_length=8, choices=Way.choices)
    by = models.CharField(max_length=60)
    by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    def __str__(self):
        return self.number


class Applicant(models.Model):
    """登记申请人: somebody without an account who applies for one employer, and comes back with number and code.

    `party_id` becomes the employer's id when it is approved. Of the code (查询码) only a hash is kept.
    """

    ownership = ownership.LOCAL

    party_id = models.BigIntegerField(primary_key=True)
    email = models.EmailField(blank=True, default="")
    case_number = models.CharField(max_length=20, unique=True, null=True)
    code = models.CharField(max_length=64, blank=True, default="")
    code_issued_at = models.DateTimeField(null=True)
    terms_version = models.CharField(max_length=20)
    accepted_at = models.DateTimeField()
    source = models.GenericIPAddressField(null=True)

    def __str__(self):
        return self.ref

    @property
    def ref(self) -> str:
        return f"applicant:{self.party_id}"
