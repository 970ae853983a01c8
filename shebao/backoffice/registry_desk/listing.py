"""Finding employers: by number, USCC or name, or by what is to be done about them; pages by key."""

from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from shebao.foundation import clock
from shebao.foundation.writing import packed
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind, Role
from shebao.pages import keys
from shebao.pages.screens import page
from shebao.registry import verifications
from shebao.registry.models import Employer, Evaluation

PAGE_SIZE = 20
ROLES = (Role.REGISTRY, Role.SUPERVISOR)
VIEWS = (
    ("", lazy("全部")),
    ("unverified", lazy("验证逾期")),
    ("missed", lazy("VIP 复评不合格")),
    ("trusted", lazy("VIP 单位")),
    ("suspended", lazy("停办")),
    ("closed", lazy("已注销")),
)


def visible(acting: Acting) -> QuerySet[Employer]:
    """An officer's employers are those of his office; a supervisor reads the city."""
    found = Employer.objects.select_related("office").order_by("id")
    return found if acting.may(Role.SUPERVISOR) else found.filter(office_id=acting.office_code)


@require_safe
@acting_for(Kind.AGENCY, role=ROLES)
def listed(request: HttpRequest, acting: Acting) -> HttpResponse:
    q, view = request.GET.get("q", "").strip()[:60], request.GET.get("view", "")
    found = _narrowed(visible(acting), view, q).filter(id__gt=keys.number(request.GET.get("after", ""), 0))
    employers = list(found[: PAGE_SIZE + 1])
    more, employers = len(employers) > PAGE_SIZE, employers[:PAGE_SIZE]
    due = verifications.of([one.id for one in employers])
    today = clock.today()
    return page(
        request,
        "registry/listing.html",
        acting=acting,
        seeks_people=acting.may(Role.REGISTRY),
        employers=[(one, (due[one.id].due is not None and due[one.id].due < today)) for one in employers],
        q=q,
        view=view,
        views=VIEWS,
        next=employers[-1].id if more else "",
    )


def _narrowed(found: QuerySet[Employer], view: str, q: str) -> QuerySet[Employer]:
    if text := packed(q).upper():
        found = found.filter(Q(number=text) | Q(uscc__startswith=text) | Q(name__contains=q))
    if view == "trusted":
        return found.filter(grade=Employer.Grade.TRUSTED)
    if view in (Employer.State.SUSPENDED, Employer.State.CLOSED):
        return found.filter(state=view)
    if view == "unverified":
        months = verifications.term()
        if months is None:
            return found.none()
        before = verifications.later(clock.today(), -months)
        recent = Q(verification__verified_on__gte=before)
        return found.filter(state=Employer.State.ACTIVE, registered_on__lt=before).exclude(recent)
    if view == "missed":
        last = Evaluation.objects.values("employer_id").annotate(last=Max("id")).values("last")
        missed = Evaluation.objects.filter(id__in=last, meets=False).values("employer_id")
        return found.filter(grade=Employer.Grade.TRUSTED, id__in=missed)
    return found
