"""本月经办日历: on which days of this month services are open, and by which day papers are due."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shebao.casework.service import Service, Window
from shebao.pages import city
from shebao.policy import inforce

_NAMED = 3  # services of one stretch of days that a line names


@dataclass(frozen=True)
class Day:
    """`look` is in (open), key (a last day), now (today) or nothing."""

    number: int
    look: str


@dataclass(frozen=True)
class KeyDate:
    """A line under the strip of days: what may be done, or by when."""

    when: str
    what: str
    pressing: bool


@dataclass(frozen=True)
class MonthCalendar:
    """`papers_by` is the nearest day for papers, which need not be in this month."""

    today: date
    days: list[Day]
    key_dates: list[KeyDate]
    papers_by: date | None


def window_of(service: Service, today: date) -> Window | None:
    """When a service is open; None when it always is, or when the city's days are not known yet."""
    try:
        return service.opens(today) if service.opens else None
    except inforce.Unknown:
        return None


def of(services: Iterable[Service], today: date) -> MonthCalendar | None:
    """None when no service says when it is open: then there is nothing to show."""
    services = list(services)
    asked = {one.opens: one for one in services}  # many services share their days; each rule is asked once
    windows = {opens: window_of(service, today) for opens, service in asked.items()}
    found = [(service, window) for service in services if (window := windows[service.opens])]
    monthly = [(service, window) for service, window in found if _of_a_month(window)]
    if not monthly:
        return None
    days_open = [window for _service, window in monthly]
    papers = min((one.papers_by for one in days_open if one.papers_by), default=None)
    last_day = calendar.monthrange(today.year, today.month)[1]
    days = [
        Day(number, _look(date(today.year, today.month, number), today, days_open, papers))
        for number in range(1, last_day + 1)
    ]
    key_dates = _key_dates(monthly, papers, today, last_day) + _of_the_year(found, today)
    return MonthCalendar(today, days, key_dates, papers)


def _of_a_month(window: Window) -> bool:
    return (window.first.year, window.first.month) == (window.last.year, window.last.month)


def _of_the_year(found: list[tuple[Service, Window]], today: date) -> list[KeyDate]:
    """What is done once a year, while it is being done: one line for all that ends on the same day."""
    ending: dict[date, list[str]] = {}
    for service, window in found:
        until = window.papers_by
        if not _of_a_month(window) and until and window.first <= today <= until:
            ending.setdefault(until, []).append(str(service.title))
    return [
        KeyDate(
            _("%(month)s 月 %(day)s 日前") % {"month": until.month, "day": until.day},
            _("、").join(titles),
            True,
        )
        for until, titles in sorted(ending.items())
    ]


def _look(day: date, today: date, windows: list[Window], papers: date | None) -> str:
    if day == today:
        return "now"
    if day == papers or _closing(day, windows):
        return "key"
    return "in" if any(one.first <= day <= one.last for one in windows) else ""


def _closing(day: date, windows: list[Window]) -> bool:
    """A window's last day is worth marking unless it is simply the end of the month."""
    whole = calendar.monthrange(day.year, day.month)[1]
    return day.day != whole and any(one.last == day for one in windows)


def _key_dates(
    monthly: list[tuple[Service, Window]], papers: date | None, today: date, last_day: int
) -> list[KeyDate]:
    """What is taken in on which days, and the day for papers; the longest stretch of days first."""
    stretches: dict[tuple[int, int], list[str]] = {}
    for service, window in monthly:
        stretches.setdefault((window.first.day, window.last.day), []).append(str(service.title))
    dates = [
        KeyDate(
            _("全月")
            if (first, last) == (1, last_day)
            else _("%(first)s–%(last)s 日") % {"first": first, "last": last},
            _taken_in(titles),
            (first, last) != (1, last_day),
        )
        for (first, last), titles in sorted(stretches.items(), key=lambda one: one[0][0] - one[0][1])
    ]
    if papers:
        office = city.ours().offices
        dates.append(
            KeyDate(
                _("%(month)s 月 %(day)s 日前") % {"month": papers.month, "day": papers.day},
                _("普通单位带材料到%(office)s审核") % {"office": office},
                True,
            )
        )
    return dates


def _taken_in(titles: list[str]) -> str:
    named = _("、").join(titles[:_NAMED])
    if len(titles) > _NAMED:
        return _("受理%(named)s等 %(count)s 项业务") % {"named": named, "count": len(titles)}
    return _("受理%(named)s") % {"named": named}
