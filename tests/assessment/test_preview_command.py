"""bin/shebao preview: JSON for scripts, a sentence and exit status 1 where a figure is unknown."""

import json

import pytest
from django.core.management import CommandError, call_command


def previewed(capsys, *words) -> dict:
    call_command("preview", *words)
    return json.loads(capsys.readouterr().out)


def test_an_employee_of_wuhan_in_october_2025(policies, capsys):
    said = previewed(
        capsys,
        "--city",
        "420100",
        "--month",
        "2025-10",
        "--kind",
        "employer",
        "--wage",
        "5000",
        "--injury-class",
        "1",
    )
    assert said["total"] == {"employer": "1280.00", "personal": "522.00"}
    assert [(line["scheme"], line["base"], line["employer"], line["personal"]) for line in said["lines"]] == [
        ("pension", "5000.00", "800.00", "400.00"),
        ("medical", "5000.00", "435.00", "100.00"),
        ("large_medical", "0.00", "0.00", "7.00"),
        ("injury", "5000.00", "10.00", "0.00"),
        ("unemployment", "5000.00", "35.00", "15.00"),
    ]
    why = said["lines"][0]["explanation"]
    assert (why["employer_rate"], why["floor"], why["clamped"]) == ("0.16", "4498.00", "none")
    assert {"parameter", "value", "source", "evidence", "document"} <= set(why["values"][0])


def test_a_flexible_worker_has_the_lowest_tier_unless_told_otherwise(policies, capsys):
    said = previewed(capsys, "--month", "2025-10", "--kind", "flexible")
    assert said["lines"][0]["explanation"]["tier"] == "0.6"
    assert said["total"] == {"employer": "0.00", "personal": "1176.48"}
    assert (
        previewed(capsys, "--month", "2025-10", "--kind", "flexible", "--tier", "1")["lines"][0]["base"]
        == "7496.00"
    )
    assert (
        previewed(capsys, "--month", "2025-10", "--kind", "flexible", "--wage", "6000")["lines"][0]["base"]
        == "6000.00"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--month", "2013-05", "--wage", "5000"], "武汉 2013-05 养老保险缴费基数下限未知"),
        (["--month", "2024-05", "--wage", "5000"], "武汉 2024-05 养老保险缴费基数下限未知：来源冲突"),
        (
            ["--month", "2025-10", "--city", "110000", "--wage", "5000"],
            "没有城市 110000 的缴费规则；可用的城市：420100 武汉",
        ),
        (["--month", "1900-01", "--wage", "5000"], "起，没有 1900-01 的缴费规则；请改用"),
        (["--month", "2025-10"], "要给出 --wage"),
        (["--month", "2025-10", "--wage", "0"], "大于 0"),
        (["--month", "2025-10", "--wage", "五千"], "--wage 要写成"),
        (["--month", "2025-10", "--wage", "5000", "--tier", "1"], "档次只用于灵活就业"),
        (["--month", "十月", "--wage", "5000"], "年月"),
    ],
)
def test_what_can_not_be_computed_is_refused_with_the_reason(policies, words, said):
    with pytest.raises(CommandError, match=said) as refused:
        call_command("preview", *words)
    assert refused.value.returncode == 1


def test_made_up_figures_are_used_only_when_asked_for_and_then_marked(demo_policies, capsys):
    with pytest.raises(CommandError, match="武汉 2013-05"):
        call_command("preview", "--month", "2013-05", "--wage", "5000")
    said = previewed(capsys, "--month", "2013-05", "--wage", "5000", "--synthetic")
    assert all(line["explanation"]["synthetic"] for line in said["lines"])


def test_on_a_fresh_demo_machine_it_brings_the_policies_in_first(db, today, capsys):
    assert previewed(capsys, "--month", "2025-10", "--wage", "5000")["total"]["employer"] == "1280.00"


def test_elsewhere_it_says_what_to_do_first(db, today, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="policies load"):
        call_command("preview", "--month", "2025-10", "--wage", "5000")
