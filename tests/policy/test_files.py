"""What the files may say: everything that is wrong is said at once, with file and line."""

import pytest
from django.conf import settings

from shebao.policy import loading

LATEST = '{from: 2022-01, value: "3300", source: 通知二, evidence: V2}'


def test_the_cities_we_ship_have_no_faults():
    assert loading.check(settings.POLICIES) == []
    assert loading.check(settings.POLICIES, synthetic=True) == []


def test_a_sound_land_has_no_problems(land):
    assert land.problems() == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('{from: 2022-01, value: 3300, source: 通知二, evidence: V2}', "没有加引号"),
        ('{from: 2022-01, value: "三千", source: 通知二, evidence: V2}', "不是数值"),
        ('{from: 2022-01, value: "-1", source: 通知二, evidence: V2}', "不是数值"),
        ('{from: 2022-01, value: "3300", evidence: V2}', "缺 source"),
        ('{from: 2022-01, value: "3300", source: 通知二}', "缺 evidence"),
        ('{value: "3300", source: 通知二, evidence: V2}', "缺 from"),
        ('{from: 2022-01, source: 通知二, evidence: V2}', "要写且只写一个"),
        ('{from: 2022-01, value: "3300", source: 通知二, evidence: V9}', "证据等级 'V9' 不认识"),
        ('{from: 2022-01, value: "3300", source: 通知二, evidence: V2, sauce: 二}', "不认识的项：sauce"),
        ('{from: 二〇二二, value: "3300", source: 通知二, evidence: V2}', "看不出是哪一天"),
        ('{from: 2022-01, until: 2021-12, value: "3300", source: 通知二, evidence: V2}', "until 早于 from"),
        ('{from: 2022-01, value: "3300", source: 通知二, evidence: U}', "证据等级 U 的数值不能使用"),
        ('{from: 2022-01, value: "3300", source: 通知二, evidence: X}', "证据等级 X 的数值不能使用"),
        ('{from: 2022-01, value: null, source: 通知二, evidence: V2}', "没有数值，证据等级却是 V2"),
        ('{from: 2022-01, value: "3300", source: 通知二, evidence: SYN}', "合成数据要放在 synthetic: true 的文件里"),
        ('{from: 2022-01, value: "3300", value: "1", source: 通知二, evidence: V2}', "“value” 写了两次"),
        ('{from: 2022-02, value: "3300", source: 通知二, evidence: V2}', "2022-01-01 至 2022-01-31 没有写明"),
        ('{from: 2021-12, value: "3300", source: 通知二, evidence: V2}', "时间重叠"),
        ('{from: 2022-01-15, value: "3300", source: 通知二, evidence: V2}', "没有写明"),
        ('{from: 2022-01, value: "30000", source: 通知二, evidence: V2}', "下限 30000 高于上限 20000"),
    ],
)  # fmt: skip
def test_a_faulty_entry_is_named_with_its_file_and_what_is_wrong(land, written, said):
    land.change(LATEST, written)
    problems = land.problems()
    assert any(said in problem and "999900-jiangcheng/pension.yaml" in problem for problem in problems), (
        problems
    )


def test_all_faults_come_at_once(land):
    land.change(LATEST, "{from: 2022-01, value: 3300, evidence: V2}")
    land.change('value: "0.16"', 'value: "16"')
    land.change("unit: yuan_per_month", "unit: percent")
    problems = "\n".join(land.problems())
    for said in ("没有加引号", "缺 source", "大于 1", "单位 'percent' 不认识"):
        assert said in problems


def test_shares_that_do_not_cover_the_same_months_are_refused(land):
    """Otherwise a run would quietly leave one share out of the month, or credit it back."""
    land.change('{from: 2020-01, value: "0.08", source: 办法, evidence: V1}',
                '{from: 2020-01, until: 2022-12, value: "0.08", source: 办法, evidence: V1}')  # fmt: skip
    assert any("personal_rate 在 2023-01 至 今后 没有写明" in problem for problem in land.problems())


def test_a_figure_that_is_used_although_unverified_says_why(land):
    land.change(LATEST, '{from: 2022-01, value: "3300", source: 传闻, evidence: U, adopted: 先用，待核实}')
    assert land.problems() == []


def test_an_unknown_scheme_is_a_slip_of_the_pen(land):
    land.change("scheme: pension", "scheme: pensoin")
    assert any("险种 'pensoin' 没有名称" in problem for problem in land.problems())


def test_knowledge_is_not_replaced_by_ignorance(land):
    land.change(
        LATEST,
        LATEST + "\n      - {from: 2022-06, known_from: 2022-09-01, value: null, source: 忘了, evidence: N}",
    )
    assert any("不能用“未知”取代已知" in problem for problem in land.problems())


def test_a_broken_file_does_not_hide_the_faults_of_the_others(land):
    land.write("999900-jiangcheng/zzz.yaml", "series: [")
    land.change(LATEST, "{from: 2022-01, value: 3300, source: 通知二, evidence: V2}")
    problems = "\n".join(land.problems())
    assert "zzz.yaml" in problems
    assert "不是正确的 YAML" in problems
    assert "没有加引号" in problems
