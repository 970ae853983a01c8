"""Cases (办件), their rows, the papers that belong to them, the workbooks they came from, and every move they made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shebao.casework import catalogue
from shebao.casework.service import Review, Service
from shebao.foundation import clock, ids, ownership
from shebao.foundation.months import Month


class State(models.TextChoices):
    """Where a case stands. The words are those users know."""

    DRAFT = "draft", _("未提交")
    SUBMITTED = "submitted", _("进行中")
    RETURNED = "returned", _("被回退")
    APPROVED = "approved", _("结束")
    WITHDRAWN = "withdrawn", _("已退单")


OPEN_STATES = (State.DRAFT, State.RETURNED)
"""Cases their filer may still change."""


class RowState(models.TextChoices):
    """Where one row of a case stands: each has its own fate."""

    DRAFT = "draft", _("可以提交")
    BAD = "bad", _("有问题")
    REMOVED = "removed", _("已删除")
    SUBMITTED = "submitted", _("进行中")
    APPROVED = "approved", _("结束")
    RETURNED = "returned", _("被回退")


OPEN_ROWS = (RowState.DRAFT, RowState.BAD, RowState.RETURNED)
"""Rows their filer may still change."""


READY_ROWS = (RowState.DRAFT, RowState.RETURNED)
"""Rows that go along when the case is submitted: a returned one may need nothing but a paper that was missing."""
FAILED_ROWS = (RowState.BAD, RowState.RETURNED)
"""Rows their filer must put right."""


MATERIAL = "material"
"""The rule of a problem that a paper cures; its field is the paper's name."""


class Awaits(models.TextChoices):
    """Whose turn it is with a submitted case."""

    NOBODY = "", ""
    MACHINE = "machine", _("系统审核")
    OFFICER = "officer", _("窗口审核")
    SECOND_OFFICER = "second-officer", _("复核")


@dataclass(frozen=True)
class Party:
    """Whom a case is filed for."""

    kind: str
    id: int
    name: str


class Case(models.Model):
    """One application for a service, with 1 to 50,000 rows. `filed_on` is the day its rules are measured by."""

    ownership = ownership.LOCAL

    number = models.CharField(max_length=20, unique=True)
    service_code = models.CharField(max_length=60)
    party_kind = models.CharField(max_length=20)
    party_id = models.BigIntegerField()
    party_name = models.CharField(max_length=200)
    grade = models.CharField(max_length=20, blank=True)
    office_code = models.CharField(max_length=12)
    filed_by = models.BigIntegerField()
    filed_by_name = models.CharField(max_length=100)
    filed_on = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    awaits = models.CharField(max_length=16, choices=Awaits.choices, default=Awaits.NOBODY, blank=True)
    lacks_papers = models.BooleanField(default=False)  # when it was handed over, some had yet to be brought
    review = models.CharField(max_length=16, blank=True, choices=[(one.value, one.value) for one in Review])
    reason = models.TextField(blank=True)
    about = models.CharField(max_length=100, blank=True)
    total = models.IntegerField(default=0)
    good = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)
    flagged = models.IntegerField(default=0)
    version = models.IntegerField(default=0)
    writer = models.UUIDField(null=True, editable=False)  # the form that wrote this version, if one did
    token = models.UUIDField(unique=True, default=ids.uuid7, editable=False)
    submit_token = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    saved_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True)
    due = models.DateField(null=True)
    figures = models.JSONField(null=True)  # what was shown when it was submitted: service.Figures.kept
    closed_at = models.DateTimeField(null=True)

    numbers: dict[Any, int]  # while it is settled: the row number of each key

    class Meta:
        indexes = [
            models.Index(
                fields=["party_kind", "party_id", "state", "-saved_at", "-id"], name="case_on_bench"
            ),
            models.Index(
                fields=["party_kind", "party_id", "-submitted_at", "-id"],
                condition=Q(submitted_at__isnull=False),
                name="case_handed_over",
            ),
            models.Index(fields=["office_code", "service_code", "state", "due", "id"], name="case_in_queue"),
            models.Index(fields=["awaits", "due", "id"], condition=~Q(awaits=""), name="case_awaiting"),
        ]
        constraints = [
            models.CheckConstraint(
                name="only_a_submitted_case_awaits_anybody",
                condition=Q(awaits="") | Q(state=State.SUBMITTED),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ref(self) -> str:
        return f"case:{self.number}"

    @property
    def filer(self) -> str:
        """Whose inbox hears of it."""
        return f"account:{self.filed_by}" if self.filed_by else f"{self.party_kind}:{self.party_id}"

    def message(self, news: str) -> str:
        """The code of a message to its filer: whoever has no account has no inbox, and is told otherwise."""
        return f"{'case' if self.filed_by else 'application'}-{news}"

    @property
    def service(self) -> Service:
        return catalogue.service(self.service_code)

    @property
    def party(self) -> Party:
        return Party(self.party_kind, self.party_id, self.party_name)

    @property
    def month(self) -> Month:
        """The month it is filed in."""
        return Month.of(self.filed_on)

    @property
    def is_open(self) -> bool:
        """Whether its filer may still change it."""
        return self.state in OPEN_STATES

    @property
    def in_words(self) -> dict[str, Any]:
        """What messages say about it."""
        return {"service": self.service.title, "number": self.number}

    def counted(self, rows: int) -> str:
        """So many of its rows, in the words of its service."""
        return self.service.counted(rows)

    def row_ref(self, number: int) -> str:
        return f"{self.ref}/row:{number}"

    def ref_of(self, row: Any) -> str:
        """The roster line that this row of an effect came from: the source of what the effect writes."""
        return self.row_ref(self.numbers[self.service.key(row)])


class Upload(models.Model):
    """A workbook that was handed in: the intent to read it, and how far reading has come."""

    ownership = ownership.LOCAL

    class Stage(models.TextChoices):
        WAITING = "waiting", _("等待读取")
        READING = "reading", _("正在读取")
        EXAMINING = "examining", _("正在检查")
        DONE = "done", _("已读完")
        REFUSED = "refused", _("未能读取")
        STOPPED = "stopped", _("已停止读取")

    case = models.ForeignKey(Case, models.CASCADE, related_name="uploads")
    file = models.FileField(max_length=200)
    filename = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.WAITING)
    corrects = models.BooleanField(default=False)  # it came when there were rows already: see corrections
    expected = models.JSONField(default=list)  # numbers of the failed rows that a correction is to mend
    written = models.JSONField(default=list)  # numbers of the rows that a correction wrote
    left_out = models.IntegerField(default=0)  # lines for which a correction found no room
    dropped = models.IntegerField(default=0)  # failed rows whose lines were deleted from it
    numbered_after = models.IntegerField(null=True)  # line 5 became this number + 5
    lines_total = models.IntegerField(default=0)
    lines_read = models.IntegerField(default=0)
    to_examine = models.IntegerField(default=0)
    examined = models.IntegerField(default=0)
    examined_to = models.IntegerField(default=0)  # the last number that was
    columns = models.JSONField(default=dict)  # the letter of each field's column in its sheet
    faults = models.JSONField(default=list)
    by = models.BigIntegerField()
    by_name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "-id"], name="upload_of_case"),
            models.Index(fields=["id"], condition=Q(finished_at=None), name="upload_unfinished"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.filename}"

    @property
    def is_finished(self) -> bool:
        return self.stage in (self.Stage.DONE, self.Stage.REFUSED, self.Stage.STOPPED)

    @property
    def taken(self) -> int:
        """Of a correction's lines, those that were written down."""
        return len(self.written)

    @property
    def percent(self) -> int:
        """How far it has come: reading takes about a third of the time, examining the rest."""
        if self.stage == self.Stage.EXAMINING:
            return 33 + 67 * self.examined // max(self.to_examine, 1)
        return 33 * self.lines_read // max(self.lines_total, 1)


class Errand(models.Model):
    """A deed on so many rows that a worker does it, step by step: who asked for what, and how far it has come.

    `mark` is the number of the last row that is done; the steps before it stand, whoever is killed. `outcome` counts
    what the steps found; `refusal` is the sentence with which it ended, if it did not come to its end.
    """

    ownership = ownership.LOCAL

    class Deed(models.TextChoices):
        SUBMIT = "submit", _("提交审批")
        REVIEW = "review", _("系统审核")
        DECIDE = "decide", _("窗口审核")

    case = models.ForeignKey(Case, models.CASCADE, related_name="errands")
    deed = models.CharField(max_length=12, choices=Deed.choices)
    reason = models.TextField(blank=True)  # of a decision that sends all rows back
    by = models.JSONField()
    token = models.UUIDField(null=True, editable=False)
    mark = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    total = models.IntegerField()
    outcome = models.JSONField(default=dict)
    refusal = models.TextField(blank=True)
    broken = models.SmallIntegerField(default=0, db_default=0)  # tries that ended in an error of the system
    created_at = models.DateTimeField(default=clock.now)
    touched_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(finished_at=None), name="one_errand_at_a_time_for_a_case"
            )
        ]
        indexes = [
            models.Index(fields=["touched_at"], condition=Q(finished_at=None), name="errand_unfinished"),
            models.Index(fields=["case", "-id"], name="errand_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.deed} {self.done}/{self.total}"


def spot(number: int, line: int | None) -> str:
    """Where the writer of a row finds it: 第 8 行, as the margin of his sheet counts.

    Rows of the first workbook have their line as number. Where that can't be, both are named (docs/adr/0017).
    """
    if line in (None, number):
        return gettext("第 %(number)s 行") % {"number": number}
    return gettext("第 %(line)s 行（编号 %(number)s）") % {"line": line, "number": number}


class Row(models.Model):
    """One line of a case: `raw` as it was written, `data` as it was understood.

    `in_file` is what its workbook says of a row that was corrected on the page since.
    """

    ownership = ownership.LOCAL

    case = models.ForeignKey(Case, models.CASCADE, related_name="rows", db_index=False)
    number = models.IntegerField()
    key = models.CharField(max_length=200, blank=True)
    raw = models.JSONField()
    in_file = models.JSONField(null=True)
    data = models.JSONField(default=dict)
    problems = models.JSONField(default=list)  # [{field, sentence, rule}], as are flags and notes
    flags = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=RowState.choices, default=RowState.DRAFT)
    reason = models.TextField(blank=True)
    first_officer = models.BigIntegerField(null=True)
    upload = models.ForeignKey(Upload, models.CASCADE, null=True, db_index=False)
    line = models.IntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "state", "number"], name="row_by_state"),
            models.Index(fields=["case", "key"], name="row_by_key"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_row_per_number_of_a_case"),
            models.UniqueConstraint(fields=["upload", "line"], name="one_row_per_line_of_an_upload"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number}"

    @property
    def spot(self) -> str:
        """Where its writer finds it, in words."""
        return spot(self.number, self.line)

    @property
    def lacks_papers_only(self) -> bool:
        """Whether nothing is wrong with it but that papers are missing."""
        return all(problem["rule"] == MATERIAL for problem in self.problems)

    def cell(self, field: str) -> str:
        """The name of the cell in which a field of this row was written, e.g. A5; empty when it wasn't a sheet."""
        return (
            f"{self.upload.columns[field]}{self.line}" if self.upload and field in self.upload.columns else ""
        )


class Material(models.Model):
    """A paper of a case, or of one of its rows, as it was handed in. A removed one stays on file."""

    ownership = ownership.LOCAL

    class Verdict(models.TextChoices):
        UNSCANNED = "unscanned", _("未查毒")
        CLEAN = "clean", _("已查毒")

    case = models.ForeignKey(Case, models.CASCADE, related_name="papers")
    row = models.ForeignKey(Row, models.CASCADE, null=True, related_name="papers")
    name = models.CharField(max_length=100)
    file = models.FileField(max_length=200)
    filename = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=12, choices=Verdict.choices, default=Verdict.UNSCANNED)
    by = models.BigIntegerField()
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.case_id}: {self.name}"


class IssuedDocument(models.Model):
    """A document that a case ended in, as it was issued."""

    ownership = ownership.LOCAL

    case = models.ForeignKey(Case, models.CASCADE, related_name="issued")
    title = models.CharField(max_length=100)
    filename = models.CharField(max_length=200)
    file = models.FileField(max_length=200)
    sha256 = models.CharField(max_length=64)
    about = models.CharField(max_length=100, blank=True)  # its reference in the books of whoever made it
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.title}"


class Move(models.Model):
    """One step of a case: who, when, from where to where, why, and what its examination found, rule by rule."""

    ownership = ownership.LOCAL

    case = models.ForeignKey(Case, models.CASCADE, related_name="moves")
    at = models.DateTimeField(default=clock.now)
    by = models.CharField(max_length=60)
    by_name = models.CharField(max_length=100)
    before = models.CharField(max_length=12, choices=State.choices, blank=True)
    after = models.CharField(max_length=12, choices=State.choices)
    reason = models.TextField(blank=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.before} → {self.after}"
