"""Which days and times an office can still be booked. Slots follow from rules; only what is booked is a row."""

from collections import Counter as Counts
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from shebao.engagement.models import Appointment, Closure, Counter
from shebao.policy import working_days
from shebao.policy.working_days import WorkingDays

HOLDING = (Appointment.State.BOOKED, Appointment.State.ARRIVED, Appointment.State.MISSED)
"""States in which an appointment keeps its seat."""
_NOON = time(12, 30)  # a slot that begins before is one of the morning


@dataclass(frozen=True)
class Slot:
    """A time at an office: how many seats there are, how many are free, and at which counters."""

    starts: time
    ends: time
    seats: int
    free: int
    counters: tuple[int, ...] = ()  # those with a free seat, the emptiest first

    @property
    def part(self) -> str:
        return Closure.Part.MORNING if self.starts < _NOON else Closure.Part.AFTERNOON


@dataclass(frozen=True)
class Day:
    """A day at an office. `why` says why there is nothing to book on it at all, and is empty otherwise."""

    day: date
    why: str = ""
    slots: tuple[Slot, ...] = ()

    @property
    def free(self) -> int:
        return sum(slot.free for slot in self.slots)

    @property
    def seats(self) -> int:
        return sum(slot.seats for slot in self.slots)

    def of(self, part: str) -> list[Slot]:
        """The slots of the morning or of the afternoon."""
        return [slot for slot in self.slots if slot.part == part]


@dataclass(frozen=True)
class Outlook:
    """How an office stands in the days that can be booked; `earliest` is its first free time.

    Where there is no seat at all, `why` says what keeps most of these days closed.
    """

    seats: int
    free: int
    earliest: tuple[date, time] | None
    why: str = ""


@dataclass(frozen=True)
class Plan:
    """All that decides about slots in a stretch of days: counters, calendar, closures, what is taken."""

    days: tuple[date, ...]
    counters: tuple[Counter, ...]
    calendar: WorkingDays
    closures: Mapping[str, Sequence[Closure]]  # by office
    taken: Mapping[tuple[int, date, time], frozenset[int]] = field(default_factory=dict)

    def day(self, day: date, office_code: str, now: datetime) -> Day:
        """One day at one office, as seen now."""
        if day.year not in self.calendar.known:
            return Day(day, _("%(year)s 年的放假安排还没有公布") % {"year": day.year})
        if why := self.calendar.why_not(day):
            return Day(day, why)
        shut = [one for one in self.closures.get(office_code, ()) if one.first_day <= day <= one.last_day]
        for one in shut:
            if one.counter_id is None and one.part == Closure.Part.DAY:
                return Day(day, one.reason)
        slots = self._slots(day, office_code, shut, now)
        if not slots:
            return Day(day, shut[0].reason if shut else _("今天的时间已过"))
        return Day(day, "", tuple(slots))

    def _slots(self, day: date, office_code: str, shut: Sequence[Closure], now: datetime) -> list[Slot]:
        at: dict[time, list[tuple[int, int, int, time]]] = defaultdict(list)
        for counter in self.counters:
            if counter.office_id != office_code:
                continue
            for starts, ends in times_of(counter):
                over = (day, starts) <= (now.date(), now.time())
                if over or any(covers(one, counter.pk, starts) for one in shut):
                    continue
                free = counter.seats - len(self.taken.get((counter.pk, day, starts), ()))
                at[starts].append((max(free, 0), counter.seats, counter.pk, ends))
        return [
            Slot(
                starts,
                max(one[3] for one in found),
                sum(one[1] for one in found),
                sum(one[0] for one in found),
                tuple(one[2] for one in sorted(found, key=lambda one: (-one[0], one[2])) if one[0]),
            )
            for starts, found in sorted(at.items())
        ]


def of_office(office_code: str, business: str, *, now: datetime) -> list[Day]:
    """Every day that can be asked for at an office, today first; four queries whatever is booked."""
    plan = read([office_code], business, bookable(now.date()))
    return [plan.day(day, office_code, now) for day in plan.days]


def outlooks(office_codes: Iterable[str], business: str, *, now: datetime) -> dict[str, Outlook]:
    """How full these offices are; one that doesn't serve the business is left out."""
    codes = list(office_codes)
    plan = read(codes, business, bookable(now.date()))
    found = {}
    for code in {counter.office_id for counter in plan.counters}:
        days = [plan.day(day, code, now) for day in plan.days]
        earliest = next(((day.day, slot.starts) for day in days for slot in day.slots if slot.free), None)
        seats = sum(day.seats for day in days)
        why = "" if seats else Counts(day.why for day in days).most_common(1)[0][0]
        found[code] = Outlook(seats, sum(day.free for day in days), earliest, why)
    return found


def bookable(today: date) -> tuple[date, ...]:
    """The days that can be asked for: today and so many after it, as the agency has set."""
    return tuple(today + timedelta(days=n) for n in range(settings.APPOINTMENTS["days_ahead"] + 1))


def read(office_codes: Sequence[str], business: str, days: Sequence[date]) -> Plan:
    """What decides about slots of this business at these offices on these days."""
    counters = tuple(
        Counter.objects.filter(
            office_id__in=office_codes, businesses__contains=[business], withdrawn_at=None
        ).order_by("id")
    )
    closures = defaultdict(list)
    for one in Closure.objects.filter(
        office_id__in=office_codes, lifted_at=None, first_day__lte=days[-1], last_day__gte=days[0]
    ).order_by("id"):
        closures[one.office_id].append(one)
    taken: dict[tuple[int, date, time], set[int]] = defaultdict(set)
    for counter_id, day, starts, seat in Appointment.objects.filter(
        counter__in=counters, day__range=(days[0], days[-1]), state__in=HOLDING
    ).values_list("counter_id", "day", "starts", "seat"):
        taken[counter_id, day, starts].add(seat)
    return Plan(
        tuple(days),
        counters,
        working_days.between(days[0], days[-1]),
        closures,
        {key: frozenset(seats) for key, seats in taken.items()},
    )


def times_of(counter: Counter) -> list[tuple[time, time]]:
    """When the slots of a counter begin and end; what is left before closing and too short is none."""
    found = []
    length = timedelta(minutes=counter.slot_minutes)
    for opens, closes in (
        (counter.morning_opens, counter.morning_closes),
        (counter.afternoon_opens, counter.afternoon_closes),
    ):
        if opens is None:
            continue
        begins = datetime.combine(date.min, opens)
        while begins + length <= datetime.combine(date.min, closes):
            found.append((begins.time(), (begins + length).time()))
            begins += length
    return found


def covers(closure: Closure, counter_id: int, starts: time) -> bool:
    """Whether a closure takes a counter's slot away, on the days it lasts."""
    morning = starts < _NOON
    return closure.counter_id in (None, counter_id) and (
        closure.part == Closure.Part.DAY or (closure.part == Closure.Part.MORNING) == morning
    )


def in_part(part: str) -> Q:
    """Appointments of that part of a day."""
    if part == Closure.Part.MORNING:
        return Q(starts__lt=_NOON)
    return Q(starts__gte=_NOON) if part == Closure.Part.AFTERNOON else Q()
