"""追溯调整: figures that were announced after months had been run change those months; what came of it, payer by payer.

A revision is carried out month by month (shebao.assessment.revisions); here is what stands in the books of it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from shebao.foundation import clock, ownership, sql
from shebao.foundation.fields import MonthField
from shebao.foundation.months import Month
from shebao.ledger import payers
from shebao.policy.models import Value

KIND = "revision"
"""Of its runs; their source is its reference."""
_SQL = sql.queries("shebao.ledger", "revisions.sql")
_PEOPLE_AND_LINES = {**payers.PEOPLE, "written": _SQL["of_payer"]}


class Revision(models.Model):
    """One order to bring months that were run to figures that became known later."""

    ownership = ownership.LOCAL

    class State(models.TextChoices):
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        STOPPED = "stopped", _("中断")

    id = models.BigAutoField(primary_key=True)
    first_month = MonthField()
    last_month = MonthField()
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    source = models.CharField(max_length=120)
    ordered_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    pay_by = models.DateField(null=True, blank=True)  # null: the city's last day is not known
    lines = models.BigIntegerField(default=0)
    figures = models.JSONField(default=list)  # what changed: schemes, title, before, after, source, document
    problem = models.TextField(default="", blank=True)

    class Meta:
        app_label = "ledger"

    @property
    def ref(self) -> str:
        return f"revision:{self.id}"


class RevisedPayer(models.Model):
    """What a revision came to for one payer, as it was told: yuan, below zero for a credit."""

    ownership = ownership.LOCAL

    pk = models.CompositePrimaryKey("revision_id", "payer_id")
    revision_id = models.BigIntegerField()
    payer_id = models.BigIntegerField()
    of_employer = models.BooleanField()
    persons = models.IntegerField()
    lines = models.IntegerField()
    first_month = MonthField()
    last_month = MonthField()
    employer_part = models.DecimalField(max_digits=16, decimal_places=2)
    personal_part = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        app_label = "ledger"
        indexes = [models.Index(fields=["payer_id", "-revision_id"], name="ledger_revised_of_payer")]

    @property
    def amount(self) -> Decimal:
        return self.employer_part + self.personal_part


@dataclass(frozen=True)
class PersonMonth:
    """One person's month in those insurances that have the same bases; yuan."""

    person_id: int
    name: str
    id_number: str  # whole; mask it for the page
    month: Month
    schemes: tuple[str, ...]
    base_before: Decimal | None
    base: Decimal
    employer_part: Decimal
    personal_part: Decimal
    amount: Decimal


def months_done(revision: Revision) -> set[Month]:
    """The months of it that are carried out."""
    rows = sql.rows(_SQL["months_done"], {"ref": revision.ref})
    return {Month.of(row["month"]) for row in rows}


def tell(revision: Revision) -> list[RevisedPayer]:
    """Sum it up payer by payer. Done again it adds nothing; answers with those that were added."""
    rows = sql.rows(_SQL["sum_up"], _scope(revision))
    return [
        RevisedPayer(
            **{**row, "first_month": Month.of(row["first_month"]), "last_month": Month.of(row["last_month"])}
        )
        for row in rows
    ]


def figures(revision: Revision) -> list[dict[str, object]]:
    """Which figures changed between the lines before and those of the revision, with their documents."""
    pairs = sql.rows(_SQL["terms_compared"], _scope(revision))
    values = Value.objects.in_bulk({id_ for row in pairs for key in ("before", "after") for id_ in row[key]})
    found: dict[tuple, dict] = {}
    for row in pairs:
        before = {(values[i].parameter, values[i].klass): values[i] for i in row["before"]}
        for id_ in row["after"]:
            after = values[id_]
            old = before.get((after.parameter, after.klass))
            if after.value is None or (old and old.value == after.value):
                continue
            key = (after.title, old and old.value, after.value, after.document or after.source)
            told = found.setdefault(
                key,
                {
                    "schemes": [], "title": after.title, "before": str(old.value) if old else "",
                    "after": str(after.value), "unit": after.unit, "source": after.source,
                    "document": after.document,
                },
            )  # fmt: skip
            if row["scheme"] not in told["schemes"]:
                told["schemes"].append(row["scheme"])
    return list(found.values())


def of_payer(payer_id: int, *, limit: int = 5) -> list[tuple[Revision, RevisedPayer]]:
    """The newest revisions that changed something for this payer."""
    mine = list(RevisedPayer.objects.filter(payer_id=payer_id).order_by("-revision_id")[:limit])
    found = Revision.objects.in_bulk([one.revision_id for one in mine])
    return [(found[one.revision_id], one) for one in mine]


def get(revision_id: int, payer_id: int) -> tuple[Revision, RevisedPayer]:
    """A revision and what it came to for a payer; RevisedPayer.DoesNotExist where it changed nothing of his."""
    mine = RevisedPayer.objects.get(revision_id=revision_id, payer_id=payer_id)
    return Revision.objects.get(pk=revision_id), mine


def person_months(revision: Revision, payer_id: int, *, after: int = 0, limit: int = 20) -> list[PersonMonth]:
    """Of so many people of a payer each month that changed; the next page begins `after` the last person_id."""
    scope = _scope(revision) | {"payer_ids": [payer_id], "after": after, "limit": limit}
    rows = sql.rows(sql.using(_PEOPLE_AND_LINES, _SQL["person_months"]), scope)
    return [
        PersonMonth(**{**row, "month": Month.of(row["month"]), "schemes": tuple(row["schemes"])})
        for row in rows
    ]


def listed(*, limit: int = 6) -> list[dict]:
    """The newest revisions with how many payers they changed, and the amount together."""
    return [
        {**row, "first_month": Month.of(row["first_month"]), "last_month": Month.of(row["last_month"])}
        for row in sql.rows(_SQL["listed"], {"limit": limit})
    ]


def _scope(revision: Revision) -> dict[str, object]:
    first: Month | date = revision.first_month
    return {
        "revision_id": revision.id, "ref": revision.ref, "first": first, "last": revision.last_month,
    }  # fmt: skip
