"""What can't be done from afar: where the counters are, and what to bring."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shebao.pages.screens import page
from shebao.registry.models import Office


@require_safe
def identity_check(request: HttpRequest) -> HttpResponse:
    """个人身份核对: for somebody about whom the archive knows nothing that proves who he is."""
    return page(request, "entry/identity_check.html", offices=offices())


def offices() -> QuerySet[Office]:
    return Office.objects.order_by("code")
