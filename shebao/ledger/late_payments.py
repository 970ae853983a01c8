"""逾期缴费: a monthly slip whose money came after its last day is paid, and leaves its late fee on a slip of its own.

The law charges from the day of default (《社会保险法》第八十六条), whichever slip the money names; the contributions
don't wait for it (docs/adr/0014).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from shebao import notices
from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.ledger import deadlines, late_fees, slips
from shebao.ledger.models import Slip
from shebao.ledger.numbers import slip_number

_SQL = sql.queries("shebao.ledger", "late_fees.sql")
_SLIPS = sql.queries("shebao.ledger", "slips.sql")
_FEES = {"lines": _SQL["lines_paid_late"], **late_fees.FEES}


@dataclass(frozen=True)
class Paid:
    """A slip of an employer, and the day on which its money came."""

    slip: Mapping  # as `lock_slips` of receipts.sql answers it
    on: date

    @property
    def late(self) -> bool:
        monthly = self.slip["of_employer"] and self.slip["kind"] == Slip.Kind.MONTHLY
        return bool(monthly and self.slip["due_on"] and self.on > self.slip["due_on"])


def charge(paid: Sequence[Paid]) -> list[Slip]:
    """滞纳金缴费单 for each of these slips that was paid late, up to the day its money came; its payer is told.

    Their lines are settled already, so the fee grows no further. Nothing is charged where no rate is known.
    """
    by_day: dict[date, list[Paid]] = defaultdict(list)
    for one in paid:
        if one.late:
            by_day[one.on].append(one)
    return [slip for day, some in sorted(by_day.items()) for slip in _charge(some, day)]


def _charge(late: Sequence[Paid], until: date) -> list[Slip]:
    fresh = sql.rows(_SLIPS["serials"], {"count": len(late)})
    scope = {
        **late_fees.scope(until),
        "slip_ids": [one.slip["id"] for one in late],
        "fee_slip_ids": [row["id"] for row in fresh],
        "first_month": min(one.slip["first_month"] for one in late),
        "last_month": max(one.slip["last_month"] for one in late),
    }
    sql.run(sql.using(_FEES, _SQL["charge_late_lines"]), scope).close()
    charged = {row["slip_id"]: row for row in sql.rows(_SQL["charged"], scope)}
    made = {
        row["id"]: _slip(one, row, charged[row["id"]])
        for one, row in zip(late, fresh, strict=True)
        if row["id"] in charged
    }
    Slip.objects.bulk_create(made.values())
    notices.later_many(
        "late-fee-charged",
        [_letter(made[row["id"]], one) for one, row in zip(late, fresh, strict=True) if row["id"] in made],
    )
    return list(made.values())


def _slip(late: Paid, fresh: Mapping, charged: Mapping) -> Slip:
    today = clock.today()
    return Slip(
        id=fresh["id"],
        number=slip_number(settings.CITY_CODE, Month.of(today), fresh["serial"]),
        payer_id=late.slip["payer_id"],
        kind=Slip.Kind.LATE_FEE,
        first_month=Month.of(charged["first_month"]),
        last_month=Month.of(charged["last_month"]),
        persons=charged["persons"],
        items=0,
        employer_part=0,
        personal_part=0,
        late_fee=charged["late_fee"],
        total=charged["late_fee"],
        due_on=deadlines.next_deadline(today),
        source=f"slip:{late.slip['number']}",
    )


def _letter(slip: Slip, late: Paid) -> tuple[str, str, dict]:
    facts = {
        "paid": late.slip["number"],
        "day": late.on,
        "last_day": late.slip["due_on"],
        "number": slip.number,
        "amount": f"{slip.total:,.2f}",
    }
    return f"employer:{slip.payer_id}", slips.ref(slip), facts
