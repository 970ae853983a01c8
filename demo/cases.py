"""Cases in progress, filed and reviewed through casework itself on days of this month: one of each state."""

from contextlib import suppress
from datetime import date, datetime, time
from itertools import islice

from django.utils.timezone import make_aware

from demo import identifiers
from demo.cast import PLACE
from demo.models import City
from shebao.assessment import undeclared
from shebao.casework import cases, prefilled, review
from shebao.casework.models import Case
from shebao.foundation import clock
from shebao.foundation.identifiers import IdNumber
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting, acting_as
from shebao.identity.models import Account
from shebao.registry import enrolments, people
from shebao.registry.models import OutsideRetiree, Person
from shebao.services import declare_wages


def file_all(city: City) -> None:
    """File them for the ordinary and the trusted employer of the log-ins."""
    clerk, officer, trusted = (
        acting_as(Account.objects.get(username=name)) for name in ("danwei", "shenhe", "danwei-vip")
    )
    today = city.made_for
    with clock.fixed(_days_ago(today, 8)):
        finished = _pause(clerk, _colleagues(city, "has-left"), reason="contract_ended")
        cases.submit(finished, by=clerk)
        back = _enrol(clerk, _hires(today, 0, 2))
        cases.submit(back, by=clerk)
    with clock.fixed(_days_ago(today, 7)):
        review.decide_all(finished, review.APPROVE, by=officer)
        review.decide_all(back, review.send_back("劳动合同缺少签字页，请补全后重新提交"), by=officer)
        taken_back = _enrol(clerk, _hires(today, 2, 1))
    with clock.fixed(_days_ago(today, 5)):
        cases.withdraw(taken_back, by=clerk)
        through = _enrol(trusted, _hires(today, 3, 2))
        cases.submit(through, by=trusted)
        review.automatically(through.pk)  # as the job would, which finds nothing left to do
        raised = _raise_a_wage(clerk)
        cases.submit(raised, by=clerk)
        review.automatically(raised.pk)
    with clock.fixed(_days_ago(today, 1)):
        waiting = _enrol(clerk, _hires(today, 5, 3))
        cases.submit(waiting, by=clerk)
        _declare_wages(clerk, 4)
    _remember_retirees(city, clerk.party_id)
    undeclared.remind(by="system:demo", spared=declare_wages.waiting)
    with clock.fixed(_days_ago(today, 0)):
        _enrol(clerk, _hires(today, 8, 1))
        _pause(clerk, _colleagues(city, "leaves-too", "leaves"), reason="resigned")


def _enrol(by: Acting, hires: list[dict]) -> Case:
    case = cases.start("enrol-employees", by=by)
    cases.add(case, hires, by=by)
    return case


def _raise_a_wage(by: Acting) -> Case:
    """Somebody earns more from next month on, and stands on this month's sheet of changes."""
    case = cases.start("change-wages", by=by)
    chosen = enrolments.roster(by.party_id, limit=12)[-1]
    wage = str(chosen["wage"] + 800)
    cases.pick(case, {chosen["id_number"]: {"wage": wage, "reason": "adjusted"}}, by=by)
    return case


def _declare_wages(by: Acting, count: int) -> None:
    """A few people of the yearly declaration, handed in and not decided; the others are still to be declared."""
    case = cases.start(declare_wages.SERVICE.code, by=by)
    cases.add(case, islice(prefilled.written(case), count), by=by)
    if case.good:
        with suppress(Unsettled):  # outside the days of declaring the case stays on the to-do list
            cases.submit(case, by=by)


def _remember_retirees(city: City, employer_id: int) -> None:
    """Two people whom the employer retired years ago, with pensions from elsewhere."""
    newcomers = [
        people.Newcomer(IdNumber(identifiers.complete(first17)), name, "demo")
        for name, first17 in (("魏国强", "42010219550312871"), ("蒋玉兰", "42010319580927874"))
    ]
    OutsideRetiree.objects.bulk_create(
        OutsideRetiree(
            person_id=person_id,
            payer_id=employer_id,
            starts=Month.of(city.made_for).plus(-60),
            pool="原行业统筹（示例）",
            source="demo",
        )
        for person_id in people.ensure(newcomers).values()
    )


def _pause(by: Acting, leavers: list[str], *, reason: str) -> Case:
    case = cases.start("pause-employees", by=by)
    cases.pick(case, {id_number: {"reason": reason} for id_number in leavers}, by=by)
    return case


def _colleagues(city: City, *parts: str) -> list[str]:
    members = Person.objects.filter(id__in=[city.first_person + PLACE[part] for part in parts])
    return list(members.order_by("id").values_list("id_number", flat=True))


# Name and first seventeen digits of people whom the archive does not know.
_STRANGERS = (
    ("胡嘉怡", "42010319940211842"),
    ("朱浩然", "42010519970730845"),
    ("马欣悦", "42010619990101848"),
    ("何俊杰", "42011119920923851"),
    ("罗雨彤", "42011120000618854"),
    ("梁志远", "42010219960404857"),
    ("宋诗涵", "42010419930815860"),
    ("唐明轩", "42010719981127863"),
    ("许静怡", "42011519950309866"),
)


def _hires(today: date, first: int, count: int) -> list[dict]:
    hired_on = max(today.replace(day=1), _days_ago(today, 14).date())
    return [
        {
            "id_number": identifiers.complete(first17),
            "name": name,
            "hired_on": hired_on.isoformat(),
            "wage": str(5200 + 640 * place),
        }
        for place, (name, first17) in enumerate(_STRANGERS[first : first + count], first)
    ]


def _days_ago(today: date, days: int) -> datetime:
    """A working hour so many days ago, but in this month, as its effects are; what was earlier stays earlier."""
    then = datetime.combine(today.replace(day=max(1, today.day - days)), time(17 - days, 12))
    return min(make_aware(then), clock.now())
