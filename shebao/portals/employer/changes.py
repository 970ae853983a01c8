"""单位增减员异动表 (EMP-3): what changed in a month, to read, to print, to export."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shebao import audit
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.pages import downloads
from shebao.pages.screens import page
from shebao.services import movements
from shebao.statements import prints

PAGE_SIZE = 20
MONTHS = 24  # that can be asked for, this one the last
WHAT = "单位增减员异动表"  # what those on it read in their list of who looked


@require_safe
@acting_for(Kind.EMPLOYER)
def month(request: HttpRequest, acting: Acting) -> HttpResponse:
    """One month's changes, in pages by key; this month unless another is asked for."""
    this = clock.this_month()
    wanted = _in_reach(request.GET.get("month"), this) or this
    counted = movements.counted(acting.party_id, wanted)
    after = request.GET.get("after", "")
    found = movements.of_month(acting.party_id, wanted, after=after, limit=PAGE_SIZE + 1)
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    audit.looked_many(
        by=acting, person_ids=[one.person_id for one in found], what=WHAT, about=acting.party_ref
    )
    total = sum(counted.values())
    return page(
        request,
        "employer/changes.html",
        part="changes",
        acting=acting,
        month=wanted,
        months=[this.plus(-back) for back in range(MONTHS)],
        counted=counted,
        total=total,
        changes=found,
        after=found[-1].key if more else "",
        printable=total <= prints.MOST_PRINTED,
    )


@require_safe
@acting_for(Kind.EMPLOYER)
def export(request: HttpRequest, acting: Acting, month: str, form: str) -> HttpResponse:
    """The month's form as a file; what is on it was shown to the employer, so it is written down as a look."""
    wanted = _in_reach(month, clock.this_month())
    if wanted is None or form not in _FORMS:
        raise Http404
    make, ending = _FORMS[form]
    shown: list[int] = []
    try:
        made = make(movements.form(acting.party_id, wanted, shown=shown))
    except ValueError as too_long:  # the page doesn't offer it then
        raise Http404 from too_long
    audit.looked_many(by=acting, person_ids=list(set(shown)), what=WHAT, about=acting.party_ref)
    return downloads.file(made, f"{movements.TITLE}{wanted}.{ending}")


def _in_reach(text: str | None, this: Month) -> Month | None:
    """A month that the page offers."""
    month = Month.parse(text, default=None)
    return month if month and this.plus(1 - MONTHS) <= month <= this else None


_FORMS = {"print": (prints.pdf, "pdf"), "excel": (prints.excel, "xlsx")}
