"""Each example beside this file, against the rule."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from shebao.assessment.contributions import Subject, preview
from shebao.assessment.undeclared import lawful
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.policy import inforce
from tests import policies

EXAMPLES = [
    pytest.param(example, id=f"{path.stem}: {example['title']}")
    for path in sorted(Path(__file__).parent.glob("*.yaml"))
    for example in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.django_db
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_rule_gives_what_was_worked_out_by_hand(example):
    synthetic = example.get("synthetic", False)
    policies.load(synthetic=synthetic)
    wage = Decimal(example["wage"]) if "wage" in example else None
    if "undeclared_after_base" in example:
        factor = inforce.value("undeclared_factor", on=Month.parse(example["month"]))
        wage = lawful(Decimal(example["undeclared_after_base"]), factor)
    subjects = [
        Subject(
            scheme,
            example["kind"],
            wage,
            Decimal(example["tier"]) if "tier" in example else None,
            example.get("injury_class", 0),
        )
        for scheme in example.get("schemes", example["expect"])
    ]
    with clock.fixed(date(2026, 11, 22)):
        lines = preview(Month.parse(example["month"]), subjects, city=example["city"], synthetic=synthetic)
    got = {
        line.scheme: {
            "base": str(line.base), "employer": str(line.employer_part), "personal": str(line.personal_part),
            "account": str(line.account_part),
        }
        for line in lines
    }  # fmt: skip
    assert got == example["expect"]
    assert {
        "employer": str(sum(line.employer_part for line in lines)),
        "personal": str(sum(line.personal_part for line in lines)),
    } == example["total"]
