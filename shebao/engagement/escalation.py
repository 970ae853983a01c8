"""Reports whose promised day has passed go up: to the office's supervisor, then to the city's. Each step once."""

from collections import defaultdict
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shebao import audit, notices
from shebao.engagement import problems
from shebao.engagement.models import Exchange, Problem
from shebao.foundation import clock
from shebao.identity import acting
from shebao.identity.models import Account, Kind, Role
from shebao.policy import working_days

BATCH = 500


@transaction.atomic
def run() -> int:
    """Send up what is late, a step at a time; answers how many reports went up. Harmless a second time."""
    today = clock.today()
    late = list(
        Problem.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("office")
        .filter(state=Problem.State.OPEN, due__lt=today, step__lt=2)
        .order_by("due", "id")[:BATCH]
    )
    if not late:
        return 0
    calendar = working_days.between(min(one.due for one in late), today)
    wait = settings.PROBLEMS["second_step_days"]
    first = [one for one in late if one.step == 0]
    second = [one for one in late if one.step == 1 and calendar.after(one.due, wait) < today]
    bosses = _supervisors()
    _send_up(first, 1, _("超过承诺答复日期，已转本处督办"), bosses)
    _send_up(second, 2, _("督办后仍未答复，已转市级督办"), bosses)
    return len(first) + len(second)


def _send_up(late: Sequence[Problem], step: int, said: str, bosses: dict[str, list[str]]) -> None:
    city = sorted({ref for refs in bosses.values() for ref in refs})
    now, by = clock.now(), acting.system("timetable")
    Problem.objects.filter(pk__in=[one.pk for one in late]).update(step=step)
    Exchange.objects.bulk_create(
        Exchange(problem=one, kind=Exchange.Kind.ESCALATED, at=now, by=by.ref, by_name="", text=said)
        for one in late
    )
    notices.later_many("problem-late", [(one.filer, one.ref, _words(one)) for one in late])
    to_bosses = [
        (boss, one.ref, {**_words(one), "office": one.office.name})
        for one in late
        for boss in (bosses.get(one.office_id, []) if step == 1 else []) or city
    ]
    notices.later_many("problem-escalated", to_bosses)
    if late:
        told = {"step": step, "problems": [one.number for one in late]}
        audit.record("problems.escalated", f"day:{now.date()}", by=by, details=told)


def _words(problem: Problem) -> dict[str, str | Promise]:
    return {**problems.in_words(problem), "due": problem.due.isoformat()}


def _supervisors() -> dict[str, list[str]]:
    """The supervisors' references by their office."""
    found = defaultdict(list)
    accounts = Account.objects.filter(
        kind=Kind.AGENCY, roles__contains=[Role.SUPERVISOR], is_active=True
    ).order_by("pk")
    for account in accounts:
        found[account.office_code].append(account.ref)
    return found
