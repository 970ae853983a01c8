"""Papers of single rows of a roster, as the photo for a card: one by one, or many at once, named by number."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shebao.casework import cases, papers, rows
from shebao.casework.models import Case
from shebao.casework.service import Material
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from shebao.pages import keys
from shebao.portals.filing import fields
from shebao.portals.filing.access import for_filers, go, open_case_of, to

SHOWN = 20  # rows with a file control each
AT_ONCE = 100  # files of one upload, which the web server takes
_TOLD = 5  # files that weren't taken and are named


@require_POST
@for_filers
def hand_in(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """Keep the chosen files with their rows, and say which weren't taken and why."""
    case = open_case_of(acting, number)
    try:
        taken, refused = _hand_in(request, acting, case)
    except Unsettled as wrong:
        messages.warning(request, wrong.sentence)
        return go("roster", case)
    if taken:
        messages.success(request, _("已收到 %(files)s 个文件，并重新检查了这些行") % {"files": taken})
    for name, sentence in refused[:_TOLD]:
        messages.warning(request, f"{name}：{sentence}")
    if len(refused) > _TOLD:
        messages.warning(request, _("还有 %(files)s 个文件没有收") % {"files": len(refused) - _TOLD})
    if not taken and not refused:
        messages.warning(request, _("请先选择文件"))
    return go("roster", case)


def _hand_in(request: HttpRequest, acting: Acting, case: Case) -> tuple[int, list[tuple[str, str]]]:
    taken, refused = 0, []
    for place, paper in enumerate(papers.asked_of_rows(case)):
        named, unnamed = papers.rows_named(case, request.FILES.getlist(f"many{place}"))
        prefix = f"paper{place}_"
        single = {
            row: file
            for field, file in request.FILES.items()
            if field.startswith(prefix) and (row := keys.number(field.removeprefix(prefix)))
        }
        lacking = rows.lacking(case, paper.name).filter(number__in=single)
        files = [*named, *((row, single[row.number]) for row in lacking)]
        wrong = cases.supply(case, paper.name, files, by=acting) if files else []
        taken += len(files) - len(wrong)
        refused += [*unnamed, *wrong]
    return taken, refused


def wanted(case: Case) -> dict:
    """What filing/row_papers_part.html says: the papers that rows lack, and whose they are."""
    asked = [
        found
        for place, paper in enumerate(papers.asked_of_rows(case))
        if (found := _wanted(case, place, paper))
    ]
    return {"papers": asked, "url": to("row-papers", case), "at_once": AT_ONCE} if asked else {}


def _wanted(case: Case, place: int, paper: Material) -> dict:
    lacking = rows.lacking(case, paper.name)
    count = lacking.count()
    return count and {
        "name": paper.name,
        "count": count,
        "place": str(place),
        "accept": fields.accept(paper),
        "kinds": fields.formats(paper),
        "hint": paper.hint() if paper.hint else "",
        "rows": [
            {
                "control": f"paper{place}_{row.number}",
                "id_control": f"id_paper{place}_{row.number}",
                "spot": row.spot,
                "who": fields.name(case.service, row.raw),
                "id": fields.key(case.service, row.raw),
            }
            for row in lacking[:SHOWN]
        ],
    }
