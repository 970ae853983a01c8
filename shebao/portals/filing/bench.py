"""工作台: what waits for the filer, what he has handed over, and where to begin something new."""

from __future__ import annotations

from datetime import date
from functools import cache

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from shebao.casework import benches, catalogue, errands, papers
from shebao.casework.benches import Sought
from shebao.casework.listing import Asked, Page
from shebao.casework.models import OPEN_STATES, Case, Errand, State
from shebao.casework.service import Service
from shebao.foundation import clock
from shebao.foundation.unreadable import Unreadable
from shebao.foundation.values import Day
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.pages import navigation, states
from shebao.pages.screens import page
from shebao.portals.appointments.card import card
from shebao.portals.filing.access import may_file, to
from shebao.portals.filing.status import POLLED, note_on, progress

PAPERS_SHOWN = 5
_SIZES = (10, 20, 50)
_STATES = {"todo": OPEN_STATES, "done": benches.DONE}

# Beside the services: pages of the employer's door, shown where they exist.
_ELSEWHERE = (
    (
        "receipt",
        lazy("缴费与欠费"),
        (("employer:bills", lazy("月度账单"), "receipt"), ("employer:slips", lazy("缴费单"), "file-invoice")),
    ),
    (
        "search",
        lazy("综合查询"),
        (
            ("employer:queries", lazy("综合查询"), "search"),
            ("employer:roster", lazy("参保人员花名册"), "users"),
            ("employer:query-calendar", lazy("缴费日历"), "calendar"),
            ("inbox", lazy("消息"), "bell"),
        ),
    ),
    (
        "headset",
        lazy("预约与帮助"),
        (
            ("appointments:index", lazy("业务预约"), "calendar-event"),
            ("problems:index", lazy("问题报告"), "message-report"),
        ),
    ),
)


@require_safe
@acting_for(Kind.EMPLOYER)
def employer(request: HttpRequest, acting: Acting) -> HttpResponse:
    """The employer's bench; of its lists htmx fetches one alone."""
    wanted = request.GET.get("list", "")
    part = {"todo": "todo", "done": "done"}.get(wanted)
    services = tuple(one for one in catalogue.offered_to(acting.kind) if may_file(acting, one))
    counted = benches.tally(acting)
    titles = [(service.code, str(service.title)) for service in services]
    at_the_counter = SimpleLazyObject(lambda: _papers(acting) if counted["submitted"] else [])
    return page(
        request,
        "filing/bench.html",
        part=part,
        acting=acting,
        deadline=SimpleLazyObject(lambda: _deadline(acting, services)),
        tally=[
            (_("被回退，需处理"), counted["returned"], "#todo", "bad"),
            (_("已保存，未提交"), counted["draft"], "#todo", ""),
            (_("审批进行中"), counted["submitted"], "#done", ""),
            (_("本月已结束"), counted["approved"], "#done", ""),
        ],
        main_action=_main_action(services),
        # Of these, only what the page shows is asked for: one list alone, or a few things in 长者模式.
        todo=SimpleLazyObject(lambda: _todo(request, acting, titles, counted)),
        done=SimpleLazyObject(lambda: _done(request, acting, titles, counted)),
        quick=SimpleLazyObject(lambda: _quick(services)),
        directory=SimpleLazyObject(lambda: _directory(services)),
        papers=at_the_counter,
        visit=SimpleLazyObject(lambda: card(acting, papers=bool(at_the_counter))),
    )


def _asked(request: HttpRequest) -> Asked:
    """Which page of a list. A key fits the list that made it, and leaves the other one at its first page."""
    return Asked(request.GET.get("after", ""), request.GET.get("before", ""), _size(request))


def _size(request: HttpRequest) -> int:
    asked = request.GET.get("size", "")
    if asked.isdecimal() and int(asked) in _SIZES:
        request.session["bench_size"] = int(asked)
    return request.session.get("bench_size", _SIZES[0])


def _sought(request: HttpRequest, name: str) -> Sought:
    """What one of the two lists is narrowed to; what was asked of the other one leaves it whole."""
    if request.GET.get("list", "todo") != name:
        return Sought()
    state = request.GET.get("state", "")
    return Sought(
        service=request.GET.get("service", ""),
        text=request.GET.get("q", "").strip()[:40],
        state=state if state in _STATES[name] else "",
        since=_day(request.GET.get("since", "")),
        until=_day(request.GET.get("until", "")),
        oldest_first=request.GET.get("order") == "oldest",
    )


def _day(text: str) -> date | None:
    try:
        return Day.read(text)
    except Unreadable:
        return None


def _filters(name: str, sought: Sought, titles: list[tuple[str, str]]) -> dict:
    """What filing/filters_part.html says of a list."""
    return {
        "name": name,
        "services": titles,
        "states": [(state, str(states.of(state).word)) for state in _STATES[name]],
        "sought": sought,
    }


def _todo(request: HttpRequest, acting: Acting, titles: list[tuple[str, str]], counted: dict) -> dict:
    sought = _sought(request, "todo")
    listed = benches.todo(acting, sought, _asked(request))
    count = counted["draft"] + counted["returned"]
    last = errands.latest_of(listed.lines)
    being_read = benches.being_read(listed.lines)
    return {
        "count": count,
        "asked": bool(sought),
        "lines": [
            {
                "case": case,
                "sub": _under_way(case, last, being_read),
                "reasons": [case.reason] if case.state == State.RETURNED and case.reason else [],
                "url": to("case", case),  # for whoever may not go on with it, its status
                "may": (may := may_file(acting, case.service)),
                "withdraw_url": to("withdraw", case) if may and not _attended(case, last) else "",
            }
            for case in listed.lines
        ],
        "filters": _filters("todo", sought, titles),
        **_paged(request, listed, sought, count),
    }


def _under_way(case: Case, last: dict[int, Errand], being_read: dict[int, int]) -> str:
    """What a worker is just doing with it, and how far that is."""
    if _attended(case, last):
        return progress(last[case.pk])[2]
    if case.pk in being_read:
        return _("正在读取名单（%(percent)s%%）") % {"percent": being_read[case.pk]}
    return ""


def _attended(case: Case, last: dict[int, Errand]) -> bool:
    """Whether a worker is just submitting it."""
    return case.pk in last and last[case.pk].finished_at is None


def _done(request: HttpRequest, acting: Acting, titles: list[tuple[str, str]], counted: dict) -> dict:
    sought = _sought(request, "done")
    listed = benches.done(acting, sought, _asked(request))
    count = counted["done"]
    since = benches.under_way_since(listed)
    fresh = since is not None and clock.now() - since < POLLED
    return {
        "count": count,
        "asked": bool(sought),
        "filters": _filters("done", sought, titles),
        "lines": [_handed_over(case) for case in listed.lines],
        **_paged(request, listed, sought, count),
        "poll": _again(request) if fresh else "",
        "stale": since is not None and not fresh,
    }


def _again(request: HttpRequest) -> str:
    """The address of the done list as it is shown."""
    query = request.GET.copy() if request.GET.get("list") == "done" else QueryDict(mutable=True)
    query["list"] = "done"
    return f"{request.path}?{query.urlencode()}"


def _paged(request: HttpRequest, listed: Page, sought: Sought, count: int) -> dict:
    """What the pager says. How many a page has is asked only where there are more than the smallest one takes."""
    lines, whole = len(listed.lines), not (listed.previous or listed.next)
    if sought:
        said = _("符合条件的共 %(lines)s 件") if whole else _("本页 %(lines)s 件")
    else:
        said = _("共 %(count)s 件") if whole else _("本页 %(lines)s 件，共 %(count)s 件")
    return {
        "previous": listed.previous,
        "next": listed.next,
        "said": said % {"lines": lines, "count": count},
        "sizes": () if whole and lines <= _SIZES[0] else _SIZES,
        "size": _size(request),
    }


def _handed_over(case: Case) -> dict:
    return {"case": case, "state": benches.standing(case), "note": note_on(case), "url": to("status", case)}


def _deadline(acting: Acting, services: tuple[Service, ...]) -> dict | None:
    """By when papers must be brought, of the services for which this filer brings any."""
    today = clock.today()
    days: dict[date, list[str]] = {}
    open_at = cache(lambda opens: opens(today))  # many services share their days, which policies tell
    for service in services:
        window = open_at(service.opens) if service.opens and service.materials_of(acting.grade) else None
        if window and window.papers_by and window.papers_by >= today:
            days.setdefault(window.papers_by, []).append(str(service.title))
    if not days:
        return None
    by = min(days)
    begins: date = min(today, by.replace(day=1))
    return {
        "by": by,
        "what": "、".join(days[by][:2]) + (_("等") if len(days[by]) > 2 else ""),
        "left": (by - today).days,
        "day": (today - begins).days + 1,
        "days": (by - begins).days + 1,
    }


def _papers(acting: Acting) -> list[str]:
    """What must be brought to the counter, case by case."""
    return [
        _("%(about)s：%(papers)s")
        % {
            "about": case.about if case.about != case.party_name else case.service.title,
            "papers": _("、").join(names),
        }
        for case, names in papers.to_bring_with(benches.to_the_counter(acting, PAPERS_SHOWN)).items()
    ]


def _main_action(services: tuple[Service, ...]) -> tuple[str, str, str] | None:
    if not services:
        return None
    first = services[0]
    return (
        _("办理%(title)s") % {"title": first.title},
        reverse("filing:start", args=[first.code]),
        first.icon,
    )


def _quick(services: tuple[Service, ...]) -> list[tuple[str, str, str]]:
    found = [
        (service.icon, service.title, reverse("filing:start", args=[service.code])) for service in services
    ]
    found += [
        (icon, label, url)
        for _icon, _title, entries in _ELSEWHERE
        for name, label, icon in entries
        if (url := navigation.address(name))
    ]
    return found[:8]


def _directory(services: tuple[Service, ...]) -> list[tuple]:
    groups: dict[str, list[tuple]] = {}
    icons: dict[str, str] = {}  # a group's is its first service's
    for service in services:
        badge = _("批量") if service.in_batches else ""
        entry = (service.title, reverse("filing:start", args=[service.code]), badge)
        title = str(service.group) or _("业务办理")
        icons.setdefault(title, service.icon)
        groups.setdefault(title, []).append(entry)
    for icon, title, entries in _ELSEWHERE:  # beside the services of the same name
        shown = [(label, url, "") for name, label, _icon in entries if (url := navigation.address(name))]
        if shown:
            icons.setdefault(str(title), icon)
            groups.setdefault(str(title), []).extend(shown)
    return [(icons[title], title, entries) for title, entries in groups.items()]
