"""Where somebody goes after logging in."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from shebao.identity.acting import Acting
from shebao.identity.models import Role
from shebao.pages import navigation

_HOMES = {"person": "individual:overview", "employer": "employer:bench", "community": "community:bench"}
_DESKS = (
    (Role.REVIEWER, "backoffice:review"),
    (Role.LEDGER, "backoffice:ledger"),
    (Role.REGISTRY, "backoffice:registry"),
    (Role.POLICY, "backoffice:policy"),
    (Role.SUPERVISOR, "backoffice:supervision"),
)


def home_of(acting: Acting) -> str:
    """The address of his work bench, overview or first desk."""
    names = [_HOMES.get(acting.kind, "")] + [name for role, name in _DESKS if acting.may(role)]
    return navigation.address(*(name for name in names if name), "account")


def back_or_home(request: HttpRequest, acting: Acting) -> str:
    """Where he was going before he had to log in; nowhere outside this hall."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and ours else home_of(acting)
