"""What people come to a counter for, and what they report problems about. Codes are kept in rows: never reuse one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shebao.identity.models import Kind

_EMPLOYER, _PERSON = (Kind.EMPLOYER,), (Kind.PERSON,)
_BOTH = (Kind.EMPLOYER, Kind.PERSON)


@dataclass(frozen=True)
class Business:
    """One thing done at a counter: whom it is for, when one comes for it, and what to bring as far as we know."""

    code: str
    title: str | Promise
    who: tuple[str, ...]
    when: str | Promise
    bring: tuple[str | Promise, ...] = ()


BUSINESSES = (
    Business(
        "papers",
        _("材料审核"),
        _EMPLOYER,
        _("网上已提交、等待窗口审核的业务"),
        (_("业务状态页上列出的材料"), _("经办人身份证件")),
    ),
    Business(
        "counter-enrolment",
        _("不能网上办的参保"),
        _EMPLOYER,
        _("首次参保超过网上办理年龄、补缴超过网上可补月数，网上提示到窗口办理的"),
        (_("职工身份证件"), _("劳动合同"), _("经办人身份证件")),
    ),
    Business("key-data", _("关键信息变更"), _BOTH, _("姓名、身份证号码等网上不能改的信息"), (_("身份证件"),)),
    Business("payment", _("缴费与欠费核对"), _BOTH, _("到账对不上、欠费有疑问"), (_("缴费凭证"),)),
    Business("card", _("社会保障卡"), _BOTH, _("申领、补换、解锁、重置密码"), (_("身份证件"),)),
    Business("registration", _("单位参保登记"), _EMPLOYER, _("登记、变更、注销要交验原件的"), ()),
    Business("transfer", _("关系转移接续"), _PERSON, _("转入、转出社会保险关系"), (_("身份证件"),)),
    Business("benefits", _("待遇申领"), _PERSON, _("养老、失业、工伤、生育待遇"), (_("身份证件"),)),
    Business("other", _("其他业务"), _BOTH, _("不清楚属于哪一种，或者想当面咨询")),
)
BY_CODE = {one.code: one for one in BUSINESSES}

CATEGORIES = (
    ("filing", _("网上申报（增员、减员、申报等）")),
    ("payment", _("缴费、到账与欠费")),
    ("record", _("参保记录与对账单")),
    ("benefits", _("待遇申领与发放")),
    ("card", _("社会保障卡")),
    ("transfer", _("关系转移接续")),
    ("system", _("网页打不开、出错、看不懂")),
    ("other", _("其他")),
)
"""报告业务名称: what a problem report is about."""
CATEGORY_WORDS = dict(CATEGORIES)


def offered_to(kind: str) -> list[Business]:
    """What this kind of account may come for."""
    return [one for one in BUSINESSES if kind in one.who]


def titles(codes: Iterable[str]) -> list[str]:
    """What people call these, in our order; a code that is gone stands for itself."""
    wanted = set(codes)
    named = [str(one.title) for one in BUSINESSES if one.code in wanted]
    return named + sorted(wanted - set(BY_CODE))


def title(code: str) -> str | Promise:
    """What people call this one, in the reader's language; a code that is gone stands for itself."""
    return BY_CODE[code].title if code in BY_CODE else code
