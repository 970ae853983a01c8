"""Jobs of the audit."""

from procrastinate.contrib.django import app

from shebao.audit import chain


@app.task(queue="upkeep", queueing_lock="audit.seal", lock="audit.seal")
def seal(timestamp: int = 0) -> None:
    chain.seal()
