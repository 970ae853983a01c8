"""验证码: a question against robots that is text, so that a screen reader reads it and no picture is needed.

It keeps simple robots off, no more; what slows a determined one is the throttle. Each question counts for one try.
"""

import random
from datetime import timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.foundation import clock
from shebao.foundation.writing import packed
from shebao.identity.refusals import Refused

WRONG = lazy("验证问题的答案不对，请回答新的问题")
_KEY = "challenge"
_LIFE = timedelta(minutes=30)  # nobody is hurried
_DIGITS = [
    lazy("零"),
    lazy("一"),
    lazy("二"),
    lazy("三"),
    lazy("四"),
    lazy("五"),
    lazy("六"),
    lazy("七"),
    lazy("八"),
    lazy("九"),
    lazy("十"),
]
_NUMERALS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九十")}
_random = random.SystemRandom()


def ask(session: SessionBase) -> str:
    """A new question, in words; the one before is forgotten."""
    greater, smaller = sorted(_random.sample(range(1, 11), 2), reverse=True)
    words = {"a": _DIGITS[greater], "b": _DIGITS[smaller]}
    if _random.random() < 0.5:
        question, answer = _("%(a)s加%(b)s等于几？") % words, greater + smaller
    else:
        question, answer = _("%(a)s减%(b)s等于几？") % words, greater - smaller
    session[_KEY] = {"answer": answer, "until": (clock.instant() + _LIFE).timestamp()}
    return question


def passed(session: SessionBase, written: str) -> bool:
    """Whether that is the answer, in digits or in Chinese numerals. The question is used up either way."""
    asked = session.pop(_KEY, None)
    return (
        bool(asked) and clock.instant().timestamp() <= asked["until"] and _value(written) == asked["answer"]
    )


def wrong() -> Refused:
    """What to raise for a wrong answer: there is a new question to be answered."""
    return Refused(("challenge", str(WRONG)))


def _value(written: str) -> int | None:
    text = packed(written)
    if text.isascii() and text.isdigit() and len(text) < 4:
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if set(text) <= _NUMERALS.keys() and len(text) <= 3 and text:
        if not ten:
            return _NUMERALS[ones] if len(ones) == 1 else None
        return 10 * (_NUMERALS.get(tens, 1) if tens else 1) + (_NUMERALS.get(ones, 0) if ones else 0)
    return None
