"""Jobs of the services."""

from procrastinate.contrib.django import app

from shebao.services import trust, verification_reminders


@app.task(queue="upkeep", queueing_lock="services.reevaluate", lock="services.reevaluate")
def reevaluate(timestamp: int = 0) -> None:
    trust.reevaluate()


@app.task(queue="upkeep", queueing_lock="services.remind_of_verification")
def remind_of_verification(timestamp: int = 0) -> None:
    verification_reminders.send()
