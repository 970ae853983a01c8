"""Jobs of the books. A job only wakes somebody up: what is to be done stands in rows; doing it twice does no harm."""

from procrastinate.contrib.django import app

from shebao.ledger import invariants, receipts


@app.task(queue="ledger")
def settle(file_id: int, by: str) -> None:
    """Right after a receipts file was handed in."""
    receipts.settle(file_id, by=by)


@app.task(queueing_lock="ledger.resume")
def resume(timestamp: int = 0) -> None:
    """Each minute: receipts files that wait although their job was lost."""
    receipts.resume()


@app.task(queue="ledger", queueing_lock="ledger.prove", lock="ledger.prove")
def prove(timestamp: int = 0) -> None:
    """Each night: the invariants. It fails where one is broken, so that the health page shows it."""
    invariants.prove_or_fail(by="system:timetable")
