"""The public door. No name space: these addresses are known to every page."""

from django.urls import path

from shebao.portals.public import guides, home, information, searching

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", searching.search, name="search"),
    path("guides/", guides.index, name="guides"),
    path("guides/<slug:service>/", guides.show, name="guide"),
    path("help/", information.text, {"name": "help"}, name="help"),
    path("accessibility/", information.text, {"name": "accessibility"}, name="accessibility"),
    path("terms/", information.text, {"name": "terms"}, name="terms"),
    path("privacy/", information.text, {"name": "privacy"}, name="privacy"),
    path("licences/", information.licences, name="licences"),
    path("_patterns/", information.patterns, name="patterns"),
]
