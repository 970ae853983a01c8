"""参保人员花名册: whom the employer had in a month, and the history of one of them with it."""

from collections.abc import Mapping
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao import audit
from shebao.casework.models import Case
from shebao.exports.sources import Column, Filters, Source
from shebao.foundation import clock, masks
from shebao.foundation.months import Month
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.ledger import record, rosters
from shebao.ledger.rosters import Sought
from shebao.pages import keys
from shebao.pages.screens import page
from shebao.portals.employer.queries.listing import (
    PAGE_SIZE,
    Cell,
    Filter,
    Head,
    Listing,
    chosen,
    month,
    show,
    text,
)
from shebao.registry import particulars, schemes
from shebao.registry.models import Person
from shebao.registry.schemes import EmployeeScheme, Scheme

LABELS = dict(Scheme.choices)


@acting_for(Kind.EMPLOYER)
def roster(request: HttpRequest, acting: Acting) -> HttpResponse:
    """The people an employer had in a month (this one, unless asked), in pages by key."""
    wanted, sought = _wanted(request.GET)
    after = keys.number(request.GET.get("after", ""), 0)
    people = rosters.page(acting.party_id, wanted, sought, after=after, limit=PAGE_SIZE + 1)
    more, people = len(people) > PAGE_SIZE, people[:PAGE_SIZE]
    now = wanted == clock.this_month()
    listing = Listing(
        _("参保人员花名册"),
        _("选一个月份，看那个月由本单位缴费的职工、工资、基数和险种；点姓名看逐月记录。"),
        [Head(_("姓名")), Head(_("身份证号码"), "code"), Head(_("个人编号"), "code"), Head(_("本段参保起"), "code"),
         Head(_("申报工资（元）"), "money"), Head(_("缴费基数（元）"), "money"), Head(_("险种"))],
        [
            [
                Cell(one["name"], url=reverse("employer:query-person", args=[one["person_id"]])),
                Cell(masks.id_number(one["id_number"])),
                Cell(one["personal_number"]),
                Cell(str(Month.of(one["starts"]))),
                Cell(one["wage"]),
                Cell(one["base"]),
                Cell(_schemes(one["schemes"])),
            ]
            for one in people
        ],
        (_("没有找到这位职工"), _("请核对姓名或号码，或者换一个月份。"))
        if sought.text or sought.scheme
        else (_("这个月没有参保职工"), _("增员审批通过后，职工会出现在这里。")),
        [
            Filter("q", _("姓名、身份证号码或个人编号"), "search", sought.text),
            Filter("month", _("月份"), "month", str(wanted)),
            Filter("scheme", _("全部险种"), "select", sought.scheme, EmployeeScheme.choices),
        ],
        next=people[-1]["person_id"] if more else "",
        export="roster",
        note=_("本月的基数在核定以后才有。") if now and people and people[0]["base"] is None else "",
        people=[one["person_id"] for one in people],
        looks=lazy("参保人员花名册"),
    )  # fmt: skip
    return show(request, acting, listing)


@acting_for(Kind.EMPLOYER)
def person(request: HttpRequest, acting: Acting, person_id: int) -> HttpResponse:
    """One employee with this employer: periods, and a year month by month. Other employers' months don't show."""
    periods = rosters.periods(acting.party_id, person_id)
    if not periods:
        raise Http404
    found = Person.objects.get(pk=person_id)
    this_year = clock.this_month().year
    first = min(Month.of(one["starts"]).year for one in periods)
    last = max(Month.of(one["ends"]).year if one["ends"] else this_year for one in periods)
    asked = keys.number(request.GET.get("year"), last)
    year = asked if first <= asked <= last else last
    months = record.months(person_id, Month(year, 1), Month(year, 12), today=clock.today())
    own = [one for one in months if one.payer_id == acting.party_id]
    audit.looked(by=acting, person_id=person_id, what=lazy("职工逐月缴费记录"), about=acting.party_ref)
    return page(
        request,
        "queries/person.html",
        acting=acting,
        person=found,
        periods=_periods(periods),
        changes=_own_changes(acting, person_id),
        year=year,
        years=range(last, first - 1, -1),
        months=[_of_month(one, list(lines)) for one, lines in groupby(own, key=lambda line: line.month)][
            ::-1
        ],
    )


def _own_changes(acting: Acting, person_id: int) -> list[particulars.Change]:
    """What this employer's own cases changed of the person's particulars: another's are none of its business."""
    found = particulars.changes(person_id, limit=50)
    numbers = {one.source.removeprefix("case:").partition("/")[0] for one in found}
    own = Case.objects.filter(number__in=numbers, party_kind=acting.kind, party_id=acting.party_id)
    refs = {f"case:{number}" for number in own.values_list("number", flat=True)}
    return [one for one in found if one.source.partition("/")[0] in refs]


def _of_month(one: Month, lines: list[record.SchemeMonth]) -> dict:
    worst = record.worst(line.status for line in lines)
    return {
        "month": one,
        "wage": max(line.declared for line in lines),
        "base": max(line.base for line in lines),
        "schemes": _schemes([line.scheme for line in lines]),
        "employer": sum(line.employer_part for line in lines),
        "personal": sum(line.personal_part for line in lines),
        "amount": sum(line.amount for line in lines),
        "status": worst,
        "state": {"paid": "paid", "arrears": "arrears", "not_yet_due": "due"}.get(worst, ""),
        "label": worst.label,
    }


def _periods(periods: list[dict]) -> list[dict]:
    """The schemes of equal periods together."""

    def span(one: dict) -> tuple:
        return one["starts"], one["ends"], one["declared_wage"]

    return [
        {
            "starts": Month.of(starts),
            "ends": Month.of(ends) if ends else None,
            "wage": wage,
            "schemes": _schemes([one["scheme"] for one in some]),
        }
        for (starts, ends, wage), some in groupby(sorted(periods, key=_newest), key=span)
    ]


def _newest(one: dict) -> tuple:
    return (
        -one["starts"].toordinal(),
        one["ends"] is not None,
        str(one["ends"]),
        one["declared_wage"],
        one["scheme"],
    )


def _schemes(codes) -> str:
    words = [str(LABELS[code]).removesuffix("保险") for code in sorted(codes, key=schemes.place)]
    return _("、").join(words)


def _wanted(asked: Mapping[str, str]) -> tuple[Month, Sought]:
    sought = Sought(text(asked, "q"), chosen(asked, "scheme", EmployeeScheme.choices))
    return month(asked, "month", clock.this_month()), sought


def _count(party_id: int, asked: Filters) -> int:
    return rosters.count(party_id, *_wanted(asked))


def _lines(party_id: int, asked: Filters):
    return rosters.every(party_id, *_wanted(asked))


SOURCES = (
    Source(
        "roster",
        lazy("参保人员花名册"),
        (
            Column(lazy("姓名"), "name"),
            Column(lazy("身份证号码"), "id_number", width=20),
            Column(lazy("个人编号"), "personal_number"),
            Column(lazy("用工起始日期"), "hired_on", "day"),
            Column(lazy("本段参保起"), "starts", "month"),
            Column(lazy("本段参保止"), "ends", "month"),
            Column(lazy("申报工资（元）"), "wage", "money"),
            Column(lazy("缴费基数（元）"), "base", "money"),
            Column(lazy("险种"), "schemes", width=40, said=_schemes),
        ),
        _count,
        _lines,
        filters=("q", "month", "scheme"),
        looks=lazy("参保人员花名册（导出）"),
        said=lambda asked: " ".join(
            [str(_wanted(asked)[0]), *(asked.get(n, "") for n in ("q", "scheme"))]
        ).strip(),
    ),
)
