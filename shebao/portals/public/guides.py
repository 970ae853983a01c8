"""办事指南: each service told from its own declaration, so that guide and rule can't differ."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shebao.casework import catalogue
from shebao.casework.ask import Question
from shebao.casework.service import Check, Material, Occasion, Service, Weight, Who, Window
from shebao.foundation import clock
from shebao.pages import navigation
from shebao.pages.screens import page
from shebao.portals.public import month_calendar

_HAN = re.compile("[\u4e00-\u9fff]")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
_A_SENTENCE = 8  # characters; shorter constants are words that a sentence is put together from


@dataclass(frozen=True)
class Hurdle:
    """Why a row may be refused, or what is said about it: the sentences of one check, and its rule's id."""

    sentences: list[str]
    rule: str


@dataclass(frozen=True)
class Guide:
    """All that the guide's page shows."""

    service: Service
    who: list[str]
    questions: tuple[Question, ...]
    materials: tuple[Material, ...]
    refusals: list[Hurdle]
    notes: list[Hurdle]
    window: Window | None
    shut: str
    occasion: Occasion
    related: list[Service]
    start_url: str

    @property
    def prefilled(self) -> bool:
        """Whether a whole roster comes filled from the file."""
        return self.service.prefill is not None and self.service.in_batches

    @property
    def brings(self) -> bool:
        """Whether somebody may have to come to the counter with papers."""
        return any(paper.brought for paper in self.materials)

    @property
    def waived(self) -> bool:
        """Whether trusted employers keep all papers themselves."""
        return not any(paper.brought and not paper.waived_for for paper in self.materials)

    @property
    def yearly(self) -> bool:
        return self.window is not None and self.window.first.month != self.window.last.month


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All guides, by who may file."""
    return page(request, "public/guides.html", groups=by_filer())


def by_filer() -> list[tuple[str, list[Service]]]:
    """All services, by who may file, in words."""
    return [
        (label, services) for who, label in filers().items() if (services := catalogue.offered_to(who.value))
    ]


@require_safe
def show(request: HttpRequest, service: str) -> HttpResponse:
    """One guide."""
    try:
        found = catalogue.service(service)
    except KeyError:
        raise Http404 from None
    return page(request, "public/guide.html", guide=guide_of(found))


def guide_of(service: Service) -> Guide:
    today = clock.today()
    window = month_calendar.window_of(service, today)
    return Guide(
        service=service,
        who=[str(filers()[who]) for who in service.who],
        questions=service.questions,
        materials=service.materials,
        refusals=list(_hurdles(service, Weight.REFUSES)),
        notes=[
            *_hurdles(service, Weight.FLAGS),
            *_hurdles(service, Weight.TELLS),
        ],
        occasion=service.occasion_on(today),
        window=window,
        shut=window.shut_on(today) if window else "",
        related=[catalogue.service(code) for code in service.leads_on],
        start_url=start_url(service),
    )


def start_url(service: Service) -> str:
    """Where one begins to file; the log-in comes first by itself."""
    if Who.APPLICANT in service.who:
        return navigation.address("registration")
    return navigation.address("filing:start", "filing:form", service=service.code)


def filers() -> dict[Who, str]:
    """Who may file, in words."""
    return {
        Who.APPLICANT: _("还没有登记的单位"),
        Who.EMPLOYER: _("参保单位经办人"),
        Who.PERSON: _("参保人本人"),
        Who.COMMUNITY: _("签有代办协议的社区经办员"),
        Who.AGENCY: _("经办机构"),
    }


def _hurdles(service: Service, weight: Weight) -> Iterator[Hurdle]:
    if service.in_batches and weight is Weight.REFUSES:
        yield Hurdle([_("已在另一笔业务里提交，正在审核；请等审核有了结果")], "")
    if service.prefill and weight is Weight.REFUSES:
        if service.in_batches:
            yield Hurdle([_("不在本次办理的名单里，名单不能增加；请删除这一行")], "")
        yield Hurdle([_("系统填写的项目被改动：请改回，或重新下载模板")], "")
    for check in service.checks:
        if check.weight is weight and (sentences := sentences_of(check)):
            yield Hurdle(sentences, check.rule)


def sentences_of(check: Check) -> list[str]:
    """What a check can say, in this page's language, with … where names and figures will stand.

    A check is a function that returns its sentence, and its text constants are those sentences: they are read from
    the compiled function, so that nobody has to write them twice.
    """
    said = []
    for text in _constants(check.wrong):
        if _HAN.search(text) and len(text) >= _A_SENTENCE:
            said.append(_PLACEHOLDER.sub("……", _(text)))
    return said


def _constants(function: Callable) -> Iterator[str]:
    def walk(code: CodeType) -> Iterator[str]:
        for constant in code.co_consts:
            if isinstance(constant, str):
                yield constant
            elif isinstance(constant, CodeType):
                yield from walk(constant)

    function = inspect.unwrap(function)
    code = getattr(function, "__code__", None)
    if code is not None:
        documentation = (function.__doc__ or "").strip()
        yield from (text for text in walk(code) if text.strip() != documentation)
