"""The books. Every table here only grows: a correction is one more line, a slip taken back stays on file.

Due, SlipItem, Allocation and AccountLine are partitioned by the year of the contribution month
(migrations/0001), and their keys begin with the person.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shebao.foundation import clock, ownership
from shebao.foundation.fields import MonthField
from shebao.ledger.pursuit import Claim as Claim
from shebao.ledger.pursuit import ClaimItem as ClaimItem
from shebao.ledger.pursuit import LateFee as LateFee
from shebao.ledger.pursuit import Resolution as Resolution
from shebao.ledger.revisions import RevisedPayer as RevisedPayer
from shebao.ledger.revisions import Revision as Revision
from shebao.ledger.summaries import Summary as Summary


class Run(models.Model):
    """One assessment: of a month for everybody, or of what a case changed."""

    ownership = ownership.LOCAL

    class State(models.TextChoices):
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        STOPPED = "stopped", _("中断")

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)  # month | case | history
    month = MonthField()
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    source = models.CharField(max_length=120)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    lines = models.BigIntegerField(default=0)  # dues written
    # Of a month for everybody: by scheme, what it then held (persons, employer_part, personal_part as text).
    totals = models.JSONField(default=dict)
    problem = models.TextField(default="", blank=True)  # of a stopped one: the sentence that says why

    class Meta:
        indexes = [models.Index(fields=["kind", "-id"], name="ledger_run_kind")]


class Due(models.Model):
    """应缴: what one payer owes for one person, scheme and month; line 2, 3 … are differences found later.

    Amounts in yuan. `account_part` is what a payment of this line credits to the personal account.
    """

    ownership = ownership.PERSON

    pk = models.CompositePrimaryKey("person_id", "scheme", "payer_id", "month", "line")
    person_id = models.BigIntegerField()
    scheme = models.CharField(max_length=20)
    payer_id = models.BigIntegerField()
    month = MonthField()
    line = models.SmallIntegerField(default=1)
    declared = models.DecimalField(max_digits=14, decimal_places=2)  # wage, or tier share of the average
    base = models.DecimalField(max_digits=14, decimal_places=2)
    employer_part = models.DecimalField(max_digits=14, decimal_places=2)
    personal_part = models.DecimalField(max_digits=14, decimal_places=2)
    account_part = models.DecimalField(max_digits=14, decimal_places=2)
    terms_id = models.IntegerField()
    run_id = models.BigIntegerField()

    class Meta:
        managed = False


class Bill(models.Model):
    """An employer's month in one scheme, summed from its dues.

    `lines` and `settled` count due lines: a month in which they are equal need not be searched for what is open.
    """

    ownership = ownership.REFERENCE

    pk = models.CompositePrimaryKey("payer_id", "month", "scheme")
    payer_id = models.BigIntegerField()
    month = MonthField()
    scheme = models.CharField(max_length=20)
    persons = models.IntegerField()
    employer_part = models.DecimalField(max_digits=16, decimal_places=2)
    personal_part = models.DecimalField(max_digits=16, decimal_places=2)
    lines = models.IntegerField(default=0)
    settled = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(settled__gte=0, settled__lte=F("lines")), name="no_more_is_settled_than_due"
            )
        ]
        indexes = [models.Index(fields=["month"], name="ledger_bill_month")]


class Slip(models.Model):
    """缴费单 / 欠费补缴单 / 滞纳金缴费单: what the bank or tax office is asked to collect, under one number (凭单号).

    `fee_until` is the day to which the late fee of an arrears slip was counted: money that comes later is too little.
    A slip over the late fee of what was paid late has no items, and its fee grows no further.
    """

    ownership = ownership.LOCAL

    class State(models.TextChoices):
        OPEN = "open", _("待缴费")
        PAID = "paid", _("已到账")
        TAKEN_BACK = "taken_back", _("已退回")

    class Kind(models.TextChoices):
        MONTHLY = "monthly", _("月度缴费单")
        ARREARS = "arrears", _("欠费补缴单")
        LATE_FEE = "late_fee", _("滞纳金缴费单")

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    payer_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    first_month = MonthField()
    last_month = MonthField()
    persons = models.IntegerField()
    items = models.IntegerField()
    employer_part = models.DecimalField(max_digits=16, decimal_places=2)
    personal_part = models.DecimalField(max_digits=16, decimal_places=2)
    late_fee = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    total = models.DecimalField(max_digits=16, decimal_places=2)
    due_on = models.DateField(null=True, blank=True)  # null: the city's day of the month is not known
    fee_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    source = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["payer_id", "-id"], name="ledger_slip_payer"),
            models.Index(fields=["total"], condition=Q(state="open"), name="ledger_slip_waiting"),
        ]


class SlipItem(models.Model):
    """One due line on a slip. While `live`, no other slip may ask for the same line."""

    ownership = ownership.PERSON

    pk = models.CompositePrimaryKey("person_id", "scheme", "payer_id", "month", "line", "slip_id")
    person_id = models.BigIntegerField()
    scheme = models.CharField(max_length=20)
    payer_id = models.BigIntegerField()
    month = MonthField()
    line = models.SmallIntegerField()
    slip_id = models.BigIntegerField()
    live = models.BooleanField(default=True)

    class Meta:
        managed = False


class ReceiptFile(models.Model):
    """A file of receipts as it came; the same bytes are taken in once.

    Its bytes are kept here, not on a disk beside: they exist if and only if the row does, and taking them in
    can begin again after any accident. `rows` = `matched` + `suspended` + `repeated` once it is done.
    """

    ownership = ownership.LOCAL

    class State(models.TextChoices):
        WAITING = "waiting", _("等待入账")
        DONE = "done", _("已入账")
        REFUSED = "refused", _("有错未入账")

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    problems = models.JSONField(default=list)  # of a refused file, all rows: row, column, written, sentence
    rows = models.IntegerField(default=0)
    matched = models.IntegerField(default=0)
    suspended = models.IntegerField(default=0)
    repeated = models.IntegerField(default=0)
    amount = models.DecimalField(max_digits=18, decimal_places=2, default=0)  # of matched and suspended rows
    taken_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=120)


class RepeatedReceipt(models.Model):
    """A row of a receipts file whose bank reference had been taken in before: shown, counted, not booked again.

    `differs` says that it does not say the same as the first one; somebody has to ask the bank.
    """

    ownership = ownership.LOCAL

    id = models.BigAutoField(primary_key=True)
    file = models.ForeignKey(ReceiptFile, on_delete=models.PROTECT)
    row = models.IntegerField()
    reference = models.CharField(max_length=40)
    slip_number = models.CharField(max_length=24)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    received_on = models.DateField()
    differs = models.BooleanField()


class Receipt(models.Model):
    """到账: money that came. `reference` is the bank's own number and is unique. Unmatched money waits in suspense."""

    ownership = ownership.LOCAL

    class State(models.TextChoices):
        MATCHED = "matched", _("已匹配")
        WRONG_AMOUNT = "wrong_amount", _("金额不符")
        UNKNOWN_SLIP = "unknown_slip", _("凭单号不存在")
        ALREADY_PAID = "already_paid", _("重复缴费")
        SLIP_TAKEN_BACK = "slip_taken_back", _("缴费单已退回")
        LATE = "late", _("逾期到账")

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=40, unique=True)
    slip_number = models.CharField(max_length=24)
    slip_id = models.BigIntegerField(null=True, blank=True)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    received_on = models.DateField()
    state = models.CharField(max_length=16, choices=State)
    file_id = models.BigIntegerField(null=True, blank=True)
    taken_at = models.DateTimeField(default=clock.now)
    resolution_id = models.BigIntegerField(null=True, blank=True)  # what became of money in suspense

    class Meta:
        constraints = [
            # A slip is paid by one receipt; a second one is money in suspense, whatever happens at the same time.
            models.UniqueConstraint(
                fields=["slip_id"], condition=Q(state="matched"), name="one_receipt_pays_a_slip"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_receipt_is_above_zero"),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="ledger_receipt_state"),
            models.Index(fields=["slip_id"], name="ledger_receipt_slip"),
            models.Index(fields=["file_id"], name="ledger_receipt_file"),
            models.Index(fields=["received_on", "state", "amount"], name="ledger_receipt_day"),
            models.Index(
                fields=["resolution_id"],
                condition=Q(resolution_id__isnull=False),
                name="ledger_receipt_resolved",
            ),
        ]


class Allocation(models.Model):
    """How one due line was settled: paid (by a receipt), or written off (by a case). Once, and whole."""

    ownership = ownership.PERSON

    class Kind(models.TextChoices):
        PAID = "paid", _("已缴")
        WRITTEN_OFF = "written_off", _("已注销")

    pk = models.CompositePrimaryKey("person_id", "scheme", "payer_id", "month", "line")
    person_id = models.BigIntegerField()
    scheme = models.CharField(max_length=20)
    payer_id = models.BigIntegerField()
    month = MonthField()
    line = models.SmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    employer_part = models.DecimalField(max_digits=14, decimal_places=2)
    personal_part = models.DecimalField(max_digits=14, decimal_places=2)
    settled_on = models.DateField()
    receipt_id = models.BigIntegerField(null=True)
    source = models.CharField(max_length=120, default="")

    class Meta:
        managed = False


class AccountLine(models.Model):
    """个人账户: one movement of one personal account (pension or medical). Its sum is the balance.

    `month` is the contribution month for contributions, the last month of the year for interest.
    For kinds that no payer stands behind, `payer_id` is the person.
    """

    ownership = ownership.PERSON

    class Kind(models.TextChoices):
        CONTRIBUTION = "contribution", _("缴费划入")
        INTEREST = "interest", _("记账利息")
        TRANSFER_IN = "transfer_in", _("转入")
        PAYMENT = "payment", _("支出")

    pk = models.CompositePrimaryKey("person_id", "account", "month", "kind", "payer_id", "line")
    person_id = models.BigIntegerField()
    account = models.CharField(max_length=10)  # pension | medical
    month = MonthField()
    kind = models.CharField(max_length=12, choices=Kind)
    payer_id = models.BigIntegerField()
    line = models.SmallIntegerField(default=1)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    posted_on = models.DateField()
    source = models.CharField(max_length=120, default="")

    class Meta:
        managed = False


class Proof(models.Model):
    """账目自查: whether each invariant of the books held at that time."""

    ownership = ownership.LOCAL

    id = models.BigAutoField(primary_key=True)
    proved_at = models.DateTimeField(default=clock.now)
    broken = models.IntegerField()
    results = models.JSONField()  # name, exceptions and seconds of each
    source = models.CharField(max_length=120)
