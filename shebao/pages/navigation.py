"""The portals' menus. One list per portal makes the bar under the masthead, the drawer and the tab bar.

An entry whose address doesn't exist (yet) simply isn't shown, so nothing ever points nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """`tab` is its short word. It is the current one also at all addresses that begin with one of `also`.

    With `roles`, only those who have one of them see it: to others its page answers as if it did not exist.
    """

    label: str
    address: str
    icon: str
    tab: str = ""
    elder: bool = True
    also: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """An entry as one page shows it."""

    label: str
    url: str
    icon: str
    tab: str
    current: str  # "page", "true" or ""


ACCOUNT = ("change-password", "accept-terms", "looks", "employer:api-key", "employer:revoke-api-key")
PUBLIC = (
    Entry(_("首页"), "home", "home", tab=_("首页")),
    Entry(_("单位办事"), "employer:bench", "building"),
    Entry(_("个人办事"), "individual:overview", "user", tab=_("个人")),
    Entry(_("社区代办"), "community:bench", "building-community"),
    Entry(_("办事指南"), "guides", "book", tab=_("指南"), also=("guide",)),
    Entry(_("通知公告"), "announcements", "bell"),
    Entry(_("对账单验真"), "verify", "shield-check", tab=_("验真")),
    Entry(_("咨询帮助"), "help", "help-circle", tab=_("帮助")),
)
EMPLOYER = (
    Entry(_("工作台"), "employer:bench", "home", tab=_("工作台"), also=("filing:",)),
    Entry(
        _("缴费与欠费"),
        "employer:bills",
        "receipt",
        tab=_("缴费"),
        also=("employer:bill", "employer:slip"),
    ),
    Entry(_("参保职工"), "employer:roster", "users", tab=_("职工"), also=("employer:query-person",)),
    Entry(
        _("查询"),
        "employer:queries",
        "search",
        also=("employer:query-", "employer:export", "employer:changes", "employer:statement"),
    ),
    Entry(_("单位登记"), "employer:registration", "building", elder=False, also=("employer:clerk",)),
    Entry(_("预约与问题报告"), "appointments:index", "calendar-event", also=("appointments:", "problems:")),
    Entry(_("办事指南"), "guides", "book", tab=_("指南"), elder=False, also=("guide",)),
    Entry(_("消息"), "inbox", "bell", elder=False),
    Entry(_("账号与安全"), "account", "user-circle", tab=_("我的"), elder=False, also=ACCOUNT),
)
PERSON = (
    Entry(_("我的社保"), "individual:overview", "home", tab=_("我的社保")),
    Entry(
        _("缴费记录"),
        "individual:contributions",
        "history",
        tab=_("记录"),
        also=("individual:explain",),
    ),
    Entry(_("电子对账单"), "individual:statements", "file-certificate", tab=_("对账单")),
    Entry(_("社保卡"), "individual:card", "credit-card"),
    Entry(_("预约与问题报告"), "appointments:index", "calendar-event", also=("appointments:", "problems:")),
    Entry(_("办事指南"), "guides", "book", tab=_("指南"), elder=False, also=("guide",)),
    Entry(_("消息"), "inbox", "bell", elder=False),
    Entry(_("账号与安全"), "account", "user-circle", tab=_("我的"), elder=False, also=ACCOUNT),
)
COMMUNITY = (
    Entry(_("代办工作台"), "community:bench", "home", tab=_("工作台"), also=("filing:",)),
    Entry(_("代办协议"), "community:agreements", "heart-handshake", tab=_("协议")),
    Entry(_("账号与安全"), "account", "user-circle", tab=_("我的"), elder=False, also=ACCOUNT),
)
AGENCY = (
    Entry(
        _("待审业务"),
        "backoffice:review",
        "checklist",
        tab=_("审核"),
        also=("backoffice:case",),
        roles=("reviewer", "supervisor"),
    ),
    Entry(
        _("收缴台"),
        "backoffice:ledger",
        "coins",
        tab=_("收缴"),
        also=("backoffice:ledger",),
        roles=("ledger",),
    ),
    Entry(
        _("登记台"),
        "backoffice:registry",
        "id-badge-2",
        tab=_("登记"),
        also=("backoffice:registry",),
        roles=("registry", "supervisor"),
    ),
    Entry(
        _("预约窗口"),
        "backoffice:visits",
        "calendar-event",
        also=("backoffice:visit", "backoffice:counter"),
        roles=("reviewer", "registry", "supervisor"),
    ),
    Entry(
        _("问题报告"),
        "backoffice:problems",
        "message-report",
        tab=_("报告"),
        also=("backoffice:problem",),
        roles=("reviewer", "ledger", "registry", "supervisor"),
    ),
    Entry(_("参数台"), "backoffice:policy", "settings"),
    Entry(_("监管"), "backoffice:supervision", "chart-bar", tab=_("监管")),
    Entry(_("操作日志"), "backoffice:audit", "history"),
    Entry(_("消息"), "inbox", "bell", elder=False),
    Entry(_("账号与安全"), "account", "user-circle", tab=_("我的"), elder=False, also=ACCOUNT),
)
PORTALS = {"employer": EMPLOYER, "person": PERSON, "community": COMMUNITY, "agency": AGENCY}
TITLES = {
    "": _("主导航"),
    "employer": _("单位办事"),
    "person": _("个人办事"),
    "community": _("社区代办"),
    "agency": _("经办后台"),
}


def address(*names: str, **kwargs) -> str:
    """The first of these addresses that exists, or ""."""
    return _first(names, kwargs) if kwargs else _fixed(get_urlconf() or settings.ROOT_URLCONF, names)


@cache
def _fixed(_urlconf: str, names: tuple[str, ...]) -> str:
    """An address without anything variable is looked up once: every page has some thirty of them."""
    return _first(names, {})


def _first(names: Iterable[str], kwargs: dict) -> str:
    for name in names:
        try:
            return reverse(name, kwargs=kwargs or None)
        except NoReverseMatch:
            continue
    return ""


def log_in(kind: str) -> str:
    """The log-in page for this kind of account, or ""."""
    return address("login", kind=kind)


def links(request: HttpRequest, entries: Iterable[Entry], *, elder: bool, acting=None) -> list[Link]:
    """These entries as this page shows them: those that lead this user somewhere, the current one marked."""
    here = getattr(request.resolver_match, "view_name", "") or ""
    shown = []
    for entry in entries:
        url = address(entry.address)
        allowed = not entry.roles or (acting and any(acting.may(role) for role in entry.roles))
        if url and allowed and (entry.elder or not elder):
            current = "page" if here == entry.address else "true" if here.startswith(entry.also) else ""
            # A page shows them up to three times: translated once.
            shown.append(Link(str(entry.label), url, entry.icon, str(entry.tab), current))
    return shown
