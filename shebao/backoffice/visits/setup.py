"""Counters, hours and closures of one's own office. A closure shows whom it hits before it is made."""

from datetime import date, time

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shebao.engagement import businesses, counters
from shebao.engagement.counters import Span, Terms
from shebao.engagement.models import Closure, Counter
from shebao.foundation import clock
from shebao.foundation.unreadable import Unreadable
from shebao.foundation.unsettled import Unsettled
from shebao.foundation.values import Day
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind, Role
from shebao.pages import keys
from shebao.pages.fields import Field, Section
from shebao.pages.screens import page
from shebao.policy import working_days
from shebao.registry.models import Office

SHOWN_AFFECTED = 50
NEW = 0


@require_safe
@acting_for(Kind.AGENCY, role=Role.REGISTRY)
def index(request: HttpRequest, acting: Acting) -> HttpResponse:
    """What the office has set, and the city's holidays that lie ahead."""
    today = clock.today()
    year_end = date(today.year + 1, 12, 31)
    calendar = working_days.between(today, year_end)
    holidays: dict[tuple[int, str], list[date]] = {}
    for day, name in sorted(calendar.holidays.items()):
        if day >= today:
            holidays.setdefault((day.year, name), []).append(day)
    return page(
        request,
        "visits/setup.html",
        acting=acting,
        office=Office.objects.filter(code=acting.office_code).first(),
        counters=[(one, businesses.titles(one.businesses)) for one in counters.of_office(acting.office_code)],
        closures=list(counters.closures(acting.office_code, today=today)[:100]),
        holidays=[(name, days[0], days[-1]) for (_year, name), days in holidays.items()],
        made_up=sorted(day for day in calendar.make_up if day >= today),
        unknown=[year for year in (today.year, today.year + 1) if year not in calendar.known],
        invented=sorted(calendar.synthetic),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acting_for(Kind.AGENCY, role=Role.REGISTRY)
def counter(request: HttpRequest, acting: Acting, pk: int) -> HttpResponse:
    """A counter's terms; number 0 is a new one."""
    found = None if pk == NEW else counters.of_office(acting.office_code).filter(pk=pk).first()
    if found is None and pk != NEW:
        raise Http404
    wrong = ""
    if request.method == "POST":
        try:
            moved = _settle(found, request.POST, acting)
        except (Unsettled, Unreadable) as refused:
            wrong = refused.sentence
        else:
            _tell(request, moved)
            return redirect("backoffice:visit-setup")
    written = _posted(request.POST) if request.method == "POST" else _written(found)
    return page(
        request,
        "visits/counter.html",
        acting=acting,
        status=422 if wrong else 200,
        counter=found,
        wrongs=[("", "", wrong)] if wrong else [],
        panels=_panels(written),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acting_for(Kind.AGENCY, role=Role.REGISTRY)
def closure(request: HttpRequest, acting: Acting) -> HttpResponse:
    """停办: first shows who is affected, then does it."""
    wrongs: list[tuple[str, str, str]] = []
    span, affected, count = None, [], 0
    if request.method == "POST":
        try:
            span = _span(request.POST)
            if request.POST.get("deed") == "close":
                _closure, moved = counters.close(
                    acting.office_code, span, request.POST.get("reason", ""), by=acting
                )
                _tell(request, moved)
                return redirect("backoffice:visit-setup")
        except (Unsettled, Unreadable) as refused:
            wrongs = [("", "", refused.sentence)]
        if span:
            hit = counters.affected(acting.office_code, span, now=clock.now())
            count, affected = hit.count(), list(hit[:SHOWN_AFFECTED])
    return page(
        request,
        "visits/closure.html",
        acting=acting,
        status=422 if wrongs else 200,
        wrongs=wrongs,
        written=request.POST,
        counters=counters.of_office(acting.office_code),
        parts=Closure.Part.choices,
        looked=span is not None and not wrongs,
        affected=[(one, businesses.title(one.business)) for one in affected],
        count=count,
    )


@require_POST
@acting_for(Kind.AGENCY, role=Role.REGISTRY)
def lift(request: HttpRequest, acting: Acting, pk: int) -> HttpResponse:
    found = Closure.objects.filter(pk=pk, office_id=acting.office_code).first()
    if found is None:
        raise Http404
    counters.lift(found, by=acting)
    messages.success(request, _("停办已取消，这段时间又可以预约"))
    return redirect("backoffice:visit-setup")


def _settle(found: Counter | None, posted: QueryDict, acting: Acting) -> int:
    if found is not None and posted.get("deed") == "withdraw":
        return counters.withdraw(found, by=acting)
    terms = Terms(
        name=posted.get("name", "")[:40],
        businesses=posted.getlist("businesses"),
        slot_minutes=_number(posted.get("slot_minutes")),
        seats=_number(posted.get("seats")),
        morning=_hours(posted.get("morning", "")),
        afternoon=_hours(posted.get("afternoon", "")),
    )
    if found is None:
        counters.open_counter(acting.office_code, terms, by=acting)
        return 0
    return counters.alter(found, terms, by=acting)


def _tell(request: HttpRequest, moved: int) -> None:
    if moved:
        messages.warning(request, _("已保存；%(count)s 个预约需要改约，已通知本人") % {"count": moved})
    else:
        messages.success(request, _("已保存；没有预约受影响"))


def _span(posted: QueryDict) -> Span:
    chosen = posted.get("counter", "")
    part = posted.get("part", Closure.Part.DAY)
    first = Day.read(posted.get("first_day", ""))
    return Span(
        first,
        Day.read(posted.get("last_day", "")) if posted.get("last_day", "").strip() else first,
        part if part in Closure.Part.values else Closure.Part.DAY,
        keys.number(chosen),
    )


def _number(text: str | None) -> int:
    number = keys.number((text or "").strip())
    if number is None or number > 1000:
        raise Unreadable(_("每个时段的分钟数和同时办理的件数要写成数字"))
    return number


def _hours(text: str) -> tuple[time, time] | None:
    """9:00-12:00 as people write it; nothing means that the counter doesn't serve then."""
    text = text.strip().replace("：", ":").replace("—", "-").replace("–", "-").replace("至", "-")
    if not text:
        return None
    opens, _dash, closes = text.partition("-")
    try:
        return time.fromisoformat(opens.strip().zfill(5)), time.fromisoformat(closes.strip().zfill(5))
    except ValueError:
        raise Unreadable(_("办理时间写成 09:00-12:00 的样子，不办的留空")) from None


def _written(found: Counter | None) -> dict:
    if found is None:
        return {
            "name": "", "businesses": [], "slot_minutes": "20", "seats": "1", "morning": "09:00-11:40",
            "afternoon": "13:30-16:30",
        }  # fmt: skip
    return {
        "name": found.name,
        "businesses": found.businesses,
        "slot_minutes": str(found.slot_minutes),
        "seats": str(found.seats),
        "morning": _shown(found.morning_opens, found.morning_closes),
        "afternoon": _shown(found.afternoon_opens, found.afternoon_closes),
    }


def _posted(posted: QueryDict) -> dict:
    return {**posted.dict(), "businesses": posted.getlist("businesses")}


def _shown(opens: time | None, closes: time | None) -> str:
    return f"{opens:%H:%M}-{closes:%H:%M}" if opens and closes else ""


def _panels(written: dict) -> list[Section]:
    choices = [(one.code, str(one.title)) for one in businesses.BUSINESSES]
    return [
        Section(
            _("窗口"),
            [
                Field(name="name", label=_("窗口名称"), value=written.get("name", ""), maxlength=40),
                Field(
                    name="businesses", label=_("办理的业务"), kind="ticks", choices=choices, full=True,
                    values=written.get("businesses", []),
                ),
            ],
        ),
        Section(
            _("办理时间"),
            [
                Field(
                    name="morning", label=_("上午"), required=False, value=written.get("morning", ""), css="w-tel",
                    hint=_("例如 09:00-12:00，不办的留空"),
                ),
                Field(
                    name="afternoon", label=_("下午"), required=False, value=written.get("afternoon", ""),
                    css="w-tel", hint=_("例如 13:30-17:00"),
                ),
                Field(
                    name="slot_minutes", label=_("每个时段"), kind="number", unit=_("分钟"), css="w-s",
                    value=written.get("slot_minutes", ""),
                ),
                Field(
                    name="seats", label=_("同时办理"), kind="number", unit=_("件"), css="w-s",
                    value=written.get("seats", ""),
                ),
            ],
            note=_("只在工作日办理；节假日和调休按国务院办公厅的通知"),
        ),
    ]  # fmt: skip
