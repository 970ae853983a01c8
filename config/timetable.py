"""All that runs by itself: what happens at night, and every few minutes.

Each line names a task and says why. Hours are UTC, as the job library counts them: Wuhan is eight hours ahead, so
"10 18 * * *" is 02:10 at night there. A job that belongs to a day of the month runs nightly and asks the clock.
Tasks on the timetable take one argument, `timestamp`: the second they were due, since 1970.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Turn:
    """One entry: cron in UTC, the task's full name, and why it is here."""

    cron: str
    task: str
    why: str


TIMETABLE: tuple[Turn, ...] = (
    Turn("* * * * *", "shebao.identity.tasks.send_mail", "messages to those who have an e-mail address"),
    Turn(
        "*/5 * * * *", "shebao.audit.tasks.seal", "a line of the audit that waits long could still be changed"
    ),
    Turn(
        "20 19 * * *",
        "shebao.identity.tasks.forget_failures",
        "failed log-ins of days ago stand against nobody",
    ),
    Turn("25 19 * * *", "shebao.identity.tasks.forget_sessions", "sessions whose time is over"),
    Turn(
        "0 21 2 * *", "shebao.services.tasks.reevaluate", "trusted employers that miss a criterion are found"
    ),
    Turn("* * * * *", "shebao.casework.tasks.wake", "rosters and reviews whose job was lost"),
    Turn("* * * * *", "shebao.api.tasks.wake", "what employers' systems handed in, whose job was lost"),
    Turn("*/5 * * * *", "shebao.assessment.tasks.wake_revisions", "revisions whose job was lost"),
    Turn("* * * * *", "shebao.ledger.tasks.resume", "receipts files whose job was lost"),
    Turn("* * * * *", "shebao.exports.tasks.wake", "exports whose job was lost"),
    Turn("50 19 * * *", "shebao.exports.tasks.clear", "exported files whose days are over"),
    Turn(
        "55 19 * * *",
        "shebao.casework.tasks.clear",
        "drafts that nobody will come back to, with their papers",
    ),
    Turn("10 18 * * *", "shebao.assessment.tasks.run_when_due", "the month's run, once its day has come"),
    Turn(
        "0 17 * * *",
        "shebao.services.tasks.remind_of_wages",
        "who hasn't declared this year's wages yet hears of it before the law decides",
    ),
    Turn(
        "30 17 * * *",
        "shebao.services.tasks.settle_undeclared",
        "undeclared wages are set by law, before the month's run counts with them",
    ),
    Turn("40 20 * * *", "shebao.ledger.tasks.prove", "the books are proved before the office opens"),
    Turn(
        "0 0-12 * * *", "shebao.engagement.tasks.remind", "appointments of tomorrow; hourly by day, each once"
    ),
    Turn(
        "30 0 * * *", "shebao.engagement.tasks.escalate", "late problem reports go up before the office opens"
    ),
    Turn("50 19 * * *", "shebao.engagement.tasks.close_silent", "answered reports that got no further word"),
    Turn(
        "0 0 * * *", "shebao.services.tasks.remind_of_days", "payments, slips, papers and verifications due"
    ),
    Turn("* * * * *", "config.tasks.retry_stalled", "a killed worker leaves its jobs marked as being done"),
    Turn("40 19 * * *", "config.tasks.forget_done", "jobs done a month ago tell nobody anything"),
)


def hang(app) -> None:
    """Register the timetable with the job library. Fails at start if a task of that name doesn't exist."""
    for turn in TIMETABLE:
        app.periodic(cron=turn.cron, periodic_id=turn.task)(app.tasks[turn.task])
