"""欠费补缴单: a slip that bundles assessments of arrears, with the late fee up to the day on which it is paid."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shebao import audit
from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import ref_of
from shebao.ledger import deadlines, late_fees, payers, slips
from shebao.ledger.late_fees import Stretch
from shebao.ledger.models import Claim, Slip
from shebao.ledger.numbers import slip_number

_SQL = sql.queries("shebao.ledger", "claims.sql")
_SLIPS = sql.queries("shebao.ledger", "slips.sql")
_LINES = {"lines": _SQL["claimed"]}
_FEES = {**_LINES, **late_fees.FEES}


@dataclass(frozen=True)
class MonthFee:
    """The late fee of a slip's lines of one month that became late on the same day; yuan."""

    month: Month
    persons: int
    principal: Decimal
    fee: Decimal
    stretches: tuple[Stretch, ...]


def pay_by(today: date) -> date | None:
    """The last day for which a slip can be asked today; None where the city's last day is not known."""
    return deadlines.next_deadline(today)


def foresee(claim_ids: Collection[int], until: date | None) -> dict[int, tuple[Decimal, Decimal, Decimal]]:
    """By claim: what is owed, the late fee up to that day, and both together, as a slip would ask for it (yuan)."""
    scope = {**late_fees.scope(until), "claim_ids": list(claim_ids)}
    rows = sql.rows(sql.using(_FEES, _SQL["by_claim"]), scope)
    return {row["claim_id"]: (row["amount"], row["late_fee"], row["total"]) for row in rows}


@transaction.atomic
def make(payer_id: int, numbers: Collection[str], *, by, on: date | None = None, source: str = "") -> Slip:
    """生成欠费补缴单 over these assessments (all of them or none), to be paid `on` a day, by default the last there is.

    The late fee is frozen up to that day. Raises Unsettled.
    """
    today = clock.today()
    last = pay_by(today)
    until = on or last
    if until is not None and not today <= until <= (last or until):
        raise Unsettled(_("缴款日须在今天至 %(last)s 之间") % {"last": last})
    payers.lock([payer_id])
    claims = list(
        Claim.objects.select_for_update()
        .filter(payer_id=payer_id, number__in=numbers, state=Claim.State.READY)
        .order_by("id")
    )
    if not claims or len(claims) != len(set(numbers)):
        raise Unsettled(_("所选欠费核定中有的已列入补缴单或已退回，没有生成；请刷新名单后重选"))
    return issue(payer_id, claims, until, until, by=by, source=source or ref_of(by))


def issue(
    payer_id: int, claims: list[Claim], fee_until: date | None, due_on: date | None, *, by, source: str
) -> Slip:
    """The slip over these locked claims; the late fee up to one day, to be paid by another."""
    (fresh,) = sql.rows(_SLIPS["serials"], {"count": 1})
    scope = {
        **late_fees.scope(fee_until),
        "claim_ids": [claim.id for claim in claims],
        "slip_id": fresh["id"],
        "slip_ids": [fresh["id"]],
    }
    try:
        with transaction.atomic():
            sql.run(sql.using(_LINES, _SQL["put_on_slip"]), scope).close()
    except IntegrityError as crossed:
        raise Unsettled(_("同一笔应缴刚刚已列入另一张缴费单，请刷新后再看")) from crossed
    sql.run(sql.using(_FEES, _SQL["charge"]), scope).close()
    (row,) = sql.rows(_SLIPS["totals"], scope)
    (charged,) = sql.rows(_SQL["fee_of_slip"], scope)
    month = Month.of(clock.today())
    slip = Slip(
        id=fresh["id"],
        number=slip_number(settings.CITY_CODE, month, fresh["serial"]),
        payer_id=payer_id,
        kind=Slip.Kind.ARREARS,
        first_month=Month.of(row["first_month"]),
        last_month=Month.of(row["last_month"]),
        persons=row["persons"],
        items=row["items"],
        employer_part=row["employer_part"],
        personal_part=row["personal_part"],
        late_fee=charged["late_fee"],
        total=row["employer_part"] + row["personal_part"] + charged["late_fee"],
        due_on=due_on,
        fee_until=fee_until if charged["late_fee"] else None,
        source=source,
    )
    slip.save(force_insert=True)
    Claim.objects.filter(pk__in=scope["claim_ids"]).update(state=Claim.State.ASKED, slip_id=slip.id)
    audit.record(
        "arrears-slip.made",
        slips.ref(slip),
        by=by,
        details={"claims": len(claims), "total": str(slip.total), "late_fee": str(slip.late_fee)},
    )
    return slip


def fees_by_month(slip_id: int) -> list[MonthFee]:
    """How the late fee of a slip was worked out, by month."""
    rows = sql.rows(_SQL["fees_by_month"], {"slip_id": slip_id})
    told = late_fees.stretches_of([row["parts"] for row in rows])
    return [
        MonthFee(Month.of(row["month"]), row["persons"], row["principal"], row["fee"], stretches)
        for row, stretches in zip(rows, told, strict=True)
    ]


def person_months(slip_id: int) -> list[dict]:
    """What a slip asks for each person, month and scheme, with base and late fee: the lines of its 明细表."""
    return [
        {**row, "month": Month.of(row["month"])}
        for row in sql.rows(_SQL["person_months"], {"slip_id": slip_id})
    ]
