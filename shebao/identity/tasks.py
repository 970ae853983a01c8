"""Jobs of identity."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shebao.identity import correspondence, recovery, sessions, throttle


@app.task(queue="mail", queueing_lock="identity.send_mail", lock="identity.send_mail")
def send_mail(timestamp: int = 0) -> None:
    correspondence.send_waiting()


@app.task(queue="mail", retry=RetryStrategy(max_attempts=10, wait=60))
def mail_recovery(account_id: int) -> None:
    recovery.send_link(account_id)


@app.task(queue="upkeep", queueing_lock="identity.forget_sessions")
def forget_sessions(timestamp: int = 0) -> None:
    sessions.forget_ended()


@app.task(queue="upkeep", queueing_lock="identity.forget_failures")
def forget_failures(timestamp: int = 0) -> None:
    throttle.forget_old()
