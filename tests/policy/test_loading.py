"""Loading: once or ten times, the same tables; what dues cite stays."""

from datetime import date
from decimal import Decimal

import pytest

from shebao.foundation.months import Month
from shebao.policy.faults import Faulty
from shebao.policy.models import Terms, Value

pytestmark = pytest.mark.django_db

LATEST = '{from: 2022-01, value: "3300", source: 通知二, evidence: V2}'


def terms_in(month, known_on=date(2026, 11, 22)):
    """What the assessment would take: of the terms that cover the month, the newest known."""
    found = [
        t
        for t in Terms.objects.order_by("known_from")
        if t.starts <= month and (t.ends is None or t.ends >= month) and t.known_from <= known_on
    ]
    return found[-1] if found else None


def test_loading_again_changes_nothing(land):
    first = land.load()
    ids = set(Terms.objects.values_list("id", flat=True)) | set(Value.objects.values_list("id", flat=True))
    again = land.load()
    assert first.changed > 0
    assert again.changed == 0
    assert ids == set(Terms.objects.values_list("id", flat=True)) | set(
        Value.objects.values_list("id", flat=True)
    )


def test_terms_lie_side_by_side_and_leave_out_what_is_not_known(land):
    land.load()
    assert terms_in(Month(2020, 6)) is None
    assert terms_in(Month(2021, 6)).floor == Decimal(3000)
    assert terms_in(Month(2022, 1)).floor == Decimal(3300)
    assert terms_in(Month(2022, 1)).employer_rate == Decimal("0.16")


def test_a_base_announced_in_september_counts_from_january_once_it_is_known(land):
    land.load()
    before = terms_in(Month(2023, 3))
    land.change(
        LATEST,
        LATEST
        + '\n      - {from: 2023-01, known_from: 2023-09-26, value: "3600", source: 通知三, evidence: V2}',
    )
    land.cited = {before.id: (Month(2022, 1), Month(2023, 8))}
    done = land.load()
    assert (done.terms_changed, done.terms_removed) == (0, 0)
    assert terms_in(Month(2023, 3), known_on=date(2023, 9, 25)).id == before.id
    assert terms_in(Month(2023, 3), known_on=date(2023, 9, 26)).floor == Decimal(3600)
    assert terms_in(Month(2022, 12)).id == before.id


def test_what_a_due_cites_can_not_be_changed(land):
    land.load()
    land.cited = {terms_in(Month(2022, 5)).id: (Month(2022, 1), Month(2022, 5))}
    land.change(LATEST, LATEST.replace("3300", "3400"))
    with pytest.raises(Faulty) as refused:
        land.load()
    assert "2022-01 至 2022-05 的应缴已引用，不能改动" in str(refused.value)
    assert "999900-jiangcheng/pension.yaml" in str(refused.value)
    assert Value.objects.get(parameter="base_floor", valid_from=date(2022, 1, 1)).value == Decimal(3300)


def test_what_no_due_cites_can_be_mended(land):
    land.load()
    land.change(LATEST, LATEST.replace("3300", "3400"))
    land.load()
    assert terms_in(Month(2022, 5)).floor == Decimal(3400)


def test_an_entry_may_be_closed_behind_the_last_month_that_cites_it(land):
    land.load()
    cited = terms_in(Month(2022, 5))
    land.cited = {cited.id: (Month(2022, 1), Month(2022, 12))}
    land.change(
        LATEST,
        LATEST.replace("from: 2022-01", "from: 2022-01, until: 2022-12")
        + '\n      - {from: 2023-01, value: "3600", source: 通知三, evidence: V2}',
    )
    land.load()
    assert terms_in(Month(2022, 12)).id == cited.id
    assert terms_in(Month(2023, 1)).floor == Decimal(3600)


def test_an_entry_can_not_be_closed_before_a_month_that_cites_it(land):
    land.load()
    land.cited = {terms_in(Month(2022, 5)).id: (Month(2022, 1), Month(2023, 1))}
    land.change(
        LATEST,
        LATEST.replace("from: 2022-01", "from: 2022-01, until: 2022-12")
        + '\n      - {from: 2023-01, value: "3600", source: 通知三, evidence: V2}',
    )
    with pytest.raises(Faulty, match="不能改动"):
        land.load()


def test_a_better_source_may_be_written_to_a_cited_value(land):
    land.load()
    land.cited = {terms.id: (Month(2022, 1), Month(2022, 5)) for terms in Terms.objects.all()}
    land.change("source: 通知二", "source: 通知二（原件）")
    assert land.load().values_changed == 1


SYNTHETIC = """
synthetic: true
defaults: {source: "演示用合成数据，非政策规定", evidence: SYN}
series:
  - parameter: base_floor
    scheme: pension
    unit: yuan_per_month
    title: 缴费基数下限
    entries:
      - {from: 2020-01, until: 2021-12, value: "2500"}
"""


def test_made_up_figures_fill_only_what_is_unknown_and_are_marked(land):
    land.write("999900-jiangcheng/synthetic.yaml", SYNTHETIC)
    land.load(synthetic=True)
    assert (terms_in(Month(2020, 6)).floor, terms_in(Month(2020, 6)).synthetic) == (Decimal(2500), True)
    assert (terms_in(Month(2021, 6)).floor, terms_in(Month(2021, 6)).synthetic) == (Decimal(3000), False)


def test_made_up_figures_come_only_when_asked_for(land):
    land.write("999900-jiangcheng/synthetic.yaml", SYNTHETIC)
    land.load()
    assert terms_in(Month(2020, 6)) is None
    assert not Value.objects.filter(synthetic=True).exists()


def test_an_installation_that_is_no_demo_refuses_made_up_figures(land, settings):
    settings.DEMO = False
    land.write("999900-jiangcheng/synthetic.yaml", SYNTHETIC)
    with pytest.raises(Faulty, match="合成数据只供演示"):
        land.load(synthetic=True)
    assert not Value.objects.exists()


def test_production_does_not_calculate_with_what_one_third_party_says(land, settings):
    settings.POLICY_EVIDENCE = ("V1", "V2", "V3", "S")
    land.change(LATEST, LATEST.replace("V2", "V4"))
    land.load()
    assert terms_in(Month(2021, 6)) is not None
    assert terms_in(Month(2022, 6)) is None
