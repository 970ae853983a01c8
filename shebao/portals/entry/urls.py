"""Addresses at the door."""

from django.urls import path

from shebao.portals.entry import account, counters, login, recovering, registering

urlpatterns = [
    path("login/", login.log_in, name="login"),
    path("login/<slug:kind>/", login.log_in, name="login"),
    path("login/<slug:kind>/forgotten/", recovering.forgotten, name="forgotten-password"),
    path("recover/<int:account_id>/<str:token>/", recovering.recover, name="recover-password"),
    path("logout/", login.log_out, name="logout"),
    path("register/", registering.numbers, name="register"),
    path("register/details/", registering.details, name="register-details"),
    path("register/identity-check/", counters.identity_check, name="identity-check"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="change-password"),
    path("account/terms/", account.accept_terms, name="accept-terms"),
    path("account/looks/", account.looks, name="looks"),
    path("account/stay/", login.stay, name="stay"),
    path("inbox/", account.letters, name="inbox"),
]
