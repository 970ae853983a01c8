"""Errands (后台办理): what a filer or officer asked for on so many rows that no page could wait for it.

The errand is a row, written in the transaction of whoever asked; a worker takes it step by step. Each step is a
transaction that does some rows and moves the mark, so a killed worker costs the step it was at, and whoever goes on
does no row twice. While it lasts, nothing else is done with the case.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from shebao import audit
from shebao.casework import states
from shebao.casework.models import Case, Errand
from shebao.foundation import clock, contention
from shebao.foundation.unsettled import Busy, Unsettled
from shebao.identity.acting import Acting

log = logging.getLogger(__name__)
MANY = 2_000  # rows; so many are submitted or decided while the page waits: about two seconds
TRIES = 3  # of an errand that breaks: then it is given up, and whoever asked is told
STEP = 2_000  # rows of one transaction

TASKS = {
    Errand.Deed.SUBMIT: "go_on_submitting",
    Errand.Deed.REVIEW: "go_on_deciding",
    Errand.Deed.DECIDE: "go_on_deciding",
}

Step = Callable[[Case, Errand], None]


class Overtaken(Exception):
    """Another worker is at this errand, or reads this workbook, and is further on."""


def needed_for(rows: int) -> bool:
    """Whether so many rows are too many for the one who asks to wait for them."""
    return rows > MANY


def begin(
    case: Case,
    deed: Errand.Deed,
    *,
    by: Acting,
    total: int,
    reason: str = "",
    token: UUID | None = None,
    outcome: Mapping | None = None,
    broken: int = 0,
) -> Errand:
    """Note what is to be done with a locked case, and wake a worker. Another errand beside it is an IntegrityError.

    `broken` is how many tries have ended in an error of the system already.
    """
    asked_by = asdict(by) | {"roles": sorted(by.roles)}
    errand = Errand.objects.create(
        case=case,
        deed=deed,
        by=asked_by,
        total=total,
        reason=reason,
        token=token,
        outcome=outcome or {},
        broken=broken,
    )
    audit.record("case.errand-begun", case.ref, by=by, details={"deed": deed, "rows": total})
    app.configure_task(f"shebao.casework.tasks.{TASKS[deed]}").defer(errand_id=errand.pk)
    return errand


def under_way(case: Case) -> Errand | None:
    """What a worker is doing with the case, if anything."""
    return case.errands.filter(finished_at=None).first()


def refused(case: Case) -> str:
    """Why the last errand did not come to its end, while nothing has been done about it since; else empty."""
    last = latest_of([case]).get(case.pk) if case.is_open else None
    return last.refusal if last and last.finished_at and last.finished_at >= case.saved_at else ""


def latest_of(cases: Iterable[Case]) -> dict[int, Errand]:
    """The last errand of each case that had one, by the case's id."""
    ids = [case.pk for case in cases]
    found = Errand.objects.filter(case__in=ids).order_by("case", "-id").distinct("case")
    return {errand.case_id: errand for errand in found}


def asked_by(errand: Errand) -> Acting:
    """Who asked for it, with the rights he had then."""
    return Acting(**errand.by | {"roles": frozenset(errand.by["roles"])})


def go_on(errand_id: int, step: Step, *, end: Step | None = None) -> None:
    """Take an errand to its end, from wherever it stopped. Harmless a second time, and beside another worker.

    Each step moves the mark, or finishes the errand. When something it needs is held by somebody else, the errand
    stays, to be woken again; Unsettled ends it with that sentence, and so does the third try that breaks. `end` is
    called in the transaction of such an end, with its sentence in the errand: what the steps before did stands.
    """
    errand = Errand.objects.select_related("case").get(pk=errand_id)
    try:
        mark = errand.mark
        while errand.finished_at is None:
            mark = contention.outlast(lambda mark=mark: _step(errand, mark, step))
    except Overtaken:
        return
    except Busy as held:
        log.warning("%s: %s waits: %s", errand.case.ref, errand.deed, held.sentence)
    except Unsettled as refusal:
        _refuse(errand, refusal.sentence, end)
    except (OperationalError, InterfaceError):  # of the database: the errand is not to blame
        raise
    except Exception:
        if not _in_vain(errand):
            raise
        log.exception("%s: %s given up after %s tries", errand.case.ref, errand.deed, TRIES)
        if errand.deed == Errand.Deed.SUBMIT:
            sentence = _("系统未能办理，没有任何变动；请稍后重新提交，或到经办机构办理")
        else:
            sentence = _("系统出错，审核没有办完：已办的有效，其余没有变动，仍待审核")
        _refuse(errand, sentence, end)


def _in_vain(errand: Errand) -> bool:
    """Count a try that broke; whether it was the last one."""
    Errand.objects.filter(pk=errand.pk).update(broken=F("broken") + 1)
    return Errand.objects.get(pk=errand.pk).broken >= TRIES


def finish(errand: Errand, refusal: str = "") -> None:
    """The errand is over, for good or with the sentence that says why not."""
    errand.refusal = refusal
    errand.finished_at = errand.touched_at = clock.now()
    errand.save()


def count(errand: Errand, *, mark: int, rows: int, **found: int) -> None:
    """So many more rows are done, up to this number; add what was found with them to the outcome."""
    errand.mark = mark
    errand.done += rows
    rules = Counter(errand.outcome.get("rules", {}))
    rules.update(found.pop("rules", {}))
    counted = {name: errand.outcome.get(name, 0) + more for name, more in found.items()}
    errand.outcome = {**errand.outcome, **counted, "rules": dict(rules)}
    errand.touched_at = clock.now()
    errand.save()


@transaction.atomic
def _step(errand: Errand, mark: int, step: Step) -> int:
    case = _hold(errand)
    if errand.finished_at is not None or errand.mark != mark:
        raise Overtaken
    step(case, errand)
    return errand.mark


@transaction.atomic
def _refuse(errand: Errand, sentence: str, end: Step | None) -> None:
    case = _hold(errand)
    if errand.finished_at is None:
        finish(errand, sentence)
        if end:
            end(case, errand)
        audit.record("case.errand-refused", case.ref, by=asked_by(errand), details={"deed": errand.deed})


def _hold(errand: Errand) -> Case:
    """Lock the case, then the errand, as they are now."""
    case = states.lock(errand.case)
    errand.refresh_from_db(from_queryset=Errand.objects.select_for_update())
    errand.case = case
    return case
