"""电子对账单: make one for a period, and download those there are."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unreadable import Unreadable
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.pages import downloads
from shebao.pages.screens import page
from shebao.statements import issuance


@acting_for(Kind.PERSON)
def statements(request: HttpRequest, acting: Acting) -> HttpResponse:
    """GET: the form, filled with this year, and the statements there are. POST: make one."""
    this_month = clock.this_month()
    written = {
        "first": request.POST.get("first", str(Month(this_month.year, 1))),
        "last": request.POST.get("last", str(this_month)),
    }
    wrongs: dict[str, str] = {}
    if request.method == "POST":
        period = {}
        for name, text in written.items():
            try:
                period[name] = Month.read(text)
            except Unreadable as unreadable:
                wrongs[name] = unreadable.sentence
        if not wrongs:
            try:
                issued = issuance.issue(acting.person_id, period["first"], period["last"], by=acting)
            except issuance.NotIssued as refused:
                wrongs["first"] = str(refused)
            else:
                messages.success(request, _("对账单 %(serial)s 已生成，可以下载") % {"serial": issued.serial})
                return redirect("individual:statements")
    labels = {"first": _("开始月份"), "last": _("结束月份")}
    return page(
        request,
        "individual/statements.html",
        acting=acting,
        fields=[
            {"name": name, "label": labels[name], "value": text, "wrong": wrongs.get(name, "")}
            for name, text in written.items()
        ],
        wrongs=[(name, labels[name], sentence) for name, sentence in wrongs.items()],
        issued=issuance.of_person(acting.person_id),
        lookups=issuance.lookups_of(acting.person_id, limit=10),
    )


@acting_for(Kind.PERSON)
def statement(request: HttpRequest, acting: Acting, serial: str) -> HttpResponse:
    """The signed PDF."""
    found = issuance.find(acting.person_id, serial)
    if found is None:
        raise Http404
    return downloads.file(issuance.pdf_of(found), f"statement-{found.serial}.pdf")
