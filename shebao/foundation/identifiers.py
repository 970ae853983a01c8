"""Numbers that identify people and organisations, with the check digits their standards give them.

All are text. `read` takes what a page, a cell or JSON brings and answers with the number in its one proper
spelling, or raises Unreadable with a sentence for the user. Made directly, e.g. `IdNumber(row.id_number)`, they
trust what they are given.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Self

from django.utils.translation import gettext as _

from shebao.foundation import clock, masks
from shebao.foundation.unreadable import Missing, Unreadable
from shebao.foundation.writing import digits, is_number, packed, reader

_OLDEST = 130  # years


class Problem(StrEnum):
    """What is wrong with an ID number."""

    LENGTH = "length"
    CHARACTERS = "characters"
    PROVINCE = "province"
    DATE = "date"
    FUTURE = "future"
    AGE = "age"
    CHECK_DIGIT = "check-digit"

    @property
    def sentence(self) -> str:
        """What is wrong, then how to put it right."""
        return {
            Problem.LENGTH: _("号码应为18位，请对照身份证核对位数"),
            Problem.CHARACTERS: _("号码应为17位数字加1位数字或X，请对照身份证重新填写"),
            Problem.PROVINCE: _("号码前两位不是省份代码，请对照身份证核对前6位"),
            Problem.DATE: _("号码中的出生日期不存在，请对照身份证核对第7至14位"),
            Problem.FUTURE: _("号码中的出生日期晚于今天，请对照身份证核对第7至14位"),
            Problem.AGE: _("号码中的出生日期距今超过130年，请对照身份证核对第7至14位"),
            Problem.CHECK_DIGIT: _("最后一位校验码与前17位对不上，请对照身份证逐位核对"),
        }[self]


class _Identifier(str):
    __slots__ = ()

    @classmethod
    def _written(cls, raw: object) -> str:
        text = packed(raw).upper()
        if not text:
            raise Missing
        return text


class IdNumber(_Identifier):
    """公民身份号码 of 18 characters (GB 11643-1999); also residence permits of the same make.

    The county code is not judged: a card carries the code in force when it was issued, not at birth, and the
    codes of abolished counties live on.
    """

    __slots__ = ()

    _WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    _CHECKS = "10X98765432"
    # GB/T 2260, first two digits; 81 to 83 stand on residence permits for Hong Kong, Macao and Taiwan residents.
    _PROVINCES = frozenset(
        str(code)
        for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
        for code in range(first, last + 1)
    )
    _SHAPE = re.compile(r"[0-9]{17}[0-9X]")

    @reader
    def read(cls, raw: object) -> Self:
        if is_number(raw):
            # A numeric cell holds 15 digits; the last three are already lost.
            raise Unreadable(_("单元格是数字格式，末几位已经丢失，请将身份证号码列设为文本后重新填写"))
        text = cls._written(raw)
        if problem := cls.check(text):
            raise Unreadable(problem.sentence)
        return cls(text)

    @classmethod
    def check(cls, text: str, *, today: date | None = None) -> Problem | None:
        """What is wrong with it, as written (spaces and full-width forms are forgiven); None if nothing is."""
        text = packed(text).upper()
        if len(text) != 18:
            return Problem.LENGTH
        if not cls._SHAPE.fullmatch(text):
            return Problem.CHARACTERS
        # 9 begins the permanent residence permit for foreigners, whose province stands behind it.
        if text[0] != "9" and text[:2] not in cls._PROVINCES:
            return Problem.PROVINCE
        try:
            born = cls(text).birth_date
        except ValueError:
            return Problem.DATE
        today = today or clock.today()
        if born > today:
            return Problem.FUTURE
        if (born.year + _OLDEST, born.month, born.day) < (today.year, today.month, today.day):
            return Problem.AGE
        if text[17] != cls.check_digit(text[:17]):
            return Problem.CHECK_DIGIT
        return None

    @classmethod
    def check_digit(cls, first17: str) -> str:
        """The 18th character (ISO 7064, MOD 11-2)."""
        total = sum(int(digit) * weight for digit, weight in zip(first17, cls._WEIGHTS, strict=True))
        return cls._CHECKS[total % 11]

    @property
    def birth_date(self) -> date:
        return date(int(self[6:10]), int(self[10:12]), int(self[12:14]))

    @property
    def sex(self) -> str:
        return "男" if int(self[16]) % 2 else "女"

    @property
    def masked(self) -> str:
        return masks.id_number(self)


class Uscc(_Identifier):
    """统一社会信用代码 of 18 characters (GB 32100-2015), whose inner organisation code is checked as well."""

    __slots__ = ()

    _ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z, which look like digits
    _WEIGHTS = tuple(pow(3, place, 31) for place in range(17))

    @reader
    def read(cls, raw: object) -> Self:
        if is_number(raw):
            raise Unreadable(_("单元格是数字格式，末几位已经丢失，请将统一社会信用代码列设为文本后重新填写"))
        text = cls._written(raw).replace("-", "")
        if len(text) != 18:
            raise Unreadable(_("代码应为18位，请对照营业执照核对位数"))
        if any(character not in cls._ALPHABET for character in text):
            raise Unreadable(_("代码只含数字和大写字母，不用I、O、S、V、Z，请对照营业执照核对"))
        if text[17] != cls.check_digit(text[:17]) or text[16] != OrgCode.check_digit(text[8:16]):
            raise Unreadable(_("代码的校验位对不上，请对照营业执照逐位核对"))
        return cls(text)

    @classmethod
    def check_digit(cls, first17: str) -> str:
        total = sum(cls._ALPHABET.index(c) * weight for c, weight in zip(first17, cls._WEIGHTS, strict=True))
        return cls._ALPHABET[-total % 31]


class OrgCode(_Identifier):
    """组织机构代码 of 8 characters and a check (GB 11714-1997), kept without its hyphen."""

    __slots__ = ()

    _WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

    @reader
    def read(cls, raw: object) -> Self:
        text = cls._written(raw).replace("-", "")
        if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", text):
            raise Unreadable(_("组织机构代码应为8位数字或字母加1位校验码，请对照证书核对"))
        if text[8] != cls.check_digit(text[:8]):
            raise Unreadable(_("组织机构代码的校验码对不上，请对照证书逐位核对"))
        return cls(text)

    @classmethod
    def check_digit(cls, first8: str) -> str:
        check = 11 - sum(int(c, 36) * weight for c, weight in zip(first8, cls._WEIGHTS, strict=True)) % 11
        return {10: "X", 11: "0"}.get(check, str(check))


class BankCard(_Identifier):
    """A bank account number of 16 to 19 digits with a Luhn check."""

    __slots__ = ()

    @reader
    def read(cls, raw: object) -> Self:
        if is_number(raw):
            raise Unreadable(_("单元格是数字格式，末几位已经丢失，请将银行账号列设为文本后重新填写"))
        text = cls._written(raw).replace("-", "")
        if not re.fullmatch(r"[0-9]{16,19}", text):
            raise Unreadable(_("银行卡号应为16至19位数字，请对照银行卡核对位数"))
        if not cls._luhn(text):
            raise Unreadable(_("银行卡号的校验位对不上，请对照银行卡逐位核对"))
        return cls(text)

    @staticmethod
    def _luhn(text: str) -> bool:
        doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(text)))
        return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0

    @property
    def masked(self) -> str:
        return masks.bank_card(self)


class SocialCard(_Identifier):
    """The 9-character number of a social-security card (社会保障卡卡号); no check digit is known."""

    __slots__ = ()

    @reader
    def read(cls, raw: object) -> Self:
        text = digits(raw).upper()
        if not text:
            raise Missing
        if not re.fullmatch(r"[A-Z0-9][0-9]{8}", text):
            raise Unreadable(_("社会保障卡卡号应为9位，首位是字母或数字，其余是数字，请对照卡面核对"))
        return cls(text)


class Mobile(_Identifier):
    """A mobile number of the mainland: eleven digits. Operators' segments change and are not judged."""

    __slots__ = ()

    @reader
    def read(cls, raw: object) -> Self:
        text = digits(raw)
        if not text:
            raise Missing
        text = re.sub(r"^\+?86(?=1\d{10}$)", "", text.replace("-", ""))
        if not re.fullmatch(r"1[3-9][0-9]{9}", text):
            raise Unreadable(_("手机号码应为1开头的11位数字，请核对后重新填写"))
        return cls(text)

    @property
    def masked(self) -> str:
        return masks.mobile(self)
