"""Jobs of the assessment. Doing one twice does no harm: a run only writes what is missing."""

from procrastinate.contrib.django import app

from shebao.assessment import orders


@app.task(queue="ledger")
def run_month(month: str, by: str) -> None:
    """When the desk or the timetable has ordered it."""
    orders.carry_out(month, by=by)


@app.task(queueing_lock="assessment.run_when_due")
def run_when_due(timestamp: int = 0) -> None:
    """Each night: the month's run, from the day that the settings name until it is done."""
    orders.give_when_due(by="system:timetable")
