"""经办人员: who acts for this employer, and with which rights. For its administrators."""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from shebao.identity import clerks, password_slips
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Account, Kind, PasswordSlip, Role
from shebao.identity.refusals import Refused
from shebao.pages.password_slips import hand_out
from shebao.pages.refusable import RefusableForm
from shebao.pages.screens import page
from shebao.registry import employers

RIGHTS = (
    (Role.FILER, lazy("业务经办"), lazy("填写、提交和退单各项业务")),
    (Role.PAYER, lazy("缴费经办"), lazy("生成和退回缴费单")),
    (Role.ADMIN, lazy("单位管理员"), lazy("以上全部，并管理经办人员和接口密钥")),
)


class Clerk(RefusableForm):
    """A further clerk."""

    display_name = forms.CharField(
        label=lazy("姓名"),
        max_length=40,
        error_messages={"required": lazy("还没有填写，请填写")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    mobile = forms.CharField(
        label=lazy("手机号码"),
        help_text=lazy("多次输错密码时用来核对"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "class": "w-tel"}),
    )
    email = forms.CharField(
        label=lazy("电子邮箱"),
        help_text=lazy("收业务通知；忘记密码时可以自己找回"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "class": "w-id"}),
    )
    roles = forms.MultipleChoiceField(
        label=lazy("权限"),
        help_text=lazy("都不选的，只能查询"),
        choices=[(role.value, label) for role, label, _means in RIGHTS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@acting_for(Kind.EMPLOYER, role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest, acting: Acting) -> HttpResponse:
    """GET: all of them. POST: open another one."""
    form = Clerk(request.POST or None)
    if form.is_valid():
        begins = f"dw{employers.get(acting.party_id).number}"
        try:
            account = clerks.open_one(**form.cleaned_data, username=begins, by=acting)
        except Refused as refused:
            form.refuse(refused)
        else:
            words = {"name": account.display_name, "username": account.username}
            messages.success(request, _("已开通 %(name)s 的账户 %(username)s，请生成密码条交给本人") % words)
            return redirect("employer:clerk", account_id=account.pk)
    return page(
        request,
        "employer/clerks.html",
        status=422 if form.errors else 200,
        acting=acting,
        form=form,
        clerks=_lines(clerks.of(acting.party_id)),
        rights=RIGHTS,
    )


@acting_for(Kind.EMPLOYER, role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def rights(request: HttpRequest, acting: Acting, account_id: int) -> HttpResponse:
    """One clerk: rights, stop, start again, password slip."""
    account = _account(acting, account_id)
    wrongs: list[tuple[str, str, str]] = []
    if request.method == "POST":
        try:
            _do(request, acting, account)
            return redirect("employer:clerks")
        except Refused as refused:
            ids = {"mobile": "id_mobile", "email": "id_email"}
            wrongs = [(ids.get(field, ""), "", sentence) for field, sentence in refused.problems]
    return page(
        request,
        "employer/clerk.html",
        status=422 if wrongs else 200,
        acting=acting,
        clerk=_lines([account])[0],
        rights=RIGHTS,
        wrongs=wrongs,
        posted=request.POST,
    )


def _do(request: HttpRequest, acting: Acting, account: Account) -> None:
    deed, words = request.POST.get("deed"), {"name": account.display_name}
    if deed == "rights":
        clerks.give_rights(account.pk, request.POST.getlist("roles"), by=acting)
        messages.success(request, _("%(name)s 的权限已更新，立即生效") % words)
    elif deed == "reach":
        written = {name: request.POST.get(name, "")[:120] for name in ("mobile", "email")}
        clerks.reach(account.pk, **written, by=acting)
        messages.success(request, _("%(name)s 的联系方式已更新") % words)
    elif deed == "stop":
        clerks.stop(account.pk, request.POST.get("reason", ""), by=acting)
        messages.success(request, _("%(name)s 的账户已停用，已登录的立即退出") % words)
    elif deed == "start":
        clerks.start_again(account.pk, by=acting)
        messages.success(request, _("%(name)s 的账户已恢复使用") % words)
    else:
        raise Http404


@require_POST
@acting_for(Kind.EMPLOYER, role=Role.ADMIN)
def slip(request: HttpRequest, acting: Acting, account_id: int) -> HttpResponse:
    """密码条 of one clerk: a new first password; the one before is worth nothing."""
    return hand_out(
        request,
        _account(acting, account_id),
        way=PasswordSlip.Way.ADMIN,
        by=acting,
        otherwise=redirect("employer:clerks"),
    )


def _account(acting: Acting, account_id: int) -> Account:
    for account in clerks.of(acting.party_id):
        if account.pk == account_id:
            return account
    raise Http404


def _lines(accounts: Sequence[Account]) -> list[dict]:
    slips = password_slips.last_of([one.pk for one in accounts])
    return [
        {
            "account": one,
            "rights": _("、").join(str(label) for role, label, _means in RIGHTS if role in one.roles)
            or _("只能查询"),
            "slip": slips.get(one.pk),
            "never_used": one.last_login is None,
        }
        for one in accounts
    ]
