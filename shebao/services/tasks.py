"""Jobs of the services. Doing one twice does no harm: what has been seen to isn't found again."""

from procrastinate.contrib.django import app

from shebao.assessment import undeclared
from shebao.services import declare_wages, reminders, trust


@app.task(queue="upkeep", queueing_lock="services.reevaluate", lock="services.reevaluate")
def reevaluate(timestamp: int = 0) -> None:
    trust.reevaluate()


@app.task(queue="ledger", queueing_lock="services.remind_of_wages")
def remind_of_wages(timestamp: int = 0) -> None:
    undeclared.remind(by="system:timetable", spared=declare_wages.waiting)


@app.task(queue="ledger", queueing_lock="services.settle_undeclared", lock="services.settle_undeclared")
def settle_undeclared(timestamp: int = 0) -> None:
    undeclared.settle(by="system:timetable", spared=declare_wages.waiting)


@app.task(queue="upkeep", queueing_lock="services.remind_of_days")
def remind_of_days(timestamp: int = 0) -> None:
    reminders.send()
