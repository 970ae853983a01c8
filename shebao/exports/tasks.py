"""The exports' jobs. A job only wakes somebody up: what is to be written stands in a row."""

from procrastinate.contrib.django import app

from shebao.exports import upkeep, writing


@app.task(queue="exports")
def write(export_id: int) -> None:
    """Right after an export was ordered."""
    writing.write(export_id)


@app.task(queueing_lock="exports.wake")
def wake(timestamp: int = 0) -> None:
    """Each minute: whatever waits although its job was lost."""
    upkeep.wake()


@app.task(queueing_lock="exports.clear")
def clear(timestamp: int = 0) -> None:
    """Each night: files whose days are over."""
    upkeep.clear()
