"""One insured person at the counter: who he is, which facts are on file and who wrote them; the mobile is confirmed.

A person is found by ID number and name together, and stays open in that officer's session alone: numbers in an
address lead nobody to a record. Each look is recorded, each one that found nobody is counted.
"""

from collections.abc import Iterable
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shebao import audit
from shebao.casework.models import Case
from shebao.foundation import masks
from shebao.foundation.identifiers import IdNumber, Mobile
from shebao.foundation.unreadable import Unreadable
from shebao.foundation.values import PersonName
from shebao.identity import password_slips, throttle
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Account, Kind, PasswordSlip, Role
from shebao.identity.refusals import Refused
from shebao.pages.password_slips import hand_out
from shebao.pages.refusable import RefusableForm
from shebao.pages.screens import page
from shebao.registry import particulars, people
from shebao.registry.models import Card, Person

_OPENED, _MOST_OPEN = "people_opened", 20
_MISSES = throttle.Limit(free=20, window=timedelta(hours=1))


def _line(label, css: str, most: int, **attrs) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "class": css, **attrs})
    empty = {"required": lazy("还没有填写，请填写")}
    return forms.CharField(label=label, max_length=most, error_messages=empty, widget=widget)


class Seeking(RefusableForm):
    """What stands on the identity card that lies on the counter."""

    id_number = _line(lazy("身份证号码"), "w-id", 30)
    name = _line(lazy("姓名"), "w-id", 60)


class Confirming(forms.Form):
    """His mobile, as he says it himself, and that the officer saw the card."""

    mobile = _line(lazy("手机号码"), "w-tel", 20, inputmode="tel")
    card_seen = forms.BooleanField(
        label=lazy("已核对居民身份证原件，本人与照片相符"),
        error_messages={"required": lazy("请先核对身份证原件，再确认")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mobile"].help_text = _("请本人报出完整号码；与档案相同的，确认以后也可以用来注册")


@acting_for(Kind.AGENCY, role=Role.REGISTRY)
@sensitive_post_parameters("id_number", "name")
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest, acting: Acting) -> HttpResponse:
    """By ID number and name, both as they stand on the card."""
    form = Seeking(request.POST or None)
    if form.is_valid():
        try:
            person = _sought(acting, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            opened = [one for one in request.session.get(_OPENED, []) if one != person.pk]
            request.session[_OPENED] = [*opened, person.pk][-_MOST_OPEN:]
            return redirect("backoffice:registry-person", person_id=person.pk)
    status = 422 if form.errors else 200
    return page(request, "registry/find_person.html", status=status, acting=acting, form=form)


def _sought(acting: Acting, id_number: str, name: str) -> Person:
    try:
        number = IdNumber.read(id_number)
    except Unreadable as wrong:
        raise Refused(("id_number", wrong.sentence)) from wrong
    charged = throttle.key("person sought", acting.account_id)
    if throttle.charge(charged, _MISSES):
        raise Refused(("", _("没有找到的次数较多，请过几分钟再查")))
    person = Person.objects.filter(pk=people.ids_of([number]).get(number)).first()
    if person is None or person.name != _name(name):
        audit.record("person.not-found", "person:unknown", by=acting, details={"id_number": number.masked})
        raise Refused(("", _("参保档案里没有这个号码和姓名的人，请对照身份证逐字核对")))
    throttle.give_back([charged])
    return person


def _name(written: str) -> str:
    try:
        return PersonName.read(written)
    except Unreadable:
        return ""


@acting_for(Kind.AGENCY, role=Role.REGISTRY)
@sensitive_post_parameters("mobile")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, acting: Acting, person_id: int) -> HttpResponse:
    """GET: the facts, masked, and who wrote them. POST: the mobile is confirmed."""
    person = _open(request, person_id)
    form = Confirming(request.POST or None)
    if request.method != "POST":
        audit.looked(
            by=acting, person_id=person.pk, what=lazy("登记的身份核对信息"), about=f"person:{person.pk}"
        )
    elif person.died_on:
        raise Http404
    elif form.is_valid():
        try:
            changed = particulars.confirm_mobile(
                person.pk, Mobile.read(form.cleaned_data["mobile"]), by=acting
            )
        except Unreadable as wrong:
            form.add_error("mobile", wrong.sentence)
        else:
            done = _("手机号码已更换并核对") if changed else _("手机号码已核对")
            messages.success(request, done)
            return redirect("backoffice:registry-person", person_id=person.pk)
    status = 422 if form.errors else 200
    return page(request, "registry/person.html", status=status, acting=acting, form=form, **_shown(person))


@require_POST
@acting_for(Kind.AGENCY, role=Role.REGISTRY)
def slip(request: HttpRequest, acting: Acting, person_id: int) -> HttpResponse:
    """打印密码条 for somebody who forgot his password and shows his identity card."""
    person = _open(request, person_id)
    account = _account(person)
    if account is None or person.died_on:
        raise Http404
    back = redirect("backoffice:registry-person", person_id=person.pk)
    if not request.POST.get("card_seen"):
        messages.warning(request, _("请先核对身份证原件，再打印密码条"))
        return back
    return hand_out(request, account, way=PasswordSlip.Way.COUNTER, by=acting, otherwise=back)


def _open(request: HttpRequest, person_id: int) -> Person:
    """The person, if this officer found him in this session."""
    if person_id not in request.session.get(_OPENED, []):
        raise Http404
    return Person.objects.get(pk=person_id)


def _account(person: Person) -> Account | None:
    return Account.objects.filter(person_id=person.pk, is_active=True).first()


def _shown(person: Person) -> dict:
    account = _account(person)
    written = particulars.written(person)["mobile"]
    changes = particulars.changes(person.pk, fields=("mobile",), limit=50)
    filers = _filers([written.source, *(one.source for one in changes)])
    card = (
        Card.objects.filter(person=person).exclude(state=Card.State.CANCELLED).order_by("-issued_on").first()
    )
    return {
        "person": person,
        "id_number": IdNumber(person.id_number).masked,
        "mobile": masks.mobile(person.mobile),
        "mobile_is_his": not written.by_an_employer,
        "written": written,
        "written_by": _by(written.source, written.by_name, filers),
        "facts": [
            (_("银行账号后六位"), person.bank_tail and masks.bank_card(person.bank_tail)),
            (_("社会保障卡"), card and masks.bank_card(card.number)),
            (_("电子邮箱"), person.email and masks.email(person.email)),
        ],
        "account": account,
        "slip": account and password_slips.last_of([account.pk]).get(account.pk),
        "changes": [(one, _by(one.source, one.by_name, filers)) for one in changes],
    }


def _by(source: str, by_name: str, filers: dict[str, str]) -> str:
    """Who wrote it, for the officer: an employer is named with its clerk."""
    filer = filers.get(_number(source), "")
    return " ".join(dict.fromkeys(part for part in (filer, by_name) if part)) or _("建档时登记")


def _number(source: str) -> str:
    return source.removeprefix("case:").partition("/")[0] if source.startswith("case:") else ""


def _filers(sources: Iterable[str]) -> dict[str, str]:
    """Who filed the cases among these sources: one query."""
    numbers = {_number(source) for source in sources} - {""}
    return dict(Case.objects.filter(number__in=numbers).values_list("number", "party_name"))
