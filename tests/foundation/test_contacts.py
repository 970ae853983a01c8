"""Telephone numbers, post codes and addresses: what people write, and what is kept."""

import pytest

from shebao.foundation.contacts import Phone, Place, PostCode
from shebao.foundation.unreadable import Missing, Unreadable


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("027-85551234", "027-85551234"),
        ("02785551234", "027-85551234"),
        ("（027）85551234", "027-85551234"),
        ("0713—8555123 转 12", "0713-8555123-12"),
        ("85551234", "85551234"),
        ("+86 13100000000", "13100000000"),
        (13100000000.0, "13100000000"),
    ],
)
def test_telephone_numbers_have_one_spelling(written, kept):
    assert Phone.read(written) == kept


@pytest.mark.parametrize("written", ["12345", "没有", "0278555", "1310000000"])
def test_what_is_no_telephone_number_is_told(written):
    with pytest.raises(Unreadable, match="电话"):
        Phone.read(written)


def test_post_codes_have_six_digits():
    assert PostCode.read(" 430014 ") == "430014"
    for wrong in ("43001", "4300145", "武汉"):
        with pytest.raises(Unreadable, match="6 位数字"):
            PostCode.read(wrong)


def test_an_address_says_where():
    assert Place.read("武汉市江岸区  示例路 1 号") == "武汉市江岸区 示例路 1 号"
    for wrong in ("x", "12345678", "路" * 101):
        with pytest.raises(Unreadable):
            Place.read(wrong)


@pytest.mark.parametrize("kind", [Phone, PostCode, Place])
def test_nothing_is_missing(kind):
    with pytest.raises(Missing):
        kind.read("  ")
