"""忘记密码: who helps whom to a new password, and the link by e-mail."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shebao.identity import challenges, recovery
from shebao.identity.hashers import TooBusy
from shebao.identity.models import Kind
from shebao.identity.refusals import Refused
from shebao.identity.sources import source_of
from shebao.pages.screens import page
from shebao.portals.entry import counters, forms


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest, kind: str) -> HttpResponse:
    """GET: the ways to a new password, others for each kind of account. POST: a link by e-mail."""
    if kind not in Kind.values:
        raise Http404
    if kind not in recovery.KINDS:
        return _ways(request, kind)
    if request.method != "POST":
        return _ways(request, kind, forms.AskForLink(kind=kind, question=challenges.ask(request.session)))
    form = forms.AskForLink(request.POST, kind=kind)
    # The question is used up by looking at the answer, right or wrong.
    human = challenges.passed(request.session, request.POST.get("challenge", ""))
    if form.is_valid():
        try:
            if not human:
                raise challenges.wrong()
            recovery.ask(kind, form.cleaned_data["username"], source=source_of(request))
        except Refused as refused:
            form.refuse(refused)
        else:
            return _ways(request, kind, asked=True)
    form.pose(challenges.ask(request.session))
    return _ways(request, kind, form, status=422)


@never_cache
@sensitive_post_parameters("new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest, account_id: int, token: str) -> HttpResponse:
    """Behind the link of the letter: a new password."""
    account = recovery.of_link(account_id, token)
    if account is None:
        return page(request, "entry/recover.html", status=410, form=None)
    form = forms.Recover(request.POST or None, kind=account.kind)
    if form.is_valid():
        try:
            done = recovery.recover(account_id, token, **form.cleaned_data, source=source_of(request))
        except Refused as refused:
            form.refuse(refused)
        except TooBusy as busy:
            form.add_error(None, busy.sentence)
        else:
            if done is None:
                return page(request, "entry/recover.html", status=410, form=None)
            messages.success(request, _("密码已重新设置，其他设备上的登录已退出。请用新密码登录"))
            return redirect("login", kind=done.kind)
    return page(request, "entry/recover.html", status=422 if form.errors else 200, form=form)


def _ways(request: HttpRequest, kind: str, form=None, *, asked: bool = False, status: int = 200):
    return page(
        request,
        "entry/forgotten.html",
        status=status,
        form=form,
        asked=asked,
        kind=kind,
        kinds=Kind.choices,
        offices=counters.offices(),
    )
