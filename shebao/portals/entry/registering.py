"""Registering an account of one's own: terms and numbers, then facts and password."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shebao.foundation.identifiers import IdNumber
from shebao.identity import challenges, registration, terms
from shebao.identity.hashers import TooBusy
from shebao.identity.models import Kind
from shebao.identity.refusals import Refused
from shebao.identity.sources import source_of
from shebao.pages.screens import page
from shebao.portals.entry import forms
from shebao.portals.entry.archive import archived
from shebao.portals.entry.login import welcome

_BEGUN = "registering"
_STEPS = (
    (lazy("阅读条款，填写号码"), lazy("身份证号码和个人编号")),
    (lazy("核对信息，设置密码"), lazy("与参保档案一致")),
    (lazy("完成"), lazy("直接进入我的社保")),
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: HttpRequest) -> HttpResponse:
    """The first step."""
    text = terms.current(Kind.PERSON)
    if request.method != "POST":
        form = forms.Numbers(
            initial={"terms_version": text.version}, question=challenges.ask(request.session)
        )
        return _numbers_page(request, form, text)
    form = forms.Numbers(request.POST)
    # The question is used up by looking at the answer, right or wrong.
    human = challenges.passed(request.session, request.POST.get("challenge", ""))
    if form.is_valid():
        try:
            if not human:
                raise challenges.wrong()
            number = registration.admit(
                form.cleaned_data["id_number"],
                form.cleaned_data["personal_number"],
                archive=archived,
                source=source_of(request),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            request.session[_BEGUN] = {
                "id_number": number,
                "personal_number": form.cleaned_data["personal_number"],
                "terms_version": form.cleaned_data["terms_version"],
            }
            return redirect("register-details")
    form.pose(challenges.ask(request.session))
    return _numbers_page(request, form, text, status=422)


@never_cache
@sensitive_post_parameters("password", "again", "fact_value")
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    """The second step; whoever comes here without the first is led there."""
    begun = request.session.get(_BEGUN)
    if not begun:
        return redirect("register")
    if request.method != "POST":
        return _details_page(request, forms.Details(), begun)
    form = forms.Details(request.POST)
    if form.is_valid():
        try:
            application = registration.Application(**begun, **form.cleaned_data)
            account = registration.register(application, archive=archived, source=source_of(request))
        except Refused as refused:
            if any(field == "terms" for field, _sentence in refused.problems):
                messages.warning(request, str(refused))
                return redirect("register")
            form.refuse(refused)
        except TooBusy as busy:
            form.add_error(None, busy.sentence)
        else:
            response = welcome(request, account)
            messages.success(request, _("注册成功，您已登录"))
            return response
    return _details_page(request, form, begun, status=422)


def _numbers_page(request, form, text, status: int = 200) -> HttpResponse:
    return page(request, "entry/register.html", status=status, form=form, terms=text, steps=_STEPS)


def _details_page(request, form, begun, status: int = 200) -> HttpResponse:
    masked = IdNumber(begun["id_number"]).masked
    return page(
        request, "entry/register_details.html", status=status, form=form, id_number=masked, steps=_STEPS
    )
