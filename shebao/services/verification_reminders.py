"""验证提醒: who has to be verified within a month is told, once for each day on which it is due."""

from datetime import timedelta

from django.db import transaction

from shebao import notices
from shebao.foundation import clock
from shebao.notices import inbox
from shebao.registry import verifications

CODE = "verification-due"
_AHEAD = timedelta(days=30)
_AT_ONCE = 500


@transaction.atomic
def send() -> int:
    """Tell them; harmless as often as it runs. Answers how many were told."""
    today, told, after = clock.today(), 0, 0
    while page := verifications.due_until(today + _AHEAD, limit=_AT_ONCE, after=after):
        after = page[-1]["id"]
        standings = verifications.of([row["id"] for row in page], today=today)
        due = {f"employer:{one}": standing.due for one, standing in standings.items()}
        already = inbox.told(CODE, due)
        fresh = [ref for ref in due if (ref, str(due[ref])) not in already]
        notices.later_many(CODE, [(ref, ref, {"day": due[ref]}) for ref in fresh])
        told += len(fresh)
    return told
