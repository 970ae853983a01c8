"""滞纳金: per day, at the rate of each day, rounded once; against hand-worked examples and an independent sum."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.ledger import late_fees
from tests import policies

EXAMPLES = yaml.safe_load(Path(__file__).with_name("late_fees.yaml").read_text(encoding="utf-8"))
GIVEN = """
SELECT * FROM unnest(%(ids)s::bigint[], %(payers)s::bigint[], %(months)s::date[], %(numbers)s::smallint[],
                     %(amounts)s::numeric[])
       AS l(person_id, payer_id, month, line, amount)
 CROSS JOIN (SELECT 'pension' AS scheme, 0::bigint AS run_id) x
"""


@pytest.fixture
def rules(db):
    policies.load(synthetic=True)


def charged(lines, until: date, last_days: dict[Month, date | None], payer_is_person=False) -> list[dict]:
    """The late fees of lines (month, line, amount), each of another person, by the rule."""
    scope = late_fees.scope(until) | {"due_months": list(last_days), "last_days": list(last_days.values())}
    scope |= {
        "ids": list(range(1, len(lines) + 1)),
        "payers": [number if payer_is_person else 99 for number in range(1, len(lines) + 1)],
        "months": [month for month, _line, _amount in lines],
        "numbers": [line for _month, line, _amount in lines],
        "amounts": [amount for _month, _line, amount in lines],
    }
    relations = {"lines": GIVEN, **late_fees.FEES}
    return sql.rows(sql.using(relations, "SELECT * FROM fees ORDER BY person_id, line"), scope)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["title"] for example in EXAMPLES])
def test_the_rule_gives_what_was_worked_out_by_hand(rules, example):
    month = Month.parse(str(example["month"]))
    line = (month, 1, Decimal(example["amount"]))
    (found,) = charged([line], example["until"], {month: example["last_day"]})
    assert str(found["fee"]) == example["fee"]
    (stretches,) = late_fees.stretches_of([found["parts"]])
    assert [f"{one.first} {one.last} {one.days} {one.rate}" for one in stretches] == example["stretches"]
    assert all(one.source for one in stretches)


def test_a_stretch_says_its_days_and_rate_in_words(rules):
    (found,) = charged(
        [(Month(2011, 6), 1, Decimal(1000))], date(2011, 7, 25), {Month(2011, 6): date(2011, 6, 25)}
    )
    (stretches,) = late_fees.stretches_of([found["parts"]])
    assert [one.in_words for one in stretches] == [
        "2011-06-26 至 2011-06-30，5 天 × 0.2%",
        "2011-07-01 至 2011-07-25，25 天 × 0.05%",
    ]
    assert "征缴暂行条例" in stretches[0].source and "第八十六条" in stretches[1].source


def test_where_the_last_day_is_not_known_nothing_is_charged(rules):
    (found,) = charged([(Month(2026, 3), 1, Decimal(1000))], date(2026, 11, 25), {Month(2026, 3): None})
    assert (found["fee"], found["since"], found["parts"]) == (Decimal("0.00"), None, "[]")


def test_who_pays_for_himself_owes_no_late_fee(rules):
    line = (Month(2026, 3), 1, Decimal(1000))
    (found,) = charged([line], date(2026, 11, 25), {Month(2026, 3): date(2026, 3, 25)}, payer_is_person=True)
    assert found["fee"] == 0


RATES = (
    (date(1999, 1, 22), date(2011, 6, 30), Decimal("0.002")),
    (date(2011, 7, 1), None, Decimal("0.0005")),
)


def by_hand(amount: Decimal, last_day: date, until: date) -> Decimal:
    """Day by day, in Python, knowing nothing of the SQL."""
    total, day = Decimal(0), last_day
    while day < until:
        day += timedelta(days=1)
        total += amount * next(
            (rate for a, z, rate in RATES if a <= day and (z is None or day <= z)), Decimal(0)
        )
    return total.quantize(Decimal("0.01"), ROUND_HALF_UP)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.tuples(st.dates(date(1998, 6, 1), date(2026, 10, 28)), st.integers(1, 3_000_000)),
        min_size=1,
        max_size=8,
    ),
    until=st.one_of(
        st.dates(date(2011, 6, 1), date(2011, 8, 1)), st.dates(date(1999, 1, 1), date(2026, 11, 30))
    ),
)
def test_any_lines_cost_what_counting_day_by_day_says(rules, lines, until):
    wanted = {Month.of(day): day for day, _fen in lines}
    lines = [(Month.of(day), 1, Decimal(fen) / 100) for day, fen in lines]
    found = charged(lines, until, wanted)
    assert [row["fee"] for row in found] == [
        by_hand(amount, wanted[month], until) for month, _l, amount in lines
    ]
