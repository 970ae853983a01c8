"""Jobs of the API."""

from procrastinate.contrib.django import app

from shebao.api import intakes


@app.task(queue="casework")
def carry_out(intake_id: int) -> None:
    """Right after a system handed something in."""
    intakes.carry_out(intake_id)


@app.task(queueing_lock="api.wake")
def wake(timestamp: int = 0) -> None:
    """Each minute: whatever waits although its job was lost."""
    intakes.wake()
