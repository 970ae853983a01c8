"""What nobody will come back to: drafts in which nothing is, and applications that were begun and never submitted.

Nothing of it was ever handed over, so it is deleted with its files. How long it is kept is a rule of our own, set in
`DRAFTS_KEPT_DAYS`; the audit keeps that it was there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.deletion import ProtectedError
from django.utils import timezone

from shebao import audit
from shebao.casework.models import Case, Errand, Material, Row, State, Upload
from shebao.casework.service import Who
from shebao.foundation import clock
from shebao.identity import acting
from shebao.identity.models import Applicant

log = logging.getLogger(__name__)
_NIGHT = acting.system("leftovers")
EMPTY, APPLICANT = "empty", "applicant"


def kept_until(case: Case) -> date | None:
    """The day up to which an applicant's draft is kept; None for what is kept on."""
    if case.party_kind != Who.APPLICANT or case.state != State.DRAFT:
        return None
    return timezone.localdate(case.saved_at) + timedelta(days=settings.DRAFTS_KEPT_DAYS[APPLICANT])


def clear() -> int:
    """Delete what is kept no longer; answers how many cases and applicants. Harmless a second time."""
    cleared = sum(_cleared(pk) for pk in _left().values_list("pk", flat=True))
    return cleared + _forget_applicants()


def _left() -> QuerySet[Case]:
    """Cases that were never handed over, not touched for as long as their kind is kept, and no job is at."""
    never = Case.objects.filter(submitted_at=None)
    empty = Q(state=State.DRAFT, total=0, saved_at__lt=_before(EMPTY))
    begun = Q(
        party_kind=Who.APPLICANT,
        state__in=(State.DRAFT, State.WITHDRAWN),
        saved_at__lt=_before(APPLICANT),
    )
    busy = (model.objects.filter(case=OuterRef("pk"), finished_at=None) for model in (Upload, Errand))
    for at_work in busy:
        never = never.exclude(Exists(at_work))
    return never.filter(empty | begun)


def _before(kind: str) -> datetime:
    return clock.now() - timedelta(days=settings.DRAFTS_KEPT_DAYS[kind])


@transaction.atomic
def _cleared(pk: int) -> bool:
    """Delete one case with its files; where one of them can't be, all stays for the next night."""
    case = _left().select_for_update(of=("self",)).filter(pk=pk).first()
    if case is None:  # somebody went on with it meanwhile
        return False
    try:
        with transaction.atomic():
            files = [one.file for one in (*case.uploads.all(), *case.papers.all())]
            Material.objects.filter(case=case).delete()
            Row.objects.filter(case=case).delete()
            case.delete()
    except ProtectedError:  # an employer's system still holds its receipt
        log.info("%s: kept, another record refers to it", case.ref)
        return False
    _delete(files)
    audit.record("case.cleared", case.ref, by=_NIGHT, details={"service": case.service_code})
    return True


def _delete(files: Iterable) -> None:
    for file in files:
        file.storage.delete(file.name)


def _forget_applicants() -> int:
    """Applicants of whom no case is left: with them go the address and the code that let them in."""
    theirs = Case.objects.filter(party_kind=Who.APPLICANT, party_id=OuterRef("party_id"))
    gone = Applicant.objects.filter(~Exists(theirs), accepted_at__lt=_before(APPLICANT))
    return gone.delete()[0]
