"""单位欠费: what is past its deadline, by person, by month, by scheme."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.exports.sources import Column, Filters, Source
from shebao.foundation import clock, masks
from shebao.foundation.months import Month, span
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.ledger import arrears
from shebao.pages import keys
from shebao.portals.employer.queries.listing import PAGE_SIZE, Cell, Head, Listing, show
from shebao.registry import schemes
from shebao.registry.schemes import Scheme

LABELS = dict(Scheme.choices)
WAYS = {"person": lazy("按职工"), "month": lazy("按月份"), "scheme": lazy("按险种")}
_MONEY = (lazy("单位（元）"), lazy("个人（元）"), lazy("合计（元）"))


@acting_for(Kind.EMPLOYER)
def arrears_of(request: HttpRequest, acting: Acting) -> HttpResponse:
    way = request.GET.get("by", "person")
    way = way if way in WAYS else "person"
    heads, lines, following, people = _BY[way](request, acting)
    here = reverse("employer:query-arrears")
    listing = Listing(
        _("单位欠费"),
        _("过了缴款期限还没有到账的金额。补缴请办“单位员工欠费补缴”，滞纳金在补缴单上逐月列出。"),
        [*heads, *(Head(label, "money") for label in _MONEY)],
        lines,
        (_("没有欠费"), _("截至今天，没有过了期限还没到账的金额。")),
        next=following,
        export="arrears",
        tabs=[(str(label), f"{here}?by={code}", code == way) for code, label in WAYS.items()],
        people=people,
        looks=lazy("单位欠费"),
    )
    return show(request, acting, listing)


def _by_person(request: HttpRequest, acting: Acting):
    after = keys.number(request.GET.get("after", ""), 0)
    found = arrears.of_payer(acting.party_id, today=clock.today(), after=after, limit=PAGE_SIZE + 1)
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    heads = [Head(_("姓名")), Head(_("身份证号码"), "code"), Head(_("欠费月份"), "code"), Head(_("险种"))]
    lines = [
        [
            Cell(one.name, url=reverse("employer:query-person", args=[one.person_id])),
            Cell(masks.id_number(one.id_number)),
            Cell(span(one.first_month, one.last_month), sub=_("%(n)s 个月") % {"n": one.months}),
            Cell(schemes.named(one.schemes)),
            *_parts(one.employer_part, one.personal_part, one.amount),
        ]
        for one in found
    ]
    return heads, lines, found[-1].person_id if more else "", [one.person_id for one in found]


def _by_month(request: HttpRequest, acting: Acting):
    heads = [Head(_("费款所属期"), "code"), Head(_("人数"), "number"), Head(_("险种"))]
    lines = [
        [
            Cell(str(one.month), url=reverse("employer:bill", args=[one.month])),
            Cell(one.persons),
            Cell(schemes.named(one.schemes)),
            *_parts(one.employer_part, one.personal_part, one.amount),
        ]
        for one in arrears.by_month(acting.party_id, today=clock.today())
    ]
    return heads, lines, "", ()


def _by_scheme(request: HttpRequest, acting: Acting):
    heads = [Head(_("险种")), Head(_("人数"), "number"), Head(_("欠费月份"), "code")]
    lines = [
        [
            Cell(LABELS.get(one["scheme"], one["scheme"])),
            Cell(one["persons"]),
            Cell(
                span(Month.of(one["first_month"]), Month.of(one["last_month"])),
                sub=_("%(n)s 个月") % {"n": one["months"]},
            ),
            *_parts(one["employer_part"], one["personal_part"], one["amount"]),
        ]
        for one in sorted(
            arrears.by_scheme(acting.party_id, today=clock.today()),
            key=lambda one: schemes.place(one["scheme"]),
        )
    ]
    return heads, lines, "", ()


_BY = {"person": _by_person, "month": _by_month, "scheme": _by_scheme}


def _parts(*amounts) -> list[Cell]:
    return [Cell(amount) for amount in amounts]


def _count(party_id: int, asked: Filters) -> int:
    return sum(one.persons * len(one.schemes) for one in arrears.by_month(party_id, today=clock.today()))


SOURCES = (
    Source(
        "arrears",
        lazy("单位欠费明细"),
        (
            Column(lazy("姓名"), "name"),
            Column(lazy("身份证号码"), "id_number", width=20),
            Column(lazy("费款所属期"), "month", "month"),
            Column(lazy("险种"), "scheme", said=lambda code: str(LABELS.get(code, code))),
            Column(_MONEY[0], "employer_part", "money"),
            Column(_MONEY[1], "personal_part", "money"),
            Column(_MONEY[2], "amount", "money"),
        ),
        _count,
        lambda party_id, asked: arrears.lines(party_id, today=clock.today()),
        looks=lazy("单位欠费明细（导出）"),
        said=lambda asked: _("截至 %(day)s") % {"day": clock.today()},
    ),
)
