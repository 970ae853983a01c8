"""Booking in four steps: what for, where, when, check. Changing an appointment walks through the same steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop as _noop
from django.views.decorators.http import require_http_methods, require_safe

from shebao.engagement import appointments, businesses, slots
from shebao.engagement.appointments import Wish
from shebao.engagement.businesses import Business
from shebao.engagement.models import Appointment, Closure
from shebao.foundation import clock
from shebao.foundation.unreadable import Unreadable
from shebao.foundation.unsettled import Unsettled
from shebao.foundation.values import Mobile
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.pages.screens import page
from shebao.policy import working_days
from shebao.portals.filing.access import bench_url, case_of
from shebao.registry.models import Office

STEPS = (
    (_noop("选业务"), ""),
    (_noop("选地点"), ""),
    (_noop("选时间"), ""),
    (_noop("核对"), ""),
)
WEEKDAYS = (
    lazy("周一"),
    lazy("周二"),
    lazy("周三"),
    lazy("周四"),
    lazy("周五"),
    lazy("周六"),
    lazy("周日"),
)


@dataclass(frozen=True)
class Errand:
    """What the steps carry along in the address: the appointment that is being moved, or the case it is about.

    `office` is the code of the office that decides that case.
    """

    moved: Appointment | None = None
    case: str = ""
    office: str = ""

    @property
    def query(self) -> str:
        carried = {"change": self.moved.number if self.moved else "", "case": self.case}
        return urlencode({name: value for name, value in carried.items() if value})

    def to(self, name: str, *args: str, **more: str) -> str:
        asked = "&".join(part for part in (urlencode(more), self.query) if part)
        return reverse(f"appointments:{name}", args=args) + (f"?{asked}" if asked else "")


@require_safe
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def business(request: HttpRequest, acting: Acting) -> HttpResponse:
    """办什么业务."""
    errand = _errand(request, acting)
    return page(
        request,
        "appointments/business.html",
        acting=acting,
        steps=STEPS,
        bench_url=bench_url(acting),
        barred=appointments.barred(acting, today=clock.today()),
        businesses=[(one, errand.to("offices", one.code)) for one in businesses.offered_to(acting.kind)],
    )


@require_safe
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def offices(request: HttpRequest, acting: Acting, business: str) -> HttpResponse:
    """到哪里办: each office with its address, hours, and how full it is; the case's, or else one's own, first."""
    chosen, errand = _business(acting, business), _errand(request, acting)
    everywhere = {office.code: office for office in Office.objects.order_by("code")}
    outlooks = slots.outlooks(everywhere, chosen.code, now=clock.now())
    own = errand.office or acting.office_code
    lines = [
        {
            "office": everywhere[code],
            "own": code == own,
            "outlook": outlook,
            "words": _how_full(outlook),
            "url": errand.to("times", chosen.code, code),
        }
        for code, outlook in sorted(outlooks.items(), key=lambda one: (one[0] != own, one[0]))
    ]
    return page(
        request,
        "appointments/offices.html",
        acting=acting,
        steps=STEPS,
        business=chosen,
        errand=errand,
        offices=lines,
        business_url=errand.to("business"),
    )


@require_safe
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def times(request: HttpRequest, acting: Acting, business: str, office: str) -> HttpResponse:
    """什么时候来: the days in a table, and the times of the chosen half-day as radio buttons."""
    chosen, errand = _business(acting, business), _errand(request, acting)
    at = _office(office)
    days = slots.of_office(office, chosen.code, now=clock.now())
    if not any(day.seats for day in days) and not slots.outlooks([office], chosen.code, now=clock.now()):
        raise Http404
    day, part = _chosen(request, days)
    return page(
        request,
        "appointments/times.html",
        acting=acting,
        steps=STEPS,
        business=chosen,
        errand=errand,
        office=at,
        days=[_row(one, errand, chosen.code, office, day, part) for one in days],
        day=day,
        half=Closure.Part(part).label if part else "",
        slots=day.of(part) if day else [],
        wrong=_("请选一个时间") if request.GET.get("missing") else "",
        offices_url=errand.to("offices", chosen.code),
        business_url=errand.to("business"),
        made_up=_made_up(days),
        nothing="" if day else _nothing(days),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def confirm(request: HttpRequest, acting: Acting, business: str, office: str) -> HttpResponse:
    """核对: GET shows the choice, POST books it, or moves the appointment there."""
    chosen, errand = _business(acting, business), _errand(request, acting)
    at = _office(office)
    day, starts = _day(request.GET.get("day")), _time(request.GET.get("time"))
    if day is None:
        raise Http404
    if starts is None:
        part = request.GET.get("part", "")
        return redirect(errand.to("times", business, office, day=str(day), part=part, missing="1") + "#times")
    wrongs: list[tuple[str, str, str]] = []
    mobile = request.POST.get("mobile", "") if request.method == "POST" else request.user.mobile
    if request.method == "POST":
        try:
            return _settle(request, acting, chosen, Wish(office, day, starts), errand)
        except Unreadable as wrong:
            wrongs = [("id_mobile", _("手机号码"), str(wrong))]
        except Unsettled as refused:
            wrongs = [("", "", refused.sentence)]
    return page(
        request,
        "appointments/confirm.html",
        acting=acting,
        status=422 if wrongs else 200,
        steps=STEPS,
        business=chosen,
        errand=errand,
        office=at,
        day=day,
        starts=starts,
        mobile=mobile,
        wrongs=wrongs,
        times_url=errand.to("times", chosen.code, office, day=day.isoformat()) + "#times",
        offices_url=errand.to("offices", chosen.code),
        business_url=errand.to("business"),
    )


def _settle(
    request: HttpRequest, acting: Acting, chosen: Business, wish: Wish, errand: Errand
) -> HttpResponse:
    if errand.moved:
        made = appointments.change(errand.moved, wish, by=acting)
        messages.success(request, _("已改约，预约号不变"))
    else:
        # A second click finds what the first one made.
        made = appointments.of(acting).filter(
            account_id=acting.account_id, business=chosen.code, counter__office_id=wish.office_code,
            day=wish.day, starts=wish.starts, state=Appointment.State.BOOKED,
        ).first() or appointments.book(
            chosen.code, wish, str(Mobile.read(request.POST.get("mobile", ""))), by=acting,
            about=f"case:{errand.case}" if errand.case else "",
        )  # fmt: skip
        messages.success(request, _("预约成功，预约号 %(number)s") % {"number": made.number})
    return redirect("appointments:slip", number=made.number)


def _errand(request: HttpRequest, acting: Acting) -> Errand:
    number, case = request.GET.get("change", ""), request.GET.get("case", "")
    moved = None
    if number:
        moved = appointments.of(acting).filter(number=number, state__in=appointments.OPEN).first()
        if moved is None:
            raise Http404
    if not case:
        return Errand(moved)
    found = case_of(acting, case)
    return Errand(moved, found.number, found.office_code)


def _business(acting: Acting, code: str) -> Business:
    for one in businesses.offered_to(acting.kind):
        if one.code == code:
            return one
    raise Http404


def _office(code: str) -> Office:
    try:
        return Office.objects.get(code=code)
    except Office.DoesNotExist:
        raise Http404 from None


def _how_full(outlook: slots.Outlook) -> tuple[str, str, str]:
    """Tone, icon and words."""
    if not outlook.seats:
        return "warn", "alert-triangle", outlook.why
    if not outlook.free:
        return "bad", "x", _("约满")
    share = outlook.free / outlook.seats
    if share >= 0.6:
        return "ok", "circle-check", _("余位充足")
    return ("info", "clock", _("较忙")) if share >= 0.2 else ("warn", "alert-triangle", _("快约满"))


def _chosen(request: HttpRequest, days: list[slots.Day]) -> tuple[slots.Day | None, str]:
    """The half-day that is asked for; else the first with a free seat."""
    by_day = {one.day: one for one in days}
    wanted = by_day.get(_day(request.GET.get("day")))
    part = request.GET.get("part", "")
    if wanted and part in (Closure.Part.MORNING, Closure.Part.AFTERNOON) and wanted.of(part):
        return wanted, part
    for one in [wanted] if wanted and wanted.free else days:
        for half in (Closure.Part.MORNING, Closure.Part.AFTERNOON):
            if any(slot.free for slot in one.of(half)):
                return one, half
    return None, ""


def _made_up(days: list[slots.Day]) -> list[int]:
    """The years among these days whose holidays were made up for a demo."""
    calendar = working_days.between(days[0].day, days[-1].day)
    return sorted(calendar.synthetic & {one.day.year for one in days})


def _row(one: slots.Day, errand: Errand, code: str, office: str, day, part: str) -> dict:
    halves = []
    for half in (Closure.Part.MORNING, Closure.Part.AFTERNOON):
        shown = one.of(half)
        url = errand.to("times", code, office, day=one.day.isoformat(), part=half) + "#times"
        halves.append(
            {
                "label": Closure.Part(half).label,
                "free": sum(slot.free for slot in shown),
                "any": bool(shown),
                "url": url,
                "current": day is not None and one.day == day.day and half == part,
            }
        )
    return {"day": one.day, "weekday": WEEKDAYS[one.day.weekday()], "why": one.why, "halves": halves}


def _nothing(days: list[slots.Day]) -> str:
    """What to do when there is no time to choose."""
    if any(one.seats for one in days):
        return _("这段日子都约满了，请另选地点，或者过几天再看。")
    return _("这段日子不能网上预约，原因见各天；可以直接到窗口取号办理，或者过几天再看。")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _time(text: str | None) -> time | None:
    try:
        return time.fromisoformat(text or "")
    except ValueError:
        return None
