"""Review: an officer, two officers or the machine decide on submitted rows; what is approved takes effect at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shebao.casework import rows, settlement, states
from shebao.casework.models import Awaits, Case, Row, RowState, State
from shebao.casework.service import Review
from shebao.casework.settlement import Settled
from shebao.foundation.unsettled import Unsettled
from shebao.identity import acting
from shebao.identity.acting import Acting
from shebao.identity.models import Role

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


@transaction.atomic
def decide(case: Case, verdicts: Mapping[int, Verdict], *, by: Acting) -> Settled:
    """Decide on some rows, by number. All of these decisions count, or none.

    Unsettled when one of the rows has been decided meanwhile, or when this officer may not decide it.
    """
    states.lock(case)
    if not decidable(by).filter(pk=case.pk).exists():
        raise Unsettled(_("这笔业务不归您审核"))
    if case.state != State.SUBMITTED:
        raise Unsettled(_already(case))
    if case.awaits not in OFFICERS:
        raise Unsettled(_("系统正在审核这笔业务，请稍后再看"))
    waiting = dict(
        Row.objects.filter(case=case, number__in=verdicts, state=RowState.SUBMITTED)
        .values_list("number", "first_officer")
    )  # fmt: skip
    if not verdicts or set(verdicts) - set(waiting):
        raise Unsettled(_already(case) if verdicts else _("请先选择要审核的行"))
    approved = [number for number, verdict in verdicts.items() if verdict.approves]
    returned = {number: verdict.reason for number, verdict in verdicts.items() if not verdict.approves}
    if case.review == Review.TWO_OFFICERS:
        approved = _seconded(case, approved, waiting, by)
    return settlement.settle(case, approved, returned, by=by)


def decide_all(case: Case, verdict: Verdict, *, by: Acting) -> Settled:
    """The same verdict on every row that still waits."""
    waiting = Row.objects.filter(case=case, state=RowState.SUBMITTED).values_list("number", flat=True)
    numbers = list(waiting)
    if not numbers:
        case.refresh_from_db()
        raise Unsettled(_already(case))
    return decide(case, dict.fromkeys(numbers, verdict), by=by)


@transaction.atomic
def automatically(case_id: int) -> None:
    """What needs no officer takes effect or goes back; flagged rows stay for one. Harmless a second time."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.awaits != Awaits.MACHINE:
        return
    settlement.settle(case, None, {}, by=acting.system("review"), spare_flagged=True)


def _seconded(case: Case, approved: list[int], waiting: Mapping[int, int | None], by: Acting) -> list[int]:
    """Of the rows this officer approves, those that another one had approved before; the rest wait for a second."""
    if any(waiting[number] == by.account_id for number in approved):
        raise Unsettled(_("您已审核通过，须由另一位经办人复核"))
    second = [number for number in approved if waiting[number] is not None]
    rows.first_approval(case, set(approved) - set(second), by.account_id)
    return second


def _already(case: Case) -> str:
    """Somebody was faster: who."""
    last = case.moves.exclude(by__startswith="system:").last()
    if case.state == State.SUBMITTED or last is None:
        return _("所选的行刚刚已有人审核，请刷新后再看")
    return _("这笔业务刚刚已由%(who)s审核，请刷新后再看") % {"who": last.by_name}
