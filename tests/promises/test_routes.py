"""Every route asks who you are, or belongs to the public portal, or is on a short list of pages for everybody."""

from django.urls import URLPattern, URLResolver, get_resolver

# By the name of the route, or its pattern where it has no name; with the reason where it isn't plain.
PUBLIC = {
    "healthz",  # load balancers
    "mode-elder",
    "mode-standard",
    "set_language",
    "manifest",
    "worker",
    "offline",
    "login",
    "logout",  # ends whatever session there is
    "register",
    "register-details",
    "identity-check",  # where the counters are
    "forgotten-password",
    "recover-password",  # the link of a letter lets in, for half an hour
    "verify",  # strangers check statements
    "api",  # the API explained, to people
    "openapi",  # and to programs
}


def routes(resolver: URLResolver, before: str = ""):
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, path)
        elif isinstance(entry, URLPattern):
            yield path, entry


def test_every_route_asks_who_you_are_or_is_for_everybody():
    wrong = [
        f"{path} ({entry.name or 'no name'})"
        for path, entry in routes(get_resolver())
        if not getattr(entry.callback, "acting_for", None)
        and not entry.callback.__module__.startswith("shebao.portals.public.")
        and {entry.name, path}.isdisjoint(PUBLIC)
    ]
    assert not wrong, "give it @acting_for(…), or put it on the list above with its reason"


def test_the_list_of_pages_for_everybody_names_only_what_exists():
    there = {known for path, entry in routes(get_resolver()) for known in (entry.name, path)}
    assert not PUBLIC - there
