"""参保职工: who is with this employer."""

from django.http import HttpRequest, HttpResponse

from shebao import audit
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.pages import keys
from shebao.pages.screens import page
from shebao.registry import enrolments

PAGE_SIZE = 20


@acting_for(Kind.EMPLOYER)
def roster(request: HttpRequest, acting: Acting) -> HttpResponse:
    """The people an employer has now, found by name or number, in pages by key."""
    search = request.GET.get("q", "").strip()
    after = request.GET.get("after", "")
    people = enrolments.roster(
        acting.party_id, after=keys.number(after, 0), search=search, limit=PAGE_SIZE + 1
    )
    more, people = len(people) > PAGE_SIZE, people[:PAGE_SIZE]
    audit.looked_many(
        by=acting,
        person_ids=[row["person_id"] for row in people],
        what="在册职工名单",
        about=acting.party_ref,
    )
    return page(
        request,
        "employer/roster.html",
        part="roster",
        acting=acting,
        people=people,
        search=search,
        after=people[-1]["person_id"] if more else "",
    )
