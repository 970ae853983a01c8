"""缴费历史: the money that came for the employer's slips, and what of it waits in suspense."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.exports.sources import Column, Filters, Source
from shebao.foundation.months import Month, span
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.ledger import receipts
from shebao.ledger.models import Receipt, Resolution
from shebao.pages import keys
from shebao.portals.employer.queries.listing import PAGE_SIZE, Cell, Head, Listing, show

WAYS = {"all": lazy("全部到账"), "waiting": lazy("挂账待核对")}


@acting_for(Kind.EMPLOYER)
def payments(request: HttpRequest, acting: Acting) -> HttpResponse:
    way = "waiting" if request.GET.get("show") == "waiting" else "all"
    found = receipts.for_slips_of(
        acting.party_id,
        waiting=way == "waiting",
        before=keys.number(request.GET.get("after")),
        limit=PAGE_SIZE + 1,
    )
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    here = reverse("employer:query-payments")
    listing = Listing(
        _("缴费历史"),
        _("银行或税务按凭单号转来的款项。金额须和缴费单一分不差；对不上的先挂账，不会丢失，请与经办机构核对。"),
        [Head(_("到账日"), "code"), Head(_("凭单号"), "code"), Head(_("费款所属期"), "code"),
         Head(_("银行流水号"), "code"), Head(_("缴费单（元）"), "money"),
         Head(_("到账（元）"), "money"), Head(_("结果"))],
        [
            [
                Cell(one["received_on"].isoformat()),
                Cell(
                    one["slip_number"],
                    url=reverse("employer:slip", args=[one["slip_number"]]),
                    sub=_named(one),
                ),
                Cell(_months(one)),
                Cell(one["reference"]),
                Cell(one["slip_total"]),
                Cell(one["amount"]),
                Cell(state=_look(one), sub=_word(one)),
            ]
            for one in found
        ],
        (_("没有到账记录"), _("缴费单的款项到账后，会列在这里。"))
        if way == "all"
        else (_("没有挂账的款项"), _("本单位缴费单的到账都已入账。")),
        next=found[-1]["id"] if more else "",
        export="payments",
        tabs=[
            (str(label), f"{here}?show={code}" if code != "all" else here, code == way) for code, label in WAYS.items()
        ],
    )  # fmt: skip
    return show(request, acting, listing)


def _look(one: dict) -> str:
    """Money that waits, money that paid its slip, money that went back."""
    if one["resolution"] == Resolution.State.DONE:
        return "matched" if one["resolved"] == Resolution.Kind.ASSIGNED else "taken-back"
    return "matched" if one["state"] == Receipt.State.MATCHED else "suspense"


def _word(one: dict) -> str:
    return "" if one["state"] == Receipt.State.MATCHED else outcome(one)


def _named(one: dict) -> str:
    """What the transfer named, where an officer found which slip was meant."""
    return "" if one["named"] == one["slip_number"] else _("汇款写的是 %(named)s") % {"named": one["named"]}


def outcome(one: dict) -> str:
    """How it came in and, where somebody has seen to it since, what became of it."""
    words = [str(Receipt.State(one["state"]).label)]
    if one["resolved"]:
        words.append(str(Resolution.Kind(one["resolved"]).label))
    if one["resolution"] == Resolution.State.PROPOSED:
        words.append(str(Resolution.State.PROPOSED.label))
    return " · ".join(words)


def _months(one: dict) -> str:
    return span(Month.of(one["first_month"]), Month.of(one["last_month"]))


def _lines(party_id: int, asked: Filters):
    for one in receipts.for_slips_of(party_id, limit=None):
        yield one | {
            "months": _months(one),
            "state": outcome(one),
        }


SOURCES = (
    Source(
        "payments",
        lazy("缴费历史"),
        (
            Column(lazy("到账日"), "received_on", "day"),
            Column(lazy("凭单号"), "slip_number", width=24),
            Column(lazy("费款所属期"), "months", width=20),
            Column(lazy("银行流水号"), "reference", width=24),
            Column(lazy("缴费单（元）"), "slip_total", "money"),
            Column(lazy("到账（元）"), "amount", "money"),
            Column(lazy("结果"), "state"),
        ),
        lambda party_id, asked: len(receipts.for_slips_of(party_id, limit=None)),
        _lines,
    ),
)
