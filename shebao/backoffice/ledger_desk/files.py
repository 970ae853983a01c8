"""到账文件: those that were handed in, and what came of each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shebao.backoffice.ledger_desk import suspense
from shebao.foundation import clock
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind, Role
from shebao.ledger import receipt_lines, receipts
from shebao.ledger.models import ReceiptFile
from shebao.pages import downloads, keys
from shebao.pages.screens import page

PAGE_SIZE, PROBLEMS_SHOWN = 50, 200


@require_safe
@acting_for(Kind.AGENCY, role=Role.LEDGER)
def all_files(request: HttpRequest, acting: Acting) -> HttpResponse:
    after = request.GET.get("after", "")
    found = receipts.files(before=keys.number(after), limit=PAGE_SIZE + 1)
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    return page(
        request,
        "ledger/files.html",
        acting=acting,
        files=[listed(one) for one in found],
        next=found[-1].id if more else "",
    )


@require_safe
@acting_for(Kind.AGENCY, role=Role.LEDGER)
def file(request: HttpRequest, acting: Acting, file_id: int) -> HttpResponse:
    """One file: its counts or its problems, and the rows of it that wait or had come before."""
    try:
        found = receipts.file(file_id)
    except ReceiptFile.DoesNotExist as none:
        raise Http404 from none
    after = request.GET.get("after", "")
    waiting = receipts.suspense(file_id=found.id, before=keys.number(after), limit=PAGE_SIZE + 1)
    more, waiting = len(waiting) > PAGE_SIZE, waiting[:PAGE_SIZE]
    return page(
        request,
        "ledger/file.html",
        part="file",
        acting=acting,
        file=listed(found),
        poll=request.path if found.state == ReceiptFile.State.WAITING else "",
        problems=found.problems[:PROBLEMS_SHOWN],
        problem_count=len(found.problems),
        suspense=suspense.explained(waiting),
        repeated=receipts.repeated(found.id, limit=PAGE_SIZE),
        next=waiting[-1].id if more else "",
    )


@require_safe
@acting_for(Kind.AGENCY, role=Role.LEDGER)
def sample(request: HttpRequest, acting: Acting) -> HttpResponse:
    """A file as the bank would send it, for whoever asks what one looks like."""
    return downloads.file(receipt_lines.sample(clock.today()), _("到账文件示例.csv"))


def listed(file: ReceiptFile) -> dict:
    """A file as the lists show it."""
    return {
        "name": file.name,
        "at": file.taken_at,
        "state": _LOOKS[file.state],
        "word": ReceiptFile.State(file.state).label,
        "lines": file.rows,
        "matched": file.matched,
        "suspense": file.suspended,
        "repeated": file.repeated,
        "amount": file.amount,
        "url": reverse("backoffice:ledger-file", args=[file.id]),
    }


_LOOKS = {"waiting": "waiting", "done": "taken-in", "refused": "refused"}
