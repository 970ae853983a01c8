"""Review: an officer, two officers or the machine decide on submitted rows; what is approved takes effect at once."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from shebao.casework import errands, rows, settlement, states
from shebao.casework.examination import Outcome
from shebao.casework.models import Awaits, Case, Errand, Row, RowState, State
from shebao.casework.service import Review
from shebao.casework.settlement import Settled
from shebao.foundation import contention
from shebao.foundation.unsettled import Busy, Unsettled
from shebao.identity import acting
from shebao.identity.acting import Acting
from shebao.identity.models import Role

log = logging.getLogger(__name__)
_MACHINE = acting.system("review")
OFFICERS = (Awaits.OFFICER, Awaits.SECOND_OFFICER)


@dataclass(frozen=True)
class Verdict:
    """An officer's word on one row: approve it, or send it back with the 回退原因 that the filer reads."""

    reason: str | None = None

    @property
    def approves(self) -> bool:
        return self.reason is None


APPROVE = Verdict()


def send_back(reason: str) -> Verdict:
    """Return the row. Unsettled without a reason."""
    if not reason.strip():
        raise Unsettled(_("请填写回退原因，申请人会看到"))
    return Verdict(reason.strip())


def visible(by: Acting) -> QuerySet[Case]:
    """The cases an officer may see: his office's; a supervisor's, the city's. Never those he filed himself."""
    found = Case.objects.exclude(filed_by=by.account_id).exclude(state=State.DRAFT)
    if by.may(Role.SUPERVISOR):
        return found
    if by.may(Role.REVIEWER):
        return found.filter(office_code=by.office_code)
    return found.none()


def decidable(by: Acting) -> QuerySet[Case]:
    """The cases an officer may decide: his office's. To read the city, as supervisors do, gives no such right."""
    found = visible(by).filter(office_code=by.office_code)
    return found if by.may(Role.REVIEWER) else found.none()


def queue(by: Acting) -> QuerySet[Case]:
    """What waits for an officer, the most urgent first."""
    return visible(by).filter(state=State.SUBMITTED, awaits__in=OFFICERS).order_by("due", "id")


def decide(case: Case, verdicts: Mapping[int, Verdict], *, by: Acting) -> Settled:
    """Decide on some rows, by number. All of these decisions count, or none.

    Unsettled when one of the rows has been decided meanwhile, or when this officer may not decide it; Busy when
    others hold what the effect needs: then nothing speaks against the same decision a little later.
    """
    return contention.outlast(lambda: _decide(case, verdicts, by=by))


def decide_all(case: Case, verdict: Verdict, *, by: Acting) -> Settled | None:
    """The same verdict on every row that still waits. Of many rows a worker does it, and there is no answer yet."""
    return contention.outlast(lambda: _decide_all(case, verdict, by=by))


@transaction.atomic
def _decide(case: Case, verdicts: Mapping[int, Verdict], *, by: Acting) -> Settled:
    _hold(case, by)
    waiting = _waiting(case, number__in=verdicts)
    if not verdicts or set(verdicts) - set(waiting):
        raise Unsettled(_already(case) if verdicts else _("请先选择要审核的行"))
    approved = [number for number, verdict in verdicts.items() if verdict.approves]
    returned = {number: verdict.reason for number, verdict in verdicts.items() if not verdict.approves}
    return settlement.settle(case, _seconded(case, approved, waiting, by), returned, by=by)


@transaction.atomic
def _decide_all(case: Case, verdict: Verdict, *, by: Acting) -> Settled | None:
    _hold(case, by)
    waiting = _waiting(case)
    if not waiting:
        raise Unsettled(_already(case))
    if errands.needed_for(len(waiting)):
        if case.review == Review.TWO_OFFICERS and verdict.approves and by.account_id in waiting.values():
            raise Unsettled(_seconds_himself())
        reason = verdict.reason or ""
        errands.begin(case, Errand.Deed.DECIDE, by=by, total=len(waiting), reason=reason)
        return None
    return _decide(case, dict.fromkeys(waiting, verdict), by=by)


def begin(case: Case, total: int) -> None:
    """A case was handed over that needs no officer: enqueue its review."""
    if errands.needed_for(total):
        errands.begin(case, Errand.Deed.REVIEW, by=_MACHINE, total=total)
    else:
        app.configure_task("shebao.casework.tasks.review_automatically").defer(case_id=case.pk)


def automatically(case_id: int) -> None:
    """What needs no officer takes effect or goes back; flagged rows stay for one. Harmless a second time.

    When others hold what the effect needs, the case goes on waiting, and is woken again.
    """
    try:
        contention.outlast(lambda: _automatically(case_id))
    except Busy as held:
        log.warning("case %s waits: %s", case_id, held.sentence)


@transaction.atomic
def _automatically(case_id: int) -> None:
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.awaits == Awaits.MACHINE and errands.under_way(case) is None:
        settlement.settle(case, None, {}, by=_MACHINE, spare_flagged=True)


def go_on_deciding(errand_id: int) -> None:
    """What `decide_all` or `begin` left to a worker, step by step. Harmless a second time."""
    errands.go_on(errand_id, _decide_on)


def _decide_on(case: Case, errand: Errand) -> None:
    by = errands.asked_by(errand)
    waiting = _waiting(case, most=errands.STEP, number__gt=errand.mark)
    if not waiting:
        errands.finish(errand)
        counted = {name: errand.outcome.get(name, 0) for name in ("approved", "returned")}
        settlement.conclude(case, Outcome(rules=Counter(errand.outcome.get("rules", {}))), **counted, by=by)
        return
    approved, returned = list(waiting), {}
    if errand.reason:
        approved, returned = [], dict.fromkeys(waiting, errand.reason)
    elif errand.deed == Errand.Deed.DECIDE:
        approved = _seconded(case, approved, waiting, by)
    settled, outcome = settlement.take(
        case, approved, returned, spare_flagged=errand.deed == Errand.Deed.REVIEW
    )
    found = {"approved": len(settled.approved), "returned": len(settled.returned), "rules": outcome.rules}
    errands.count(errand, mark=max(waiting), rows=len(waiting), **found)


def _hold(case: Case, by: Acting) -> None:
    """Lock a case that this officer may decide on. Unsettled otherwise."""
    states.lock_unattended(case)
    if not decidable(by).filter(pk=case.pk).exists():
        raise Unsettled(_("这笔业务不归您审核"))
    if case.state != State.SUBMITTED:
        raise Unsettled(_already(case))
    if case.awaits not in OFFICERS:
        raise Unsettled(_("系统正在审核这笔业务，请稍后再看"))


def _waiting(case: Case, most: int | None = None, **narrowed: object) -> dict[int, int | None]:
    """The rows that wait for a decision, in their order, each with who approved it first."""
    found = Row.objects.filter(case=case, state=RowState.SUBMITTED, **narrowed).order_by("number")
    return dict(found.values_list("number", "first_officer")[:most])


def _seconded(case: Case, approved: list[int], waiting: Mapping[int, int | None], by: Acting) -> list[int]:
    """Of the rows this officer approves, those that count now; where two must, the rest wait for a second."""
    if case.review != Review.TWO_OFFICERS:
        return approved
    if any(waiting[number] == by.account_id for number in approved):
        raise Unsettled(_seconds_himself())
    second = [number for number in approved if waiting[number] is not None]
    rows.first_approval(case, set(approved) - set(second), by.account_id)
    return second


def _seconds_himself() -> str:
    return _("您已审核通过，须由另一位经办人复核")


def _already(case: Case) -> str:
    """Somebody was faster: who."""
    last = case.moves.exclude(by__startswith="system:").last()
    if case.state == State.SUBMITTED or last is None:
        return _("所选的行刚刚已有人审核，请刷新后再看")
    return _("这笔业务刚刚已由%(who)s审核，请刷新后再看") % {"who": last.by_name}
