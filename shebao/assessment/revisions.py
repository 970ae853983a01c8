"""追溯调整: bring the months since a month to figures that became known after they were run, and tell each payer once.

Month by month, each in a transaction of its own: a revision that was cut off goes on where it stopped, and one that is
ordered again writes nothing.
"""

import logging

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from shebao import audit, notices
from shebao.assessment import runs
from shebao.assessment.contributions import NoRule
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Busy, Unsettled
from shebao.identity.acting import Acting, ref_of
from shebao.ledger import deadlines, dues, revisions
from shebao.ledger.revisions import RevisedPayer, Revision
from shebao.policy import inforce

log = logging.getLogger(__name__)
_TASK = "shebao.assessment.tasks.revise"
_TOLD_AT_ONCE = 5_000


def order(first: Month, *, by: Acting | str) -> Revision:
    """Let a worker revise the months from `first` to the last that was run. Raises Unsettled when there are none, or
    while another revision is under way.
    """
    revision = open_one(first, by=by)
    try:
        with transaction.atomic():
            job = app.configure_task(_TASK, queueing_lock=f"revision:{revision.id}", lock="revision")
            job.defer(revision_id=revision.id)
    except AlreadyEnqueued:  # the minutely wake-up was faster
        pass
    return revision


@transaction.atomic
def open_one(first: Month, *, by: Acting | str) -> Revision:
    """Write a revision down, to be carried out."""
    last = dues.last_run()
    if last is None or first > last:
        raise Unsettled(_("%(month)s 以后还没有核定过的月份，不需要追溯调整") % {"month": first})
    if under_way():
        raise Unsettled(_("上一次追溯调整还没有完成，请等它完成"))
    revision = Revision.objects.create(first_month=first, last_month=last, source=ref_of(by))
    audit.record("ledger.revision-ordered", revision.ref, by=by, details={"first": str(first)})
    return revision


def under_way() -> Revision | None:
    """The revision that is not finished, if there is one."""
    return Revision.objects.filter(state=Revision.State.RUNNING).order_by("-id").first()


def wake() -> int:
    """Order again what was cut off because its job was lost; for the timetable."""
    revision = under_way()
    if revision is None:
        return 0
    try:
        with transaction.atomic():
            job = app.configure_task(_TASK, queueing_lock=f"revision:{revision.id}", lock="revision")
            job.defer(revision_id=revision.id)
    except AlreadyEnqueued:
        return 0
    return 1


def carry_out(revision_id: int) -> Revision:
    """Revise the months that are left, then tell the payers.

    A refusal stands in the revision, and the payers are told of the months before it. Where only somebody else is at
    work the revision stays open, and is woken again.
    """
    revision = Revision.objects.get(pk=revision_id)
    if revision.state != Revision.State.RUNNING:
        return revision
    try:
        done = revisions.months_done(revision)
        for month in Month.range(revision.first_month, revision.last_month):
            if month not in done:
                runs.revise_month(month, source=revision.ref)
        _finish(revision.id)
    except Busy as held:
        log.info("%s waits: %s", revision.ref, held.sentence)
    except (Unsettled, NoRule) as refused:
        log.warning("%s was refused: %s", revision.ref, refused.sentence)
        _finish(revision.id, problem=refused.sentence)
    revision.refresh_from_db()
    return revision


@transaction.atomic
def _finish(revision_id: int, *, problem: str = "") -> None:
    revision = Revision.objects.select_for_update().get(pk=revision_id)
    if revision.state != Revision.State.RUNNING:
        return
    told = revisions.tell(revision)
    revision.lines = sum(one.lines for one in told)
    revision.figures = revisions.figures(revision)
    revision.pay_by = deadlines.next_deadline(clock.today())
    revision.state = Revision.State.STOPPED if problem else Revision.State.DONE
    revision.problem, revision.finished_at = problem, clock.now()
    revision.save()
    for code, some in (
        ("bases-raised", [one for one in told if one.amount > 0]),
        ("bases-credited", [one for one in told if one.amount <= 0]),
    ):
        for start in range(0, len(some), _TOLD_AT_ONCE):
            letters = [_letter(revision, one) for one in some[start : start + _TOLD_AT_ONCE]]
            notices.later_many(code, letters)
    audit.record(
        "ledger.revised",
        revision.ref,
        by=revision.source,
        details={"lines": revision.lines, "payers": len(told)},
    )


def _letter(revision: Revision, one: RevisedPayer) -> tuple[str, str, dict]:
    facts = {
        "figures": "；".join(in_words(figure) for figure in revision.figures) or _("缴费标准调整"),
        "first": one.first_month,
        "last": one.last_month,
        "persons": one.persons,
        "amount": f"{abs(one.amount):,.2f}",
        "deadline": revision.pay_by or _("当月费款的缴款日"),
    }
    return f"{'employer' if one.of_employer else 'person'}:{one.payer_id}", revision.ref, facts


def in_words(figure: dict) -> str:
    """养老保险、失业保险缴费基数下限由 4,498 改为 4,600（鄂人社发〔2026〕1号）."""
    words = {
        "schemes": "、".join(inforce.scheme_name(scheme) for scheme in figure["schemes"]),
        "title": figure["title"],
        "before": _figure(figure["before"]),
        "after": _figure(figure["after"]),
        "document": figure["document"] or figure["source"],
    }
    if not figure["before"]:
        return _("%(schemes)s%(title)s定为 %(after)s（%(document)s）") % words
    return _("%(schemes)s%(title)s由 %(before)s 改为 %(after)s（%(document)s）") % words


def _figure(text: str) -> str:
    whole, _point, part = text.partition(".")
    part = part.rstrip("0")
    return f"{int(whole):,}" + (f".{part}" if part else "") if whole else ""
