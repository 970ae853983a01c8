"""How somebody is reached: telephone numbers and post codes, as value types of fields."""

import re
from datetime import date
from typing import Self

from django.utils.translation import gettext as _

from shebao.foundation.unreadable import Missing, Unreadable
from shebao.foundation.writing import digits, plain, reader

_DASHES = str.maketrans(dict.fromkeys("—–－‐‑−", "-") | {"（": "(", "）": ")"})


class Phone(str):
    """A telephone number of the mainland: mobile, or area code, number and extension, e.g. 027-85551234-8001."""

    __slots__ = ()

    _MOBILE = re.compile(r"1[3-9][0-9]{9}")
    _FIXED = re.compile(
        r"(?:\(?(010|02[0-9]|0[3-9][0-9]{2})\)?-?)?([2-9][0-9]{6,7})(?:(?:-|转|,)([0-9]{1,6}))?"
    )

    @reader
    def read(cls, raw: object) -> Self:
        text = digits(raw).translate(_DASHES)
        if not text:
            raise Missing
        text = re.sub(r"^(?:\+|00)?86-?(?=[01])", "", text)
        if cls._MOBILE.fullmatch(text):
            return cls(text)
        written = cls._FIXED.fullmatch(text)
        if not written:
            raise Unreadable(_("看不出是哪个电话，请写成 027-85551234 或 11 位手机号码"))
        return cls("-".join(part for part in written.groups() if part))


class PostCode(str):
    """A post code: six digits."""

    __slots__ = ()

    @reader
    def read(cls, raw: object) -> Self:
        if isinstance(raw, bool | date):
            raise Unreadable(_("邮政编码应为 6 位数字，请核对后重新填写"))
        text = digits(raw)
        if not text:
            raise Missing
        if not re.fullmatch(r"[0-9]{6}", text):
            raise Unreadable(_("邮政编码应为 6 位数字，请核对后重新填写"))
        return cls(text)


class Place(str):
    """An address as people write it, of at most 100 characters."""

    __slots__ = ()

    _LONGEST = 100

    @reader
    def read(cls, raw: object) -> Self:
        text = plain(raw)
        if not text:
            raise Missing
        if len(text) > cls._LONGEST:
            raise Unreadable(_("地址超过 100 个字，请写得短一些"))
        if len(text) < 4 or not any(ord(character) > 0x2E80 for character in text):
            raise Unreadable(_("看不出是哪里的地址，请写到街道和门牌号"))
        return cls(text)
