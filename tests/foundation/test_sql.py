"""Named queries, combined as relations, with months as parameters."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import isolate_apps

from shebao.foundation import sql
from shebao.foundation.fields import MonthField
from shebao.foundation.months import Month

SAMPLE = sql.queries("tests.foundation", "sample.sql")


def test_queries_are_found_by_name_without_their_remarks():
    assert set(SAMPLE) == {"numbers", "doubled"}
    assert not any("--" in query or query.endswith(";") for query in SAMPLE.values())


def test_a_query_without_a_sentence_or_with_a_used_name_is_refused():
    with pytest.raises(ValueError, match="unexplained lacks its sentence"):
        sql.queries("tests.foundation", "nameless.sql")
    with pytest.raises(ValueError, match="two queries are named one"):
        sql.queries("tests.foundation", "twice.sql")


@pytest.mark.django_db
def test_relations_combine_into_one_statement():
    statement = sql.using({"numbers": SAMPLE["numbers"]}, SAMPLE["doubled"])
    assert sql.rows(statement, {"limit": 2}) == [{"number": 1, "twice": 2}, {"number": 2, "twice": 4}]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "further",
    [
        "with half AS (SELECT number / 2 AS h FROM numbers) SELECT sum(h) AS total FROM half;",
        "WITH RECURSIVE half AS (SELECT number / 2 AS h FROM numbers) SELECT sum(h) AS total FROM half",
    ],
)
def test_a_statement_may_have_relations_of_its_own(further):
    statement = sql.using({"numbers": SAMPLE["numbers"]}, further)
    assert sql.rows(statement, {"limit": 4}) == [{"total": 4}]
    assert sql.using({}, "SELECT 1;") == "SELECT 1"


@pytest.mark.django_db
def test_a_month_goes_into_a_query_as_its_first_day():
    asked = {"month": Month(2026, 11), "months": [Month(2026, 1), Month(2026, 2)]}
    row = sql.rows("SELECT %(month)s AS month, %(months)s::date[] AS months", asked)[0]
    assert row == {"month": date(2026, 11, 1), "months": [date(2026, 1, 1), date(2026, 2, 1)]}


@pytest.mark.django_db
def test_a_write_tells_how_many_rows_it_touched():
    sql.run("CREATE TEMPORARY TABLE written (n int)").close()
    with sql.run("INSERT INTO written SELECT generate_series(1, %(n)s)", {"n": 3}) as cursor:
        assert cursor.rowcount == 3


@pytest.fixture
def bill(db):
    with isolate_apps("shebao.foundation"):

        class Bill(models.Model):  # noqa: DJ008 - lives for one test
            month = MonthField()
            closed = MonthField(null=True, blank=True)

            class Meta:
                app_label = "foundation"

    with connection.schema_editor() as editor:
        editor.create_model(Bill)
    return Bill


def test_a_month_comes_back_from_the_database_as_it_was_put_there(bill):
    bill.objects.bulk_create([bill(month=Month(2026, 11)), bill(month="2026-12", closed=date(2027, 1, 1))])
    assert list(bill.objects.order_by("month").values_list("month", "closed")) == [
        (Month(2026, 11), None),
        (Month(2026, 12), Month(2027, 1)),
    ]
    assert bill.objects.filter(month__gte=Month(2026, 12), closed__isnull=False).count() == 1
    assert bill.objects.filter(month__in=[Month(2026, 11)]).count() == 1
    assert bill.objects.aggregate(last=models.Max("month")) == {"last": Month(2026, 12)}
    assert bill.objects.filter(closed=models.F("month")).count() == 0
    bill.objects.update(closed=models.F("month"))
    assert {one.closed for one in bill.objects.all()} == {Month(2026, 11), Month(2026, 12)}
    assert sql.rows("SELECT min(month) AS first FROM foundation_bill") == [{"first": date(2026, 11, 1)}]


def test_a_day_in_the_middle_of_a_month_is_a_mistake_in_a_filter(bill):
    with pytest.raises(ValueError, match=r"not the first day of a month; use Month\.of"):
        bill.objects.filter(month=date(2026, 11, 2)).exists()


def test_a_month_that_is_none_is_refused_with_a_sentence(bill):
    one = bill(month="2026-13")
    with pytest.raises(ValidationError, match="请写成 2026-06"):
        one.full_clean()
    with pytest.raises(ValidationError):
        bill(month="2026-02-30").full_clean()
    one.month = "2026-11-01"
    one.full_clean()
    assert one.month == Month(2026, 11)
    assert bill._meta.get_field("month").value_to_string(one) == "2026-11"
    assert bill._meta.get_field("closed").value_to_string(one) == ""
    assert bill._meta.get_field("month").formfield().clean("2026-11") == "2026-11"
