"""缴费提醒: what is due within days is called to mind, once for each day on which it is due, to those who want it."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count

from shebao import notices
from shebao.casework import catalogue, papers
from shebao.casework.models import Case, State
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.identity.models import Kind
from shebao.ledger import bills, deadlines
from shebao.ledger.models import Slip
from shebao.notices import choices, inbox
from shebao.registry import verifications

CODES = ("payment-due", "slip-due", "papers-due", "verification-due")
"""The reminders that a party may decline."""
_AHEAD = timedelta(days=5)
_AHEAD_OF_VERIFICATION = timedelta(days=30)  # papers have to be got for it
_AT_ONCE = 500
Letter = tuple[int, dict[str, object]]  # the employer, and the facts; `day` is the day on which it is due


def send() -> int:
    """Call to mind what is due today or within days; harmless as often as it runs. Answers how many letters."""
    today = clock.today()
    return sum(
        _send(code, some)
        for code, letters in (
            ("payment-due", _payments(today)),
            ("slip-due", _slips(today)),
            ("papers-due", _papers(today)),
            ("verification-due", _verifications(today)),
        )
        for some in _pages(letters)
    )


def _pages(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    page: list[Letter] = []
    for letter in letters:
        page.append(letter)
        if len(page) == _AT_ONCE:
            yield page
            page = []
    if page:
        yield page


@transaction.atomic
def _send(code: str, letters: list[Letter]) -> int:
    refs = {f"{Kind.EMPLOYER}:{employer_id}" for employer_id, _facts in letters}
    already, unwanted = inbox.told(code, refs), choices.declined(code, refs)
    fresh = [
        (ref, ref, facts)
        for employer_id, facts in letters
        if (ref := f"{Kind.EMPLOYER}:{employer_id}") not in unwanted
        and (ref, str(facts["day"])) not in already
    ]
    notices.later_many(code, fresh)
    return len(fresh)


def _payments(today: date) -> Iterator[Letter]:
    month = Month.of(today)
    for billed, day in deadlines.deadlines([month.plus(-1), month, month.plus(1)]).items():
        if day is None or not today <= day <= today + _AHEAD:
            continue
        after = 0
        while page := bills.open_in(billed, after=after, limit=_AT_ONCE):
            after = page[-1]["payer_id"]
            for row in page:
                yield row["payer_id"], {"month": billed, "day": day, "amount": f"{row['amount']:,.2f}"}


def _slips(today: date) -> Iterator[Letter]:
    """Slips of arrears and of late fees: those of a month are called to mind with the month."""
    found = Slip.objects.filter(
        state=Slip.State.OPEN,
        kind__in=(Slip.Kind.ARREARS, Slip.Kind.LATE_FEE),
        due_on__range=(today, today + _AHEAD),
    )
    for slip in found.order_by("id").iterator():
        yield slip.payer_id, {"number": slip.number, "day": slip.due_on, "amount": f"{slip.total:,.2f}"}


def _papers(today: date) -> Iterator[Letter]:
    """Employers with cases for which somebody has to come to the counter."""
    by_day: dict[date, list[str]] = {}
    for service in catalogue.offered_to(Kind.EMPLOYER):
        window = service.opens(today) if service.opens else None
        if window and window.papers_by and today <= window.papers_by <= today + _AHEAD:
            by_day.setdefault(window.papers_by, []).append(service.code)
    for day, codes in by_day.items():
        waiting = Case.objects.filter(
            papers.AWAITED, state=State.SUBMITTED, party_kind=Kind.EMPLOYER, service_code__in=codes
        )
        counted = waiting.values("party_id")
        for row in counted.annotate(cases=Count("id")).order_by("party_id").iterator():
            yield row["party_id"], {"cases": row["cases"], "day": day}


def _verifications(today: date) -> Iterator[Letter]:
    """Employers whose registration has to be verified soon, or should have been."""
    after = 0
    while page := verifications.due_until(today + _AHEAD_OF_VERIFICATION, limit=_AT_ONCE, after=after):
        after = page[-1]["id"]
        for employer_id, standing in verifications.of([row["id"] for row in page], today=today).items():
            yield employer_id, {"day": standing.due}
