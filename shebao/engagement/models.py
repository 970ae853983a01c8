"""Counters, closures and appointments; problem reports and what was said about them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shebao.foundation import ownership
from shebao.registry.models import Office


class Counter(models.Model):
    """办事窗口: where an office serves some businesses, on its working days, in slots of equal length.

    A slot begins every `slot_minutes` while the counter is open and serves `seats` parties at once.
    """

    ownership = ownership.LOCAL

    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    name = models.CharField(max_length=40)
    businesses = ArrayField(models.CharField(max_length=24))
    slot_minutes = models.PositiveSmallIntegerField(default=20)
    seats = models.PositiveSmallIntegerField(default=1)
    morning_opens = models.TimeField(null=True)
    morning_closes = models.TimeField(null=True)
    afternoon_opens = models.TimeField(null=True)
    afternoon_closes = models.TimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                condition=Q(withdrawn_at__isnull=True),
                name="counters_of_an_office_have_different_names",
            ),
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=5, slot_minutes__lte=240, seats__gte=1, seats__lte=20),
                name="a_slot_has_5_to_240_minutes_and_1_to_20_seats",
            ),
            models.CheckConstraint(
                condition=Q(morning_opens__isnull=True, morning_closes__isnull=True)
                | Q(morning_opens__lt=F("morning_closes")),
                name="a_morning_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(afternoon_opens__isnull=True, afternoon_closes__isnull=True)
                | Q(afternoon_opens__lt=F("afternoon_closes")),
                name="an_afternoon_ends_after_it_begins",
            ),
        ]


class Closure(models.Model):
    """停办: an office, or one of its counters, doesn't serve on some days, or on their mornings or afternoons."""

    ownership = ownership.LOCAL

    class Part(models.TextChoices):
        DAY = "day", _("全天")
        MORNING = "morning", _("上午")
        AFTERNOON = "afternoon", _("下午")

    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, null=True)  # null: the whole office
    first_day = models.DateField()
    last_day = models.DateField()
    part = models.CharField(max_length=10, choices=Part, default=Part.DAY)
    reason = models.CharField(max_length=120)  # those affected read it
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="a_closure_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["office", "last_day"], name="engagement_closure_office")]


class Appointment(models.Model):
    """预约: a seat of a slot at a counter. `day`, `starts` and `ends` are the city's own time."""

    ownership = ownership.LOCAL

    class State(models.TextChoices):
        BOOKED = "booked", _("已预约")
        DISPLACED = "displaced", _("需改约")  # the office can't serve at that time; the seat is free again
        ARRIVED = "arrived", _("已到")
        MISSED = "missed", _("未到")
        CANCELLED = "cancelled", _("已取消")

    number = models.CharField(max_length=12, unique=True)
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT)
    day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    seat = models.PositiveSmallIntegerField()
    business = models.CharField(max_length=24)
    about = models.CharField(max_length=60, blank=True, default="")  # a reference: case:42…
    party_kind = models.CharField(max_length=10)
    party_id = models.BigIntegerField()
    party_name = models.CharField(max_length=200)
    account_id = models.BigIntegerField()  # who booked, and will come
    account_name = models.CharField(max_length=100)
    mobile = models.CharField(max_length=11)
    state = models.CharField(max_length=10, choices=State, default=State.BOOKED)
    reason = models.CharField(max_length=120, blank=True, default="")  # why the office can't serve
    booked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # came, didn't come, or was called off

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["counter", "day", "starts", "seat"],
                condition=Q(state__in=["booked", "arrived", "missed"]),
                name="each_seat_of_a_slot_is_booked_once",
            ),
            models.UniqueConstraint(
                fields=["account_id", "day", "starts"],
                condition=Q(state="booked"),
                name="a_clerk_is_at_one_counter_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts"), seat__gte=1), name="an_appointment_ends_after_it_begins"
            ),
        ]
        indexes = [
            models.Index(fields=["party_kind", "party_id", "-day"], name="engagement_appointment_party"),
            models.Index(fields=["day"], condition=Q(state="booked"), name="engagement_appointment_coming"),
        ]

    @property
    def ref(self) -> str:
        return f"appointment:{self.number}"


class Problem(models.Model):
    """问题报告: what somebody reports to an office, and by which day the office promised to answer.

    `step` counts how far it went up for being late: 1 to the office's supervisor, 2 to the city's.
    """

    ownership = ownership.LOCAL

    class State(models.TextChoices):
        OPEN = "open", _("待答复")
        ANSWERED = "answered", _("已答复")
        CLOSED = "closed", _("已办结")

    number = models.CharField(max_length=12, unique=True)
    token = models.UUIDField(null=True, unique=True)
    party_kind = models.CharField(max_length=10)
    party_id = models.BigIntegerField()
    party_name = models.CharField(max_length=200)
    account_id = models.BigIntegerField()
    account_name = models.CharField(max_length=100)
    category = models.CharField(max_length=12)
    about = models.CharField(max_length=60, blank=True, default="")  # a reference: case:42…, slip:…, person:…
    person_id = models.BigIntegerField(null=True)  # whom it is about; who looks at it leaves a line
    text = models.TextField()
    wished_for = models.DateField()  # 期望解决时间
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    officer_id = models.BigIntegerField(null=True)
    officer_name = models.CharField(max_length=100, blank=True, default="")
    due = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    step = models.PositiveSmallIntegerField(default=0)
    filed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)  # the last answer
    in_time = models.BooleanField(null=True)  # whether every answer so far came by the promised day
    closes_on = models.DateField(null=True)  # answered, and the filer says nothing more
    closed_at = models.DateTimeField(null=True)
    reopened = models.BooleanField(default=False)
    rating = models.PositiveSmallIntegerField(null=True)  # 1 (very bad) to 5 (very good)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False, closes_on__isnull=False),
                name="an_answered_problem_says_when_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="a_closed_problem_and_no_other_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(step__lte=2) & (Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5)),
                name="a_problem_goes_up_twice_and_is_rated_1_to_5",
            ),
        ]
        indexes = [
            models.Index(fields=["party_kind", "party_id", "-id"], name="engagement_problem_party"),
            models.Index(
                fields=["office", "due", "id"], condition=Q(state="open"), name="engagement_problem_due"
            ),
            models.Index(fields=["due"], condition=Q(state="open"), name="engagement_problem_late"),
            models.Index(fields=["filed_at"], name="engagement_problem_filed"),
        ]

    @property
    def ref(self) -> str:
        return f"problem:{self.number}"

    @property
    def filer(self) -> str:
        """Whom answers go to: the clerk who reported it."""
        return f"account:{self.account_id}"


class Exchange(models.Model):
    """往来: one thing said or done about a problem. Only added to; its filer reads all of it."""

    ownership = ownership.LOCAL

    class Kind(models.TextChoices):
        FILED = "filed", _("提交报告")
        ADDED = "added", _("补充说明")
        ASSIGNED = "assigned", _("转办")
        ANSWERED = "answered", _("答复")
        ASKED = "asked", _("追问")
        ESCALATED = "escalated", _("超期督办")
        CLOSED = "closed", _("办结")
        REOPENED = "reopened", _("重新打开")
        RATED = "rated", _("评价")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="exchanges")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    by_name = models.CharField(max_length=200)
    text = models.TextField(blank=True, default="")


class Attachment(models.Model):
    """附件: a paper handed in with something said about a problem."""

    ownership = ownership.LOCAL

    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="attachments")
    filename = models.CharField(max_length=200)
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(max_length=200)
