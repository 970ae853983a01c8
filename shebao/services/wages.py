"""What is asked of a declared wage, whoever declares it: EMP-1/8, which EMP-4 and the yearly declaration share."""

from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from shebao.foundation.months import Month
from shebao.policy import inforce
from shebao.registry.schemes import Scheme


class Limits(Protocol):
    """A fact that knows the limits of the base; None where one isn't known."""

    floor: Decimal | None
    ceiling: Decimal | None


def limits(month: Month) -> tuple[Decimal | None, Decimal | None]:
    """Floor and ceiling of the contribution base in a month, yuan; None where one isn't known."""
    return (
        inforce.value_or_none("base_floor", on=month, scheme=Scheme.PENSION),
        inforce.value_or_none("base_ceiling", on=month, scheme=Scheme.PENSION),
    )


def base(wage: Decimal, floor: Decimal | None, ceiling: Decimal | None) -> Decimal | None:
    """What counts of a declared wage, yuan a month; None while a limit isn't known."""
    if floor is None or ceiling is None:
        return None
    return min(max(wage, floor), ceiling)


def wage_is_not_above_zero(row, known: Limits, case):
    if row.wage <= 0:
        return _("月申报工资须大于 0，请填写合同约定的每月工资总额")


FAR_OFF = 3  # times: our own hint against a slip of the finger, no rule of law


def far_off(wage: Decimal, present: Decimal | None) -> str | None:
    """What to look at again where a wage is many times the present one, or a small part of it (yuan a month)."""
    if not present or present <= 0 or wage <= 0:
        return None
    words = {"present": f"{present:,.2f}"}
    if wage > present * FAR_OFF:
        words["times"] = f"{wage / present:.0f}"
        return _("是现申报工资 %(present)s 元的 %(times)s 倍，请核对是否多写了一位") % words
    if wage * FAR_OFF < present:
        words["percent"] = f"{wage / present * 100:.0f}"
        return _("只有现申报工资 %(present)s 元的 %(percent)s%%，请核对是否少写了一位") % words
    return None


def base_is_not_the_wage(row, known: Limits, case):
    """Allowed, and told: the system clamps the base by itself."""
    if known.floor is not None and row.wage < known.floor:
        return _("缴费基数 = %(base)s 元：申报工资低于下限，按下限计算") % {"base": f"{known.floor:,.2f}"}
    if known.ceiling is not None and row.wage > known.ceiling:
        return _("缴费基数 = %(base)s 元：申报工资高于上限，按上限计算") % {"base": f"{known.ceiling:,.2f}"}
    return None
