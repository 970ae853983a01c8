"""What has been decided about a case, in the words of its history."""

from django.utils.translation import gettext as _

from shebao.casework.models import Case, Move, State
from shebao.casework.service import Review


def title(move: Move) -> str:
    """What a step is called, by the filer and by the office."""
    if move.after == State.SUBMITTED:
        return _("审核") if move.before == State.SUBMITTED else _("提交审批")
    return {
        State.DRAFT: _("录入信息"),
        State.RETURNED: _("回退"),
        State.APPROVED: _("结束"),
        State.WITHDRAWN: _("退单"),
    }[State(move.after)]


def decided(case: Case, move: Move) -> str:
    """What a decision came to: how many were approved, by the first or the second of two officers, or sent back."""
    found = move.outcome
    said = []
    if first := found.get("first"):
        said.append(_("初审通过 %(counted)s，等待另一位经办人复核") % {"counted": case.counted(first)})
    if approved := found.get("approved"):
        words = {"counted": case.counted(approved)}
        second = case.review == Review.TWO_OFFICERS
        said.append(_("复核通过 %(counted)s") % words if second else _("通过 %(counted)s") % words)
    if returned := found.get("returned"):
        said.append(_("回退 %(counted)s") % {"counted": case.counted(returned)})
    return _("，").join(said)


def told(case: Case, move: Move) -> list[str]:
    """All that is said of one step: what was decided, why it came no further, and the reason that was given.

    The case carries the reasons of all its returned rows; of an approval they aren't the reason.
    """
    only_approved = move.outcome.get("approved") and not move.outcome.get("returned")
    reason = "" if only_approved else move.reason
    return [one for one in (decided(case, move), move.outcome.get("broken", ""), reason) if one]


def unfinished(case: Case) -> str:
    """Why the last decision came to no end, while none has been made since; else empty."""
    last = case.moves.last() if case.state == State.SUBMITTED else None
    return last.outcome.get("broken", "") if last else ""
