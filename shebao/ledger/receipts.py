"""Receipts (到账): files of money that came, matched to slips by number and exact amount.

Nothing vanishes: what matches no slip waits in suspense with the reason, what came before is shown as repeated.
A file is stored first and then taken in by one transaction; a killed process leaves it waiting, and asking again
finishes it.
"""

import hashlib
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Sum
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from shebao import audit, notices
from shebao.foundation import clock, sql
from shebao.identity.acting import ref_of
from shebao.ledger import bills, late_payments, receipt_lines
from shebao.ledger.models import Receipt, ReceiptFile, RepeatedReceipt
from shebao.ledger.receipt_lines import Line, Sheet
from shebao.ledger.tally import Tally, tally

_SQL = sql.queries("shebao.ledger", "receipts.sql")
_INCOMING = {"incoming": _SQL["incoming"]}
_PAID_LINES = {"settled_lines": _SQL["paid_lines"]}
_PATIENCE = timedelta(minutes=2)

SUSPENSE = tuple(state for state in Receipt.State if state != Receipt.State.MATCHED)


@dataclass(frozen=True)
class Taken:
    """The file with its counts (or its problems), and whether it had been taken in before."""

    file: ReceiptFile
    again: bool


def take_in(data: bytes, name: str, *, by) -> Taken:
    """Store a file and take it in. The same bytes twice do nothing the second time, except finish what broke off."""
    return settle(store(data, name, by=by).id, by=by)


@transaction.atomic
def hand_in(data: bytes, name: str, *, by) -> ReceiptFile:
    """Store a file and let a worker take it in; what comes of it stands in the file's row."""
    file = store(data, name, by=by)
    if file.state != ReceiptFile.State.DONE:
        _wake(file.id, by)
    return file


def resume() -> int:
    """Wake a worker for files that wait although their job was lost; how many. For the timetable."""
    waiting = ReceiptFile.objects.filter(
        state=ReceiptFile.State.WAITING, taken_at__lt=clock.now() - _PATIENCE
    ).values_list("id", "source")
    for file_id, source in waiting:
        _wake(file_id, source)
    return len(waiting)


def _wake(file_id: int, by) -> None:
    with suppress(AlreadyEnqueued), transaction.atomic():
        job = app.configure_task("shebao.ledger.tasks.settle", queueing_lock=f"ledger.settle:{file_id}")
        job.defer(file_id=file_id, by=ref_of(by))


@transaction.atomic
def store(data: bytes, name: str, *, by) -> ReceiptFile:
    """Keep the file as it came; the same bytes are kept once. It waits until `settle` takes it in."""
    file, new = ReceiptFile.objects.get_or_create(
        digest=hashlib.sha256(data).hexdigest(),
        defaults={"name": name[:200], "content": data, "source": ref_of(by)},
    )
    if new:
        audit.record("receipts.stored", ref(file), by=by, details={"name": file.name})
    return file


@transaction.atomic
def settle(file_id: int, *, by) -> Taken:
    """Take a stored file in: receipts, allocations, personal accounts and slips, all or nothing.

    A file with problems is refused as a whole and says all of them; nothing of it is booked.
    """
    file = ReceiptFile.objects.select_for_update().get(pk=file_id)
    if file.state == ReceiptFile.State.DONE:
        return Taken(file, again=True)
    sheet = receipt_lines.read(bytes(file.content), today=clock.today())
    if sheet.problems:
        file.state = ReceiptFile.State.REFUSED
        file.problems = [asdict(problem) for problem in sheet.problems]
    else:
        _book(file, sheet)
        file.state = ReceiptFile.State.DONE
        file.problems = []
    file.done_at = clock.now()
    file.save(
        update_fields=["state", "problems", "done_at", "rows", "matched", "suspended", "repeated", "amount"]
    )
    counts = {"matched": file.matched, "suspended": file.suspended, "repeated": file.repeated}
    audit.record(
        f"receipts.{file.state}", ref(file), by=by, details={**counts, "problems": len(file.problems)}
    )
    return Taken(file, again=False)


def _book(file: ReceiptFile, sheet: Sheet) -> None:
    sql.run(_SQL["one_file_at_a_time"]).close()
    slips = {row["id"]: row for row in sql.rows(_SQL["lock_slips"], _columns(sheet.lines))}
    incoming = {**_columns(sheet.lines), "file_id": file.id, "now": clock.now()}
    repeated = sql.run(sql.using(_INCOMING, _SQL["note_repeated"]), incoming).rowcount
    entered = sql.rows(sql.using(_INCOMING, _SQL["enter"]), incoming)
    if len(entered) + repeated != len(sheet.lines):
        raise RuntimeError(
            f"{ref(file)}: {len(sheet.lines)} lines, {len(entered)} entered, {repeated} repeated"
        )
    RepeatedReceipt.objects.bulk_create(
        RepeatedReceipt(
            file=file,
            row=line.row,
            reference=line.reference,
            slip_number=line.slip_number,
            amount=line.amount,
            received_on=line.received_on,
            differs=False,
        )
        for line in sheet.repeated
    )
    matched = [row for row in entered if row["state"] == Receipt.State.MATCHED]
    if matched:
        pay(matched, slips)
    file.rows = len(sheet.lines) + len(sheet.repeated)
    file.matched = len(matched)
    file.suspended = len(entered) - len(matched)
    file.repeated = repeated + len(sheet.repeated)
    file.amount = sum((row["amount"] for row in entered), Decimal("0.00"))


def pay(matched: list[dict], slips: dict[int, dict]) -> None:
    """Settle every line of the slips that these receipts pay, credit the accounts, close the slips.

    A monthly slip that was paid late leaves a slip over its late fee (late_payments.py). `matched` are receipts
    (id, slip_id, amount, received_on) of exactly their slips' totals, `slips` the locked slips by id: `lock_slips`
    of receipts.sql.
    """
    paid = [slips[row["slip_id"]] for row in matched]
    scope = {
        "slip_ids": [row["slip_id"] for row in matched],
        "receipt_ids": [row["id"] for row in matched],
        "days": [row["received_on"] for row in matched],
        "first_month": min(slip["first_month"] for slip in paid),
        "last_month": max(slip["last_month"] for slip in paid),
        "now": clock.now(),
    }
    items = sum(slip["items"] for slip in paid)
    allocated = sql.run(sql.using(_PAID_LINES, _SQL["allocate"]), scope).rowcount
    if allocated != items:
        raise RuntimeError(
            f"{len(paid)} slips of {items} lines would settle {allocated}; run bin/books check"
        )
    sql.run(sql.using(_PAID_LINES, _SQL["credit"]), scope).close()
    bills.count_settled(_PAID_LINES, scope)
    sql.run(_SQL["pay_fees"], scope).close()
    sql.run(_SQL["pay_claims"], scope).close()
    closed = sql.run(_SQL["close_slips"], scope).rowcount
    if closed != len(paid):
        raise RuntimeError(f"{len(paid)} slips are paid, {closed} could be closed")
    late_payments.charge([late_payments.Paid(slips[row["slip_id"]], row["received_on"]) for row in matched])
    notices.later_many("slip-paid", [_letter(row, slips[row["slip_id"]]) for row in matched])


def _letter(receipt: dict, slip: dict) -> tuple[str, str, dict]:
    payer = f"{'employer' if slip['of_employer'] else 'person'}:{slip['payer_id']}"
    amount, day = f"{receipt['amount']:,.2f}", receipt["received_on"]
    return payer, f"slip:{slip['number']}", {"number": slip["number"], "amount": amount, "day": day}


def _columns(lines: tuple[Line, ...]) -> dict[str, list]:
    return {
        "rows": [line.row for line in lines],
        "slip_numbers": [line.slip_number for line in lines],
        "amounts": [line.amount for line in lines],
        "days": [line.received_on for line in lines],
        "references": [line.reference for line in lines],
    }


def ref(file: ReceiptFile) -> str:
    """How other records name this file."""
    return f"receipts:{file.id}"


def files(*, before: int | None = None, limit: int = 20) -> list[ReceiptFile]:
    """The files taken in, newest first, one page, without their bytes; the next page is `before` the last id."""
    found = ReceiptFile.objects.defer("content", "problems")
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id")[:limit])


def file(file_id: int) -> ReceiptFile:
    """One file with its problems, without its bytes; ReceiptFile.DoesNotExist."""
    return ReceiptFile.objects.defer("content").get(pk=file_id)


def repeated(file_id: int, *, after: int = 0, limit: int = 50) -> list[RepeatedReceipt]:
    """The rows of a file that had come before, one page; the next begins `after` the last id."""
    return list(RepeatedReceipt.objects.filter(file_id=file_id, id__gt=after).order_by("id")[:limit])


def suspense(
    *,
    state: str | None = None,
    file_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
    oldest_first: bool = False,
) -> list[Receipt]:
    """挂账: money that waits, newest first, one page; the next page is `before` the last id.

    With `oldest_first` what has waited longest.
    """
    found = Receipt.objects.filter(state__in=[state] if state else SUSPENSE, resolution_id=None)
    if file_id is not None:
        found = found.filter(file_id=file_id)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("id" if oldest_first else "-id")[:limit])


def suspense_totals() -> dict[str, tuple[int, Decimal]]:
    """By reason, how many receipts wait and how much money that is (yuan)."""
    rows = (
        Receipt.objects.filter(state__in=SUSPENSE, resolution_id=None)
        .values("state")
        .annotate(n=Count("id"), amount=Sum("amount"))
    )
    return {row["state"]: (row["n"], row["amount"]) for row in rows.order_by("state")}


def matched_between(first: date, last: date) -> Tally:
    """The money that came on these days and found its slip."""
    found = Receipt.objects.filter(received_on__range=(first, last), state=Receipt.State.MATCHED)
    return tally(found, "amount")


def for_slips_of(
    payer_id: int,
    *,
    slip_id: int | None = None,
    waiting: bool = False,
    before: int | None = None,
    limit: int | None = 20,
) -> list[dict]:
    """到账记录: money for the slips of this payer, or one of them, newest first; the next page is `before` the last id.

    It named the slip, or an officer put it there: then `named`, the number that the money came with, may be another.
    Each with slip_number, reference, amount (yuan), received_on, state, slip_total; of money in suspense that was
    seen to also `resolved`, the kind of its resolution, and `resolution`, how that stands. `waiting` leaves those
    that wait in suspense. Money that named no known slip can't be told to be anybody's until somebody has.
    """
    scope = {
        "payer_id": payer_id, "slip_id": slip_id, "waiting": waiting, "before": before, "limit": limit,
    }  # fmt: skip
    return sql.rows(_SQL["for_slips_of"], scope)
