"""What was in force: never another year's figure, never a guess."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings as configured

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.policy import inforce, loading

pytestmark = pytest.mark.django_db


@pytest.fixture
def wuhan(db):
    loading.load(configured.POLICIES, cited=lambda ids: {})
    with clock.fixed(date(2026, 11, 22)):
        yield


@pytest.fixture
def demo_city(db):
    loading.load(configured.POLICIES, synthetic=True, cited=lambda ids: {})
    with clock.fixed(date(2026, 11, 22)):
        yield


def test_the_base_of_2025_is_the_one_that_was_announced_in_september(wuhan):
    assert inforce.value("base_floor", on=Month(2025, 3), scheme="pension") == Decimal(4498)
    with pytest.raises(inforce.Unknown):
        inforce.value("base_floor", on=Month(2025, 3), scheme="pension", known_on=date(2025, 9, 25))


def test_an_unknown_figure_is_named_with_city_month_scheme_and_reason(wuhan):
    with pytest.raises(inforce.Unknown) as unknown:
        inforce.value("base_floor", on=Month(2013, 5), scheme="pension")
    assert unknown.value.sentence == "武汉 2013-05 养老保险缴费基数下限未知：未查到"


def test_conflicting_sources_leave_a_figure_unknown(wuhan):
    with pytest.raises(inforce.Unknown, match="来源冲突：4224"):
        inforce.value("base_floor", on=Month(2024, 5), scheme="pension")


def test_a_figure_of_the_country_holds_where_the_city_says_nothing(wuhan):
    assert inforce.value("late_fee_rate", on=date(2011, 6, 30)) == Decimal("0.002")
    assert inforce.value("late_fee_rate", on=date(2011, 7, 1)) == Decimal("0.0005")
    assert inforce.value(
        "employer_rate", on=Month(2025, 1), scheme="injury", kind="employee", klass="8"
    ) == Decimal("0.019")


def test_the_citys_own_ignorance_is_not_covered_by_the_country(wuhan):
    with pytest.raises(inforce.Unknown, match="八级"):
        inforce.value(
            "employer_rate", on=Month(2018, 1), scheme="injury", kind="employee", klass="1", city="440300"
        )


def test_a_figure_nobody_wrote_down_is_unknown_too(wuhan):
    assert inforce.value_or_none("price_of_tea", on=Month(2025, 1)) is None


def test_made_up_figures_can_be_left_out_even_in_the_demo(demo_city):
    assert inforce.figure("base_floor", on=Month(2013, 5), scheme="pension").synthetic
    assert inforce.value_or_none("base_floor", on=Month(2013, 5), scheme="pension", synthetic=False) is None


def test_the_country_s_real_figure_goes_before_the_citys_made_up_one(demo_city):
    found = inforce.figure("account_rate", on=Month(2010, 1), scheme="pension", kind="employee")
    assert (found.city, found.value, found.synthetic) == ("china", Decimal("0.08"), False)


def test_tiers_come_as_a_table(wuhan):
    tiers = inforce.table("flexible_tier", on=Month(2026, 11))
    assert (tiers["1"], tiers["9"], len(tiers)) == (Decimal("0.60"), Decimal("3.00"), 9)


def test_the_demo_city_can_be_assessed_in_every_month_since_1992(demo_city):
    from shebao.policy.models import Terms

    laid = list(Terms.objects.filter(city="420100"))
    for scheme, kind, classes in (
        ("pension", "employee", [0]), ("pension", "flexible", [0]), ("medical", "employee", [0]),
        ("medical", "flexible", [0]), ("large_medical", "employee", [0]), ("large_medical", "flexible", [0]),
        ("injury", "employee", range(1, 9)), ("unemployment", "employee", [0]),
    ):  # fmt: skip
        for klass in classes:
            covering = [t for t in laid if (t.scheme, t.kind, t.injury_class) == (scheme, kind, klass)]
            for month in Month.range(Month(1992, 1), Month(2026, 12)):
                assert any(t.starts <= month and (t.ends is None or t.ends >= month) for t in covering), (
                    scheme, kind, klass, month,
                )  # fmt: skip
