"""The value types that fields are annotated with, and the reader of each.

One reader serves the page, the spreadsheet cell and JSON: that is why the three agree. Money and Day are only
annotations: what is read is a plain Decimal or date.
"""

import re
import types
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Self, Union, get_args, get_origin

from django.utils import timezone
from django.utils.translation import gettext as _

from shebao.foundation.identifiers import BankCard, IdNumber, Mobile, OrgCode, Problem, SocialCard, Uscc
from shebao.foundation.months import Month
from shebao.foundation.unreadable import Missing, Unreadable
from shebao.foundation.writing import digits, is_number, packed, plain, prose, reader

__all__ = [
    "BankCard", "Day", "Email", "IdNumber", "Missing", "Mobile", "Money", "Month", "OrgCode", "PersonName", "Problem",
    "SocialCard", "Text", "Unreadable", "Uscc", "reader_for",
]  # fmt: skip


class PersonName(str):
    """A person's name as on the identity card: Chinese without spaces, or Latin with single ones."""

    __slots__ = ()

    _DOTS = str.maketrans(dict.fromkeys("•・．‧∙⋅.", "·"))
    _BESIDE_HAN = re.compile(r"(?<=[^\x00-\u024f]) | (?=[^\x00-\u024f])")
    _LONGEST = 50

    @reader
    def read(cls, raw: object) -> Self:
        if is_number(raw) or isinstance(raw, bool | date):
            raise Unreadable(_("这里应填姓名，请按身份证上的姓名填写"))
        text = cls._BESIDE_HAN.sub("", plain(raw))
        if not text:
            raise Missing
        if any(ord(character) > 0x24F for character in text):
            text = text.translate(cls._DOTS)
        if len(text) < 2:
            raise Unreadable(_("姓名至少两个字，请按身份证上的姓名填写"))
        if len(text) > cls._LONGEST:
            raise Unreadable(_("姓名超过50个字，请按身份证上的姓名填写"))
        if not all(unicodedata.category(c)[0] in "LM" or c in "·-' ." for c in text):
            raise Unreadable(_("姓名里有数字或符号，请按身份证上的姓名填写"))
        return cls(text)


class Text(str):
    """A line of free text: trimmed, with single spaces."""

    __slots__ = ()

    @reader
    def read(cls, raw: object) -> str:
        text = digits(raw) if isinstance(raw, float) else prose(raw)
        if not text:
            raise Missing
        if any(unicodedata.category(character) == "Cc" for character in text):
            raise Unreadable(_("文字里有不能显示的字符，请删除后重新填写"))
        return text


class Email(str):
    """An e-mail address, as far as its form tells."""

    __slots__ = ()
    _WRITTEN = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")

    @reader
    def read(cls, raw: object) -> Self:
        text = packed(raw)
        if not text:
            raise Missing
        if len(text) > 120 or not cls._WRITTEN.fullmatch(text):
            raise Unreadable(_("这里应填电子邮箱，请写成 name@example.com 这样的地址"))
        return cls(text)


class Money(Decimal):
    """Yuan with two decimals. Whether it must be above zero is for the service to say."""

    _WRITTEN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
    _GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
    _MOST = Decimal(10) ** 12  # numeric(14, 2)

    @classmethod
    def read(cls, raw: object) -> Decimal:
        if isinstance(raw, bool | date):
            raise Unreadable(_("这里应填金额，请写成 5000.00 这样的数字"))
        amount = raw if isinstance(raw, Decimal) else cls._amount(raw)
        if not amount.is_finite() or abs(amount) >= cls._MOST:
            raise Unreadable(_("金额超出了可以填写的范围，请核对后重新填写"))
        exact = amount.quantize(Decimal("0.01"))
        if exact != amount:
            raise Unreadable(_("金额最多保留两位小数，请改为 5000.12 这样的数字"))
        return exact + 0  # a negative zero becomes zero

    @classmethod
    def _amount(cls, raw: object) -> Decimal:
        if isinstance(raw, float):
            # What a spreadsheet shows of its cell, 15 digits: of 5000*1.1 it keeps 5500.000000000001.
            return Decimal(f"{raw:.15g}")
        text = packed(raw).removeprefix("¥").removeprefix("￥").removesuffix("元")
        if not text:
            raise Missing
        if cls._GROUPED.fullmatch(text):
            text = text.replace(",", "")
        if not cls._WRITTEN.fullmatch(text):
            raise Unreadable(_("看不出金额是多少，请写成 5000.00 这样的数字"))
        return Decimal(text)


class Day(date):
    """A day of the calendar."""

    _WRITTEN = re.compile(r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))")
    _MIDNIGHT = re.compile(r"[T ]00:00(:00)?(\.0+)?$")

    @classmethod
    def read(cls, raw: object) -> date:
        if isinstance(raw, datetime):
            # A time of another zone is the day that it was here.
            day = (timezone.localtime(raw) if timezone.is_aware(raw) else raw).date()
        else:
            day = raw if isinstance(raw, date) else cls._parsed(raw)
        if not Month.FIRST_YEAR <= day.year <= Month.LAST_YEAR:
            raise Unreadable(_("年份超出了可以填写的范围，请核对年月日"))
        return day

    @classmethod
    def _parsed(cls, raw: object) -> date:
        text = packed(cls._MIDNIGHT.sub("", plain(raw))) if isinstance(raw, str) else digits(raw)
        if not text:
            raise Missing
        if is_number(raw) and len(text) != 8:
            raise Unreadable(_("单元格不是日期格式，请写成 2026-06-01 这样的年月日"))
        written = cls._WRITTEN.fullmatch(text)
        if not written:
            raise Unreadable(_("看不出是哪一天，请写成 2026-06-01 这样的年月日"))
        try:
            return date(*(int(part) for part in written.groups() if part))
        except ValueError as wrong:
            raise Unreadable(_("日历上没有这一天，请核对年月日")) from wrong


@cache
def reader_for(annotation: Any) -> Callable[[object], Any]:
    """The function that reads a field annotated so. TypeError for an annotation nobody can read.

    Knows every type with a `read` of its own, str, int, bool, Decimal, date, enumerations (by value, label or
    name), `tuple[X, ...]` (a list, or text with separators) and `X | None`.
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        inner = [argument for argument in arguments if argument is not type(None)]
        if len(inner) == 1 and len(arguments) == 2:
            return _optional(reader_for(inner[0]))
    elif origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _several(reader_for(arguments[0]))
    elif isinstance(annotation, type):
        if hasattr(annotation, "read"):
            return annotation.read
        if issubclass(annotation, Enum):
            return _one_of(annotation)
        if annotation in _PLAIN_READERS:
            return _PLAIN_READERS[annotation]
    raise TypeError(f"no reader for {annotation!r}; use a type of foundation.values or give it a `read`")


def _optional(read: Callable[[object], Any]) -> Callable[[object], Any]:
    def read_or_none(raw: object) -> Any:
        return None if raw is None or (isinstance(raw, str) and not plain(raw)) else read(raw)

    return read_or_none


def _several(read: Callable[[object], Any]) -> Callable[[object], tuple]:
    def read_several(raw: object) -> tuple:
        listed = isinstance(raw, list | tuple | set | frozenset)
        items = raw if listed else re.split(r"[、,;|/\s]+", plain(raw))
        found = tuple(dict.fromkeys(read(item) for item in items if item is not None and item != ""))
        if not found:
            raise Missing
        return found

    return read_several


def _one_of(choices: type[Enum]) -> Callable[[object], Enum]:
    def read_choice(raw: object) -> Enum:
        if isinstance(raw, choices):
            return raw
        text = digits(raw)
        if not text:
            raise Missing
        # Labels are looked up at each reading: they follow the language of the moment.
        for choice in choices:
            spellings = (str(choice.value), str(getattr(choice, "label", choice.value)), choice.name)
            if any(packed(spelling).casefold() == text.casefold() for spelling in spellings):
                return choice
        offered = "、".join(str(getattr(choice, "label", choice.value)) for choice in choices)
        raise Unreadable(_("不在可选的内容里，请从以下选一项：%(offered)s") % {"offered": offered})

    return read_choice


_YES = {"是", "有", "√", "✓", "true", "yes", "y", "1", "on"}
_NO = {"否", "无", "×", "false", "no", "n", "0", "off"}


def _read_bool(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    text = digits(raw).casefold()
    if not text:
        raise Missing
    if text not in _YES | _NO:
        raise Unreadable(_("请填写“是”或“否”"))
    return text in _YES


def _read_int(raw: object) -> int:
    text = digits(raw)
    if not text or isinstance(raw, bool):
        raise Missing
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise Unreadable(_("这里应填整数，请写成 12 这样的数字"))
    return int(text)


_PLAIN_READERS: dict[type, Callable[[object], Any]] = {
    str: Text.read,
    int: _read_int,
    bool: _read_bool,
    Decimal: Money.read,
    date: Day.read,
}
