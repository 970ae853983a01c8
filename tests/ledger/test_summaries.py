"""Sums kept for pages are those of the books, however much happens between two looks."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger import arrears, bills, slips, summaries
from shebao.ledger.models import Summary
from shebao.registry.models import Person
from tests.ledger.books import A_MONTH, PAYER

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)


@pytest.fixture
def factory(books):
    employer = books.city.employer()
    books.owed(books.team(employer, 3, since=SEPTEMBER), employer, SEPTEMBER, OCTOBER)
    return employer


def both_ways(show):
    """What is kept now, and what is added up anew: the same."""
    kept = show()
    Summary.objects.all().delete()
    assert kept == show()
    return kept


def everything(employer):
    today = clock.today()
    return both_ways(
        lambda: (
            bills.settled(employer.id, SEPTEMBER),
            arrears.by_month(employer.id, today=today),
            list(arrears.by_scheme(employer.id, today=today)),
            arrears.of_payer(employer.id, today=today),
            slips.preview(employer.id, OCTOBER),
        )
    )


def test_the_kept_sums_follow_every_deed(books, factory):
    settled, by_month, *_rest, preview = everything(factory)
    assert settled.outstanding == 3 * A_MONTH and len(by_month) == 2
    person = arrears.of_payer(factory.id, today=clock.today())[0]
    books.differs(Person.objects.get(pk=person.person_id), factory, SEPTEMBER, "pension", employer="10.00")
    assert everything(factory)[0].outstanding == 3 * A_MONTH + 10
    slip = slips.make_monthly(factory.id, SEPTEMBER, by=PAYER)
    made = everything(factory)
    slips.take_back(slip.id, by=PAYER)
    assert everything(factory)[-1] != made[-1] or preview is None
    books.pays(slips.make_monthly(factory.id, SEPTEMBER, by=PAYER))
    paid = everything(factory)
    assert paid[0].outstanding == 0 and [one.month for one in paid[1]] == [OCTOBER]


def test_a_second_look_adds_nothing_up(factory):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            arrears.by_month(factory.id, today=clock.today())
            bills.settled(factory.id, SEPTEMBER)
        return [one["sql"] for one in captured.captured_queries]

    assert any("ledger_due" in one for one in queries())
    assert not any("ledger_due" in one for one in queries())


def test_a_name_that_was_corrected_shows_at_once(factory):
    first = arrears.of_payer(factory.id, today=clock.today())[0]
    person = Person.objects.get(pk=first.person_id)
    person.name = "张改名"
    person.save()
    assert arrears.of_payer(factory.id, today=clock.today())[0].name == "张改名"


def test_amounts_and_days_come_back_as_they_were_kept():
    rows = [{"amount": Decimal("1.10"), "month": SEPTEMBER.first_day, "schemes": ["pension"], "persons": 3}]
    assert summaries.kept("test", "1", lambda: rows) == rows
    assert summaries.kept("test", "1", lambda: 1 / 0) == rows
    assert summaries.kept("test", "2", list) == []


def test_another_day_takes_the_place_of_the_one_before_and_nobody_is_named_in_what_is_kept(factory):
    def look():
        today = clock.today()
        arrears.by_month(factory.id, today=today)
        arrears.by_scheme(factory.id, today=today)
        return arrears.of_payer(factory.id, today=today)

    names = {one.name for one in look()} | {one.id_number for one in look()}
    with clock.fixed(clock.today() + timedelta(days=1)):
        look()
    kept = list(Summary.objects.filter(about__contains="arrears"))
    assert len(kept) == 3
    assert not any(name in json.dumps(one.content, ensure_ascii=False) for one in kept for name in names)


def test_sums_of_another_day_than_today_are_not_kept(factory):
    arrears.by_month(factory.id, today=clock.today() + timedelta(days=1))
    assert not Summary.objects.exists()
