"""What day it is. Asked at the edge (a page, a command, a job) and handed down; never asked inside a rule.

Demo and tests may live on another day: `with fixed(date(2026, 11, 2)):`, or the setting SHEBAO_TODAY (a date, or
text such as 2026-11-02), or the environment variable of that name where the setting is not there at all.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone

from shebao.foundation.months import Month

_fixed: ContextVar[datetime | None] = ContextVar("fixed clock", default=None)


def now() -> datetime:
    """This moment, with the city's time zone."""
    if moment := _fixed.get():
        return moment
    moment = timezone.localtime()
    if day := _declared_day():
        moment = moment.replace(year=day.year, month=day.month, day=day.day)
    return moment


def instant() -> datetime:
    """The true moment, for waits and expiry: a declared day doesn't shift it, so that it never runs backwards."""
    return _fixed.get() or timezone.localtime()


def today() -> date:
    """The city's date."""
    return now().date()


def this_month() -> Month:
    return Month.of(today())


def beginning_of(day: date) -> datetime:
    """The first moment of a day in the city."""
    return timezone.make_aware(datetime.combine(day, time()))


@contextmanager
def fixed(moment: date | datetime) -> Iterator[datetime]:
    """Inside, it is that moment: of a date, its noon."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(12))
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    moment = timezone.localtime(moment)
    token = _fixed.set(moment)
    try:
        yield moment
    finally:
        _fixed.reset(token)


def _declared_day() -> date | None:
    declared = getattr(settings, "SHEBAO_TODAY", os.environ.get("SHEBAO_TODAY"))
    return date.fromisoformat(declared) if isinstance(declared, str) and declared else declared or None
