"""A person reads his months: what was the base, who paid what, and how it stands."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shebao.foundation.months import Month
from shebao.ledger import accounts, bills, record, writeoffs
from tests.ledger.books import A_MONTH, CLERK, PRICES, broken

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)
TODAY = date(2026, 11, 22)


@pytest.fixture
def employer(books):
    return books.city.employer("江城示例公司")


@pytest.fixture
def person(books, employer):
    """September paid, October in arrears, November not yet due."""
    (person,) = books.team(employer, 1, since=SEPTEMBER)
    books.owed([person], employer, SEPTEMBER)
    books.pays(books.slip(employer, SEPTEMBER), on=date(2026, 9, 18))
    books.owed([person], employer, OCTOBER, NOVEMBER)
    return person


def months(person, first=SEPTEMBER, last=NOVEMBER, scheme="pension"):
    return [m for m in record.months(person.id, first, last, today=TODAY) if m.scheme == scheme]


def test_each_month_says_how_it_stands(person):
    assert [(m.month, m.status) for m in months(person)] == [
        (SEPTEMBER, "paid"),
        (OCTOBER, "arrears"),
        (NOVEMBER, "not_yet_due"),
    ]


def test_a_month_shows_base_parts_and_payer(person):
    (september,) = months(person, last=SEPTEMBER)
    assert (september.base, september.employer_part, september.personal_part) == (6000, 960, 480)
    assert (september.payer_name, september.paid_on, september.late) == (
        "江城示例公司",
        date(2026, 9, 18),
        False,
    )
    assert (september.paid, september.outstanding) == (1440, 0)


def test_differences_found_later_are_in_the_figures(books, employer, person):
    books.differs(person, employer, SEPTEMBER, "pension", "80.00", "40.00", "40.00")
    (september,) = months(person, last=SEPTEMBER)
    assert (september.employer_part, september.personal_part) == (1040, 520)
    assert (september.base, september.lines, september.outstanding) == (6500, 2, 120)


def test_a_month_that_was_reversed_is_no_month(books, employer, person):
    employer_part, personal_part, account_part = (f"-{part}" for part in PRICES["pension"])
    books.differs(person, employer, SEPTEMBER, "pension", employer_part, personal_part, account_part)
    assert [m.month for m in months(person)] == [OCTOBER, NOVEMBER]


def test_a_month_written_off_says_so(books, employer, person):
    keys = [writeoffs.DueKey(person.id, scheme, employer.id, OCTOBER) for scheme in PRICES]
    writeoffs.write_off(keys, on=TODAY, source="case:1", by=CLERK)
    assert [m.status for m in months(person)] == ["paid", "written_off", "not_yet_due"]
    assert not broken()


def test_the_schemes_are_counted_and_summed(person):
    totals = {t.scheme: t for t in record.by_scheme(person.id, SEPTEMBER, NOVEMBER, today=TODAY)}
    pension = totals["pension"]
    assert (pension.months_paid, pension.months_in_arrears, pension.first_month) == (1, 1, SEPTEMBER)
    assert (pension.employer_part, pension.personal_part, pension.arrears) == (960, 480, 1440)


def test_thirty_years_are_as_many_queries_as_one_month(books, employer):
    (veteran,) = books.team(employer, 1, since=Month(1996, 12))
    books.owed([veteran], employer, *Month.range(Month(1996, 12), NOVEMBER), schemes=["pension"])

    def queries(first):
        with CaptureQueriesContext(connection) as asked:
            found = record.months(veteran.id, first, NOVEMBER, today=TODAY)
        return len(found), len(asked)

    assert queries(NOVEMBER) == (1, 3) and queries(Month(1990, 1)) == (360, 3)


def test_accounts_show_their_lines_and_years(person):
    assert accounts.balances(person.id) == {"pension": Decimal("480.00"), "medical": Decimal("120.00")}
    (line,) = accounts.lines(person.id, "pension")
    assert (line.month, line.amount, line.payer_name, line.label) == (
        SEPTEMBER, Decimal("480.00"), "江城示例公司", "缴费划入",
    )  # fmt: skip
    assert {(y.account, y.year, y.contributions, y.balance) for y in accounts.years(person.id)} == {
        ("medical", 2026, 120, 120),
        ("pension", 2026, 480, 480),
    }


def test_account_lines_page_by_key(books, employer):
    (person,) = books.team(employer, 1, since=Month(2026, 1))
    books.owed([person], employer, *Month.range(Month(2026, 1), NOVEMBER))
    books.pays(books.slip(employer, NOVEMBER))
    seen, before = [], None
    while page := accounts.lines(person.id, "pension", before=before, limit=4):
        seen += [line.month for line in page]
        before = page[-1].key
    assert seen == list(Month.range(Month(2026, 1), NOVEMBER))[::-1]


def test_an_employer_reads_its_bill(books, employer, person):
    bill = bills.of_payer(employer.id, NOVEMBER)
    assert (bill.persons, bill.amount) == (1, A_MONTH)
    assert {line.scheme for line in bill.schemes} == set(PRICES)
    assert [m.month for m in bills.months(employer.id)] == [NOVEMBER, OCTOBER, SEPTEMBER]
    assert [m.month for m in bills.months(employer.id, before=OCTOBER)] == [SEPTEMBER]
    (line,) = bills.people(employer.id, NOVEMBER)
    assert (line["person_id"], line["amount"], line["settled"]) == (person.id, A_MONTH, False)
    assert bills.people(employer.id, SEPTEMBER)[0]["settled"] is True
    assert bills.settled(employer.id, SEPTEMBER) == bills.Settled(A_MONTH, 0, 0)
    assert bills.settled(employer.id, OCTOBER) == bills.Settled(0, 0, A_MONTH)
    assert bills.of_payer(employer.id, Month(2020, 1)) is None


def test_the_people_of_a_bill_page_by_key(books):
    employer = books.city.employer()
    team = books.team(employer, 5, since=NOVEMBER)
    books.owed(team, employer, NOVEMBER)
    first = bills.people(employer.id, NOVEMBER, limit=3)
    rest = bills.people(employer.id, NOVEMBER, after=first[-1]["person_id"], limit=3)
    assert [row["person_id"] for row in first + rest] == sorted(p.id for p in team)
