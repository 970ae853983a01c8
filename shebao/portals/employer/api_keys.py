"""接口密钥: the administrator issues keys to the employer's own systems, sees which are used, and revokes them."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from shebao.identity import api_keys
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import ApiKey, Kind, Role
from shebao.identity.refusals import Refused
from shebao.pages.refusable import RefusableForm
from shebao.pages.screens import page

_MEANINGS = {
    api_keys.Scope.READ: lazy("查询：业务、名册、账单、缴费单"),
    api_keys.Scope.FILE: lazy("申报业务：增员、减员等，与经办人在网页上办理效力相同"),
    api_keys.Scope.PAY: lazy("生成和退回缴费单"),
}


class NewKey(RefusableForm):
    """What a key is for, what it may do, and for how long."""

    name = forms.CharField(
        label=lazy("给哪个系统用"),
        help_text=lazy("例如：薪资系统。这个名称会写进每笔业务的办理记录"),
        max_length=40,
        error_messages={"required": lazy("请写这个密钥给哪个系统用")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=lazy("可以做什么"),
        choices=list(_MEANINGS.items()),
        initial=[api_keys.Scope.READ],
        error_messages={"required": lazy("请至少选择一项权限")},
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=lazy("有效期"),
        help_text=lazy("到期自动失效；请在到期前签发新的换上"),
        coerce=int,
        initial=90,
        choices=[(days, f"{days}") for days in api_keys.LIFETIMES],
        error_messages={"required": lazy("请选择有效期")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [
            (days, _("%(days)s 天") % {"days": days}) for days in api_keys.LIFETIMES
        ]


@acting_for(Kind.EMPLOYER, role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def keys(request: HttpRequest, acting: Acting) -> HttpResponse:
    """All keys of the employer, and a form for a new one. Its secret is in this one answer and nowhere else."""
    form, fresh, secret = NewKey(request.POST or None), None, ""
    if form.is_valid():
        try:
            fresh, secret = api_keys.issue(**form.cleaned_data, by=acting)
            form = NewKey()
        except Refused as refused:
            form.refuse(refused)
    found = list(api_keys.of(acting)[:100])
    return page(
        request,
        "employer/api_keys.html",
        status=422 if form.errors else 200,
        acting=acting,
        # Those that count before those that don't.
        keys=sorted(
            ((key, api_keys.why_not(key) or "in-use") for key in found), key=lambda one: one[1] != "in-use"
        ),
        labels=dict(api_keys.Scope.choices),
        form=form,
        fresh=fresh,
        secret=secret,
    )


@acting_for(Kind.EMPLOYER, role=Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, acting: Acting, prefix: str) -> HttpResponse:
    """吊销, asked once more on a page of its own."""
    try:
        key = api_keys.of(acting).get(prefix=prefix)
    except ApiKey.DoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        api_keys.revoke(key, by=acting)
        messages.success(request, _("密钥“%(name)s”已吊销，立即失效") % {"name": key.name})
        return redirect("employer:api-keys")
    return page(request, "employer/api_key_revoke.html", acting=acting, key=key)
