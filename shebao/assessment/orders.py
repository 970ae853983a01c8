"""Orders to run a month: given at the desk or by the timetable, carried out by a worker."""

import logging

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from shebao.assessment import runs
from shebao.assessment.contributions import NoRule
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting, ref_of
from shebao.ledger import dues

log = logging.getLogger(__name__)

_TASK = "shebao.assessment.tasks.run_month"


def order(month: Month, *, by: Acting | str) -> bool:
    """Let a worker run this month; False when that has been ordered already."""
    if is_ordered(month):
        return False
    try:
        with transaction.atomic():
            job = app.configure_task(
                _TASK, queueing_lock=f"assessment.month:{month}", lock=f"assessment.month:{month}"
            )
            job.defer(month=str(month), by=ref_of(by))
    except AlreadyEnqueued:
        return False
    return True


def is_ordered(month: Month) -> bool:
    """Whether a worker runs the month, or will."""
    jobs = ProcrastinateJob.objects.filter(task_name=_TASK, status__in=["todo", "doing"])
    return jobs.filter(args__month=str(month)).exists()


def carry_out(month: str, *, by: str) -> None:
    """Run the month. A refusal stands in its run, where the desk reads it; it is no fault of the worker."""
    try:
        runs.run_month(Month.read(month), by=by)
    except (Unsettled, NoRule) as refused:
        log.warning("the run of %s was refused: %s", month, refused.sentence)


def give_when_due(*, by: str) -> bool:
    """Order this month's run from the day on that the settings name, until it has been carried out."""
    month = clock.this_month()
    if clock.today().day < settings.MONTH_RUN_DAY or (dues.last_run() or month.plus(-1)) >= month:
        return False
    return order(month, by=by)
