"""The portals' menus. One list per portal makes the bar under the masthead, the drawer and the tab bar.

An entry whose address doesn't exist (yet) simply isn't shown, so nothing ever points nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """`also` names the other addresses during which this entry is the current one; `tab` is its short word."""

    label: str
    address: str
    icon: str
    tab: str = ""
    elder: bool = True
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """An entry as one page shows it."""

    label: str
    url: str
    icon: str
    tab: str
    current: str  # "page", "true" or ""


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
    Entry(_("工作台"), "employer:bench", "home", tab=_("工作台"), also=("filing:case", "filing:status")),
    Entry(_("业务办理"), "employer:services", "apps", tab=_("业务"), also=("filing:form", "filing:batch")),
    Entry(_("缴费与欠费"), "employer:bills", "receipt", tab=_("缴费")),
    Entry(_("参保职工"), "employer:roster", "users", tab=_("职工")),
    Entry(_("综合查询"), "employer:queries", "search"),
    Entry(_("消息"), "inbox", "bell", elder=False),
    Entry(_("本单位信息"), "employer:profile", "building", tab=_("单位"), elder=False),
)
PERSON = (
    Entry(_("我的社保"), "individual:overview", "home", tab=_("我的社保"), also=("individual:explain",)),
    Entry(_("业务办理"), "individual:services", "apps", tab=_("办事")),
    Entry(_("缴费记录"), "individual:contributions", "history", tab=_("记录")),
    Entry(_("社保证明"), "individual:statements", "file-certificate", tab=_("证明")),
    Entry(_("社保卡"), "individual:card", "credit-card"),
    Entry(_("消息"), "inbox", "bell", elder=False),
    Entry(_("账号与安全"), "account", "user-circle", tab=_("我的"), elder=False),
)
COMMUNITY = (
    Entry(_("代办工作台"), "community:bench", "home", tab=_("工作台")),
    Entry(_("代办协议"), "community:agreements", "heart-handshake", tab=_("协议")),
    Entry(_("业务办理"), "community:services", "apps", tab=_("业务")),
    Entry(_("账号与安全"), "account", "user-circle", tab=_("我的"), elder=False),
)
AGENCY = (
    Entry(_("待审业务"), "backoffice:review", "checklist", tab=_("审核"), also=("backoffice:case",)),
    Entry(_("收缴台"), "backoffice:ledger", "coins", tab=_("收缴")),
    Entry(_("登记台"), "backoffice:registry", "id-badge-2", tab=_("登记")),
    Entry(_("参数台"), "backoffice:policy", "settings"),
    Entry(_("监管"), "backoffice:supervision", "chart-bar", tab=_("监管")),
    Entry(_("操作日志"), "backoffice:audit", "history"),
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
    for name in names:
        try:
            return reverse(name, kwargs=kwargs or None)
        except NoReverseMatch:
            continue
    return ""


def log_in(kind: str) -> str:
    """The log-in page for this kind of account, or ""."""
    return address("login", kind=kind)


def links(request: HttpRequest, entries: Iterable[Entry], *, elder: bool) -> list[Link]:
    """These entries as this page shows them: those that lead somewhere, the current one marked."""
    here = getattr(request.resolver_match, "view_name", "") or ""
    shown = []
    for entry in entries:
        url = address(entry.address)
        if url and (entry.elder or not elder):
            current = "page" if here == entry.address else "true" if here in entry.also else ""
            shown.append(Link(entry.label, url, entry.icon, entry.tab, current))
    return shown
