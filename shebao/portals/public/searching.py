"""One search for services, guides and pages: by title, by what people call it, by purpose, field and paper.

What people call it is there in Chinese and in English, whichever language the page is in.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from shebao.casework import catalogue
from shebao.casework.service import Service
from shebao.pages import navigation
from shebao.pages.screens import page
from shebao.portals.public import guides

LONGEST = 60
_A_NAME = 2  # characters; a shorter name inside a sentence is chance


@dataclass(frozen=True)
class Place:
    """A page that isn't a service, and what people call it who look for it."""

    title: str
    purpose: str
    route: str
    also_called: tuple[str, ...]
    kind: str = ""  # of account, where the address takes one


PLACES = (
    Place(
        lazy("个人用户注册"),
        lazy("已经参保的人开通自己的网上账户"),
        "register",
        ("注册", "开通账户", "新用户", "没有账户", "个人编号", "register", "sign up", "create account"),
    ),
    Place(
        lazy("忘记密码"),
        lazy("个人、单位经办人和管理员怎样领取新密码"),
        "forgotten-password",
        ("密码", "找回密码", "重置密码", "改密码", "登不上", "密码条", "password", "forgot", "reset"),
        kind="person",
    ),
    Place(
        lazy("电子对账单"),
        lazy("自己打印缴费证明，带签名，别人可以验真"),
        "individual:statements",
        (
            "缴费证明",
            "参保证明",
            "对账单",
            "社保证明",
            "打印社保",
            "社保清单",
            "权益记录",
            "买房",
            "入学",
            "statement",
            "certificate",
            "proof",
        ),
    ),
    Place(
        lazy("我的社保"),
        lazy("个人查每个月的缴费记录和个人账户余额"),
        "individual:overview",
        (
            "查社保",
            "缴费记录",
            "交了没有",
            "余额",
            "个人账户",
            "交了多少",
            "my record",
            "contributions",
            "balance",
        ),
    ),
    Place(
        lazy("缴费账单和缴费单"),
        lazy("单位每个月应缴多少、到账没有，打印缴费单和核定表"),
        "employer:bills",
        (
            "账单",
            "应缴",
            "发票",
            "缴费凭证",
            "缴费单",
            "凭单号",
            "核定表",
            "交多少钱",
            "bill",
            "invoice",
            "slip",
            "payment",
            "dues",
        ),
    ),
    Place(
        lazy("参保人员花名册"),
        lazy("单位查自己有哪些参保职工，导出 Excel"),
        "employer:roster",
        ("花名册", "职工名单", "员工名单", "在职人员", "roster", "employees", "staff"),
    ),
    Place(
        lazy("经办人员"),
        lazy("单位管理员开通经办人账户、给权限、生成密码条"),
        "employer:clerks",
        ("换经办人", "经办人变更", "子账号", "加账号", "权限", "操作员", "clerk", "user", "permission"),
    ),
    Place(
        lazy("业务预约"),
        lazy("预约到窗口办理的时间，可以改约和取消"),
        "appointments:index",
        ("预约", "取号", "排队", "窗口", "网点", "appointment", "booking", "visit", "office"),
    ),
    Place(
        lazy("问题报告"),
        lazy("办不下去、对不上账，写给经办机构，按承诺日期答复"),
        "problems:index",
        ("投诉", "建议", "反馈", "报错", "提问", "complaint", "problem", "feedback", "question"),
    ),
    Place(
        lazy("对账单验真"),
        lazy("查别人交来的对账单是真是假，不用登录"),
        "verify",
        ("验真", "真假", "真伪", "验证码", "扫码", "verify", "genuine"),
    ),
    Place(
        lazy("接口说明"),
        lazy("工资系统怎样直接办理业务"),
        "api",
        ("API", "对接", "接口", "人事系统", "payroll"),
    ),
)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:LONGEST]
    found = services(wanted) if wanted else []
    there = places(wanted) if wanted else []
    groups = [] if found or there else guides.by_filer()
    return page(request, "public/search.html", wanted=wanted, found=found, places=there, groups=groups)


def services(wanted: str) -> list[tuple[Service, str]]:
    """Those that match, with their guides; first those that are called so."""
    found = [service for service in catalogue.declared() if matches(service, wanted)]
    found.sort(key=lambda service: not _called([service.title, *service.also_called], wanted))
    return [(service, navigation.address("guide", service=service.code)) for service in found]


def places(wanted: str) -> list[tuple[Place, str]]:
    """The pages that are called so, with their addresses."""
    named = [place for place in PLACES if _called([place.title, place.purpose, *place.also_called], wanted)]
    found = [
        (place, navigation.address(place.route, **({"kind": place.kind} if place.kind else {})))
        for place in named
    ]
    return [(place, url) for place, url in found if url]


def matches(service: Service, wanted: str) -> bool:
    """Whether it is called so, or every word of the query stands somewhere in what the guide tells."""
    names = [service.title, *service.also_called]
    told = [
        *names,
        service.purpose,
        *(question.label for question in service.questions),
        *(material.name for material in service.materials),
    ]
    return _called(names, wanted) or _all_stand_in(told, wanted)


def _called(names: Iterable[object], wanted: str) -> bool:
    """Whether a name holds the query, or the query one of the names: “我要辞职怎么办” says 辞职."""
    said = _packed(wanted)
    called = [str(name).lower() for name in names]
    return _all_stand_in(called, wanted) or any(
        name in said for name in map(_packed, called) if len(name) >= _A_NAME
    )


def _packed(words: str) -> str:
    return "".join(words.lower().split())


def _all_stand_in(told: Iterable[object], wanted: str) -> bool:
    text = " ".join(str(one) for one in told).lower()
    return all(word.lower() in text for word in wanted.split())
