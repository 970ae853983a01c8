"""What every template may use, whatever its view gave it: the city, who acts, the mode, the menus."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shebao.foundation import clock
from shebao.identity import sessions
from shebao.pages import city, modes, navigation


def furniture(request: HttpRequest) -> dict:
    """`city`, `acting`, `elder`, `demo`, `nav`, `nav_public`, `nav_title`, `today`, `session_seconds`."""
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
