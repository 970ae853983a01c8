"""导出文件: ordering a list as a workbook, how far it has come, stopping it, taking it along."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shebao.exports import orders
from shebao.exports.models import Export
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.pages import downloads, keys
from shebao.pages.screens import page
from shebao.portals.employer.queries.listing import PAGE_SIZE


@require_safe
@acting_for(Kind.EMPLOYER)
def files(request: HttpRequest, acting: Acting) -> HttpResponse:
    before = keys.number(request.GET.get("after"))
    found = orders.of(acting)
    if before is not None:
        found = found.filter(id__lt=before)
    found = list(found[: PAGE_SIZE + 1])
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    return page(
        request,
        "queries/exports.html",
        part="exports",
        acting=acting,
        exports=found,
        following=found[-1].id if more else "",
        poll=request.get_full_path() if any(one.is_under_way for one in found) else "",
        days=settings.EXPORTS_KEPT_DAYS,
    )


@require_POST
@acting_for(Kind.EMPLOYER)
def order(request: HttpRequest, acting: Acting, source: str) -> HttpResponse:
    """导出全部, with the filters of the page it was asked on."""
    try:
        orders.order(source, request.POST.dict(), by=acting)
    except LookupError as none:
        raise Http404 from none
    except Unsettled as refused:
        messages.warning(request, refused.sentence)
    return redirect("employer:exports")


@require_POST
@acting_for(Kind.EMPLOYER)
def stop(request: HttpRequest, acting: Acting, export_id: int) -> HttpResponse:
    orders.stop(_export(acting, export_id), by=acting)
    return redirect("employer:exports")


@require_safe
@acting_for(Kind.EMPLOYER)
def file(request: HttpRequest, acting: Acting, export_id: int) -> HttpResponse:
    """The workbook. Who is in it is remembered as looked at."""
    export = _export(acting, export_id)
    try:
        opened = orders.take(export, by=acting)
    except Unsettled as refused:
        messages.warning(request, refused.sentence)
        return redirect("employer:exports")
    name = _("%(title)s%(day)s.xlsx") % {"title": export.title, "day": f"{export.ordered_on:%Y%m%d}"}
    return downloads.stored(opened, name)


def _export(acting: Acting, export_id: int) -> Export:
    try:
        return orders.of(acting).get(pk=export_id)
    except Export.DoesNotExist as none:
        raise Http404 from none
