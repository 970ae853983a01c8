"""District offices (辖区社保处), as an answer in a form: what is offered is what the table has."""

from typing import Self

from django.utils.translation import gettext as _

from shebao.foundation.unreadable import Missing, Unreadable
from shebao.foundation.writing import packed
from shebao.registry.models import Office


class OfficeCode(str):
    """The code of one of the city's offices. A form lists them by name."""

    __slots__ = ()

    @classmethod
    def offered(cls) -> tuple[tuple[str, str], ...]:
        """(code, name) of each office, in the order of codes."""
        return tuple(Office.objects.order_by("code").values_list("code", "name"))

    @classmethod
    def read(cls, raw: object) -> Self:
        """By code or name."""
        text = packed(str(raw or ""))
        if not text:
            raise Missing
        for code, name in cls.offered():
            if text in (code, packed(name)):
                return cls(code)
        raise Unreadable(_("没有这个社保处，请从列表里选一个"))


def counter(code: str) -> str:
    """Where to go and when: 武汉市江岸区社会保险管理处，江岸区示例路1号，周一至周五 9:00 至 17:00."""
    office = Office.objects.filter(pk=code).first()
    if office is None:
        return _("地址和办公时间请电话咨询")
    return "，".join(text for text in (office.name, office.address, office.hours) if text)


def names() -> dict[str, str]:
    """The offices' names by code."""
    return dict(OfficeCode.offered())
