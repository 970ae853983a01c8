"""The tables of what is pursued: assessed arrears, their late fees, and money that fits nothing (models.py)."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shebao.foundation import clock, ownership
from shebao.foundation.fields import MonthField


class Claim(models.Model):
    """欠费核定: what an employer was found to owe for one person, all insurances and months of it together.

    While it is live, its lines go on no monthly slip and can't be written off. `late_fee` is the one up to
    `fee_until`; what is asked for is worked out anew for the day by which its slip has to be paid.
    """

    ownership = ownership.LOCAL

    class State(models.TextChoices):
        READY = "ready", _("待生成缴费单")
        ASKED = "asked", _("已列入缴费单")
        PAID = "paid", _("已到账")
        TAKEN_BACK = "taken_back", _("已退回")

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)  # 核定号
    payer_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    slip_id = models.BigIntegerField(null=True, blank=True)  # while it is asked for or paid
    first_month = MonthField()
    last_month = MonthField()
    items = models.IntegerField()
    employer_part = models.DecimalField(max_digits=16, decimal_places=2)
    personal_part = models.DecimalField(max_digits=16, decimal_places=2)
    late_fee = models.DecimalField(max_digits=16, decimal_places=2)
    fee_until = models.DateField(null=True, blank=True)  # null: the city's last day of payment is not known
    source = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["payer_id", "state", "-id"], name="ledger_claim_payer"),
            models.Index(fields=["slip_id"], name="ledger_claim_slip"),
        ]

    @property
    def amount(self) -> Decimal:
        return self.employer_part + self.personal_part

    @property
    def total(self) -> Decimal:
        return self.amount + self.late_fee


class LineFee(models.Model):
    """滞纳金 of one due line up to a day, as it was worked out; `parts` are its stretches of days with one rate each.

    `principal` is what of the line was owed after credits, in yuan; `since` the first late day, null where the city's
    last day of payment is not known: then nothing is charged.
    """

    person_id = models.BigIntegerField()
    scheme = models.CharField(max_length=20)
    payer_id = models.BigIntegerField()
    month = MonthField()
    line = models.SmallIntegerField()
    live = models.BooleanField(default=True)
    principal = models.DecimalField(max_digits=14, decimal_places=2)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    parts = models.JSONField(
        default=list
    )  # from, until, days, rate (of a day, as text; null: none is known), value
    fee = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        abstract = True


class ClaimItem(LineFee):
    """One due line of an assessment of arrears. While `live`, no other assessment may hold the same line."""

    ownership = ownership.PERSON

    pk = models.CompositePrimaryKey("person_id", "scheme", "payer_id", "month", "line", "claim_id")
    claim_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "scheme", "payer_id", "month", "line"],
                condition=Q(live=True),
                name="one_live_claim_per_due",
            )
        ]
        indexes = [models.Index(fields=["claim_id"], name="ledger_claimitem_claim")]


class LateFee(LineFee):
    """滞纳金 that a slip asks for, line by line, up to the slip's last day. Paid by the receipt that pays the slip."""

    ownership = ownership.PERSON

    pk = models.CompositePrimaryKey("person_id", "scheme", "payer_id", "month", "line", "slip_id")
    slip_id = models.BigIntegerField()
    receipt_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["slip_id"], name="ledger_latefee_slip")]


class Resolution(models.Model):
    """挂账处理: what became of money in suspense: it pays a slip together, or goes back, as two officers decided."""

    ownership = ownership.LOCAL

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", _("认领入单")
        REFUNDED = "refunded", _("退款")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待复核")
        DONE = "done", _("已完成")
        REFUSED = "refused", _("复核未通过")

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State)
    slip_id = models.BigIntegerField(null=True, blank=True)  # of what was assigned
    receipt_ids = ArrayField(models.BigIntegerField())
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    reason = models.TextField(blank=True, default="")
    proposed_by = models.CharField(max_length=120)
    proposed_by_name = models.CharField(max_length=100, blank=True, default="")
    decided_by = models.CharField(max_length=120, blank=True, default="")
    decided_by_name = models.CharField(max_length=100, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slip_id"], condition=Q(kind="assigned"), name="one_resolution_pays_a_slip"
            )
        ]
        indexes = [models.Index(fields=["state", "-id"], name="ledger_resolution_state")]
