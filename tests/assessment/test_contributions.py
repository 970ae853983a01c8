"""What one month costs: the SQL against an independent calculator, and refusals that name what is missing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shebao.assessment.contributions import NoRule, Subject, preview
from shebao.foundation.months import Month
from tests.assessment.calculator import Amounts, amounts

EMPLOYEE_SCHEMES = ("pension", "medical", "large_medical", "injury", "unemployment")
FLEXIBLE_SCHEMES = ("pension", "medical", "large_medical")

wages = st.decimals(min_value="0.01", max_value="99999.99", places=2) | st.sampled_from(
    # at, beside and between the limits, and halves of a fen
    [
        Decimal(w)
        for w in ("4497.99", "4498", "4498.01", "22487.99", "22488", "22488.01", "5000.03", "6233.25", "0.01")
    ]
)
tiers = st.decimals(min_value="0.3", max_value="3.5", places=4)
employees = st.builds(
    Subject, scheme=st.sampled_from(EMPLOYEE_SCHEMES), declared_wage=wages, injury_class=st.integers(1, 8)
)
flexible = st.builds(Subject, scheme=st.sampled_from(FLEXIBLE_SCHEMES), kind=st.just("flexible"), tier=tiers)
real_months = st.sampled_from([Month(2025, 1), Month(2025, 10), Month(2026, 1), Month(2026, 11)])
all_months = st.builds(Month, st.integers(1992, 2026), st.integers(1, 12))
often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def as_amounts(line) -> Amounts:
    return Amounts(line.base, line.employer_part, line.personal_part, line.account_part)


@often
@given(month=real_months, subjects=st.lists(employees | flexible, min_size=1, max_size=30))
def test_the_sql_and_a_pocket_calculator_agree(policies, month, subjects):
    lines = preview(month, subjects)
    assert [as_amounts(line) for line in lines] == [amounts(subject, month) for subject in subjects]


@often
@given(month=all_months, subjects=st.lists(employees | flexible, min_size=1, max_size=10))
def test_they_agree_in_every_month_of_the_demo_city(demo_policies, month, subjects):
    lines = preview(month, subjects, synthetic=True)
    assert [as_amounts(line) for line in lines] == [amounts(s, month, synthetic=True) for s in subjects]


@often
@given(wage=wages, klass=st.integers(1, 8))
def test_a_base_is_never_outside_the_limits_and_parts_are_whole_fen(policies, wage, klass):
    subjects = [Subject(scheme, declared_wage=wage, injury_class=klass) for scheme in EMPLOYEE_SCHEMES]
    for line in preview(Month(2025, 10), subjects):
        why = line.explanation
        if not why.fixed:
            assert why.floor <= line.base <= why.ceiling
        assert line.account_part <= line.employer_part + line.personal_part
        for part in (line.employer_part, line.personal_part, line.account_part):
            assert part == part.quantize(Decimal("0.01")) >= 0


def test_half_a_fen_is_rounded_up(policies):
    (line,) = preview(Month(2025, 10), [Subject("unemployment", declared_wage=Decimal("4505.00"))])
    assert (line.employer_part, line.personal_part) == (Decimal("31.54"), Decimal("13.52"))  # 31.535, 13.515


def test_what_is_above_the_ceiling_is_cut_and_says_so(policies):
    high, low, between = preview(
        Month(2025, 10),
        [Subject("pension", declared_wage=Decimal(wage)) for wage in ("30000", "3000", "5000")],
    )
    assert [line.explanation.clamped for line in (high, low, between)] == ["ceiling", "floor", "none"]
    assert (high.base, low.base) == (Decimal("22488.00"), Decimal("4498.00"))


def test_an_explanation_cites_every_figure_with_its_source(policies):
    (line,) = preview(Month(2025, 10), [Subject("pension", declared_wage=Decimal(5000))])
    cited = {value.parameter: value for value in line.explanation.values}
    assert set(cited) == {"base_floor", "base_ceiling", "employer_rate", "personal_rate", "account_rate"}
    assert "鄂人社发〔2025〕28号" in cited["base_floor"].source
    assert all(value.source and value.evidence for value in cited.values())


def test_figures_carried_from_last_year_are_marked_provisional(policies):
    (line,) = preview(Month(2026, 11), [Subject("pension", declared_wage=Decimal(5000))])
    assert line.explanation.provisional


def test_a_month_whose_floor_is_unknown_is_refused_by_name(policies):
    with pytest.raises(NoRule) as refused:
        preview(Month(2013, 5), [Subject("pension", declared_wage=Decimal(5000))])
    assert "武汉 2013-05 养老保险缴费基数下限未知" in refused.value.sentence


def test_made_up_figures_never_enter_a_preview_unasked(demo_policies):
    with pytest.raises(NoRule, match="武汉 2013-05"):
        preview(Month(2013, 5), [Subject("pension", declared_wage=Decimal(5000))])
    (line,) = preview(Month(2013, 5), [Subject("pension", declared_wage=Decimal(5000))], synthetic=True)
    assert line.explanation.synthetic


def test_before_the_notice_of_september_nobody_knew_the_floor_of_2025(policies):
    subject = [Subject("pension", declared_wage=Decimal(4000))]
    with pytest.raises(NoRule):
        preview(Month(2025, 3), subject, known_on=date(2025, 9, 25))
    assert preview(Month(2025, 3), subject, known_on=date(2025, 9, 26))[0].base == Decimal("4498.00")


def test_a_scheme_that_the_city_no_longer_assesses_is_refused(policies):
    with pytest.raises(NoRule, match="武汉 2025-10 没有生育保险（职工）的缴费规则"):
        preview(Month(2025, 10), [Subject("maternity", declared_wage=Decimal(5000))])


def test_conflicting_sources_stop_shenzhens_unemployment_dues(policies):
    with pytest.raises(NoRule, match="深圳 2026-03 失业保险单位缴费比例未知"):
        preview(Month(2026, 3), [Subject("unemployment", declared_wage=Decimal(5000))], city="440300")


def test_nothing_declared_is_refused(policies):
    with pytest.raises(NoRule, match="没有申报工资或缴费档次"):
        preview(Month(2025, 10), [Subject("pension")])
