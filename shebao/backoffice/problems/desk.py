"""The queue, one report of it, and the supervisor's figures."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from shebao import audit
from shebao.casework.listing import Asked, page_of
from shebao.engagement import attachments, problems, queue
from shebao.engagement.businesses import CATEGORY_WORDS
from shebao.engagement.models import Exchange, Problem
from shebao.foundation import clock, masks
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind, Role
from shebao.pages import downloads, keys
from shebao.pages.screens import page
from shebao.registry.models import Person

PAGE_SIZE = 20


@require_safe
@acting_for(Kind.AGENCY, role=queue.OFFICERS)
def index(request: HttpRequest, acting: Acting) -> HttpResponse:
    """What waits, the nearest promised day first; or what a number leads to."""
    today = clock.today()
    only, q = request.GET.get("only", ""), request.GET.get("q", "").strip()
    found = queue.visible(acting).filter(number=q) if q else _narrowed(queue.waiting(acting), only, acting)
    asked = Asked(request.GET.get("after", ""), request.GET.get("before", ""), PAGE_SIZE)
    listed = page_of(found, queue.ORDER, asked)
    counts = queue.tally(acting, today=today)
    chips = [("", _("全部"), counts["all"]), ("mine", _("我办理的"), counts["mine"])]
    chips += [("free", _("还没有人接"), counts["free"]), ("late", _("已超期"), counts["late"])]
    chips += [("escalated", _("督办"), counts["escalated"])]
    return page(
        request,
        "problems_desk/index.html",
        acting=acting,
        chips=chips,
        only=only,
        q=q,
        lines=[_line(one, today) for one in listed.lines],
        previous=listed.previous,
        next=listed.next,
        figures_url=reverse("backoffice:problem-figures") if acting.may(Role.SUPERVISOR) else "",
    )


@require_safe
@acting_for(Kind.AGENCY, role=queue.OFFICERS)
def one(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """A look at a report that is about somebody is a look at him: he can see that it was taken."""
    found = _visible(acting, number)
    if found.person_id:
        audit.looked(by=acting, person_id=found.person_id, what=lazy("问题报告"), about=found.ref)
    else:
        audit.record("problem.looked-at", found.ref, by=acting)
    return _one(request, acting, found)


@require_POST
@acting_for(Kind.AGENCY, role=queue.OFFICERS)
def answer(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    found = _answerable(acting, number)
    text, files = request.POST.get("text", ""), request.FILES.getlist("files")
    return _done(
        request, acting, found, lambda: problems.answer(found, text, by=acting, files=files), _("答复已发送")
    )


@require_POST
@acting_for(Kind.AGENCY, role=queue.OFFICERS)
def assign(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """To an office, an officer, or oneself."""
    found = _answerable(acting, number)
    office, chosen = found.office_id, keys.number(request.POST.get("officer", ""))
    wanted = request.POST.get("office", "")
    if wanted and wanted != office and wanted in {one.code for one in queue.offices()}:
        office, chosen = wanted, None  # whoever is there takes it
    officer = next((one for one in queue.officers(office) if one[0] == chosen), None)
    note = request.POST.get("note", "")[:200]
    return _done(
        request,
        acting,
        found,
        lambda: problems.assign(found, by=acting, office_code=office, officer=officer, note=note),
        _("已转办"),
    )


@require_safe
@acting_for(Kind.AGENCY, role=queue.OFFICERS)
def paper(request: HttpRequest, acting: Acting, number: str, pk: int) -> HttpResponse:
    found = _visible(acting, number)
    kept = attachments.of(found).filter(pk=pk).first()
    if kept is None:
        raise Http404
    audit.record("problem.paper-looked-at", found.ref, by=acting, person_id=found.person_id)
    return downloads.stored(kept.file.open("rb"), kept.filename)


@require_safe
@acting_for(Kind.AGENCY, role=Role.SUPERVISOR)
def figures(request: HttpRequest, acting: Acting) -> HttpResponse:
    """How the promised days of a month's reports were kept, by business and by office."""
    month = Month.parse(request.GET.get("month"), default=clock.this_month())
    today = clock.today()
    return page(
        request,
        "problems_desk/figures.html",
        acting=acting,
        month=month,
        before=month.plus(-1),
        after=month.plus(1) if month < clock.this_month() else None,
        tables=[
            (title, queue.kept(acting, month.first_day, month.last_day, today=today, of=of))
            for of, title in (("category", _("按业务")), ("office", _("按经办机构")))
        ],
    )


def _one(request: HttpRequest, acting: Acting, found: Problem, wrong: str = "") -> HttpResponse:
    today = clock.today()
    may = found.state != Problem.State.CLOSED and queue.answerable(acting).filter(pk=found.pk).exists()
    return page(
        request,
        "problems_desk/one.html",
        acting=acting,
        status=422 if wrong else 200,
        line=_line(found, today),
        problem=found,
        about=_about(found),
        said=list(Exchange.objects.filter(problem=found).order_by("id").prefetch_related("attachments")),
        wrong=wrong,
        text=request.POST.get("text", ""),
        may=may,
        mine=found.officer_id == acting.account_id,
        offices=queue.offices() if may else [],
        officers=queue.officers(found.office_id) if may else [],
        accept=attachments.ACCEPT,
    )


def _done(
    request: HttpRequest, acting: Acting, found: Problem, deed: Callable[[], None], told: str
) -> HttpResponse:
    try:
        deed()
    except Unsettled as refused:
        found.refresh_from_db()
        return _one(request, acting, found, refused.sentence)
    messages.success(request, told)
    still = queue.visible(acting).filter(pk=found.pk).exists()
    return redirect("backoffice:problem", number=found.number) if still else redirect("backoffice:problems")


def _narrowed(waiting, only: str, acting: Acting):
    if only == "mine":
        return waiting.filter(officer_id=acting.account_id)
    if only == "free":
        return waiting.filter(officer_id=None)
    if only == "late":
        return waiting.filter(due__lt=clock.today())
    return waiting.filter(step__gt=0) if only == "escalated" else waiting


def _line(one: Problem, today) -> dict:
    late, soon = one.due < today, one.due == today
    return {
        "problem": one,
        "category": CATEGORY_WORDS.get(one.category, ""),
        "url": reverse("backoffice:problem", args=[one.number]),
        "look": f"problem-{problems.standing(one, today=today)}",
        "tone": "bad" if late else "warn" if soon else "",
        "due": _("已超期") if late else _("今天到期") if soon else _("%(day)s 到期") % {"day": one.due},
        "step": one.step,
    }


def _about(found: Problem) -> tuple[str, str]:
    kind, _colon, number = found.about.partition(":")
    if kind == "case":
        return _("业务 %(number)s") % {"number": number}, reverse("backoffice:case", args=[number])
    if kind == "slip":
        return _("缴费单 %(number)s") % {"number": number}, ""
    person = Person.objects.filter(pk=found.person_id).first() if found.person_id else None
    return (f"{masks.name(person.name)} {masks.id_number(person.id_number)}" if person else ""), ""


def _visible(acting: Acting, number: str) -> Problem:
    found = queue.visible(acting).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _answerable(acting: Acting, number: str) -> Problem:
    found = queue.answerable(acting).filter(number=number).first()
    if found is None:
        raise Http404
    return found
