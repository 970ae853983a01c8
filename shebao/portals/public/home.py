"""The home page: search first, then the three portals, this month's days, and where help is."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shebao.casework import catalogue
from shebao.foundation import clock
from shebao.pages import navigation
from shebao.pages.screens import page
from shebao.portals.public import guides, month_calendar

MOST_IN_A_PORTAL = 5
MOST_GUIDES = 5


@dataclass(frozen=True)
class Portal:
    """One of the three cards. Without a `url` its portal isn't open yet, and the card says where help is."""

    id: str
    icon: str
    title: str
    purpose: str
    url: str
    button: str
    items: list[tuple[str, str]]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    services = catalogue.declared()
    return page(
        request,
        "public/home.html",
        portals=portals(),
        often=often(),
        calendar=month_calendar.of(services, clock.today()),
        guides=[(one.title, navigation.address("guide", service=one.code)) for one in services[:MOST_GUIDES]],
        announcements=[],
        tiles=tiles(),
        verify_url=navigation.address("verify"),
    )


def portals() -> list[Portal]:
    """The cards for employers, people and communities, each with what can be done there today."""
    return [
        Portal(
            "employer",
            "building",
            _("单位办事"),
            _("参保单位经办人"),
            navigation.address("employer:bench") or navigation.log_in("employer"),
            _("单位登录"),
            _services("employer")
            + _pages(
                (_("新单位参保登记"), "registration"),
                (_("缴费账单"), "employer:bills"),
                (_("参保职工花名册"), "employer:roster"),
            ),
        ),
        Portal(
            "person",
            "user",
            _("个人办事"),
            _("在职、灵活就业、退休人员"),
            navigation.address("individual:overview"),
            _("个人登录"),
            _services("person")
            + _pages(
                (_("缴费记录查询"), "individual:overview"),
                (_("个人账户余额"), "individual:overview"),
                (_("个人权益记录"), "individual:statements"),
                (_("首次使用，先注册"), "register"),
            ),
        ),
        Portal(
            "community",
            "building-community",
            _("社区代办"),
            _("街道、社区社保经办员"),
            navigation.address("community:bench"),
            _("社区登录"),
            _services("community") + _pages((_("代办协议管理"), "community:agreements")),
        ),
    ]


def _services(kind: str) -> list[tuple[str, str]]:
    return [
        (str(one.title), guides.start_url(one) or navigation.address("guide", service=one.code))
        for one in catalogue.offered_to(kind)[:MOST_IN_A_PORTAL]
    ]


def _pages(*entries: tuple[str, str]) -> list[tuple[str, str]]:
    found = [(label, navigation.address(name)) for label, name in entries]
    return [(label, url) for label, url in found if url]


def often() -> list[tuple[str, str]]:
    """The pills under the search box."""
    services = [
        (str(one.title), navigation.address("guide", service=one.code)) for one in catalogue.declared()[:3]
    ]
    return services + _pages((_("缴费记录"), "individual:overview"), (_("对账单验真"), "verify"))


def tiles() -> list[tuple[str, str, str, str]]:
    """长者模式: (icon, title, small line, address) of the large squares."""
    wanted = (
        ("chart-bar", _("查我的缴费"), _("看看每个月交了没有"), "individual:overview"),
        ("file-certificate", _("打印缴费证明"), _("可以存到手机里"), "individual:statements"),
        ("shield-check", _("查证明是真是假"), _("别人给您的证明，在这里查"), "verify"),
        ("book", _("怎么办理"), _("要什么材料、找谁办"), "guides"),
        ("user-plus", _("第一次来，先注册"), _("准备好身份证"), "register"),
    )
    found = [(icon, title, small, navigation.address(name)) for icon, title, small, name in wanted]
    return [tile for tile in found if tile[3]]
