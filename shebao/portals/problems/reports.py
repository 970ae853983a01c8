"""The pages of a report: the list, a new one, and one with all that was said about it."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shebao.casework.listing import Asked, page_of
from shebao.engagement import attachments, problems
from shebao.engagement.businesses import CATEGORIES, CATEGORY_WORDS
from shebao.engagement.models import Problem
from shebao.engagement.problems import Report
from shebao.foundation import clock
from shebao.foundation.unreadable import Unreadable
from shebao.foundation.unsettled import Unsettled
from shebao.foundation.values import Day
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.pages import downloads
from shebao.pages.fields import Field, Section
from shebao.pages.screens import page
from shebao.portals.filing.access import bench_label, bench_url, token_in
from shebao.portals.problems import subjects
from shebao.registry.models import Office

PAGE_SIZE = 10
RATINGS = (
    (5, lazy("很满意")),
    (4, lazy("满意")),
    (3, lazy("一般")),
    (2, lazy("不满意")),
    (1, lazy("很不满意")),
)


@require_safe
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def index(request: HttpRequest, acting: Acting) -> HttpResponse:
    """One's reports, the newest first."""
    asked = Asked(request.GET.get("after", ""), request.GET.get("before", ""), PAGE_SIZE)
    found = page_of(problems.of(acting), ("-id",), asked)
    today = clock.today()
    return page(
        request,
        "problems/index.html",
        acting=acting,
        bench_url=bench_url(acting),
        bench_label=bench_label(acting),
        lines=[
            {"problem": one, "category": CATEGORY_WORDS.get(one.category, ""), "look": look(one, today)}
            for one in found.lines
        ],
        previous=found.previous,
        next=found.next,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def new(request: HttpRequest, acting: Acting) -> HttpResponse:
    """发送报告."""
    wrongs: dict[str, str] = {}
    written = request.POST if request.method == "POST" else _prefilled(request, acting)
    if request.method == "POST":
        wrote = _read(request, acting, wrongs)
        if wrote is not None:
            try:
                made = problems.report(
                    wrote, by=acting, files=request.FILES.getlist("files"), token=token_in(request.POST)
                )
            except Unsettled as refused:
                wrongs["files" if isinstance(refused, attachments.Unfit) else "text"] = refused.sentence
            else:
                told = _("问题报告 %(number)s 已发送") % {"number": made.number}
                messages.success(request, told)
                return redirect("problems:one", number=made.number)
    return page(
        request,
        "problems/new.html",
        acting=acting,
        status=422 if wrongs else 200,
        panels=_panels(acting, written, wrongs),
        wrongs=[(f"id_{name}", _labels()[name], sentence) for name, sentence in wrongs.items()],
        token=token_in(request.POST) or uuid4(),
        promised=problems.promised(clock.today()),
    )


@require_safe
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def one(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    return _one(request, acting, _own(acting, number))


def _one(request: HttpRequest, acting: Acting, found: Problem, wrong: str = "") -> HttpResponse:
    today = clock.today()
    return page(
        request,
        "problems/one.html",
        acting=acting,
        status=422 if wrong else 200,
        problem=found,
        category=CATEGORY_WORDS.get(found.category, ""),
        look=look(found, today),
        about=subjects.shown(found.about, acting=acting),
        said=conversation(found),
        wrong=wrong,
        text=request.POST.get("text", ""),
        may_reopen=problems.may_reopen(found, today=today),
        ratings=RATINGS,
        accept=attachments.ACCEPT,
    )


@require_POST
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def say(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """补充说明 while it waits, 追问 once it was answered, 重新打开 once it was closed."""
    found = _own(acting, number)
    text, files = request.POST.get("text", ""), request.FILES.getlist("files")
    if found.state == Problem.State.OPEN:
        return _done(request, acting, found, lambda: problems.add(found, text, by=acting, files=files))
    if found.state == Problem.State.ANSWERED:
        return _done(request, acting, found, lambda: problems.ask_again(found, text, by=acting, files=files))
    return _done(request, acting, found, lambda: problems.reopen(found, text, by=acting))


@require_POST
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def close(request: HttpRequest, acting: Acting, number: str) -> HttpResponse:
    """办结, with or without a word on how it was."""
    found = _own(acting, number)
    rating = request.POST.get("rating", "")
    return _done(
        request,
        acting,
        found,
        lambda: problems.close(
            found, by=acting, rating=int(rating) if rating in "12345" and rating else None
        ),
    )


@require_safe
@acting_for(Kind.EMPLOYER, Kind.PERSON)
def paper(request: HttpRequest, acting: Acting, number: str, pk: int) -> HttpResponse:
    """A paper of a report, as it was handed in."""
    found = attachments.of(_own(acting, number)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return downloads.stored(found.file.open("rb"), found.filename)


def conversation(problem: Problem) -> list:
    """All that was said and done, the oldest first, with its papers: two queries."""
    return list(problem.exchanges.order_by("id").prefetch_related("attachments"))


def look(problem: Problem, today: date) -> str:
    """Its standing as the pages' table of states knows it."""
    return f"problem-{problems.standing(problem, today=today)}"


def _done(request: HttpRequest, acting: Acting, found: Problem, deed: Callable[[], None]) -> HttpResponse:
    try:
        deed()
    except Unsettled as refused:
        found.refresh_from_db()
        return _one(request, acting, found, refused.sentence)
    messages.success(request, _("已保存"))
    return redirect("problems:one", number=found.number)


def _own(acting: Acting, number: str) -> Problem:
    found = problems.of(acting).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _prefilled(request: HttpRequest, acting: Acting) -> dict[str, str]:
    """A link from a case or a slip brings along what the report is about."""
    kind, _colon, number = request.GET.get("about", "").partition(":")
    known = kind in (subjects.CASE, subjects.SLIP)
    promised = problems.promised(clock.today()).isoformat()
    return {
        "about": kind if known else "",
        "number": number[:24] if known else "",
        "category": {"case": "filing", "slip": "payment"}.get(kind, ""),
        "wished_for": promised,
        "office": acting.office_code,
    }


def _read(request: HttpRequest, acting: Acting, wrongs: dict[str, str]) -> Report | None:
    """What was written; everything that is wrong with it goes to `wrongs` by field."""
    posted = request.POST
    if posted.get("category", "") not in CATEGORY_WORDS:
        wrongs["category"] = _("请选报告业务名称")
    if not posted.get("text", "").strip():
        wrongs["text"] = _("请写明问题：在哪一步，看到了什么，您希望怎样")
    subject, wished_for = subjects.Subject(), None
    try:
        subject = subjects.read(posted.get("about", ""), posted.get("number", ""), by=acting)
    except Unreadable as wrong:
        wrongs["number"] = str(wrong)
    try:
        wished_for = Day.read(posted.get("wished_for", ""))
        if wished_for < clock.today():
            wrongs["wished_for"] = _("期望解决时间不能早于今天")
    except Unreadable as wrong:
        wrongs["wished_for"] = str(wrong)
    office = posted.get("office", "") or acting.office_code
    if not Office.objects.filter(code=office).exists():
        wrongs["office"] = _("请选由哪个经办机构答复")
    if wrongs:
        return None
    return Report(
        posted["category"],
        posted["text"],
        wished_for,
        office,
        about=subject.about,
        person_id=subject.person_id,
    )


def _labels() -> dict[str, str]:
    return {
        "category": _("报告业务名称"),
        "about": _("关于"),
        "number": _("号码"),
        "text": _("问题描述"),
        "wished_for": _("期望解决时间"),
        "office": _("由谁答复"),
        "files": _("附件"),
    }


def _panels(acting: Acting, written, wrongs: dict[str, str]) -> list[Section]:
    words = _labels()
    promised = problems.promised(clock.today())

    def field(name: str, kind: str, **more) -> Field:
        wrong = [wrongs[name]] if name in wrongs else []
        return Field(
            name=name, label=words[name], kind=kind, value=written.get(name, ""), errors=wrong, **more
        )

    return [
        Section(
            _("问题"),
            [
                field("category", "select", choices=[("", _("请选择")), *CATEGORIES]),
                field(
                    "wished_for",
                    "date",
                    hint=_("我们承诺 %(day)s 前答复，您可以另写一个日子供我们参考") % {"day": promised.isoformat()},
                ),
                field("text", "textarea", full=True, rows=6, hint=_("写明在哪一步、看到了什么；最多 2000 字")),
                field(
                    "files", "file", required=False, full=True, accept=attachments.ACCEPT,
                    hint=_("截图或凭证，PDF、JPG、PNG，不超过 5 MB；还有别的，发送后可以再补充"),
                ),
            ],
        ),
        Section(
            _("关于哪一笔"),
            [
                field("about", "radios", required=False, full=True, choices=subjects.choices(acting)),
                field("number", "text", required=False, hint=_("选了上面某一项才填")),
                field(
                    "office",
                    "select",
                    hint=_("默认是您的辖区"),
                    choices=[("", _("请选择")), *Office.objects.order_by("code").values_list("code", "name")],
                ),
            ],
        ),
    ]  # fmt: skip
