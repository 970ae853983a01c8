"""Arrears are what is due and still unpaid after its deadline, person by person."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shebao.foundation.months import Month
from shebao.ledger import arrears, deadlines, writeoffs
from shebao.ledger.models import Run
from shebao.policy.models import Value
from tests.ledger.books import A_MONTH, CLERK

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)
TODAY = date(2026, 11, 22)


@pytest.fixture
def payable_until_the_20th():
    Value.objects.create(
        city="420100", parameter="payment_due_day", unit="day_of_month", value=20, source="scene", evidence="V1",
        valid_from=date(2000, 1, 1), known_from=date(2000, 1, 1),
    )  # fmt: skip


def test_where_the_day_is_not_known_a_month_is_overdue_when_it_is_over():
    assert deadlines.deadline(NOVEMBER) is None
    assert deadlines.overdue_until(date(2026, 11, 30)) == OCTOBER
    assert deadlines.overdue_until(date(2026, 12, 1)) == NOVEMBER


def test_a_month_is_overdue_the_day_after_its_deadline(payable_until_the_20th):
    assert deadlines.deadline(NOVEMBER) == date(2026, 11, 20)
    assert deadlines.overdue_until(date(2026, 11, 20)) == OCTOBER
    assert deadlines.overdue_until(date(2026, 11, 21)) == NOVEMBER
    assert deadlines.deadlines([Month(1999, 12), NOVEMBER]) == {
        Month(1999, 12): None,
        NOVEMBER: date(2026, 11, 20),
    }


def test_only_people_with_unpaid_overdue_months_are_in_arrears(books):
    employer, other = books.city.employer(), books.city.employer()
    paid, owing = books.team(employer, 2, since=SEPTEMBER)
    elsewhere = books.city.person()
    books.city.works(elsewhere, other, since=SEPTEMBER)
    books.owed([elsewhere], other, SEPTEMBER)
    books.owed([paid, owing], employer, SEPTEMBER)
    books.pays(books.slip(employer, SEPTEMBER))
    books.owed([owing], employer, OCTOBER)
    books.owed([paid, owing], employer, NOVEMBER)
    owed = arrears.of_people([paid.id, owing.id, elsewhere.id, None], employer.id, today=TODAY)
    assert list(owed) == [owing.id]
    one = owed[owing.id]
    assert (one.first_month, one.last_month, one.months, one.amount) == (OCTOBER, OCTOBER, 1, A_MONTH)
    assert one.schemes == ("medical", "pension", "unemployment") and one.name == owing.name


def test_what_stands_on_an_unpaid_slip_is_still_owed(books):
    employer = books.city.employer()
    (person,) = books.team(employer, 1, since=OCTOBER)
    books.owed([person], employer, OCTOBER)
    books.slip(employer, OCTOBER)
    assert arrears.of_people([person.id], employer.id, today=TODAY)


def test_what_is_written_off_is_not_owed(books):
    employer = books.city.employer()
    (person,) = books.team(employer, 1, since=OCTOBER)
    books.owed([person], employer, OCTOBER, schemes=["pension"])
    key = writeoffs.DueKey(person.id, "pension", employer.id, OCTOBER)
    writeoffs.write_off([key], on=TODAY, source="case:1", by=CLERK)
    assert not arrears.of_people([person.id], employer.id, today=TODAY)


def test_a_credit_found_later_makes_the_arrears_smaller(books):
    employer = books.city.employer()
    (person,) = books.team(employer, 1, since=OCTOBER)
    books.owed([person], employer, OCTOBER, schemes=["pension"])
    books.differs(person, employer, OCTOBER, "pension", "-60.00", "-30.00")
    assert arrears.of_people([person.id], employer.id, today=TODAY)[person.id].amount == Decimal("1350.00")


def test_a_difference_found_today_is_overdue_only_after_the_next_deadline(books):
    """In autumn the bases of the whole year change: that alone must not put everybody in arrears."""
    employer = books.city.employer()
    (person,) = books.team(employer, 1, since=OCTOBER)
    books.owed([person], employer, OCTOBER)
    books.pays(books.slip(employer, OCTOBER))
    found = books.differs(person, employer, OCTOBER, "pension", "60.00", "30.00", "30.00")
    Run.objects.filter(pk=found.run_id).update(started_at=datetime(2026, 11, 5, tzinfo=UTC))
    assert not arrears.of_people([person.id], employer.id, today=TODAY)
    owed = arrears.of_people([person.id], employer.id, today=date(2026, 12, 1))
    assert owed[person.id].amount == Decimal("90.00")


def test_an_employer_sees_its_arrears_by_person_and_by_month(books):
    employer = books.city.employer()
    team = books.team(employer, 3, since=SEPTEMBER)
    books.owed(team, employer, SEPTEMBER, OCTOBER)
    first = arrears.of_payer(employer.id, today=TODAY, limit=2)
    rest = arrears.of_payer(employer.id, today=TODAY, after=first[-1].person_id)
    assert [one.person_id for one in first + rest] == sorted(p.id for p in team)
    months = arrears.by_month(employer.id, today=TODAY)
    assert [(m.month, m.persons, m.amount) for m in months] == [
        (SEPTEMBER, 3, 3 * A_MONTH),
        (OCTOBER, 3, 3 * A_MONTH),
    ]
    assert months[0].schemes == ("medical", "pension", "unemployment")


def test_a_roster_of_any_size_is_one_query(books):
    employer = books.city.employer()

    def queries(size):
        team = books.team(employer, size, since=OCTOBER)
        books.owed(team, employer, OCTOBER)
        with CaptureQueriesContext(connection) as asked:
            assert len(arrears.of_people([p.id for p in team], employer.id, today=TODAY)) == size
        return [query["sql"] for query in asked if "ledger_due" in query["sql"]]

    assert len(queries(2)) == len(queries(40)) == 1
