"""The monthly bill line by line: each person's schemes with 怎么算的, and all lines as a workbook."""

from decimal import Decimal
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao import audit
from shebao.assessment import explanations
from shebao.exports.sources import Column, Filters, Source
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.ledger import bills
from shebao.pages.screens import page
from shebao.pages.templatetags.jc import money, share
from shebao.portals.employer.queries import listing
from shebao.registry import schemes
from shebao.registry.models import Person
from shebao.registry.schemes import Scheme

LABELS = dict(Scheme.choices)


@acting_for(Kind.EMPLOYER)
def of_person(request: HttpRequest, acting: Acting, month: str, person_id: int) -> HttpResponse:
    """One person on a month's bill: each scheme, and how it was worked out. Only what this employer owes."""
    wanted = Month.parse(month, default=None)
    found = explanations.of_month(person_id, wanted) if wanted else []
    own = [line for line in found if line.payer_id == acting.party_id]
    if not own:
        raise Http404
    own.sort(key=lambda line: (schemes.place(line.scheme), line.line))
    audit.looked(by=acting, person_id=person_id, what=lazy("单位月度账单明细"), about=acting.party_ref)
    return page(
        request,
        "queries/bill_person.html",
        acting=acting,
        month=wanted,
        person=Person.objects.get(pk=person_id),
        dues=[_due(scheme, list(lines)) for scheme, lines in groupby(own, key=lambda line: line.scheme)],
        employer=sum((line.employer_part for line in own), Decimal(0)),
        personal=sum((line.personal_part for line in own), Decimal(0)),
    )


def _due(scheme: str, lines: list[explanations.PostedLine]) -> dict:
    return {
        "label": LABELS[scheme],
        "lines": lines,
        "amount": sum(line.employer_part + line.personal_part for line in lines),
    }


def _in_words(line: dict) -> str:
    """怎么算的, in one cell: the base and its limits, the rates."""
    if line["floor"] is None:
        return _("定额：单位每月 %(employer)s 元，个人每月 %(personal)s 元") % {
            "employer": money(line["employer_fixed"]),
            "personal": money(line["personal_fixed"]),
        }
    words = {"employer": share(line["employer_rate"]), "personal": share(line["personal_rate"])}
    rates = _("单位 %(employer)s，个人 %(personal)s") % words
    if line["line"] > 1:
        return _("第 %(n)s 次核定的差额；") % {"n": line["line"]} + rates
    if line["base"] > line["declared"]:
        return _("低于下限 %(floor)s 元，按下限；") % {"floor": money(line["floor"])} + rates
    if line["base"] < line["declared"]:
        return _("高于上限 %(ceiling)s 元，按上限；") % {"ceiling": money(line["ceiling"])} + rates
    return rates


def _settled(line: dict) -> str:
    if line["settled"] == "paid":
        return _("%(day)s 到账") % {"day": line["settled_on"]}
    return _("已注销") if line["settled"] else _("未到账")


def _wanted(asked: Filters) -> Month:
    return listing.month(asked, "month", clock.this_month())


def _lines(party_id: int, asked: Filters):
    for line in bills.lines(party_id, _wanted(asked)):
        yield line | {"why": _in_words(line), "stands": _settled(line)}


SOURCES = (
    Source(
        "bill",
        lazy("月度账单明细"),
        (
            Column(lazy("姓名"), "name"),
            Column(lazy("身份证号码"), "id_number", width=20),
            Column(lazy("险种"), "scheme", said=lambda code: str(LABELS.get(code, code))),
            Column(lazy("申报工资（元）"), "declared", "money"),
            Column(lazy("缴费基数（元）"), "base", "money"),
            Column(lazy("单位应缴（元）"), "employer_part", "money"),
            Column(lazy("个人应缴（元）"), "personal_part", "money"),
            Column(lazy("合计（元）"), "amount", "money"),
            Column(lazy("怎么算的"), "why", width=50),
            Column(lazy("到账"), "stands", width=18),
        ),
        lambda party_id, asked: bills.count_lines(party_id, _wanted(asked)),
        _lines,
        filters=("month",),
        looks=lazy("单位月度账单明细（导出）"),
        said=lambda asked: str(_wanted(asked)),
    ),
)
