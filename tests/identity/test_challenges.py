"""The question against robots."""

import re
from datetime import date, timedelta

import pytest

from shebao.foundation import clock
from shebao.identity import challenges

DIGITS = "零一二三四五六七八九十"


def worked_out(question: str) -> int:
    """As a person would, by ear."""
    first, sign, second = re.fullmatch(f"([{DIGITS}])(加|减)([{DIGITS}])等于几？", question).groups()
    a, b = DIGITS.index(first), DIGITS.index(second)
    return a + b if sign == "加" else a - b


def in_words(number: int) -> str:
    if number <= 10:
        return DIGITS[number]
    return "十" + DIGITS[number - 10] if number < 20 else "二十"


def test_a_question_is_plain_words_and_its_answer_may_be_digits_or_words():
    for _ in range(100):
        session = {}
        number = worked_out(challenges.ask(session))
        assert 0 < number < 20
        for spelling in (
            str(number),
            f" {number} ",
            in_words(number),
            str(number).translate({48 + n: 0xFF10 + n for n in range(10)}),
        ):
            assert challenges.passed(dict(session), spelling)
        for wrong in (str(number + 1), "", "?", "十十", "-1", "1e1", "９９９９"):
            assert not challenges.passed(dict(session), wrong)


def test_a_question_counts_for_one_try():
    session = {}
    number = worked_out(challenges.ask(session))
    assert not challenges.passed(session, str(number + 1))
    assert not challenges.passed(session, str(number))


def test_nobody_is_hurried_but_a_question_does_not_live_for_ever():
    session = {}
    with clock.fixed(date(2026, 11, 2)) as noon:
        number = worked_out(challenges.ask(session))
        with clock.fixed(noon + timedelta(minutes=29)):
            assert challenges.passed(dict(session), str(number))
        with clock.fixed(noon + timedelta(minutes=31)):
            assert not challenges.passed(dict(session), str(number))


def test_without_a_question_there_is_no_right_answer():
    assert not challenges.passed({}, "7")


@pytest.mark.parametrize(
    ("written", "value"), [("十", 10), ("十二", 12), ("二十", 20), ("零", 0), ("一二", None)]
)
def test_numerals_are_read(written, value):
    assert challenges._value(written) == value
