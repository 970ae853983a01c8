"""What employers' systems handed in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shebao.casework.models import Case
from shebao.foundation import clock, ids, ownership
from shebao.identity.models import ApiKey


class Intake(models.Model):
    """收件: one request to file a case, kept so that asking twice files once, and found by the sender's own reference.

    `rows` wait here until a job has put them into the case; `reason` says why it wasn't submitted though asked to be.
    """

    ownership = ownership.LOCAL

    class IfProblems(models.TextChoices):
        """What becomes of the sound rows of a case in which others have problems."""

        HOLD = "hold", _("整笔暂不提交")
        SUBMIT_REST = "submit_rest", _("先提交没有问题的行")

    employer_id = models.BigIntegerField()
    key = models.ForeignKey(ApiKey, models.PROTECT, db_index=False)
    idempotency_key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    client_reference = models.CharField(max_length=64, blank=True, default="")
    reference_free = models.BooleanField(default=False)  # given to another case, after this one was withdrawn
    case = models.OneToOneField(Case, models.PROTECT, related_name="intake")
    count = models.IntegerField()
    rows = models.JSONField(null=True)
    submit = models.BooleanField()
    if_problems = models.CharField(max_length=12, choices=IfProblems.choices)
    submit_token = models.UUIDField(default=ids.uuid7)
    language = models.CharField(max_length=10)
    reason = models.TextField(blank=True, default="")
    received_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(done_at=None), name="intake_unfinished")]
        constraints = [
            models.UniqueConstraint(
                fields=["employer_id", "idempotency_key"], name="an_idempotency_key_files_once"
            ),
            models.UniqueConstraint(
                fields=["employer_id", "client_reference"],
                condition=~Q(client_reference="") & Q(reference_free=False),
                name="a_client_reference_names_one_case_of_an_employer",
            ),
        ]

    def __str__(self):
        return f"{self.case_id}: {self.idempotency_key}"
