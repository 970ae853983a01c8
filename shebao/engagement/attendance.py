"""The day at the counters: who is expected, who came, who didn't."""

from datetime import date

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from shebao import audit, notices
from shebao.engagement import appointments
from shebao.engagement.models import Appointment
from shebao.foundation import clock
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting

State = Appointment.State
EXPECTED = (State.BOOKED, State.ARRIVED, State.MISSED)


def of_day(office_code: str, day: date) -> QuerySet[Appointment]:
    """Everybody expected at the office on that day, in the order of the day."""
    found = Appointment.objects.filter(counter__office_id=office_code, day=day, state__in=EXPECTED)
    return found.select_related("counter").order_by("starts", "counter__name", "seat", "id")


def tally(office_code: str, day: date) -> dict[str, int]:
    """How many are expected, came, and didn't come."""
    return of_day(office_code, day).aggregate(
        booked=Count("id", filter=Q(state=State.BOOKED)),
        arrived=Count("id", filter=Q(state=State.ARRIVED)),
        missed=Count("id", filter=Q(state=State.MISSED)),
    )


def unmarked_before(office_code: str, day: date) -> date | None:
    """The latest earlier day on which nobody wrote down whether somebody came; it stands against no one."""
    found = Appointment.objects.filter(counter__office_id=office_code, day__lt=day, state=State.BOOKED)
    return found.order_by("-day").values_list("day", flat=True).first()


@transaction.atomic
def arrived(appointment: Appointment, *, by: Acting) -> None:
    """签到: also of somebody who was written down as missing and came after all, on the same day."""
    found, now = _lock(appointment), clock.now()
    if found.day != now.date():
        raise Unsettled(_("只能在预约当天签到"))
    if found.state not in (State.BOOKED, State.MISSED):
        raise Unsettled(_already(found))
    _settle(found, State.ARRIVED)
    audit.record("appointment.arrived", found.ref, by=by, person_id=_person(found))


@transaction.atomic
def missed(appointment: Appointment, *, by: Acting) -> None:
    """未到: once its time has begun. The holder is told, and may object."""
    found, now = _lock(appointment), clock.now()
    if (found.day, found.starts) > (now.date(), now.time()):
        raise Unsettled(_("预约的时间还没有到"))
    if found.state != State.BOOKED:
        raise Unsettled(_already(found))
    _settle(found, State.MISSED)
    notices.later(
        "appointment-missed", to=appointments.to(found), about=found.ref, **appointments.in_words(found)
    )
    audit.record("appointment.missed", found.ref, by=by, person_id=_person(found))


def _lock(appointment: Appointment) -> Appointment:
    found = Appointment.objects.select_for_update(of=("self",)).select_related("counter__office")
    return found.get(pk=appointment.pk)


def _settle(found: Appointment, state: str) -> None:
    found.state, found.settled_at = state, clock.now()
    found.save(update_fields=["state", "settled_at"])


def _already(found: Appointment) -> str:
    return _("这个预约已登记为“%(state)s”，请刷新后再看") % {"state": found.get_state_display()}


def _person(found: Appointment) -> int | None:
    return found.party_id if found.party_kind == "person" else None
