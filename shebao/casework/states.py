"""The one table of moves a case can make, and the sentence for each it can't."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from shebao.casework.models import Awaits, Case, Move, State
from shebao.foundation import clock
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting

MOVES: dict[State, tuple[State, ...]] = {
    State.DRAFT: (State.SUBMITTED, State.WITHDRAWN),
    # A part that was approved stays so: taking back the returned rest ends such a case.
    State.RETURNED: (State.SUBMITTED, State.WITHDRAWN, State.APPROVED),
    # To itself: one of several decisions on its rows.
    State.SUBMITTED: (State.SUBMITTED, State.RETURNED, State.APPROVED),
    State.APPROVED: (),
    State.WITHDRAWN: (),
}


def lock(case: Case) -> Case:
    """Hold the case until the transaction ends, as it is now. The same object is returned."""
    case.refresh_from_db(from_queryset=Case.objects.select_for_update())
    return case


def lock_open(case: Case) -> Case:
    """Hold a case that its filer may still change. Unsettled says why he may not."""
    lock_unattended(case)
    if not case.is_open:
        raise Unsettled(impossible(State(case.state)))
    return case


def lock_unattended(case: Case) -> Case:
    """Hold a case that no worker is at with an errand. Unsettled otherwise."""
    lock(case)
    if case.errands.filter(finished_at=None).exists():
        raise Unsettled(_("系统正在办理这笔业务，请等办完再操作；进度见这笔业务的状态页"))
    return case


def begin(case: Case, *, by: Acting) -> None:
    """The first line of a new case's history."""
    _note(case, "", State.DRAFT, by=by, reason="", outcome={})


def move(
    case: Case, after: State, *, by: Acting, reason: str = "", outcome: dict[str, Any] | None = None
) -> None:
    """Take a locked case one step on, and save it. Unsettled when there is no such step."""
    before = State(case.state)
    if after not in MOVES[before]:
        raise Unsettled(impossible(before))
    case.state = after
    case.reason = reason
    if after != State.SUBMITTED:
        case.awaits = Awaits.NOBODY
    if after in (State.APPROVED, State.WITHDRAWN):
        case.closed_at = clock.now()
    case.version += 1
    case.save()
    _note(case, before, after, by=by, reason=reason, outcome=outcome or {})


def impossible(before: State) -> str:
    """Why nothing more can be done with a case in this state by the one who asks."""
    return {
        State.DRAFT: _("这笔业务还没有提交审批"),
        State.RETURNED: _("这笔业务已回退，请等申请人修改后重新提交"),
        State.SUBMITTED: _("这笔业务已经提交审批，不能再修改或退单；如需更改，请联系经办机构回退"),
        State.APPROVED: _("这笔业务已经结束，不能再修改"),
        State.WITHDRAWN: _("这笔业务已经退单，请重新办理"),
    }[before]


def _note(case: Case, before: str, after: State, *, by: Acting, reason: str, outcome: dict[str, Any]) -> None:
    Move.objects.create(
        case=case, by=by.ref, by_name=by.in_words, before=before, after=after, reason=reason, outcome=outcome
    )
