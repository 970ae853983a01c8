"""What every template may use, whatever its view gave it: the city, who acts, the mode, the menus."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from shebao.foundation import clock
from shebao.identity import sessions
from shebao.pages import city, modes, navigation
from shebao.registry.models import Office


def furniture(request: HttpRequest) -> dict:
    """`city`, `acting`, `acting_line`, `elder`, `demo`, `nav`, `nav_public`, `nav_title`, `today`,
    `session_seconds`."""
    acting = acting_of(request)
    elder = modes.is_elder(request)
    kind = getattr(acting, "kind", "")
    public = SimpleLazyObject(lambda: navigation.links(request, navigation.PUBLIC, elder=elder))
    own = SimpleLazyObject(
        lambda: (
            navigation.links(request, navigation.PORTALS[kind], elder=elder, acting=acting)
            if kind in navigation.PORTALS
            else public
        )
    )
    return {
        "city": city.ours(),
        "acting": acting,
        "acting_line": acting and SimpleLazyObject(lambda: acting_line(acting)),  # shown twice
        "elder": elder,
        "demo": settings.DEMO,
        "nav": own,
        "nav_public": public,
        "nav_title": navigation.TITLES.get(kind, ""),
        "today": clock.today(),
        "session_seconds": sessions.seconds_left(request) if acting else 0,
    }


def acting_of(request: HttpRequest):
    """Whoever is signed in, or None. shebao.identity.sessions leaves it on the request."""
    return getattr(request, "acting", None)


def acting_line(acting) -> str:
    """The small line under the name in the masthead: which kind of account, and its standing."""
    grades = {"ordinary": _("普通单位"), "trusted": _("VIP 单位")}
    kinds = {
        "employer": _("单位经办人"),
        "person": _("参保人"),
        "community": _("社区经办员"),
        "agency": _("经办机构"),
    }
    if acting.kind == "person":
        return kinds["person"]
    parts = [kinds.get(acting.kind, ""), acting.account_name, grades.get(getattr(acting, "grade", ""), "")]
    if acting.kind == "agency":
        parts.insert(1, _office_name(acting.office_code))
    shown = acting.party_name or acting.account_name  # stands above this line
    return " · ".join(part for part in parts if part and part != shown)


def _office_name(code: str) -> str:
    return Office.objects.filter(pk=code).values_list("name", flat=True).first() or code
