"""Counters of an office, their hours and closures: whoever had booked what falls away is told and may move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shebao import audit, notices
from shebao.engagement import appointments, slots
from shebao.engagement.businesses import BY_CODE
from shebao.engagement.models import Appointment, Closure, Counter
from shebao.foundation import clock
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting

_TERMS = (
    "name", "businesses", "slot_minutes", "seats", "morning_opens", "morning_closes", "afternoon_opens",
    "afternoon_closes",
)  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """How a counter works. Hours are (opens, closes), or None when it doesn't serve in that half of the day."""

    name: str
    businesses: Sequence[str]
    slot_minutes: int
    seats: int
    morning: tuple[time, time] | None
    afternoon: tuple[time, time] | None


@dataclass(frozen=True)
class Span:
    """What a closure takes away: days (both included), a part of them, of one counter or of the whole office."""

    first_day: date
    last_day: date
    part: str = Closure.Part.DAY
    counter_id: int | None = None


def of_office(office_code: str) -> QuerySet[Counter]:
    """The counters that an office has."""
    return Counter.objects.filter(office_id=office_code, withdrawn_at=None).order_by("name", "id")


def closures(office_code: str, *, today: date) -> QuerySet[Closure]:
    """Closures of an office that are not over."""
    found = Closure.objects.filter(office_id=office_code, lifted_at=None, last_day__gte=today)
    return found.select_related("counter").order_by("first_day", "id")


@transaction.atomic
def open_counter(office_code: str, terms: Terms, *, by: Acting) -> Counter:
    """A new counter of the office. Unsettled says what is wrong with its terms."""
    made = Counter(office_id=office_code)
    _set(made, terms)
    audit.record("counter.opened", f"counter:{made.pk}", by=by, details=_told(made))
    return made


@transaction.atomic
def alter(counter: Counter, terms: Terms, *, by: Acting) -> int:
    """Other hours, businesses or seats; answers how many appointments fall away. Their holders are told."""
    found = _lock(counter.office_id).get(counter.pk)
    if found is None:
        raise Unsettled(_("这个窗口已撤销"))
    before = _told(found)
    _set(found, terms)
    audit.record(
        "counter.altered", f"counter:{found.pk}", by=by, details={"from": before, "to": _told(found)}
    )
    return _displace(_unserved(found), _("窗口办理时间调整"))


@transaction.atomic
def withdraw(counter: Counter, *, by: Acting) -> int:
    """The counter is no more; answers how many appointments fall away."""
    found = _lock(counter.office_id).get(counter.pk)
    if found is None:
        raise Unsettled(_("这个窗口已撤销"))
    found.withdrawn_at = clock.now()
    found.save(update_fields=["withdrawn_at"])
    audit.record("counter.withdrawn", f"counter:{found.pk}", by=by)
    return _displace(_locked(_coming(clock.now()).filter(counter=found)), _("窗口撤销"))


@transaction.atomic
def close(office_code: str, span: Span, reason: str, *, by: Acting) -> tuple[Closure, int]:
    """停办; answers the closure and how many appointments fall away."""
    now = clock.now()
    if not reason.strip():
        raise Unsettled(_("请填写停办原因，受影响的预约人会看到"))
    if span.last_day < span.first_day or span.last_day < now.date():
        raise Unsettled(_("停办的日期要由早到晚，并且不能都在过去"))
    counters = _lock(office_code)
    if span.counter_id is not None and span.counter_id not in counters:
        raise Unsettled(_("这个窗口已撤销"))
    made = Closure.objects.create(
        office_id=office_code,
        counter_id=span.counter_id,
        first_day=span.first_day,
        last_day=span.last_day,
        part=span.part,
        reason=reason.strip(),
        made_by=by.ref,
        made_at=now,
    )
    moved = _displace(_locked(affected(office_code, span, now=now)), made.reason)
    details = {"days": [span.first_day.isoformat(), span.last_day.isoformat()], "moved": moved}
    audit.record("office.closed", f"closure:{made.pk}", by=by, details=details)
    return made, moved


@transaction.atomic
def lift(closure: Closure, *, by: Acting) -> None:
    """The office serves at that time after all. Who had to move keeps what he chose since."""
    found = Closure.objects.select_for_update().get(pk=closure.pk)
    if found.lifted_at is None:
        found.lifted_at = clock.now()
        found.save(update_fields=["lifted_at"])
        audit.record("office.reopened", f"closure:{found.pk}", by=by)


def affected(office_code: str, span: Span, *, now: datetime) -> QuerySet[Appointment]:
    """The appointments that a closure would make fall away."""
    found = _coming(now).filter(
        slots.in_part(span.part),
        counter__office_id=office_code,
        day__range=(span.first_day, span.last_day),
    )
    return found if span.counter_id is None else found.filter(counter_id=span.counter_id)


def _coming(now: datetime) -> QuerySet[Appointment]:
    ahead = Q(day__gt=now.date()) | Q(day=now.date(), starts__gt=now.time())
    found = Appointment.objects.filter(ahead, state=Appointment.State.BOOKED)
    return found.select_related("counter__office").order_by("id")


def _locked(found: QuerySet[Appointment]) -> list[Appointment]:
    return list(found.select_for_update(of=("self",)))


def _lock(office_code: str) -> dict[int, Counter]:
    """The office's counters; nobody books there until this is settled."""
    found = (
        Counter.objects.select_for_update().filter(office_id=office_code, withdrawn_at=None).order_by("pk")
    )
    return {one.pk: one for one in found}


def _set(counter: Counter, terms: Terms) -> None:
    if not terms.name.strip() or not terms.businesses or set(terms.businesses) - set(BY_CODE):
        raise Unsettled(_("请填写窗口名称，并至少选一种业务"))
    if terms.morning is None and terms.afternoon is None:
        raise Unsettled(_("上午和下午至少要有一段办理时间"))
    for opens, closes in filter(None, (terms.morning, terms.afternoon)):
        if opens >= closes:
            raise Unsettled(_("办理时间要由早到晚"))
    counter.name, counter.businesses = terms.name.strip(), list(terms.businesses)
    counter.slot_minutes, counter.seats = terms.slot_minutes, terms.seats
    counter.morning_opens, counter.morning_closes = terms.morning or (None, None)
    counter.afternoon_opens, counter.afternoon_closes = terms.afternoon or (None, None)
    try:
        with transaction.atomic():
            counter.save()
    except IntegrityError as wrong:
        if "counters_of_an_office_have_different_names" in str(wrong):
            raise Unsettled(_("本处已有同名的窗口，请换一个名称")) from wrong
        if "a_slot_has_5_to_240_minutes_and_1_to_20_seats" in str(wrong):
            raise Unsettled(_("每个时段 5 至 240 分钟，同时办理 1 至 20 件")) from wrong
        raise


def _told(counter: Counter) -> dict:
    return {name: str(getattr(counter, name)) for name in _TERMS}


def _unserved(counter: Counter) -> list[Appointment]:
    """The appointments at a counter that no longer fit its terms."""
    times = dict(slots.times_of(counter))
    return [
        one
        for one in _locked(_coming(clock.now()).filter(counter=counter))
        if times.get(one.starts) != one.ends
        or one.seat > counter.seats
        or one.business not in counter.businesses
    ]


def _displace(found: Sequence[Appointment], why: str) -> int:
    """Free the seats, and tell their holders that they may choose another time."""
    Appointment.objects.filter(pk__in=[one.pk for one in found]).update(
        state=Appointment.State.DISPLACED, reason=why
    )
    notices.later_many(
        "appointment-displaced",
        [(appointments.to(one), one.ref, {**appointments.in_words(one), "reason": why}) for one in found],
    )
    return len(found)
