"""The forms at the door. What is asked beyond name and password depends on what identity wants to know."""

from collections.abc import Collection

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from shebao.identity import passwords, registration
from shebao.identity.login import CHALLENGE, MOBILE_TAIL
from shebao.identity.models import Kind
from shebao.pages.refusable import QuestionedForm, RefusableForm, challenge

_STRENGTH = _("至少8个字符，混用大写字母、小写字母、数字、符号中的三种；15个以上字符不限")


def _password(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=2 * passwords.LONGEST,
        strip=False,
        error_messages={"required": format_lazy(_("请填写{what}"), what=label)},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete, "class": "w-id"}),
    )


def _line(
    label: str, help_text: str = "", *, most: int = 40, required: bool = True, empty: str = "", **attrs
) -> forms.CharField:
    attrs = {"autocomplete": "off", "class": "w-id", **attrs}
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        required=required,
        error_messages={"required": empty or format_lazy(_("请填写{what}"), what=label)},
        widget=forms.TextInput(attrs=attrs),
    )


def _username(kind: str) -> forms.CharField:
    label = _("身份证号码") if kind == Kind.PERSON else _("用户名")
    return _line(label, autocomplete="username", autocapitalize="none")


class LogIn(RefusableForm):
    """Name and password; a question and the mobile's last digits only where they are asked for."""

    def __init__(self, data: QueryDict | None = None, *, kind: str, **kwargs):
        if data is not None:
            data = data.copy()
            data.pop(CHALLENGE, None)  # the answer to the question before
        super().__init__(data, **kwargs)
        self.fields["username"] = _username(kind)
        self.fields["password"] = _password(_("密码"), "current-password")

    def ask(self, asks: Collection[str], question: str) -> None:
        """Show these fields too; what was wrong so far stays said."""
        if MOBILE_TAIL in asks:
            self.fields[MOBILE_TAIL] = _line(
                _("手机号码后四位"),
                _("这个账户最近多次输错密码，请再填登记手机号码的后四位。没有登记手机的，填四个 0"),
                most=4,
                inputmode="numeric",
                **{"class": "w-s"},
            )
        if CHALLENGE in asks:
            self.fields[CHALLENGE] = challenge(question)


class Numbers(QuestionedForm):
    """The first step of registering."""

    id_number = _line(_("身份证号码"), _("18位，末位是X的填X"), most=30)
    personal_number = _line(
        _("个人编号"), _("在社会保障卡、缴费凭证或对账单上"), most=30, inputmode="numeric"
    )
    terms = forms.BooleanField(
        label=_("我已阅读并同意服务条款"), error_messages={"required": _("请先阅读并同意服务条款")}
    )
    terms_version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["id_number", "personal_number", CHALLENGE, "terms", "terms_version"])


class Details(RefusableForm):
    """The second step of registering: facts of the archive, and the password."""

    name = _line(_("姓名"), _("与身份证上的姓名一致"), most=60, autocomplete="name")
    card_number = _line(
        _("社会保障卡卡号"), _("卡面上的9位号码。还没有领卡的不用填"), most=20, required=False
    )
    fact = forms.ChoiceField(
        label=_("再用一项登记信息核对"),
        choices=[(registration.MOBILE, _("登记的手机号码")), (registration.BANK_TAIL, _("银行账号后六位"))],
        widget=forms.RadioSelect,
        initial=registration.MOBILE,
    )
    fact_value = _line(
        _("所选信息的号码"), _("手机号码填11位，银行账号只填后六位"), most=20, inputmode="numeric"
    )
    password = _password(_("设置密码"), "new-password", _STRENGTH)
    again = _password(_("再输一遍密码"), "new-password")


class AskForLink(QuestionedForm):
    """Whose password is forgotten, and the question against robots."""

    def __init__(self, data: QueryDict | None = None, *, kind: str, question: str = "", **kwargs):
        super().__init__(data, question=question, **kwargs)
        self.fields["username"] = _username(kind)
        self.order_fields(["username", CHALLENGE])


class Recover(RefusableForm):
    """Whose link it is, and the new password."""

    def __init__(self, data: QueryDict | None = None, *, kind: str, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["username"] = _username(kind)
        self.order_fields(["username", "new", "again"])

    new = _password(_("新密码"), "new-password", _STRENGTH)
    again = _password(_("再输一遍新密码"), "new-password")


class ChangePassword(RefusableForm):
    """Old and new password."""

    old = _password(_("原密码"), "current-password")
    new = _password(_("新密码"), "new-password", _STRENGTH)
    again = _password(_("再输一遍新密码"), "new-password")


class AcceptTerms(forms.Form):
    """The tick under the text."""

    version = forms.CharField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_("我已阅读并同意"), error_messages={"required": _("请先阅读全文，再勾选同意")}
    )
