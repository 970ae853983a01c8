"""Counters at every office, appointments around today, and a problem report of each kind, made by engagement itself."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware

from demo.models import City
from demo.offices import OFFICES
from shebao.casework import cases
from shebao.casework.models import State
from shebao.engagement import appointments, attendance, escalation, problems
from shebao.engagement.appointments import Wish
from shebao.engagement.models import Counter
from shebao.engagement.problems import Report
from shebao.foundation import clock
from shebao.identity.acting import Acting, acting_as
from shebao.identity.models import Account
from shebao.policy import working_days
from shebao.policy.working_days import WorkingDays

OURS = "420102"
MOBILE = "13100000000"
_MORNING, _AFTERNOON = (time(9), time(11, 40)), (time(13, 30), time(16, 30))
_COUNTERS = (
    ("单位业务窗口", ["papers", "counter-enrolment", "registration", "payment", "key-data", "other"], 2),
    ("个人业务窗口", ["card", "transfer", "benefits", "key-data", "payment", "other"], 2),
)
_LOGINS = ("danwei", "danwei-vip", "danwei-qianfei", "danwei-da", "geren", "linghuo", "shenhe")


def arrange_all(city: City) -> None:
    """As of the city's day: what is over stands written down, what lies ahead is booked."""
    Counter.objects.bulk_create(
        Counter(
            office_id=office.code, name=name, businesses=businesses, seats=seats,
            morning_opens=_MORNING[0], morning_closes=_MORNING[1],
            afternoon_opens=_AFTERNOON[0], afternoon_closes=_AFTERNOON[1],
        )
        for office in OFFICES
        for name, businesses, seats in _COUNTERS
    )  # fmt: skip
    who = {one.username: acting_as(one) for one in Account.objects.filter(username__in=_LOGINS)}
    today = city.made_for
    calendar = working_days.between(today - timedelta(days=40), today + timedelta(days=40))
    earlier, ahead = list(_days(calendar, today, -1, 12)), list(_days(calendar, today, 1, 5))
    _book(who, earlier, ahead, today)
    _report(who, earlier)


def _book(who: dict[str, Acting], earlier: list[date], ahead: list[date], today: date) -> None:
    with clock.fixed(_at(earlier[1], 10)):
        came = _appointment(who["danwei-vip"], "papers", earlier[0], time(9))
        missed = _appointment(who["danwei-da"], "papers", earlier[0], time(9, 20))
    with clock.fixed(_at(earlier[0], 10)):
        attendance.arrived(came, by=who["shenhe"])
        attendance.missed(missed, by=who["shenhe"])
    with clock.fixed(min(_at(today, 8), clock.now())):
        waiting = cases.of(who["danwei"]).filter(state=State.SUBMITTED).first()
        about = waiting.ref if waiting else ""
        _appointment(who["danwei"], "papers", ahead[0], time(10), about=about)
        _appointment(who["danwei-vip"], "papers", ahead[0], time(9))
        _appointment(who["danwei-da"], "registration", ahead[0], time(9))
        _appointment(who["danwei-qianfei"], "payment", ahead[0], time(9, 20))
        _appointment(who["danwei-da"], "counter-enrolment", ahead[1], time(14, 30))
        _appointment(who["geren"], "card", ahead[0], time(9, 40))
        _appointment(who["linghuo"], "transfer", ahead[1], time(10, 20))


def _report(who: dict[str, Acting], earlier: list[date]) -> None:
    with clock.fixed(_at(earlier[9], 15)):
        _problem(who["danwei-qianfei"], "payment", "九月的缴费单已经付款，页面上仍显示欠费，请核对。")
    with clock.fixed(_at(earlier[6], 9)):
        answered = _problem(
            who["danwei"], "filing", "增员名单里一名职工提示姓名与档案不一致，身份证上就是这个姓名。"
        )
    with clock.fixed(_at(earlier[4], 14)):
        problems.answer(
            answered,
            "经核对，档案里的姓名是曾用名，请职工本人带身份证到窗口变更姓名后再增员。",
            by=who["shenhe"],
        )
    with clock.fixed(_at(earlier[0], 11)):
        _problem(who["geren"], "record", "2009 年在武昌工作过的几个月，缴费记录里没有，该怎么补？")
    with clock.fixed(_at(earlier[2], 8)):
        escalation.run()


def _appointment(by: Acting, business: str, day: date, starts: time, about: str = ""):
    return appointments.book(business, Wish(OURS, day, starts), MOBILE, by=by, about=about)


def _problem(by: Acting, category: str, text: str):
    return problems.report(Report(category, text, clock.today() + timedelta(days=3), OURS), by=by)


def _days(calendar: WorkingDays, today: date, step: int, count: int) -> Iterator[date]:
    """The next working days before or after today, the nearest first."""
    day = today
    while count:
        day += timedelta(days=step)
        if calendar.works(day):
            count -= 1
            yield day


def _at(day: date, hour: int) -> datetime:
    return make_aware(datetime.combine(day, time(hour, 12)))
