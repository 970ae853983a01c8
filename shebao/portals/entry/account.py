"""What an account's owner sees and does about it: password, terms, messages, who looked at his record."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from shebao.audit import trails
from shebao.foundation import masks
from shebao.identity import devices, duties, passwords, sessions, terms
from shebao.identity.acting import acting_for
from shebao.identity.hashers import TooBusy
from shebao.identity.models import Kind, Role
from shebao.identity.refusals import Refused
from shebao.identity.sources import source_of
from shebao.notices import inbox
from shebao.pages import keys
from shebao.pages.screens import page
from shebao.portals.entry import destinations, forms, homes

_ANYBODY = Kind.values
_PER_PAGE = 20


@acting_for(*_ANYBODY)
@require_safe
def account(request: HttpRequest, acting) -> HttpResponse:
    """账号与安全."""
    own = request.user
    return page(
        request,
        "entry/account.html",
        account=own,
        mobile=masks.mobile(own.mobile),
        email=own.email and masks.email(own.email),
        unread=inbox.unread(acting.inbox),
        issues_keys=acting.kind == Kind.EMPLOYER and acting.may(Role.ADMIN),
    )


@acting_for(*_ANYBODY)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest, acting) -> HttpResponse:
    """Change it; the first one must be."""
    form = forms.ChangePassword(request.POST or None)
    if form.is_valid():
        try:
            passwords.change(request.user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        except TooBusy as busy:
            form.add_error(None, busy.sentence)
        else:
            sessions.renew(request, request.user)
            response = _go_on(request, acting)
            devices.remember(response, request.COOKIES.get(devices.COOKIE, ""), request.user)
            messages.success(request, _("密码已修改，其他设备上的登录已退出"))
            return response
    due = request.user.must_change_password
    return page(request, "entry/password.html", status=422 if form.errors else 200, form=form, due=due)


@acting_for(*_ANYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def accept_terms(request: HttpRequest, acting) -> HttpResponse:
    """Read and accept the newest terms for this kind of account."""
    text = terms.current(acting.kind)
    if text is None:
        return _go_on(request, acting)
    form = forms.AcceptTerms(request.POST or None, initial={"version": text.version})
    if form.is_valid():
        if terms.accept(request.user, form.cleaned_data["version"], source=source_of(request)):
            return _go_on(request, acting)
        form = forms.AcceptTerms(initial={"version": text.version})
        messages.warning(request, _("文本刚刚更新，请重新阅读"))
    return page(request, "entry/terms.html", status=422 if form.errors else 200, form=form, terms=text)


@acting_for(*_ANYBODY)
@require_safe
def letters(request: HttpRequest, acting) -> HttpResponse:
    """消息: the inbox; what is shown counts as read."""
    shown, older = _page_of(request, inbox.of(acting.inbox))
    fresh = {letter.pk for letter in shown if letter.read_at is None}
    inbox.mark_read(acting.inbox, fresh)
    leads = destinations.of(shown, acting)
    lines = [(letter, leads.get(letter.pk)) for letter in shown]
    return page(request, "entry/inbox.html", letters=lines, older=older, fresh=fresh)


@acting_for(Kind.PERSON)
@require_safe
def looks(request: HttpRequest, acting) -> HttpResponse:
    """谁查看过我的记录."""
    shown, older = _page_of(request, trails.looks_at(acting.party_id))
    return page(request, "entry/looks.html", looks=shown, older=older)


def _page_of(request: HttpRequest, newest_first: QuerySet) -> tuple[list, str]:
    """The rows after the one that the query names, and the key of the last if there are more."""
    after = keys.number(request.GET.get("after"))
    if after is not None:
        newest_first = newest_first.filter(pk__lt=after)
    rows = list(newest_first[: _PER_PAGE + 1])
    shown = rows[:_PER_PAGE]
    return shown, str(shown[-1].pk) if len(rows) > _PER_PAGE else ""


def _go_on(request: HttpRequest, acting) -> HttpResponse:
    duty = duties.next_of(request.user)
    sessions.set_duty(request, duty)
    return redirect(duty or homes.home_of(acting))
