"""稽核: what the agency found when it looked at an employer."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from shebao import audit
from shebao.foundation import clock
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from shebao.registry.models import Inspection


@transaction.atomic
def record(employer_id: int, *, held_on: date, way: str, outcome: str, note: str, by: Acting) -> Inspection:
    """Put an inspection on file. Unsettled says what is missing."""
    if held_on > clock.today():
        raise Unsettled(_("稽核日期晚于今天，请核对"))
    if way not in Inspection.Way.values or outcome not in Inspection.Outcome.values:
        raise Unsettled(_("请选择稽核方式和结果"))
    if outcome != Inspection.Outcome.SOUND and not note.strip():
        raise Unsettled(_("发现问题的，请写明是什么问题"))
    found = Inspection.objects.create(
        employer_id=employer_id,
        held_on=held_on,
        way=way,
        outcome=outcome,
        note=note.strip()[:500],
        by_name=by.in_words[:200],
        source=by.ref,
    )
    details = {"held_on": held_on.isoformat(), "outcome": outcome}
    audit.record("employer.inspected", f"employer:{employer_id}", by=by, details=details)
    return found


def of(employer_id: int, *, limit: int = 20) -> list[Inspection]:
    """Newest first."""
    return list(Inspection.objects.filter(employer_id=employer_id).order_by("-held_on", "-id")[:limit])
