"""Jobs of the services. Doing one twice does no harm: what has been seen to isn't found again."""

from procrastinate.contrib.django import app

from shebao.assessment import undeclared
from shebao.services import declare_wages, reminders, trust


@app.task(queue="upkeep", queueing_lock="services.reevaluate", lock="services.reevaluate")
def reevaluate(timestamp: int = 0) -> None:
    """Once a month: whether trusted employers still meet the criteria."""
    trust.reevaluate()


@app.task(queue="ledger", queueing_lock="services.remind_of_wages")
def remind_of_wages(timestamp: int = 0) -> None:
    """Each day: employers whose people are still to be declared, before the last day of declaring."""
    undeclared.remind(by="system:timetable", spared=declare_wages.waiting)


@app.task(queue="ledger", queueing_lock="services.settle_undeclared", lock="services.settle_undeclared")
def settle_undeclared(timestamp: int = 0) -> None:
    """Each day: what the law says counts for whoever was not declared, after that day."""
    undeclared.settle(by="system:timetable", spared=declare_wages.waiting)


@app.task(queue="upkeep", queueing_lock="services.remind_of_days")
def remind_of_days(timestamp: int = 0) -> None:
    """Each day: what is due within days."""
    reminders.send()
