"""问题报告 behind the counter: which ones an officer sees, and how well the promised days are kept."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from shebao.engagement.businesses import CATEGORIES
from shebao.engagement.models import Exchange, Problem
from shebao.foundation import clock
from shebao.identity.acting import Acting
from shebao.identity.models import Account, Kind, Role
from shebao.registry.models import Office

OFFICERS = (Role.REVIEWER, Role.LEDGER, Role.REGISTRY, Role.SUPERVISOR)
ORDER = ("due", "id")


@dataclass(frozen=True)
class Kept:
    """Of one kind of reports filed in a stretch of days: how many, and how they were answered."""

    label: str
    filed: int
    in_time: int
    late: int  # answered late, or unanswered past the day
    waiting: int  # unanswered, and the day is still ahead
    escalated: int
    rated: int  # how many of their filers said how it was
    pleased: int  # with 4 or 5 of 5

    @property
    def satisfaction(self) -> int | None:
        """The pleased, per cent of those who said so."""
        return self.pleased * 100 // self.rated if self.rated else None

    @property
    def share(self) -> int | None:
        """In time, per cent of those whose day has come; None where none has."""
        decided = self.in_time + self.late
        return self.in_time * 100 // decided if decided else None


def visible(by: Acting) -> QuerySet[Problem]:
    """The reports an officer may see: his office's; a supervisor's, the city's."""
    found = Problem.objects.select_related("office")
    if by.may(Role.SUPERVISOR):
        return found
    if any(by.may(role) for role in OFFICERS):
        return found.filter(office_id=by.office_code)
    return found.none()


def answerable(by: Acting) -> QuerySet[Problem]:
    """The reports an officer may answer and hand on: his office's; a supervisor may hand on any."""
    found = visible(by)
    return found if by.may(Role.SUPERVISOR) else found.filter(office_id=by.office_code)


def waiting(by: Acting) -> QuerySet[Problem]:
    """What waits for an answer, by the promised day."""
    return visible(by).filter(state=Problem.State.OPEN).order_by(*ORDER)


def tally(by: Acting, *, today: date) -> dict[str, int]:
    """How many wait: all, his own, those nobody has taken, those whose day has passed."""
    return (
        waiting(by)
        .order_by()
        .aggregate(
            all=Count("id"),
            mine=Count("id", filter=Q(officer_id=by.account_id)),
            free=Count("id", filter=Q(officer_id=None)),
            late=Count("id", filter=Q(due__lt=today)),
            escalated=Count("id", filter=Q(step__gt=0)),
        )
    )


def officers(office_code: str) -> list[tuple[int, str]]:
    """(account, name) of those who may be asked to answer at an office."""
    found = Account.objects.filter(
        kind=Kind.AGENCY, office_code=office_code, is_active=True, roles__overlap=list(OFFICERS)
    )
    return list(found.order_by("display_name", "pk").values_list("pk", "display_name")[:200])


def offices() -> list[Office]:
    return list(Office.objects.order_by("code"))


def kept(by: Acting, first: date, last: date, *, today: date, of: str = "category") -> list[Kept]:
    """How the promised days were kept for reports filed in these days, by category or by office; two queries."""
    late = Q(in_time=False) | Q(state=Problem.State.OPEN, due__lt=today)
    went_up = Exchange.objects.filter(problem=OuterRef("pk"), kind=Exchange.Kind.ESCALATED)
    rows = (
        visible(by)
        .select_related(None)
        .order_by()
        .filter(
            filed_at__gte=clock.beginning_of(first), filed_at__lt=clock.beginning_of(last + timedelta(days=1))
        )
        .annotate(went_up=Exists(went_up))
        .values(key=F("category" if of == "category" else "office_id"))
        .annotate(
            n_filed=Count("id"),
            n_late=Count("id", filter=late),
            n_in_time=Count("id", filter=Q(in_time=True) & ~Q(state=Problem.State.OPEN, due__lt=today)),
            n_waiting=Count("id", filter=Q(state=Problem.State.OPEN, due__gte=today, in_time=None)),
            n_escalated=Count("id", filter=Q(went_up=True)),
            n_rated=Count("id", filter=Q(rating__isnull=False)),
            n_pleased=Count("id", filter=Q(rating__gte=4)),
        )
    )
    found = {row.pop("key"): row for row in rows}
    labels = _labels(of)
    ordered = [code for code in labels if code in found] + sorted(set(found) - set(labels))
    return [
        Kept(labels.get(code, code), **{name.removeprefix("n_"): n for name, n in found[code].items()})
        for code in ordered
    ]


def _labels(of: str) -> dict[str, str]:
    if of == "category":
        return {code: str(label) for code, label in CATEGORIES}
    return dict(Office.objects.values_list("code", "name"))
