"""Jobs of the assessment. Doing one twice does no harm: a run only writes what is missing."""

from procrastinate.contrib.django import app

from shebao.assessment import orders, revisions


@app.task(queue="ledger")
def run_month(month: str, by: str) -> None:
    """When the desk or the timetable has ordered it."""
    orders.carry_out(month, by=by)


@app.task(queueing_lock="assessment.run_when_due")
def run_when_due(timestamp: int = 0) -> None:
    """Each night: the month's run, from the day that the settings name until it is done."""
    orders.give_when_due(by="system:timetable")


@app.task(queue="ledger")
def revise(revision_id: int) -> None:
    """When the desk has ordered a revision of months that were run."""
    revisions.carry_out(revision_id)


@app.task(queueing_lock="assessment.wake_revisions")
def wake_revisions(timestamp: int = 0) -> None:
    """Every few minutes: a revision whose job was lost."""
    revisions.wake()
