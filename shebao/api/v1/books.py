"""What an employer owns in the archive and the books: people, bills, slips, with the figures of the pages."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Path, Query
from ninja.responses import Status

from shebao import audit
from shebao.api.v1 import answers, bodies
from shebao.api.v1.answers import month_text
from shebao.api.v1.cases import FARTHEST, MOST, following
from shebao.api.v1.door import operation
from shebao.api.v1.shapes import KINDS
from shebao.casework.ask import label
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.identity.acting import Acting
from shebao.identity.api_keys import Scope
from shebao.ledger import bills, rosters, slips
from shebao.ledger.models import Slip
from shebao.registry import employers
from shebao.registry.schemes import Scheme

TAG = _("名册与账单")
MONTH = KINDS[Month]["pattern"]


@dataclass(frozen=True)
class SlipWish:
    """What a new slip is to ask for."""

    until: Month = label(_("截至费款所属期"), help=_("列入这个月和以前各月未缴的全部应缴"), example="2026-11")


@operation(
    "get",
    "/me",
    id="who-am-i",
    scope=Scope.READ,
    tag=TAG,
    summary=_("这个密钥属于谁，能做什么"),
    response={200: answers.Me},
)
def who_am_i(request: HttpRequest):
    return {
        "employer": request.auth.party_name,
        "employer_number": employers.party(request.auth.party_id).number,
        "key": request.key.prefix,
        "name": request.key.name,
        "scopes": request.key.scopes,
        "expires_at": request.key.expires_at,
        "today": clock.today(),
    }


@operation(
    "get",
    "/roster",
    id="get-roster",
    scope=Scope.READ,
    tag=TAG,
    summary=_("参保人员花名册：一个月里由本单位缴费的职工"),
    response={200: answers.Roster},
)
def get_roster(
    request: HttpRequest,
    month: str | None = Query(None, pattern=MONTH),
    search: str | None = Query(None, pattern="^[^\\x00]{1,50}$"),
    after: int = Query(0, ge=0, le=FARTHEST),
    limit: int = Query(100, ge=1, le=MOST),
):
    wanted = Month.read(month) if month else clock.this_month()
    found = rosters.page(
        request.auth.party_id, wanted, rosters.Sought(search or ""), after=after, limit=limit + 1
    )
    people, more = found[:limit], len(found) > limit
    _looked(request.auth, people, _("参保人员花名册"))
    return {
        "month": str(wanted),
        "employees": [
            {
                "id_number": one["id_number"],
                "personal_number": one["personal_number"],
                "name": one["name"],
                "hired_on": one["hired_on"],
                "since": month_text(one["starts"]),
                "until": one["ends"] and month_text(one["ends"]),
                "declared_wage": one["wage"],
                "base": one["base"],
                "schemes": one["schemes"],
            }
            for one in people
        ],
        "next": following(request, people[-1]["person_id"]) if more else None,
    }


@operation(
    "get",
    "/bills",
    id="list-bills",
    scope=Scope.READ,
    tag=TAG,
    summary=_("月度账单，新的在前"),
    response={200: answers.Bills},
)
def list_bills(
    request: HttpRequest,
    after: str | None = Query(None, pattern=MONTH),
    limit: int = Query(12, ge=1, le=120),
):
    before = Month.read(after) if after else None
    found = bills.months(request.auth.party_id, before=before, limit=limit + 1)
    return {
        "bills": [_bill(one) for one in found[:limit]],
        "next": following(request, found[limit - 1].month) if len(found) > limit else None,
    }


@operation(
    "get",
    "/bills/{month}",
    id="get-bill",
    scope=Scope.READ,
    tag=TAG,
    summary=_("一个月的账单：按险种，已缴多少"),
    response={200: answers.BillWhole},
    troubles=("not-found",),
)
def get_bill(request: HttpRequest, month: str = Path(..., pattern=MONTH)):
    found = _bill_of(request.auth, month)
    settled = bills.settled(request.auth.party_id, found.month)
    return (
        _bill(found)
        | vars(settled)
        | {
            "schemes": [vars(one) | {"title": str(Scheme(one.scheme).label)} for one in found.schemes],
            "lines_url": reverse("api-v1:list-bill-lines", args=[found.month]),
        }
    )


@operation(
    "get",
    "/bills/{month}/lines",
    id="list-bill-lines",
    scope=Scope.READ,
    tag=TAG,
    summary=_("一个月的账单：每人一行"),
    response={200: answers.BillPeople},
    troubles=("not-found",),
)
def list_bill_lines(
    request: HttpRequest,
    month: str = Path(..., pattern=MONTH),
    after: int = Query(0, ge=0, le=FARTHEST),
    limit: int = Query(100, ge=1, le=MOST),
):
    bill = _bill_of(request.auth, month)
    found = bills.people(request.auth.party_id, bill.month, after=after, limit=limit + 1)
    people, more = found[:limit], len(found) > limit
    _looked(request.auth, people, _("单位月度账单"))
    return {
        "month": str(bill.month),
        "lines": people,
        "next": following(request, people[-1]["person_id"]) if more else None,
    }


@operation(
    "get",
    "/slips",
    id="list-slips",
    scope=Scope.READ,
    tag=TAG,
    summary=_("缴费单，新的在前"),
    response={200: answers.Slips},
)
def list_slips(
    request: HttpRequest,
    after: int | None = Query(None, ge=1, le=FARTHEST),
    limit: int = Query(50, ge=1, le=MOST),
):
    found = slips.of_payer(request.auth.party_id, before=after, limit=limit + 1)
    return {
        "slips": [_slip(one) for one in found[:limit]],
        "next": following(request, found[limit - 1].id) if len(found) > limit else None,
    }


@operation(
    "post",
    "/slips",
    id="make-slip",
    scope=Scope.PAY,
    tag=TAG,
    summary=_("生成缴费单"),
    description=_("同样的应缴只会列入一张缴费单：再来一次回答 409，并写明已有的单号。"),
    response={201: answers.SlipWhole},
    troubles=("malformed", "too-large", "not-json", "impossible"),
    extra=bodies.document(lambda: bodies.alone(SlipWish)),
)
def make_slip(request: HttpRequest, response: HttpResponse):
    wish = bodies.read_alone(request, SlipWish)
    made = slips.make_monthly(request.auth.party_id, wish.until, by=request.auth)
    response["Location"] = _slip_url(made)
    return Status(201, _slip_whole(made))


@operation(
    "get",
    "/slips/{number}",
    id="get-slip",
    scope=Scope.READ,
    tag=TAG,
    summary=_("一张缴费单"),
    response={200: answers.SlipWhole},
    troubles=("not-found",),
)
def get_slip(request: HttpRequest, number: str):
    return _slip_whole(_slip_of(request.auth, number))


@operation(
    "get",
    "/slips/{number}/lines",
    id="list-slip-lines",
    scope=Scope.READ,
    tag=TAG,
    summary=_("一张缴费单：每人一行"),
    response={200: answers.SlipPeople},
    troubles=("not-found",),
)
def list_slip_lines(
    request: HttpRequest,
    number: str,
    after: int = Query(0, ge=0, le=FARTHEST),
    limit: int = Query(100, ge=1, le=MOST),
):
    slip = _slip_of(request.auth, number)
    found = slips.lines(slip.id, after=after, limit=limit + 1)
    people, more = found[:limit], len(found) > limit
    _looked(request.auth, people, _("缴费单明细"))
    return {
        "slip": slip.number,
        "lines": [one | _months(one) for one in people],
        "next": following(request, people[-1]["person_id"]) if more else None,
    }


@operation(
    "post",
    "/slips/{number}/take-back",
    id="take-back-slip",
    scope=Scope.PAY,
    tag=TAG,
    summary=_("退回一张没有到账的缴费单"),
    response={200: answers.SlipWhole},
    troubles=("not-found", "impossible"),
)
def take_back_slip(request: HttpRequest, number: str):
    slip = _slip_of(request.auth, number)
    return _slip_whole(slips.take_back(slip.id, by=request.auth, payer_id=request.auth.party_id))


def _looked(by: Acting, people: list[dict], what: Promise) -> None:
    """Each of them can see who was shown his line."""
    audit.looked_many(by=by, person_ids=[one["person_id"] for one in people], what=what, about=by.party_ref)


def _bill_of(by: Acting, month: str) -> bills.MonthBill:
    found = bills.of_payer(by.party_id, Month.read(month))
    if found is None:
        raise Http404
    return found


def _bill(bill: bills.MonthBill) -> dict[str, Any]:
    return {
        "month": str(bill.month),
        "persons": bill.persons,
        "employer_part": bill.employer_part,
        "personal_part": bill.personal_part,
        "amount": bill.amount,
        "url": reverse("api-v1:get-bill", args=[bill.month]),
    }


def _slip_of(by: Acting, number: str) -> Slip:
    try:
        return slips.get(number.replace("\0", ""), payer_id=by.party_id)
    except Slip.DoesNotExist:
        raise Http404 from None


def _slip_url(slip: Slip) -> str:
    return reverse("api-v1:get-slip", args=[slip.number])


def _slip(slip: Slip) -> dict[str, Any]:
    return _months(vars(slip)) | {
        "number": slip.number,
        "kind": slip.kind,
        "state": slip.state,
        "state_label": str(Slip.State(slip.state).label),
        "persons": slip.persons,
        "employer_part": slip.employer_part,
        "personal_part": slip.personal_part,
        "late_fee": slip.late_fee,
        "total": slip.total,
        "due_on": slip.due_on,
        "made_at": slip.made_at,
        "closed_at": slip.closed_at,
        "url": _slip_url(slip),
    }


def _slip_whole(slip: Slip) -> dict[str, Any]:
    return _slip(slip) | {"lines_url": reverse("api-v1:list-slip-lines", args=[slip.number])}


def _months(line: dict[str, Any]) -> dict[str, str]:
    return {name: month_text(line[name]) for name in ("first_month", "last_month")}
