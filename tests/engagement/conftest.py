"""The scene of these tests: an office with a counter, on a Thursday in November, and clerks who want to come."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

import pytest

from shebao.engagement import appointments, counters, problems
from shebao.engagement.appointments import Wish
from shebao.engagement.counters import Terms
from shebao.engagement.models import Appointment, Counter, Problem
from shebao.engagement.problems import Report
from shebao.foundation import clock
from shebao.identity.acting import Acting, acting_as
from shebao.notices.models import Notice
from tests import policies
from tests.identity import people
from tests.scenes import City

TODAY = date(2026, 11, 12)
FRIDAY, SATURDAY, MONDAY = date(2026, 11, 13), date(2026, 11, 14), date(2026, 11, 16)
NINE, TEN = time(9), time(10)
MORNING, AFTERNOON = (time(9), time(12)), (time(14), time(16))
OFFICE = "420102"


@dataclass
class Hall:
    """Deeds in the words of the tests."""

    city: City = field(default_factory=City)
    made: int = 0

    def clerk(self, party: int = 86, **given) -> Acting:
        self.made += 1
        given = {
            "roles": frozenset({"filer"}),
            "office_code": OFFICE,
            "party_name": f"第{party}示例公司",
        } | given
        return acting_as(
            people.opened(
                f"danwei{self.made:03d}", "employer", employer_id=party, display_name="张明", **given
            )
        )

    def person(self, person_id: int = 88) -> Acting:
        self.made += 1
        return acting_as(
            people.opened(f"person{self.made}", "person", person_id=person_id, display_name="李小明")
        )

    def officer(self, *roles: str, office: str = OFFICE, name: str = "赵丽") -> Acting:
        self.made += 1
        held = frozenset(roles or {"reviewer"})
        return acting_as(
            people.opened(
                f"officer{self.made}", "agency", office_code=office, roles=held, display_name=name,
                party_name="江岸区社保处",
            )
        )  # fmt: skip

    def counter(self, name: str = "1 号窗口", *, office: str = OFFICE, **other) -> Counter:
        self.city.office(office)
        return counters.open_counter(
            office, terms(name=name, **other), by=self.officer("registry", office=office)
        )

    def booked(
        self, by: Acting | None = None, day: date = FRIDAY, starts: time = NINE, business="card", **other
    ) -> Appointment:
        return appointments.book(
            business, Wish(OFFICE, day, starts), "13100000000", by=by or self.clerk(), **other
        )


def terms(**other) -> Terms:
    return Terms(
        **{
            "name": "1 号窗口", "businesses": ["card", "papers"], "slot_minutes": 60, "seats": 1, "morning": MORNING,
            "afternoon": AFTERNOON,
        }
        | other
    )  # fmt: skip


def again(row):
    return type(row).objects.get(pk=row.pk)


def told(to: str) -> list[str]:
    """The codes of the messages in somebody's inbox, the oldest first."""
    return list(Notice.objects.filter(recipient=to).order_by("id").values_list("code", flat=True))


def at(day: date, hour: int = 12, minute: int = 0):
    return clock.fixed(datetime.combine(day, time(hour, minute)))


@pytest.fixture
def hall(db):
    policies.load()
    with at(TODAY):
        yield Hall()


@pytest.fixture
def hall_committed(transactional_db):
    """The same for tests with connections of their own."""
    policies.load()
    with at(TODAY):
        yield Hall()


def reported(hall: Hall, by: Acting | None = None, **other) -> Problem:
    """A report filed today, answered by 19 November if the office keeps its word."""
    hall.city.office()
    wrote = {
        "category": "payment",
        "text": "十月已缴费，仍显示欠费",
        "wished_for": MONDAY,
        "office_code": OFFICE,
    }
    kept = {name: other.pop(name) for name in ("files", "token") if name in other}
    return problems.report(Report(**wrote | other), by=by or hall.clerk(), **kept)
