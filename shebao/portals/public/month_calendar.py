"""本月经办日历: on which days of this month services are open, and by which day papers are due."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shebao.casework.service import Service, Window
from shebao.pages import city
from shebao.policy import inforce


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
    found = [(service, window) for service in services if (window := window_of(service, today))]
    windows = [window for _service, window in found if _of_a_month(window)]
    if not windows:
        return None
    papers = min((one.papers_by for one in windows if one.papers_by), default=None)
    last_day = calendar.monthrange(today.year, today.month)[1]
    days = [
        Day(number, _look(date(today.year, today.month, number), today, windows, papers))
        for number in range(1, last_day + 1)
    ]
    key_dates = _key_dates(windows, papers, today, last_day) + _of_the_year(found, today)
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


def _key_dates(windows: list[Window], papers: date | None, today: date, last_day: int) -> list[KeyDate]:
    first, last = min(one.first for one in windows), max(one.last for one in windows)
    whole_month = (first.day, last.day) == (1, last_day)
    opening = KeyDate(
        _("全月") if whole_month else _("%(first)s–%(last)s 日") % {"first": first.day, "last": last.day},
        _("受理增员、暂停缴费等网上申报"),
        False,
    )
    dates = [opening]
    if papers:
        office = city.ours().offices
        dates.append(
            KeyDate(
                _("%(month)s 月 %(day)s 日前") % {"month": papers.month, "day": papers.day},
                _("普通单位带材料到%(office)s审核") % {"office": office},
                True,
            )
        )
    if not whole_month:
        dates.append(KeyDate(_("%(day)s 日") % {"day": last.day}, _("本月登记受理截止"), True))
    return dates
