"""按时缴费: what an employer's evaluation reads from the books about how it pays."""

from datetime import date

import pytest

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger import punctuality

pytestmark = pytest.mark.django_db
AUGUST, SEPTEMBER, OCTOBER = Month(2026, 8), Month(2026, 9), Month(2026, 10)


@pytest.fixture
def paid(books):
    """An employer that paid August to October in time, and its one worker."""
    books.last_days_are_known()
    employer = books.city.employer()
    (worker,) = books.team(employer, 1, since=AUGUST)
    for month in (AUGUST, SEPTEMBER, OCTOBER):
        day = date(2026, month.month, 20)
        with clock.fixed(day):
            books.owed([worker], employer, month)
            books.pays(books.slip(employer, month), on=day)
    return employer, worker


def found(employer, *, today: date, months: int = 3) -> punctuality.Punctuality:
    return punctuality.of([employer.id], today=today, months=months)[employer.id]


def test_a_difference_that_is_not_due_yet_leaves_a_paid_month_paid(books, paid):
    employer, worker = paid
    with clock.fixed(date(2026, 11, 12)):
        books.differs(worker, employer, SEPTEMBER, "pension", employer="80.00")
    asked = found(employer, today=date(2026, 11, 25))
    assert (asked.on_time, asked.unpaid, asked.owed) == (3, (), ())
    asked = found(employer, today=date(2026, 11, 26), months=4)
    assert (asked.on_time, asked.unpaid) == (2, (SEPTEMBER,))
    assert sum(one.amount for one in asked.owed) == 80


def test_arrears_older_than_the_span_are_still_told(books, paid):
    employer, worker = paid
    with clock.fixed(date(2026, 9, 28)):
        books.differs(worker, employer, AUGUST, "pension", employer="80.00")
    asked = found(employer, today=date(2026, 11, 22), months=1)
    assert (asked.billed, asked.on_time, asked.unpaid) == (1, 1, ())
    assert [one.month for one in asked.owed] == [AUGUST]
