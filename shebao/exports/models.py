"""Exports that were asked for: the intent, how far writing has come, and the file while it is kept."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shebao.exports import sources
from shebao.foundation import clock, ownership


class Export(models.Model):
    """One list of a party as a workbook. `people` are those who stand in it, for the record of who saw them."""

    ownership = ownership.LOCAL

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        WRITING = "writing", _("正在生成")
        DONE = "done", _("可以下载")
        STOPPED = "stopped", _("已停止")
        FAILED = "failed", _("没有完成")
        EXPIRED = "expired", _("已过期删除")

    party_kind = models.CharField(max_length=20)
    party_id = models.BigIntegerField()
    source = models.CharField(max_length=40)
    filters = models.JSONField(default=dict)
    subtitle = models.CharField(max_length=200, blank=True)  # what was asked for, in words
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    rows_total = models.IntegerField(default=0)
    rows_done = models.IntegerField(default=0)
    file = models.FileField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0)
    people = ArrayField(models.BigIntegerField(), default=list)
    seen_by = ArrayField(models.BigIntegerField(), default=list)  # accounts that downloaded it
    by = models.BigIntegerField()
    by_name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["party_kind", "party_id", "-id"], name="exports_of_party"),
            models.Index(fields=["id"], condition=Q(finished_at=None), name="exports_unfinished"),
            models.Index(fields=["expires_at"], condition=Q(state="done"), name="exports_kept"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(file=""), name="a_finished_export_has_its_file"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"

    @property
    def ref(self) -> str:
        return f"export:{self.pk}"

    @property
    def ordered_on(self) -> date:
        """The city's date, which until eight in the morning is not the database's."""
        return timezone.localdate(self.created_at)

    @property
    def place(self) -> str:
        """Where its file is kept: always the same, so that whoever writes it again replaces what was left there."""
        return f"exports/{self.ordered_on:%Y/%m}/{self.pk}.xlsx"

    @property
    def title(self) -> str:
        return str(sources.source(self.source).title)

    @property
    def is_under_way(self) -> bool:
        return self.finished_at is None
