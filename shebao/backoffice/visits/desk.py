"""The day at an office: who is expected, who is here, who didn't come."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shebao.casework.listing import Asked, page_of
from shebao.engagement import attendance, businesses
from shebao.engagement.models import Appointment
from shebao.foundation import clock
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind, Role
from shebao.pages.screens import page

DESK = (Role.REVIEWER, Role.REGISTRY, Role.SUPERVISOR)
PAGE_SIZE = 50


@require_safe
@acting_for(Kind.AGENCY, role=DESK)
def day(request: HttpRequest, acting: Acting) -> HttpResponse:
    """The list of a day, today's unless another is asked for; or what a number leads to."""
    today = clock.today()
    shown = _day(request.GET.get("day")) or today
    q = request.GET.get("q", "").strip()
    found = Appointment.objects.filter(number=q) if q else attendance.of_day(acting.office_code, shown)
    found = found.filter(counter__office_id=acting.office_code).select_related("counter")
    asked = Asked(request.GET.get("after", ""), request.GET.get("before", ""), PAGE_SIZE)
    listed = page_of(found, ("starts", "id"), asked)
    tally = attendance.tally(acting.office_code, shown)
    return page(
        request,
        "visits/day.html",
        acting=acting,
        day=shown,
        q=q,
        previous_day=_neighbour(shown, -1),
        next_day=_neighbour(shown, 1),
        is_today=shown == today,
        tally=tally,
        lines=[_line(one) for one in listed.lines],
        previous=listed.previous,
        next=listed.next,
        said=_("共 %(count)s 个预约") % {"count": sum(tally.values())} if not q else "",
        unmarked=attendance.unmarked_before(acting.office_code, today),
        setup_url=reverse("backoffice:visit-setup") if acting.may(Role.REGISTRY) else "",
    )


@require_POST
@acting_for(Kind.AGENCY, role=(Role.REVIEWER, Role.REGISTRY))
def mark(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """签到 or 未到."""
    found = Appointment.objects.filter(number=number, counter__office_id=acting.office_code).first()
    if found is None:
        raise Http404
    try:
        if request.POST.get("deed") == "missed":
            attendance.missed(found, by=acting)
            messages.success(request, _("%(number)s 登记为未到") % {"number": number})
        else:
            attendance.arrived(found, by=acting)
            messages.success(request, _("%(number)s 已签到") % {"number": number})
    except Unsettled as refused:
        messages.warning(request, refused.sentence)
    return redirect(reverse("backoffice:visits") + f"?day={found.day}#a{number}")


def _line(one: Appointment) -> dict:
    now = clock.now()
    begun = (one.day, one.starts) <= (now.date(), now.time())
    today = one.day == now.date()
    return {
        "appointment": one,
        "title": businesses.title(one.business),
        "look": f"appointment-{one.state}",
        "may_arrive": today and one.state in (Appointment.State.BOOKED, Appointment.State.MISSED),
        "may_miss": begun and one.state == Appointment.State.BOOKED,
        "case": one.about.partition(":")[2] if one.about.startswith("case:") else "",
    }


def _neighbour(day: date, step: int) -> date:
    return date.fromordinal(day.toordinal() + step)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
