"""Jobs of engagement. Each finds in the rows what is to be done, so that doing it twice does no harm."""

from procrastinate.contrib.django import app

from shebao.engagement import appointments, escalation, problems


@app.task(queue="upkeep", queueing_lock="engagement.remind")
def remind(timestamp: int = 0) -> None:
    """Hourly by day: whoever comes tomorrow."""
    appointments.remind()


@app.task(queue="upkeep", queueing_lock="engagement.escalate")
def escalate(timestamp: int = 0) -> None:
    """Each morning: reports whose promised day has passed."""
    escalation.run()


@app.task(queue="upkeep", queueing_lock="engagement.close_silent")
def close_silent(timestamp: int = 0) -> None:
    """Each night: reports that were answered long enough ago."""
    problems.close_silent()
