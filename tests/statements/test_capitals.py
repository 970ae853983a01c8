"""Amounts in capitals read as banks read them."""

from decimal import Decimal

import pytest

from shebao.statements.capitals import in_capitals


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("10", "壹拾元整"),
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("20050300.00", "贰仟零伍万零叁佰元整"),
        ("1000000000000", "壹万亿元整"),
    ],
)
def test_amounts_are_written_as_payment_papers_write_them(amount, words):
    assert in_capitals(Decimal(amount)) == words


def test_less_than_nothing_has_no_capitals():
    with pytest.raises(ValueError, match="capitals"):
        in_capitals(Decimal("-1"))
