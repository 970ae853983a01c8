"""Review: an officer, two officers or the machine decide on submitted rows; what is approved takes effect at once."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from shebao import notices
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
    """What waits for an officer, the most urgent first; not what he approved himself and another must look at."""
    waiting = visible(by).filter(state=State.SUBMITTED, awaits__in=OFFICERS)
    others = Row.objects.filter(case=OuterRef("pk"), state=RowState.SUBMITTED).exclude(
        first_officer=by.account_id
    )
    # In this order the database reads rows of those alone that wait for a second officer.
    return waiting.filter(~Q(awaits=Awaits.SECOND_OFFICER) | Exists(others)).order_by("due", "id")


def open_to(case: Case, by: Acting) -> QuerySet[Row]:
    """The rows of a case that wait for a decision and that this officer hasn't approved already, of two."""
    return Row.objects.filter(case=case, state=RowState.SUBMITTED).exclude(first_officer=by.account_id)


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
    counting = _seconded(case, approved, waiting, by)
    first = set(approved) - set(counting)
    return settlement.settle(case, counting, returned, by=by, first=first)


@transaction.atomic
def _decide_all(case: Case, verdict: Verdict, *, by: Acting) -> Settled | None:
    _hold(case, by)
    waiting = _waiting(case)
    if not waiting:
        raise Unsettled(_already(case))
    if verdict.approves:
        waiting = _not_his(case, waiting, by)
        if not waiting:
            raise Unsettled(_seconds_himself())
    if errands.needed_for(len(waiting)):
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

    When others hold what the effect needs, the case goes on waiting, and is woken again. A review that breaks goes on
    as an errand: tried again, and given up in the end.
    """
    try:
        contention.outlast(lambda: _automatically(case_id))
    except Busy as held:
        log.warning("case %s waits: %s", case_id, held.sentence)
    except (OperationalError, InterfaceError):  # of the database: the case is not to blame
        raise
    except Exception:
        log.exception("case %s: its review broke", case_id)
        _try_again(case_id)


@transaction.atomic
def _automatically(case_id: int) -> None:
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.awaits == Awaits.MACHINE and errands.under_way(case) is None:
        settlement.settle(case, None, {}, by=_MACHINE, spare_flagged=True)


@transaction.atomic
def _try_again(case_id: int) -> None:
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.awaits == Awaits.MACHINE and errands.under_way(case) is None:
        errands.begin(case, Errand.Deed.REVIEW, by=_MACHINE, total=case.good, broken=1)


def go_on_deciding(errand_id: int) -> None:
    """What `decide_all` or `begin` left to a worker, step by step. Harmless a second time.

    When it is given up, the case is concluded with what was done until then: the rest waits for an officer.
    """
    errands.go_on(errand_id, _decide_on, end=_decide_no_further)


def _decide_on(case: Case, errand: Errand) -> None:
    by = errands.asked_by(errand)
    by_machine = errand.deed == Errand.Deed.REVIEW
    waiting = _waiting(case, most=errands.STEP, number__gt=errand.mark)
    if not waiting:
        errands.finish(errand)
        _conclude(case, errand, by)
        return
    if not errand.mark and not errand.reason:  # before the first row takes effect
        errand.outcome["figures"] = settlement.foresee(case, spare_flagged=by_machine)
    approved, returned, first = list(waiting), {}, 0
    if errand.reason:
        approved, returned = [], dict.fromkeys(waiting, errand.reason)
    elif not by_machine:
        his = _not_his(case, waiting, by)
        approved = _seconded(case, list(his), his, by)
        first = len(his) - len(approved)
    settled, outcome = settlement.take(case, approved, returned, spare_flagged=by_machine)
    found = {"approved": len(settled.approved), "returned": len(settled.returned), "first": first}
    errands.count(errand, mark=max(waiting), rows=len(waiting), rules=outcome.rules, **found)


def _conclude(case: Case, errand: Errand, by: Acting, said: str = "") -> None:
    outcome = Outcome(rules=Counter(errand.outcome.get("rules", {})))
    counted = {name: errand.outcome.get(name, 0) for name in ("approved", "returned", "first")}
    figures = errand.outcome.get("figures")
    settlement.conclude(case, outcome, **counted, by=by, figures=figures, said=said)


def _decide_no_further(case: Case, errand: Errand) -> None:
    """What the steps before did stands; the rest waits for an officer, and the one who decided hears of it."""
    by = errands.asked_by(errand)
    _conclude(case, errand, by, said=errand.refusal)
    if errand.deed == Errand.Deed.DECIDE:
        left = Row.objects.filter(case=case, state=RowState.SUBMITTED).count()
        words = {"done": case.counted(errand.done), "left": case.counted(left), "reason": errand.refusal}
        notices.later("decision-unfinished", to=by.ref, about=case.ref, **case.in_words, **words)


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


def _not_his(case: Case, waiting: Mapping[int, int | None], by: Acting) -> dict[int, int | None]:
    """Without the rows that this officer has approved already, where two must."""
    if case.review != Review.TWO_OFFICERS:
        return dict(waiting)
    return {number: first for number, first in waiting.items() if first != by.account_id}


def _seconds_himself() -> str:
    return _("您已审核通过，须由另一位经办人复核")


def _already(case: Case) -> str:
    """Somebody was faster: who."""
    last = case.moves.exclude(by__startswith="system:").last()
    if case.state == State.SUBMITTED or last is None:
        return _("所选的行刚刚已有人审核，请刷新后再看")
    return _("这笔业务刚刚已由%(who)s审核，请刷新后再看") % {"who": last.by_name}
