"""Jobs of assessment."""

from procrastinate.contrib.django import app

from shebao.assessment import runs
from shebao.identity import acting


@app.task(queue="ledger", queueing_lock="assessment.run_month", lock="assessment.run_month")
def run_month(timestamp: int = 0) -> None:
    runs.run_this_month(by=acting.system("timetable"))
