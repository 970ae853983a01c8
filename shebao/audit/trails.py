"""Reading the audit: what happened to a reference, and who looked at my data."""

from django.db.models import QuerySet

from shebao.audit.events import LOOK
from shebao.audit.models import AuditEvent


def looks_at(person_id: int) -> QuerySet[AuditEvent]:
    """Each look of somebody else at this person's record, newest first; `details["what"]` says at what."""
    return AuditEvent.objects.filter(person_id=person_id, event=LOOK).order_by("-id")


def of(about: str) -> QuerySet[AuditEvent]:
    """All that happened to a reference, oldest first."""
    return AuditEvent.objects.filter(about=about).order_by("id")
