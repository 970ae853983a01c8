"""What can't be done from afar: where the counters are, what to bring, and who helps whom to a new password."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shebao.identity.models import Kind
from shebao.pages.screens import page
from shebao.registry.models import Office


@require_safe
def identity_check(request: HttpRequest) -> HttpResponse:
    """个人身份核对: for somebody about whom the archive knows nothing that proves who he is."""
    return page(request, "entry/identity_check.html", offices=_offices())


@require_safe
def forgotten(request: HttpRequest, kind: str) -> HttpResponse:
    """忘记密码: the way to a new one, which is another for each kind of account."""
    if kind not in Kind.values:
        raise Http404
    return page(request, "entry/forgotten.html", kind=kind, kinds=Kind.choices, offices=_offices())


def _offices():
    return Office.objects.order_by("code")
