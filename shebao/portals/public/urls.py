"""The public door. No name space: these addresses are known to every page."""

from django.urls import path

from shebao.portals.public import guides, home, information, registration, searching

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", searching.search, name="search"),
    path("guides/", guides.index, name="guides"),
    path("guides/<slug:service>/", guides.show, name="guide"),
    path("registration/", registration.begin, name="registration"),
    path("registration/progress/", registration.come_back, name="registration-progress"),
    path("registration/mine/", registration.mine, name="registration-mine"),
    path("registration/mine/code/", registration.code, name="registration-code"),
    path("registration/mine/slip/", registration.slip, name="registration-slip"),
    path("registration/leave/", registration.leave, name="registration-leave"),
    path("help/", information.text, {"name": "help"}, name="help"),
    path("accessibility/", information.text, {"name": "accessibility"}, name="accessibility"),
    path("terms/", information.text, {"name": "terms"}, name="terms"),
    path("privacy/", information.text, {"name": "privacy"}, name="privacy"),
    path("licences/", information.licences, name="licences"),
    path("_patterns/", information.patterns, name="patterns"),
]
