"""Settlement: rows are examined once more, and what stands takes effect; all in the caller's one transaction."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, InternalError, OperationalError, transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from shebao import audit, notices
from shebao.casework import estimates, examination, issues, rows, states
from shebao.casework.examination import Examined, Outcome
from shebao.casework.models import Awaits, Case, Row, RowState, State
from shebao.casework.service import Review
from shebao.foundation import languages
from shebao.foundation.unsettled import Busy, Unsettled
from shebao.identity.acting import Acting

log = logging.getLogger(__name__)


@dataclass
class Settled:
    """How the rows of one decision came out: those that took effect, and the reason of each that went back."""

    approved: list[int] = field(default_factory=list)
    returned: dict[int, str] = field(default_factory=dict)
    first: int = 0  # rows that the first of two officers approved: a second one has to
    figures: estimates.Kept | None = None  # of what took effect, where they aren't those that were shown


def settle(
    case: Case,
    approved: Collection[int] | None,
    returned: Mapping[int, str],
    *,
    by: Acting,
    spare_flagged: bool = False,
    first: Collection[int] = (),
) -> Settled:
    """Let these submitted rows take effect (None: all), send those back. The case must be locked.

    A row that has a problem by now goes back with it. With `spare_flagged`, flagged rows stay for an officer.
    When the effect fails, nothing of it stands and its rows go back with the reason. `first` are rows that the first
    of two officers has just approved: nothing happens to them.
    """
    with languages.of_the_hall():  # its filer and others read what is kept
        settled, outcome = take(case, approved, returned, spare_flagged=spare_flagged)
    settled.first = len(first)
    counted = {"approved": len(settled.approved), "returned": len(settled.returned), "first": settled.first}
    conclude(case, outcome, **counted, by=by, figures=settled.figures)
    return settled


def take(
    case: Case, approved: Collection[int] | None, returned: Mapping[int, str], *, spare_flagged: bool = False
) -> tuple[Settled, Outcome]:
    """As `settle`, without a word about where the case stands then: one step of many that `conclude` ends."""
    found, settled = _applied(case, approved, returned, spare_flagged)
    outcome = Outcome()
    for one in found:
        outcome.count(one)
    settled.returned.update(returned)
    _keep(case, found, settled)
    return settled, outcome


def foresee(case: Case, *, spare_flagged: bool) -> estimates.Kept | None:
    """The figures of all submitted rows that are about to take effect step by step, unless they are those shown."""
    if case.figures is None:
        return None
    found = _examined(case, None, {}, spare_flagged)
    return _changed_figures(case, [one.row for one in found if not one.problems])


def _applied(
    case: Case, approved: Collection[int] | None, returned: Mapping[int, str], spare_flagged: bool
) -> tuple[list[Examined], Settled]:
    """Examine and take effect. Where somebody else was first with one row, the others needn't suffer for it."""
    found = _examined(case, approved, returned, spare_flagged)
    try:
        return found, _take_effect(case, found)
    except Busy:
        raise  # nothing is wrong with the rows: they wait
    except Unsettled:
        found = _examined(case, approved, returned, spare_flagged)
    try:
        return found, _take_effect(case, found)
    except Busy:
        raise
    except Unsettled as refusal:
        return found, Settled(returned={one.number: one.sentence or refusal.sentence for one in found})


def _examined(
    case: Case, approved: Collection[int] | None, returned: Mapping[int, str], spare_flagged: bool
) -> list[Examined]:
    """The rows to take effect, as they stand at this moment."""
    slices = examination.look(case, (RowState.SUBMITTED,), approved)
    found = [one for part in slices for one in part if one.number not in returned]
    return [one for one in found if one.problems or not (spare_flagged and one.flags)]


def _take_effect(case: Case, found: list[Examined]) -> Settled:
    """Apply the service's effect to all rows without a problem, or to none: then Unsettled with the reason."""
    sound = [one for one in found if not one.problems]
    settled = Settled(
        approved=[one.number for one in sound],
        returned={one.number: one.sentence for one in found if one.problems},
    )
    if not sound:
        return settled
    service = case.service
    case.numbers = {service.key(one.row): one.number for one in sound}
    try:
        with transaction.atomic():
            settled.figures = _changed_figures(case, [one.row for one in sound])
            if service.issues:
                issues.keep(case, service.issues([one.row for one in sound], case))
            else:
                service.effect([one.row for one in sound], case)
    except Unsettled:
        raise
    except (IntegrityError, InternalError) as crossed:
        log.warning("%s: the effect met a constraint: %s", case.ref, crossed)
        raise Unsettled(_("与同时办理的另一笔业务冲突，没有任何变动；请核对后重新提交")) from crossed
    except OperationalError:
        raise  # a deadlock or a lost connection: the whole decision is tried again
    except Exception as failure:  # noqa: BLE001 - whatever a service does wrong, the case must not hang
        log.exception("%s: the effect failed", case.ref)
        raise Unsettled(_("系统未能办理，没有任何变动；请稍后重新提交，或到经办机构办理")) from failure
    return settled


def _changed_figures(case: Case, effective: list) -> estimates.Kept | None:
    """The figures of these rows before they take effect, unless the filer was shown each of their lines."""
    if case.figures is None:
        return None
    now = estimates.of_rows(case, effective)
    return None if now is None or all(line in case.figures["lines"] for line in now["lines"]) else now


def _keep(case: Case, found: list[Examined], settled: Settled) -> None:
    rows.approve(case, settled.approved)
    wrong = [one for one in found if one.problems]
    rows.keep_findings(case, [one.line(RowState.RETURNED, settled.returned[one.number]) for one in wrong])
    told = {one.number for one in wrong}
    rows.send_back(case, {number: why for number, why in settled.returned.items() if number not in told})


def conclude(
    case: Case,
    outcome: Outcome,
    *,
    approved: int,
    returned: int,
    by: Acting,
    first: int = 0,
    figures: estimates.Kept | None = None,
    said: str = "",
) -> None:
    """After rows were taken: where the case stands follows from them; who is told what, from where it stands.

    `said` is why a decision ended before its end, for the history.
    """
    with languages.of_the_hall():
        _conclude(case, outcome, approved, returned, by, first, figures, said)


def _conclude(
    case: Case,
    outcome: Outcome,
    approved: int,
    returned: int,
    by: Acting,
    first: int,
    figures: estimates.Kept | None,
    said: str,
) -> None:
    rows.tally(case)
    left = Row.objects.filter(case=case)
    if left.filter(state=RowState.SUBMITTED).exists():
        unseconded = left.filter(state=RowState.SUBMITTED, first_officer=None).exists()
        two = case.review == Review.TWO_OFFICERS and not unseconded
        case.awaits = Awaits.SECOND_OFFICER if two else Awaits.OFFICER
        after = State.SUBMITTED
    elif left.filter(state=RowState.RETURNED).exists():
        after = State.RETURNED
    else:
        after = State.APPROVED
    kept = outcome.as_kept(case.service) | {"approved": approved, "returned": returned}
    if first:
        kept["first"] = first
    if said:
        kept["broken"] = said
    if figures:
        kept["figures"] = figures
    # With the reasons of decisions before this one: whoever mends the case mends them all.
    reason = in_one_line(case) if returned or after == State.RETURNED else ""
    states.move(case, after, by=by, reason=reason, outcome=kept)
    audit.record("case.decided", case.ref, by=by, details=kept)
    _tell(case, after, returned, reason)


def _tell(case: Case, after: State, returned: int, reason: str) -> None:
    if after == State.APPROVED:
        notices.later(case.message("approved"), to=case.filer, about=case.ref, **case.in_words)
    elif returned and case.total > returned:
        notices.later(
            "case-rows-returned", to=case.filer, about=case.ref, **case.in_words, rows=case.counted(returned)
        )
    elif returned:
        notices.later(case.message("returned"), to=case.filer, about=case.ref, **case.in_words, reason=reason)


def in_one_line(case: Case) -> str:
    """The 回退原因 of the whole case: the reason, if all its returned rows share one."""
    here = Row.objects.filter(case=case, state=RowState.RETURNED)
    reasons = here.order_by().values("reason").annotate(first=Min("number")).order_by("first")[:2]
    if len(reasons) <= 1:
        return "".join(one["reason"] for one in reasons)
    words = {"rows": case.counted(here.count()), "first": reasons[0]["reason"]}
    return _("%(rows)s被回退，各行原因见明细；例如：%(first)s") % words
