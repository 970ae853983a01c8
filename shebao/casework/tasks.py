"""Casework's jobs. A job only wakes somebody up: what is to be done stands in rows, and doing it twice does no harm."""

from procrastinate.contrib.django import app

from shebao.casework import cases, leftovers, review, rosters, waiting


@app.task(queue="casework")
def review_automatically(case_id: int) -> None:
    """Within seconds of submission: what needs no officer."""
    review.automatically(case_id)


@app.task(queue="casework")
def go_on_submitting(errand_id: int) -> None:
    """Right after somebody submitted many rows."""
    cases.go_on_submitting(errand_id)


@app.task(queue="casework")
def go_on_deciding(errand_id: int) -> None:
    """Right after an officer, or the rules, decided on many rows."""
    review.go_on_deciding(errand_id)


@app.task(queue="casework")
def read_upload(upload_id: int) -> None:
    """Right after a workbook was handed in."""
    rosters.take_in(upload_id)


@app.task(queueing_lock="casework.wake")
def wake(timestamp: int = 0) -> None:
    """Each minute: whatever waits although its job was lost."""
    waiting.wake()


@app.task(queueing_lock="casework.clear")
def clear(timestamp: int = 0) -> None:
    """Each night: drafts that nobody will come back to."""
    leftovers.clear()
