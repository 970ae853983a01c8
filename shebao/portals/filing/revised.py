"""差额说明: which figure changed, by which document, and what it makes for each person and month. For whoever pays."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as lazy

from shebao import audit
from shebao.assessment import revisions as orders
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.ledger import revisions
from shebao.ledger.models import RevisedPayer
from shebao.pages import keys
from shebao.pages.screens import page
from shebao.portals.filing.access import bench
from shebao.registry.schemes import Scheme

PEOPLE = 20


@acting_for(Kind.EMPLOYER)
def of_employer(request: HttpRequest, acting: Acting, revision_id: int) -> HttpResponse:
    return _show(request, acting, revision_id, acting.party_id)


@acting_for(Kind.PERSON)
def of_person(request: HttpRequest, acting: Acting, revision_id: int) -> HttpResponse:
    return _show(request, acting, revision_id, acting.person_id)


def _show(request: HttpRequest, acting: Acting, revision_id: int, payer_id: int) -> HttpResponse:
    try:
        revision, mine = revisions.get(revision_id, payer_id)
    except RevisedPayer.DoesNotExist as none:
        raise Http404 from none
    after = keys.number(request.GET.get("after", ""), 0)
    rows = revisions.person_months(revision, payer_id, after=after, limit=PEOPLE)
    people = list(dict.fromkeys(row.person_id for row in rows))
    if mine.of_employer:
        audit.looked_many(by=acting, person_ids=people, what=lazy("差额说明"), about=acting.party_ref)
    return page(
        request,
        "filing/revised.html",
        acting=acting,
        revision=revision,
        mine=mine,
        owed=mine.amount > 0,
        size=abs(mine.amount),
        figures=[orders.in_words(figure) for figure in revision.figures],
        rows=rows,
        labels=dict(Scheme.choices),
        following=people[-1] if len(people) == PEOPLE and len(people) < mine.persons else "",
        **bench(acting),
    )
