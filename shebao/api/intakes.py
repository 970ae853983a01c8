"""Cases that employers' systems file: received at once, put together by a job, found by the sender's reference."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate import exceptions
from procrastinate.contrib.django import app

from shebao.api import authority
from shebao.api.models import Intake
from shebao.casework import cases
from shebao.casework.models import Case, State
from shebao.casework.service import Service
from shebao.foundation import clock
from shebao.foundation.unsettled import Busy, Unsettled
from shebao.identity import api_keys
from shebao.identity.acting import Acting
from shebao.identity.models import ApiKey

PATIENCE = timedelta(minutes=1)


@dataclass(frozen=True)
class Wish:
    """What a request asks for besides its rows."""

    client_reference: str
    submit: bool
    if_problems: str


class Reused(Exception):
    """The idempotency key came before with something else."""


class Taken(Exception):
    """The sender's reference names another case already."""

    def __init__(self, number: str):
        super().__init__(number)
        self.number = number


def receive(
    service: Service,
    rows: Sequence[Mapping[str, Any]],
    wish: Wish,
    *,
    idempotency_key: str,
    key: ApiKey,
    by: Acting,
) -> tuple[Intake, bool]:
    """Open a case for these rows and let a job go on with it; and whether that had been done before.

    Reused, Taken, or Unsettled (with the sentence) when it can't be.
    """
    fingerprint = _fingerprint(service, rows, wish)
    if known := _known(by, idempotency_key, fingerprint):
        return known, True
    try:
        with transaction.atomic():
            _free(by, wish.client_reference)
            case = cases.start(service.code, by=by)
            intake = Intake.objects.create(
                employer_id=by.party_id,
                key=key,
                idempotency_key=idempotency_key,
                fingerprint=fingerprint,
                client_reference=wish.client_reference,
                case=case,
                count=len(rows),
                rows=list(rows),
                submit=wish.submit,
                if_problems=wish.if_problems,
                language=translation.get_language(),
            )
            app.configure_task("shebao.api.tasks.carry_out").defer(intake_id=intake.pk)
    except IntegrityError:  # the same came at the same moment, or the reference is somebody else's
        if known := _known(by, idempotency_key, fingerprint):
            return known, True
        there = Intake.objects.select_related("case").get(
            employer_id=by.party_id, client_reference=wish.client_reference, reference_free=False
        )
        raise Taken(there.case.number) from None
    return intake, False


def carry_out(intake_id: int) -> None:
    """Put the rows into the case and submit it, if that was asked for. Harmless a second time."""
    intake = Intake.objects.select_related("case", "key").get(pk=intake_id)
    if intake.done_at:
        return
    with translation.override(intake.language):
        reason = _why_not_further(intake)
        if reason is None:
            try:
                reason = _fill(intake) or _submit(intake)
            except Busy:  # somebody else is at it: `wake` goes on
                return
    with transaction.atomic():
        held = Intake.objects.select_for_update().get(pk=intake.pk)
        if held.done_at is None:
            held.reason, held.done_at, held.rows = reason or "", clock.now(), None
            held.save(update_fields=["reason", "done_at", "rows"])


def held_back(case: Case) -> str:
    """Why nothing of a case was submitted that was to go as a whole."""
    counted = {"total": case.counted(case.total), "bad": case.counted(case.bad)}
    return _("%(total)s中有 %(bad)s有问题，整笔暂未提交；请按各行的 problems 改正，再提交") % counted


def mended(case: Case) -> None:
    """Something was done about why a case wasn't submitted: that is the past now."""
    Intake.objects.filter(case=case).update(reason="")


def wake() -> int:
    """Enqueue a job again for each intake that has waited a minute: jobs may get lost. Answers how many."""
    waiting = Intake.objects.filter(done_at=None, received_at__lt=clock.now() - PATIENCE)
    return sum(_again(one) for one in waiting.values_list("id", flat=True))


def _again(intake_id: int) -> bool:
    try:
        with transaction.atomic():
            task = app.configure_task("shebao.api.tasks.carry_out", queueing_lock=f"intake:{intake_id}")
            task.defer(intake_id=intake_id)
    except exceptions.AlreadyEnqueued:
        return False
    return True


def _why_not_further(intake: Intake) -> str | None:
    """A key that was revoked meanwhile, or an employer that was suspended, files nothing more."""
    if api_keys.why_not(intake.key) == "revoked":
        return _("接口密钥已吊销，没有办理；如需办理请用新的密钥重新提交")
    try:
        authority.acting_through(intake.key)
    except authority.Suspended:
        return _("本单位已停办网上业务或已注销，没有办理；请到辖区社保处办理")
    return None


def _fill(intake: Intake) -> str | None:
    try:
        with transaction.atomic():
            held = Intake.objects.select_for_update().get(pk=intake.pk)
            if held.rows is not None:
                cases.add(intake.case, held.rows, by=authority.acting_through(intake.key))
                held.rows = None
                held.save(update_fields=["rows"])
    except Busy:
        raise
    except Unsettled as refusal:
        return refusal.sentence
    return None


def _submit(intake: Intake) -> str | None:
    if not intake.submit:
        return None
    case = intake.case
    case.refresh_from_db()
    if case.bad and intake.if_problems == Intake.IfProblems.HOLD:
        return held_back(case)
    try:
        cases.submit(case, by=authority.acting_through(intake.key), token=intake.submit_token)
    except Busy:
        raise
    except Unsettled as refusal:
        return refusal.sentence
    return None


def _free(by: Acting, client_reference: str) -> None:
    """A reference whose case was withdrawn may name the case that is filed in its place."""
    if client_reference:
        of_reference = Intake.objects.filter(employer_id=by.party_id, client_reference=client_reference)
        of_reference.filter(case__state=State.WITHDRAWN).update(reference_free=True)


def _known(by: Acting, idempotency_key: str, fingerprint: str) -> Intake | None:
    found = Intake.objects.select_related("case").filter(
        employer_id=by.party_id, idempotency_key=idempotency_key
    )
    intake = found.defer("rows").first()
    if intake and intake.fingerprint != fingerprint:
        raise Reused
    return intake


def _fingerprint(service: Service, rows: Sequence[Mapping[str, Any]], wish: Wish) -> str:
    """The same for the same request, however its JSON was spelled."""
    meant = [service.code, vars(wish), rows]
    return hashlib.sha256(json.dumps(meant, sort_keys=True).encode()).hexdigest()
