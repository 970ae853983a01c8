"""Slips (缴费单): what the bank or the tax office is asked to collect, under one number.

A slip freezes due lines: no other live slip may ask for the same ones. It is paid by one receipt of exactly its
total, or taken back, and then its lines may stand on another slip.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shebao import audit
from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting, ref_of
from shebao.identity.models import Kind, Role
from shebao.ledger import arrears, deadlines, payers, summaries
from shebao.ledger.models import Claim, LateFee, Receipt, Slip
from shebao.ledger.numbers import slip_number
from shebao.ledger.tally import Tally, tally
from shebao.registry import schemes

_SQL = sql.queries("shebao.ledger", "slips.sql")
_OUTSTANDING = {**payers.PEOPLE, "outstanding": _SQL["outstanding"], "askable": _SQL["without_arrears"]}
OUTSTANDING = {"outstanding": _SQL["outstanding"]}
"""The relation `outstanding` of the payers and people in `people`; parameters: `arrears.overdue_scope`, `until`."""
# Locks are held per payer, and the server's lock table has room for some thousands.
_PAYERS_AT_ONCE = 500


def make_monthly(
    payer_id: int, month: Month, *, by, source: str = "", months: Sequence[Month] | None = None
) -> Slip:
    """One slip over everything the payer has outstanding up to this month (or in these `months` only).

    `source` names the case it comes from, else who made it. Raises Unsettled, with the sentence to show, when
    there is nothing to ask for, and for a month that has not begun.
    """
    made = make_many([payer_id], month, by=by, source=source, months=months)
    if made:
        return made[0]
    raise Unsettled(_nothing_to_ask_for(payer_id, month))


def make_many(
    payer_ids: Iterable[int], month: Month, *, by, source: str = "", months: Sequence[Month] | None = None
) -> list[Slip]:
    """A slip for each of these payers that has something outstanding; the others get none.

    What a payer has in credit is set off; where nothing above zero is left, the lines wait for the next slip.
    Slips are made for some hundred payers at a time, each time all or none: after an interruption the rest is
    made by asking again. Raises Unsettled for a month that has not begun: what it costs may still change.
    """
    if month > clock.this_month():
        raise Unsettled(_("%(month)s 还没有到，不能提前生成缴费单") % {"month": month})
    asked = set(payer_ids)
    employers = payers.employers_among(asked)
    slips: list[Slip] = []
    for group in (employers, sorted(asked.difference(employers))):
        for start in range(0, len(group), _PAYERS_AT_ONCE):
            some = group[start : start + _PAYERS_AT_ONCE]
            slips += _make(some, month, months, by=by, source=source or ref_of(by))
    return slips


@transaction.atomic
def _make(
    payer_ids: list[int], month: Month, months: Sequence[Month] | None, *, by, source: str
) -> list[Slip]:
    payers.lock(payer_ids)
    scope = _scope(payer_ids, month, months)
    if scope["months"] == []:
        return []
    payable = {
        row["payer_id"]: row["items"]
        for row in sql.rows(sql.using(_OUTSTANDING, _SQL["payable"]), scope)
        if row["total"] > 0
    }
    if not payable:
        return []
    fresh = sql.rows(_SQL["serials"], {"count": len(payable)})
    scope |= {"payer_ids": list(payable), "slip_ids": [row["id"] for row in fresh]}
    try:
        with transaction.atomic():
            added = sql.run(sql.using(_OUTSTANDING, _SQL["add_items"]), scope).rowcount
    except IntegrityError as crossed:
        raise Unsettled(_("同一笔应缴刚刚已列入另一张缴费单，请刷新后再看")) from crossed
    if added != sum(payable.values()):
        raise Unsettled(_("应缴数据刚有变动，没有生成缴费单，请再试一次"))
    totals = {row["slip_id"]: row for row in sql.rows(_SQL["totals"], {"slip_ids": scope["slip_ids"]})}
    due_on = deadlines.deadline(month)
    slips = [
        _slip(
            totals[row["id"]], payer_id, slip_number(settings.CITY_CODE, month, row["serial"]), due_on, source
        )
        for payer_id, row in zip(payable, fresh, strict=True)
    ]
    Slip.objects.bulk_create(slips)
    audit.record(
        "slips.made",
        ref(slips[0]) if len(slips) == 1 else f"month:{month}",
        by=by,
        details={"slips": len(slips), "total": str(sum(slip.total for slip in slips))},
    )
    return slips


def _scope(payer_ids: list[int], until: Month, only: Sequence[Month] | None = None) -> dict:
    """Where to look: `months` is None for all, and empty when nothing can be open.

    What an employer owes with a late fee is not for a monthly slip, but for an assessment of arrears (claims.py).
    """
    months = payers.open_months(payer_ids, until=until)
    today = clock.today()
    before = [month for month in months or () if month < Month.of(today)]
    late = deadlines.late_among(before, today) if before else []
    if only is not None:
        months = [month for month in only if months is None or month in months]
    return {
        **arrears.overdue_scope(today),
        "payer_ids": payer_ids, "until": until, "months": months, "late_months": late,
    }  # fmt: skip


def _slip(row: dict, payer_id: int, number: str, due_on, source: str) -> Slip:
    return Slip(
        id=row["slip_id"],
        number=number,
        payer_id=payer_id,
        kind=Slip.Kind.MONTHLY,
        first_month=Month.of(row["first_month"]),
        last_month=Month.of(row["last_month"]),
        persons=row["persons"],
        items=row["items"],
        employer_part=row["employer_part"],
        personal_part=row["personal_part"],
        total=row["employer_part"] + row["personal_part"],
        due_on=due_on,
        source=source,
    )


def _nothing_to_ask_for(payer_id: int, month: Month) -> str:
    today = clock.today()
    if any(owed.month < Month.of(today) for owed in arrears.by_month(payer_id, today=today)):
        late = _scope([payer_id], month)["late_months"]
    else:
        late = []
    waiting = (
        Slip.objects.filter(payer_id=payer_id, state=Slip.State.OPEN)
        .exclude(kind=Slip.Kind.LATE_FEE)
        .order_by("-id")
        .first()
    )
    if waiting:
        return _("截至 %(month)s 的应缴已列入缴费单 %(number)s，请按该单缴费；要重新生成，请先退回该单") % {
            "month": month,
            "number": waiting.number,
        }
    if late:
        return _("以前月份的欠费要连同滞纳金补缴，请先办理“单位员工欠费补缴”，再生成欠费补缴单")
    return _("截至 %(month)s 没有未缴的应缴金额，不需要生成缴费单") % {"month": month}


@transaction.atomic
def take_back(slip_id: int, *, by, payer_id: int | None = None) -> Slip:
    """缴费单退回: the lines may stand on another slip. Possible until money has come for it.

    With `payer_id` only a slip of this payer is found (Slip.DoesNotExist otherwise). After a receipt that did
    not match (wrong amount) only the agency's ledger clerk may do it. What was charged for a late payment is
    not taken back. Raises Unsettled.
    """
    mine = {} if payer_id is None else {"payer_id": payer_id}
    slip = Slip.objects.select_for_update().get(pk=slip_id, **mine)
    if slip.state == Slip.State.PAID:
        raise Unsettled(_("缴费单 %(number)s 已经到账，不能退回") % {"number": slip.number})
    if slip.state == Slip.State.TAKEN_BACK:
        raise Unsettled(_("缴费单 %(number)s 已经退回，无需再次办理") % {"number": slip.number})
    if slip.kind == Slip.Kind.LATE_FEE:
        raise Unsettled(_("滞纳金缴费单 %(number)s 不能退回，请按单缴清") % {"number": slip.number})
    if not _is_ledger_clerk(by) and Receipt.objects.filter(slip_id=slip.id).exists():
        raise Unsettled(
            _("缴费单 %(number)s 已有款项到账，请带缴费凭证到经办机构办理退回") % {"number": slip.number}
        )
    released = sql.run(_SQL["release"], {"slip_id": slip.id}).rowcount
    if released != slip.items:
        raise RuntimeError(
            f"slip {slip.number} has {slip.items} items, {released} of them live; bin/books check"
        )
    LateFee.objects.filter(slip_id=slip.id, live=True).update(live=False)
    Claim.objects.filter(slip_id=slip.id).update(slip_id=None, state=Claim.State.READY)
    slip.state = Slip.State.TAKEN_BACK
    slip.closed_at = clock.now()
    slip.save(update_fields=["state", "closed_at"])
    audit.record("slip.taken_back", ref(slip), by=by)
    return slip


def _is_ledger_clerk(by: Acting | str) -> bool:
    return not isinstance(by, str) and by.kind == Kind.AGENCY and by.may(Role.LEDGER)


def ref(slip: Slip) -> str:
    """How other records name this slip."""
    return f"slip:{slip.number}"


def get(number: str, *, payer_id: int | None = None) -> Slip:
    """The slip of this number; Slip.DoesNotExist if there is none, or none of this payer."""
    mine = {} if payer_id is None else {"payer_id": payer_id}
    return Slip.objects.get(number=number, **mine)


def taken_its_place(slip: Slip) -> Slip | None:
    """The slip that was issued anew for one that was taken back because its money came late."""
    return Slip.objects.filter(payer_id=slip.payer_id, source=f"reissued:{slip.number}").first()


def fee_of(slip: Slip) -> Slip | None:
    """The slip over the late fee of one that was paid late."""
    return Slip.objects.filter(payer_id=slip.payer_id, source=ref(slip), kind=Slip.Kind.LATE_FEE).first()


def of_payer(payer_id: int, *, before: int | None = None, limit: int = 20) -> list[Slip]:
    """A payer's slips, newest first, one page; the next page is `before` the last id."""
    slips = Slip.objects.filter(payer_id=payer_id)
    if before is not None:
        slips = slips.filter(id__lt=before)
    return list(slips.order_by("-id")[:limit])


def waiting() -> Tally:
    """The slips of the whole city whose money has not come."""
    return tally(Slip.objects.filter(state=Slip.State.OPEN), "total")


def lines(slip_id: int, *, after: int = 0, limit: int = 50) -> list[dict]:
    """Who stands on a slip and with how much, one page by person; the next page begins `after` the last person_id."""
    return sql.rows(_SQL["lines"], {"slip_id": slip_id, "after": after, "limit": limit})


def by_scheme(slip_id: int) -> list[dict]:
    """What stands on a slip by month and scheme (yuan). The lines of a slip never change, so neither does this."""
    found = summaries.kept(
        f"slip:{slip_id}/by scheme", "", lambda: sql.rows(_SQL["by_scheme"], {"slip_id": slip_id})
    )
    return sorted(found, key=lambda one: (one["month"], schemes.place(one["scheme"])))


def preview(payer_id: int, month: Month) -> dict | None:
    """How many lines a slip made now would have, its total in yuan, and where credits leave nothing to be paid, what
    remains of them (`credit`); None when nothing is outstanding."""
    scope = _scope([payer_id], month)
    if scope["months"] == []:
        return None

    def add_up() -> list[dict]:
        return sql.rows(sql.using(_OUTSTANDING, _SQL["payable"]), scope)

    found = summaries.of_payer(payer_id, f"outstanding {month}", add_up)
    return found[0] | {"credit": max(-found[0]["total"], Decimal("0.00"))} if found else None


def open_numbers(payer_id: int) -> list[str]:
    """The numbers of the slips whose money is still awaited."""
    found = Slip.objects.filter(payer_id=payer_id, state=Slip.State.OPEN).order_by("id")
    return list(found.values_list("number", flat=True))
