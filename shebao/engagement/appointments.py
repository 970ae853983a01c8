"""业务预约: booking, changing and calling off a seat at a counter; the reminder of the day before."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shebao import audit, notices
from shebao.engagement import businesses, numbers, slots
from shebao.engagement.models import Appointment, Counter
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from shebao.identity.models import Account

State = Appointment.State
OPEN = (State.BOOKED, State.DISPLACED)
"""States in which its party may still change it or call it off."""


@dataclass(frozen=True)
class Wish:
    """Where and when somebody would like to come."""

    office_code: str
    day: date
    starts: time


def of(by: Acting) -> QuerySet[Appointment]:
    """The appointments of the party that somebody acts for; others' don't exist for him."""
    found = Appointment.objects.filter(party_kind=by.kind, party_id=by.party_id)
    return found.select_related("counter__office")


def coming(by: Acting, *, today: date) -> QuerySet[Appointment]:
    """What lies ahead, the next first; those that have to be moved stay until somebody does."""
    ahead = Q(state=State.BOOKED, day__gte=today) | Q(state=State.DISPLACED)
    return of(by).filter(ahead).order_by("day", "starts", "id")


def past(by: Acting, *, today: date) -> QuerySet[Appointment]:
    """What is over or was called off."""
    return of(by).exclude(state=State.DISPLACED).exclude(state=State.BOOKED, day__gte=today)


@transaction.atomic
def book(business: str, wish: Wish, mobile: str, *, by: Acting, about: str = "") -> Appointment:
    """Take a seat at the office, at whichever of its counters has one. Unsettled says why there is none for him."""
    if business not in {one.code for one in businesses.offered_to(by.kind)} or by.party_id is None:
        raise LookupError(f"{business} isn't offered to {by.kind}")
    now = clock.now()
    Account.objects.select_for_update().get(
        pk=by.account_id
    )  # his other bookings wait: he can't be in two places
    if refused := barred(by, today=now.date()):
        raise Unsettled(refused)
    mine = Appointment.objects.filter(account_id=by.account_id, state=State.BOOKED, day__gte=now.date())
    most = settings.APPOINTMENTS["open_at_once"]
    if mine.count() >= most:
        raise Unsettled(_("您已有 %(most)s 个没有到期的预约，请先办理或取消其中一个") % {"most": most})
    counter, ends, seat = _seat(business, wish, now)
    made = Appointment(
        number=numbers.of_appointment(now.date()),
        counter=counter,
        day=wish.day,
        starts=wish.starts,
        ends=ends,
        seat=seat,
        business=business,
        about=about,
        party_kind=by.kind,
        party_id=by.party_id,
        party_name=by.party_name or by.account_name,
        account_id=by.account_id,
        account_name=by.account_name,
        mobile=mobile,
        booked_at=now,
    )
    _refuse_two_at_once(made)
    _keep(made)
    _tell("appointment-made", made)
    audit.record("appointment.booked", made.ref, by=by, person_id=by.person_id, details=_when(made))
    return made


@transaction.atomic
def change(appointment: Appointment, wish: Wish, *, by: Acting) -> Appointment:
    """改约: the same appointment at another time or office, under the same number; the old seat is free."""
    now = clock.now()
    Account.objects.select_for_update().get(pk=appointment.account_id)
    counter, ends, seat = _seat(appointment.business, wish, now)
    found = _open(appointment, now)
    before = _when(found)
    if before == {"counter": counter.pk, "day": wish.day.isoformat(), "starts": f"{wish.starts:%H:%M}"}:
        raise Unsettled(_("您预约的就是这个时间，请选另一个"))
    found.counter, found.seat = counter, seat
    found.day, found.starts, found.ends = wish.day, wish.starts, ends
    found.state, found.reason, found.reminded_at = State.BOOKED, "", None
    _refuse_two_at_once(found)
    _keep(found)
    _tell("appointment-changed", found)
    details = {"from": before, "to": _when(found)}
    audit.record("appointment.changed", found.ref, by=by, person_id=by.person_id, details=details)
    return found


@transaction.atomic
def cancel(appointment: Appointment, *, by: Acting) -> None:
    """取消: before it begins. The seat is free at once, and nothing stands against anybody."""
    now = clock.now()
    found = _open(appointment, now)
    found.state, found.settled_at = State.CANCELLED, now
    found.save(update_fields=["state", "settled_at"])
    _tell("appointment-cancelled", found)
    audit.record("appointment.cancelled", found.ref, by=by, person_id=by.person_id, details=_when(found))


def barred(by: Acting, *, today: date) -> str:
    """Why this party may not book for now: it didn't come too often. Empty when it may."""
    limit, months = settings.APPOINTMENTS["no_shows"], settings.APPOINTMENTS["no_show_months"]
    since = _months_later(today, -months)
    missed = list(
        of(by)
        .filter(state=State.MISSED, day__gt=since)
        .order_by("-day")
        .values_list("day", flat=True)[:limit]
    )
    if len(missed) < limit:
        return ""
    return _(
        "近 %(months)s 个月内有 %(count)s 次预约没有到，%(day)s 之前不能网上预约；可以直接到窗口取号办理"
    ) % {
        "months": months,
        "count": limit,
        "day": _months_later(missed[-1], months).isoformat(),
    }


@transaction.atomic
def remind() -> int:
    """Remind everybody who comes tomorrow, once; answers how many. Whoever booked today needs no reminder."""
    now = clock.now()
    due = Appointment.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
        "counter__office"
    )
    due = list(
        due.filter(
            state=State.BOOKED,
            day=now.date() + timedelta(days=1),
            reminded_at=None,
            booked_at__lt=clock.beginning_of(now.date()),
        )
    )
    Appointment.objects.filter(pk__in=[one.pk for one in due]).update(reminded_at=now)
    notices.later_many("appointment-reminder", [(to(one), one.ref, in_words(one)) for one in due])
    return len(due)


def to(appointment: Appointment) -> str:
    """Whom its messages go to: the one who will come."""
    return f"account:{appointment.account_id}"


def in_words(appointment: Appointment) -> dict[str, str | Promise]:
    """What messages about it say."""
    office = appointment.counter.office
    return {
        "number": appointment.number,
        "business": businesses.title(appointment.business),
        "day": appointment.day.isoformat(),
        "time": f"{appointment.starts:%H:%M}",
        "office": office.name,
        "counter": appointment.counter.name,
        "address": office.address,
    }


def _seat(business: str, wish: Wish, now: datetime) -> tuple[Counter, time, int]:
    """A counter with a free seat at that time, when the slot ends, and the seat.

    The office's counters are locked: others who want a seat there wait until this is settled. Counters are locked
    before appointments, here and where counters are closed.
    """
    if wish.day not in slots.bookable(now.date()):
        raise Unsettled(
            _("只能预约今天起 %(days)s 天以内的日子") % {"days": settings.APPOINTMENTS["days_ahead"]}
        )
    at_office = Counter.objects.filter(
        office_id=wish.office_code, businesses__contains=[business], withdrawn_at=None
    )
    counters = {one.pk: one for one in at_office.select_for_update(of=("self",)).order_by("pk")}
    if not counters:
        raise Unsettled(_("这个经办机构不办理所选业务，请另选一个"))
    plan = slots.read([wish.office_code], business, [wish.day])
    day = plan.day(wish.day, wish.office_code, now)
    if day.why:
        raise Unsettled(_("这一天不能预约：%(why)s，请另选日期") % {"why": day.why})
    slot = next((slot for slot in day.slots if slot.starts == wish.starts), None)
    if slot is None:
        raise Unsettled(_("这个时间已过或不办理业务，请另选时间"))
    if not slot.free:
        raise Unsettled(_full())
    counter = counters[slot.counters[0]]
    taken = plan.taken.get((counter.pk, wish.day, wish.starts), frozenset())
    free = next(seat for seat in range(1, counter.seats + 1) if seat not in taken)
    return counter, dict(slots.times_of(counter))[wish.starts], free


def _full() -> str:
    return _("这个时间刚刚约满，请另选时间")


def _refuse_two_at_once(made: Appointment) -> None:
    same_time = Appointment.objects.filter(
        account_id=made.account_id,
        state=State.BOOKED,
        day=made.day,
        starts__lt=made.ends,
        ends__gt=made.starts,
    ).exclude(pk=made.pk)
    if other := same_time.first():
        raise Unsettled(
            _("您在这段时间已有预约 %(number)s（%(time)s），请另选时间")
            % {"number": other.number, "time": f"{other.starts:%H:%M}"}
        )


def _keep(made: Appointment) -> None:
    """Save it. Should anybody have come first after all, the constraints have the last word."""
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as crossed:
        if "a_clerk_is_at_one_counter_at_a_time" in str(crossed):
            raise Unsettled(_("您在这段时间已有预约，请另选时间")) from crossed
        if "each_seat_of_a_slot_is_booked_once" not in str(crossed):
            raise
        raise Unsettled(_full()) from crossed


def _open(appointment: Appointment, now: datetime) -> Appointment:
    """The appointment, locked, if its party may still do something about it."""
    found = Appointment.objects.select_for_update(of=("self",)).select_related("counter__office")
    found = found.get(pk=appointment.pk)
    if found.state not in OPEN:
        raise Unsettled(
            _("这个预约现在是“%(state)s”，不能再改约或取消") % {"state": found.get_state_display()}
        )
    if found.state == State.BOOKED and (found.day, found.starts) <= (now.date(), now.time()):
        raise Unsettled(_("预约的时间已到，不能再改约或取消"))
    return found


def _tell(code: str, appointment: Appointment) -> None:
    notices.later(code, to=to(appointment), about=appointment.ref, **in_words(appointment))


def _when(appointment: Appointment) -> dict[str, str | int]:
    return {
        "counter": appointment.counter_id,
        "day": appointment.day.isoformat(),
        "starts": f"{appointment.starts:%H:%M}",
    }


def _months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    month = Month.of(day).plus(months)
    return min(month.first_day.replace(day=1) + timedelta(days=day.day - 1), month.last_day)
