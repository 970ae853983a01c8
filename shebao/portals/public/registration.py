"""单位参保登记 without an account: begin, come back with number and code, collect code and password slip.

Between these pages lie those of filing, which serve an applicant as they serve a clerk.
"""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shebao.casework import cases, catalogue, leftovers
from shebao.casework.models import Case, State
from shebao.foundation import clock
from shebao.identity import applicants, challenges, password_slips, terms
from shebao.identity.models import Account, Applicant, Kind, PasswordSlip
from shebao.identity.refusals import Refused
from shebao.identity.sources import source_of
from shebao.pages.password_slips import hand_out
from shebao.pages.refusable import QuestionedForm, RefusableForm
from shebao.pages.screens import page
from shebao.portals.filing.access import to
from shebao.portals.filing.status import timeline
from shebao.portals.public import month_calendar
from shebao.registry import registrations

SERVICE = "register-employer"
_STEPS = (
    (lazy("阅读承诺书"), lazy("不用先有账户")),
    (lazy("填写登记表"), lazy("对照营业执照")),
    (lazy("上传材料，提交"), lazy("领取查询码")),
    (lazy("审核通过"), lazy("领取密码条，登录")),
)


class Begin(QuestionedForm):
    """The question and the tick under the undertaking."""

    agreed = forms.BooleanField(label=lazy("我已阅读承诺书，并代表单位同意"))
    terms = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["challenge", "agreed", "terms"])


class Return(RefusableForm):
    """Number and code."""

    number = forms.CharField(
        label=lazy("业务顺序号"),
        help_text=lazy("提交时显示的 20 位数字"),
        max_length=40,
        error_messages={"required": lazy("还没有填写，请填写")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "w-id"}),
    )
    code = forms.CharField(
        label=lazy("查询码"),
        help_text=lazy("16 个字母和数字，不分大小写，短横可以不写"),
        max_length=40,
        error_messages={"required": lazy("还没有填写，请填写")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "w-id"}
        ),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """What it takes, the undertaking, and the way in."""
    applicant = _applicant(request)
    if applicant and _case_of(applicant):
        return redirect("registration-mine")
    text = terms.current(Kind.EMPLOYER)
    if request.method != "POST":
        form = Begin(initial={"terms": text.version}, question=challenges.ask(request.session))
        return _begin_page(request, form, text)
    form = Begin(request.POST)
    human = challenges.passed(request.session, request.POST.get("challenge", ""))
    if form.is_valid():
        try:
            if not human:
                raise challenges.wrong()
            number = registrations.draw_number()
            version = form.cleaned_data["terms"]
            applicants.begin(request.session, number, terms_version=version, source=source_of(request))
            return redirect("filing:form", service=SERVICE)
        except Refused as refused:
            form.refuse(refused)
    form.pose(challenges.ask(request.session))
    return _begin_page(request, form, text, status=422)


def _begin_page(request: HttpRequest, form: Begin, text, status: int = 200) -> HttpResponse:
    service = catalogue.service(SERVICE)
    window = month_calendar.window_of(service, clock.today())
    return page(
        request,
        "public/registration.html",
        status=status,
        form=form,
        terms=text,
        steps=_STEPS,
        service=service,
        window=window,
        shut=window.shut_on(clock.today()) if window else "",
    )


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """查进度: number and code let the applicant in again."""
    form = Return(request.POST or None)
    if form.is_valid():
        try:
            applicants.come_back(
                request.session,
                form.cleaned_data["number"],
                form.cleaned_data["code"],
                source=source_of(request),
            )
            return redirect("registration-mine")
        except Refused as refused:
            form.refuse(refused)
    return page(request, "public/registration_return.html", status=422 if form.errors else 200, form=form)


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """我的登记申请: how it stands, what to do next."""
    applicant = _applicant(request)
    if applicant is None:
        return redirect("registration-progress")
    case = _case_of(applicant)
    if case is None:  # he went back before anything was saved
        return redirect("registration")
    return _mine(request, applicant, case)


def _mine(request: HttpRequest, applicant: Applicant, case: Case, code: str = "") -> HttpResponse:
    account = _account_of(applicant) if case.state == State.APPROVED else None
    return page(
        request,
        "public/registration_mine.html",
        acting=applicants.acting_as(applicant),
        case=case,
        code=code,
        coded=applicant.code_issued_at,
        moves=timeline(case),
        kept_until=leftovers.kept_until(case),
        status_url=to("status", case),
        go_on_url=to("case", case) if case.is_open else "",
        account=account,
        collected=bool(account and password_slips.handed_over(account)),
    )


@never_cache
@sensitive_variables("code")
@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """Show a 查询码, this once."""
    applicant = _applicant(request)
    case = _case_of(applicant) if applicant else None
    if case is None:
        return redirect("registration-progress")
    email = case.rows.values_list("data__email", flat=True).first() or ""
    return _mine(request, applicant, case, applicants.issue_code(applicant, case.number, email=email))


@never_cache
@require_POST
def slip(request: HttpRequest) -> HttpResponse:
    """The password slip of the new employer's first account; once, afterwards at the counter."""
    applicant = _applicant(request)
    case = _case_of(applicant) if applicant else None
    account = _account_of(applicant) if case and case.state == State.APPROVED else None
    if account is None:
        return redirect("registration-progress")
    return hand_out(
        request,
        account,
        way=PasswordSlip.Way.ONLINE,
        by=applicants.acting_as(applicant),
        otherwise=redirect("registration-mine"),
        first_only=True,
    )


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """On a computer that others use as well."""
    applicants.leave(request.session)
    messages.success(request, _("已退出登记申请；用业务顺序号和查询码可以再回来"))
    return redirect("home")


def _applicant(request: HttpRequest) -> Applicant | None:
    return None if request.user.is_authenticated else applicants.of(request.session)


def _case_of(applicant: Applicant) -> Case | None:
    """His application: the one his code opens, else the newest."""
    found = cases.of(applicants.acting_as(applicant)).exclude(state=State.WITHDRAWN).order_by("-id")
    return found.filter(number=applicant.case_number).first() or found.first()


def _account_of(applicant: Applicant) -> Account | None:
    """The first account of the employer that he became."""
    return Account.objects.filter(employer_id=applicant.pk).order_by("id").first()
