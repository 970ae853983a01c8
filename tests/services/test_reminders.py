"""缴费提醒: what is due within days is called to mind once, to those who want it."""

from datetime import date
from decimal import Decimal

import pytest

from shebao.assessment import runs
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger import bills, deadlines, slips
from shebao.ledger.models import Slip
from shebao.notices import choices, inbox
from shebao.services import reminders
from tests import policies
from tests.ledger.books import PAYER, Books
from tests.services.conftest import Hall

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)


@pytest.fixture(autouse=True)
def verified(monkeypatch):
    """Of the yearly verification tests/backoffice/test_registry_desk.py speaks; here nobody has one to make."""
    monkeypatch.setattr(reminders, "_verifications", lambda today: ())


@pytest.fixture
def hall():
    policies.load(synthetic=True)
    with clock.fixed(date(2026, 11, 12)):
        yield Hall()


@pytest.fixture
def factory(hall):
    """With a bill for November, which nobody has paid; the city's last day of payment is the 25th."""
    employer = hall.city.employer("汉江机械厂示例")
    person = hall.city.person("李小明")
    hall.city.works(person, employer, since=NOVEMBER)
    runs.assess([person.id], [NOVEMBER], source="scene")
    return employer


def letters(employer) -> list[str]:
    return [one.body for one in inbox.of({f"employer:{employer.id}"}).order_by("id")]


def sent_on(day: int) -> int:
    with clock.fixed(date(2026, 11, day)):
        return reminders.send()


def last_day() -> int:
    return deadlines.deadline(NOVEMBER).day


def test_who_has_not_paid_is_reminded_once_and_not_before_the_last_days(factory):
    assert sent_on(last_day() - 6) == 0
    assert sent_on(last_day() - 5) == 1
    assert sent_on(last_day() - 4) == 0
    assert "2026-11 月的账单" in letters(factory)[0] and f"2026-11-{last_day()} 前" in letters(factory)[0]


def test_who_has_paid_is_left_in_peace(hall, factory):
    books = Books(hall.city)
    books.pays(slips.make_monthly(factory.id, NOVEMBER, by=PAYER))
    assert sent_on(last_day()) == 0


def test_the_reminder_names_what_is_open_and_nobody_is_reminded_of_a_credit(hall):
    books = Books(hall.city)
    later, credited = hall.city.employer(), hall.city.employer()
    for employer, amount in ((later, "12.50"), (credited, "-12.50")):
        team = books.team(employer, 1, since=NOVEMBER)
        books.owed(team, employer, NOVEMBER)
        books.pays(books.slip(employer, NOVEMBER))
        books.differs(team[0], employer, NOVEMBER, "pension", amount)
    assert [(row["payer_id"], row["amount"]) for row in bills.open_in(NOVEMBER)] == [
        (later.id, Decimal("12.50"))
    ]
    assert sent_on(last_day()) == 1
    assert any("12.50 元" in one for one in letters(later))


def test_who_declined_gets_none(factory):
    choices.choose(f"employer:{factory.id}", reminders.CODES, ["papers-due"])
    assert sent_on(last_day()) == 0
    choices.choose(f"employer:{factory.id}", reminders.CODES, reminders.CODES)
    assert sent_on(last_day()) == 1


@pytest.mark.parametrize("kind", [Slip.Kind.ARREARS, Slip.Kind.LATE_FEE])
def test_a_slip_of_arrears_or_of_a_late_fee_is_called_to_mind(hall, factory, kind):
    slip = slips.make_monthly(factory.id, NOVEMBER, by=PAYER)
    Slip.objects.filter(pk=slip.pk).update(kind=kind, due_on=date(2026, 11, 14))
    assert sent_on(12) == 1
    assert slip.number in letters(factory)[0]


def test_papers_are_called_to_mind_while_a_case_waits_at_the_counter(hall):
    employer = hall.city.employer("普通示例公司")
    hire = {
        "id_number": str(hall.city.stranger()),
        "name": "黄晓丽",
        "hired_on": "2026-11-02",
        "wage": "6500",
    }
    case = hall.submitted("enrol-employees", employer, {**hire, "starts": "2026-11"})
    assert case.awaits == "officer"
    assert sent_on(14) == 0
    assert sent_on(16) == 1
    assert "1 件业务等待窗口审核，请在 2026-11-20 前" in letters(employer)[-1]


def test_many_employers_cost_a_fixed_number_of_queries_a_page(hall, django_assert_max_num_queries):
    for _n in range(12):
        employer = hall.city.employer()
        person = hall.city.person()
        hall.city.works(person, employer, since=NOVEMBER)
        runs.assess([person.id], [NOVEMBER], source="scene")
    with clock.fixed(date(2026, 11, last_day())), django_assert_max_num_queries(30):
        assert reminders.send() == 12
