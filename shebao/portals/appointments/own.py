"""One's own appointments: the list, the slip to bring along, calling off, and a file for one's calendar."""

import re
from datetime import date, datetime, time

import zxingcpp
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shebao.casework import papers
from shebao.casework.listing import Asked, page_of
from shebao.casework.models import Case
from shebao.engagement import appointments, businesses
from shebao.engagement.models import Appointment
from shebao.foundation import clock, languages
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.pages import downloads, icalendar
from shebao.pages.screens import page
from shebao.portals.appointments.booking import WEEKDAYS
from shebao.portals.filing.access import bench_label, bench_url
from shebao.statements import handouts

PAGE_SIZE = 10
_SVG = re.compile(r'<svg width="(?P<size>\d+)".*?</desc>(?P<drawing>.*)</svg>', re.DOTALL)


@require_safe
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def index(request: HttpRequest, acting: Acting) -> HttpResponse:
    """What lies ahead, and below it what is over."""
    today = clock.today()
    asked = Asked(request.GET.get("after", ""), request.GET.get("before", ""), PAGE_SIZE)
    past = page_of(appointments.past(acting, today=today), ("-day", "-id"), asked)
    coming = list(appointments.coming(acting, today=today)[:50])
    return page(
        request,
        "appointments/index.html",
        acting=acting,
        bench_url=bench_url(acting),
        bench_label=bench_label(acting),
        barred=appointments.barred(acting, today=today),
        coming=[_line(one) for one in coming],
        past=[_line(one) for one in past.lines],
        previous=past.previous,
        next=past.next,
    )


@require_safe
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def slip(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """预约单: to be shown at the counter, on paper or on a phone."""
    found = _own(acting, number)
    open_ = found.state in appointments.OPEN and not _begun(found)
    return page(
        request,
        "appointments/slip.html",
        acting=acting,
        appointment=found,
        title=businesses.title(found.business),
        look=_look(found),
        bring=_bring(found),
        code=qr(found.number) if found.state == Appointment.State.BOOKED else "",
        case_url=_case_url(found),
        change_url=_change_url(found) if open_ else "",
        cancel_url=reverse("appointments:cancel", args=[number]) if open_ else "",
        calendar_url=reverse("appointments:ics", args=[number]) if found.state == "booked" else "",
        paper_url=reverse("appointments:paper", args=[number]) if found.state == "booked" else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def cancel(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """取消 asks once more, on a page of its own."""
    found = _own(acting, number)
    if request.method == "POST":
        try:
            appointments.cancel(found, by=acting)
        except Unsettled as refused:
            messages.warning(request, refused.sentence)
            return redirect("appointments:slip", number=number)
        messages.success(request, _("预约已取消，时间已让给别人"))
        return redirect("appointments:index")
    if found.state not in appointments.OPEN:
        return redirect("appointments:slip", number=number)
    return page(
        request,
        "appointments/cancel.html",
        acting=acting,
        appointment=found,
        title=businesses.title(found.business),
        change_url=_change_url(found),
    )


@require_safe
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def ics(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """The appointment as an iCalendar file (RFC 5545), with an alarm the evening before."""
    found = _own(acting, number)
    if found.state != Appointment.State.BOOKED:
        raise Http404
    words = appointments.in_words(found)
    event = icalendar.event(
        f"appointment-{found.number}",
        f"DTSTAMP:{icalendar.utc(clock.now())}",
        f"DTSTART:{icalendar.utc(_local(found.day, found.starts))}",
        f"DTEND:{icalendar.utc(_local(found.day, found.ends))}",
        "LOCATION:" + icalendar.escaped(f"{words['office']} {words['counter']} {words['address']}"),
        "DESCRIPTION:" + icalendar.escaped(_("预约号 %(number)s") % words),
        summary=_("社保预约：%(business)s") % words,
        alarm="-PT15H",
    )
    return icalendar.file([event], f"{found.number}.ics")


@require_safe
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def paper(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """The slip on a sheet of A4."""
    found = _own(acting, number)
    if found.state != Appointment.State.BOOKED:
        raise Http404
    office = found.counter.office
    with languages.of_the_hall():  # as the counter takes it
        facts = [
            ("业务", businesses.title(found.business)),
            ("日期", f"{found.day:%Y-%m-%d}　{WEEKDAYS[found.day.weekday()]}"),
            ("时间", f"{found.starts:%H:%M}–{found.ends:%H:%M}"),
            ("地点", office.name),
            ("地址", office.address or "—"),
            ("窗口", found.counter.name),
            ("办理人", "　".join(dict.fromkeys((found.account_name, found.party_name)))),
        ]
        content = handouts.appointment_slip(found.number, facts, _bring(found))
    return downloads.file(content, f"业务预约单-{found.number}.pdf")


def qr(number: str) -> SafeString:
    """The number as a QR code, drawn in SVG; a scanner at the counter types it in."""
    code = zxingcpp.create_barcode(number, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    drawn = _SVG.search(code.to_svg(add_quiet_zones=True))
    return format_html(
        '<svg viewBox="0 0 {0} {0}" aria-hidden="true" focusable="false">{1}</svg>',
        drawn["size"],
        mark_safe(drawn["drawing"]),  # noqa: S308 (rectangles and a path, made here)
    )


def _own(acting: Acting, number: str) -> Appointment:
    found = appointments.of(acting).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _line(one: Appointment) -> dict:
    return {"appointment": one, "title": businesses.title(one.business), "look": _look(one)}


def _look(one: Appointment) -> str:
    """Its state as the pages' table of states knows it."""
    return "appointment-begun" if _begun(one) else f"appointment-{one.state}"


def _begun(one: Appointment) -> bool:
    now = clock.now()
    return one.state == Appointment.State.BOOKED and (one.day, one.starts) <= (now.date(), now.time())


def _bring(one: Appointment) -> list[str]:
    """What to bring; the papers of the case it is about by their names."""
    known = businesses.BY_CODE.get(one.business)
    kind, _colon, number = one.about.partition(":")
    case = Case.objects.filter(number=number).first() if kind == "case" else None
    named = papers.to_bring(case) if case else []
    general = known.bring if known else ()
    if named and one.business == "papers":
        general = general[1:]  # which points to the case's page
    return [*named, *(str(each) for each in general)]


def _case_url(one: Appointment) -> str:
    kind, _colon, number = one.about.partition(":")
    return reverse("filing:status", args=[number]) if kind == "case" else ""


def _change_url(one: Appointment) -> str:
    """Where another time is chosen: at the same office, unless that one can't serve."""
    if one.state == Appointment.State.DISPLACED:
        return reverse("appointments:offices", args=[one.business]) + f"?change={one.number}"
    return reverse("appointments:times", args=[one.business, one.counter.office_id]) + f"?change={one.number}"


def _local(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
