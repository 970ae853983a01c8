"""Making the city with several connections: all of it or nothing, and again after an accident."""

from datetime import date

import pytest

from demo import books, city
from demo.models import City
from shebao.foundation import clock, sql
from shebao.ledger import invariants
from shebao.ledger.models import Due
from shebao.registry.models import Person
from tests import policies

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = {"people": 200, "employers": 8, "workers": 2}


@pytest.fixture(autouse=True)
def today():
    with clock.fixed(date(2026, 11, 22)):
        policies.load(synthetic=True)
        yield


@pytest.mark.slow
def test_what_several_connections_make_is_what_one_makes():
    city.make(people=200, employers=8, seed=3)
    alone = totals()
    city.make(**SIZE, seed=3, fresh=True)
    assert totals() == alone
    assert invariants.broken() == []


def test_a_making_that_breaks_off_leaves_nothing_and_is_done_again(monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as accident:
        accident.setattr(books, "credit_interest", killed)
        with pytest.raises(KeyboardInterrupt):
            city.make(**SIZE, seed=3)
    assert not city.occupied()
    assert not City.objects.exists()
    assert not Due.objects.exists()
    city.make(**SIZE, seed=3)
    assert Person.objects.filter(source="demo:city").count() == 200
    assert invariants.broken() == []


def totals() -> list[dict]:
    return sql.rows("""
        SELECT d.month, d.scheme, count(*) AS dues, sum(d.employer_part) AS employer, sum(d.personal_part) AS personal,
               count(a.person_id) AS settled
          FROM ledger_due d
          LEFT JOIN ledger_allocation a USING (person_id, scheme, payer_id, month, line)
         GROUP BY d.month, d.scheme
         ORDER BY d.month, d.scheme""")
