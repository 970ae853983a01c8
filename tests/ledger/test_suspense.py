"""挂账处理: partial, double, unknown and late money finds its way, and every deed stays to be seen."""

from datetime import date
from decimal import Decimal

import pytest

from shebao.audit.models import AuditEvent
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from shebao.ledger import arrears_slips, claims, punctuality, receipts, slips, suspense
from shebao.ledger.models import Allocation, Claim, Receipt, Resolution, Slip
from tests.ledger.books import CLERK, broken

pytestmark = pytest.mark.django_db
SEPTEMBER, NOVEMBER = Month(2026, 9), Month(2026, 11)
SECOND = Acting(33, "孙复核", "agency", None, "江岸区社保处", frozenset({"ledger"}), "420102")


@pytest.fixture
def slip(books):
    employer = books.city.employer()
    books.owed(books.team(employer, 2, since=NOVEMBER), employer, NOVEMBER)
    return books.slip(employer, NOVEMBER)


def came(books, slip, *amounts, on=date(2026, 11, 12)) -> list[int]:
    before = Receipt.objects.count()
    books.money_comes(*(books.transfer(slip, amount=amount, on=on) for amount in amounts))
    return list(Receipt.objects.order_by("id").values_list("id", flat=True))[before:]


def test_two_payments_that_complete_each_other_pay_the_slip(books, slip):
    ids = came(books, slip, "1000.00", slip.total - 1000)
    (waiting,) = suspense.slips_with_money()
    assert (waiting.number, waiting.missing, waiting.receipts) == (slip.number, 0, 2)
    resolution = suspense.assign(slip.number, ids, by=CLERK)
    slip.refresh_from_db()
    assert slip.state == "paid"
    assert set(Allocation.objects.values_list("receipt_id", flat=True)) == {max(ids)}
    assert receipts.suspense() == [] and receipts.suspense_totals() == {}
    assert [r.state for r in Receipt.objects.all()] == ["wrong_amount"] * 2, "how it came in stays on file"
    assert AuditEvent.objects.filter(event="suspense.assigned").count() == 1
    assert suspense.done() == [resolution]
    assert not broken()


def test_a_payment_with_a_mistyped_number_is_assigned_to_its_slip(books, slip):
    books.money_comes((slip.number[:-1] + "x", slip.total, date(2026, 11, 12), "B1"))
    assert receipts.for_slips_of(slip.payer_id) == [], "nobody knows yet whose it is"
    suspense.assign(slip.number, [Receipt.objects.get().id], by=CLERK)
    assert Slip.objects.get().state == "paid"
    (found,) = receipts.for_slips_of(slip.payer_id)
    assert (found["slip_number"], found["named"]) == (slip.number, slip.number[:-1] + "x")
    assert not broken()


def test_money_that_named_anothers_slip_is_seen_by_whom_it_was_put_to(books, slip):
    other = books.city.employer()
    books.owed(books.team(other, 2, since=NOVEMBER), other, NOVEMBER)
    theirs = books.slip(other, NOVEMBER)
    books.pays(theirs)
    books.pays(theirs)
    suspense.assign(slip.number, [receipts.suspense()[0].id], by=CLERK)
    assert [one["slip_number"] for one in receipts.for_slips_of(slip.payer_id)] == [slip.number]
    assert [one["state"] for one in receipts.for_slips_of(other.id)] == ["matched"]
    assert not broken()


def test_too_much_is_told_as_too_much(books, slip):
    came(books, slip, slip.total, slip.total + Decimal("1.10"))
    (paid,) = [one for one in receipts.for_slips_of(slip.payer_id) if one["state"] == "matched"]
    assert paid["amount"] == slip.total, "the exact sum pays, the other waits"
    other = books.city.employer()
    books.owed(books.team(other, 1, since=NOVEMBER), other, NOVEMBER)
    came(books, fresh := books.slip(other, NOVEMBER), fresh.total + Decimal("1.10"))
    (waiting,) = suspense.slips_with_money()
    assert (waiting.missing, waiting.surplus) == (Decimal("0.00"), Decimal("1.10"))


def test_a_sum_that_is_a_fen_off_pays_nothing(books, slip):
    ids = came(books, slip, "1000.00", slip.total - 1000 - Decimal("0.01"))
    with pytest.raises(Unsettled, match="须分毫不差"):
        suspense.assign(slip.number, ids, by=CLERK)
    assert len(receipts.suspense()) == 2 and not Resolution.objects.exists()


def test_what_is_assigned_is_not_assigned_twice_nor_refunded(books, slip):
    ids = came(books, slip, "1000.00", slip.total - 1000)
    suspense.assign(slip.number, ids, by=CLERK)
    with pytest.raises(Unsettled, match="已到账，不能再认领"):
        suspense.assign(slip.number, ids, by=CLERK)
    with pytest.raises(Unsettled, match="已经处理过"):
        suspense.propose_refund(ids[:1], "重复", by=CLERK)
    with pytest.raises(Unsettled, match="没有凭单号"):
        suspense.assign("nothing", ids, by=CLERK)
    with pytest.raises(Unsettled, match="请先在上表勾选要退款的款项"):
        suspense.propose_refund([], "重复", by=CLERK)


def test_without_a_tick_or_a_number_the_clerk_is_told_which_is_missing(books, slip):
    (one,) = came(books, slip, "1.00")
    for number in (slip.number, ""):
        with pytest.raises(Unsettled, match="还没有勾选到账；请先在上表勾选要认领的款项"):
            suspense.assign(number, [], by=CLERK)
    with pytest.raises(Unsettled, match="还没有填凭单号"):
        suspense.assign("", [one], by=CLERK)


def test_a_double_payment_is_refunded_by_two_officers(books, slip):
    books.pays(slip)
    (double,) = came(books, slip, slip.total)
    with pytest.raises(Unsettled, match="写明退款的原因"):
        suspense.propose_refund([double], " ", by=CLERK)
    resolution = suspense.propose_refund([double], "重复缴费，退回原账户", by=CLERK)
    assert receipts.suspense() == [] and suspense.refunds("proposed") == [resolution]
    assert not broken()
    with pytest.raises(Unsettled, match="另一名经办人员"):
        suspense.decide_refund(resolution.id, True, by=CLERK)
    suspense.decide_refund(resolution.id, True, by=SECOND)
    with pytest.raises(Unsettled, match="已经复核过"):
        suspense.decide_refund(resolution.id, False, by=SECOND)
    assert Resolution.objects.get().decided_by_name == "孙复核"
    assert not broken()


def test_a_refund_that_is_refused_leaves_the_money_waiting_and_the_refusal_on_file(books, slip):
    (part,) = came(books, slip, "1.00")
    resolution = suspense.propose_refund([part], "金额不符", by=CLERK)
    suspense.decide_refund(resolution.id, False, by=SECOND)
    assert [one.id for one in receipts.suspense()] == [part]
    assert Resolution.objects.get().state == "refused"
    suspense.propose_refund([part], "单位要求退回", by=SECOND)
    assert not broken()


@pytest.fixture
def late(books):
    """An arrears slip to be paid by the 13th, whose money came on the 16th."""
    books.last_days_are_known()
    employer = books.city.employer()
    team = books.team(employer, 1, since=SEPTEMBER)
    books.owed(team, employer, SEPTEMBER)
    with clock.fixed(date(2026, 11, 12)):
        made = claims.assess({team[0].id: "case:1"}, employer.id, by=CLERK)
        slip = arrears_slips.make(employer.id, [made[0].number], by=CLERK, on=date(2026, 11, 13))
    with clock.fixed(date(2026, 11, 16)):
        came(books, slip, slip.total, on=date(2026, 11, 16))
        yield slip


def test_late_money_is_no_payment_until_the_slip_is_issued_anew(books, late):
    assert Receipt.objects.get().state == "late"
    with pytest.raises(Unsettled, match="请先重开补缴单"):
        suspense.assign(late.number, [Receipt.objects.get().id], by=CLERK)
    fresh = suspense.reissue(late.number, by=CLERK)
    # Three days more: 2.16 + 0.90 + 0.09.
    assert (fresh.total - late.total, fresh.due_on) == (Decimal("3.15"), date(2026, 11, 25))
    assert Slip.objects.get(pk=late.id).state == "taken_back"
    assert Claim.objects.get().slip_id == fresh.id
    assert fresh.fee_until == date(2026, 11, 16)
    (waiting,) = suspense.slips_with_money()
    assert (waiting.number, waiting.missing, waiting.late) == (fresh.number, Decimal("3.15"), False)
    assert len(receipts.suspense()) == 1 and not broken()
    # The rest is nothing but fee, which bears none: it may come later than the day to which the fee was counted.
    with clock.fixed(date(2026, 11, 20)):
        came(books, fresh, "3.15", on=date(2026, 11, 20))
        suspense.assign_all(fresh.number, by=CLERK)
    assert Slip.objects.get(pk=fresh.id).state == "paid" and Claim.objects.get().state == "paid"
    assert not broken()


def test_new_money_for_a_slip_issued_anew_is_late_after_the_day_its_fee_was_counted_to(books, late):
    suspense.propose_refund([Receipt.objects.get().id], "重缴", by=CLERK)
    (again,) = came(books, late, late.total, on=date(2026, 11, 16))
    fresh = suspense.reissue(late.number, by=CLERK)
    suspense.propose_refund([again], "重缴", by=CLERK)
    with clock.fixed(date(2026, 11, 20)):
        (whole,) = came(books, fresh, fresh.total, on=date(2026, 11, 20))
        assert Receipt.objects.get(pk=whole).state == "late", "although its last day is the 25th"
        with pytest.raises(Unsettled, match="滞纳金只计到 2026-11-16"):
            suspense.assign(fresh.number, [whole], by=CLERK)
        newest = suspense.reissue(fresh.number, by=CLERK)
    assert newest.fee_until == date(2026, 11, 20) and newest.total > fresh.total
    assert not broken()


def test_late_money_in_parts_is_late_too(books, late):
    suspense.propose_refund([Receipt.objects.get().id], "分次重缴", by=CLERK)
    ids = came(books, late, "100.00", late.total - 100, on=date(2026, 11, 16))
    assert {one.state for one in Receipt.objects.filter(pk__in=ids)} == {"wrong_amount"}
    (waiting,) = suspense.slips_with_money()
    assert waiting.late and waiting.missing == 0
    with pytest.raises(Unsettled, match="请先重开补缴单"):
        suspense.assign(late.number, ids, by=CLERK)
    fresh = suspense.reissue(late.number, by=CLERK)
    assert fresh.total - late.total == Decimal("3.15")
    ids += came(books, fresh, "3.15", on=date(2026, 11, 16))
    suspense.assign(fresh.number, ids, by=CLERK)
    assert Slip.objects.get(pk=fresh.id).state == "paid"
    assert not broken()


def test_who_waits_longest_stands_first_and_each_slip_is_found_by_its_number(books):
    numbers = []
    for _n in range(3):
        employer = books.city.employer()
        books.owed(books.team(employer, 1, since=NOVEMBER), employer, NOVEMBER)
        slip = books.slip(employer, NOVEMBER)
        numbers.append(slip.number)
        came(books, slip, "1.00", slip.total - 1)
    assert [one.number for one in suspense.slips_with_money(limit=2)] == numbers[:2]
    waiting = receipts.suspense(limit=2, oldest_first=True)
    assert {one.slip_number for one in waiting} == {numbers[0]}
    suspense.assign_all(numbers[2], by=CLERK)
    assert Slip.objects.get(number=numbers[2]).state == "paid"
    with pytest.raises(Unsettled, match="没有凭单号"):
        suspense.assign_all("nothing", by=CLERK)


def test_a_slip_without_late_money_is_not_issued_anew(books, slip):
    came(books, slip, "1.00")
    with pytest.raises(Unsettled, match="不需要重开"):
        suspense.reissue(slip.number, by=CLERK)
    slips.take_back(slip.id, by=CLERK)
    with pytest.raises(Unsettled, match="已退回，不能再认领"):
        suspense.assign(slip.number, [Receipt.objects.get().id], by=CLERK)


def test_money_that_was_assigned_counts_for_punctuality_on_the_day_the_last_of_it_came(books, slip):
    books.last_days_are_known()
    ids = came(books, slip, "1000.00")
    with clock.fixed(date(2026, 11, 27)):
        ids += came(books, slip, slip.total - 1000, on=date(2026, 11, 27))
        suspense.assign(slip.number, ids, by=CLERK)
    found = punctuality.of([slip.payer_id], today=date(2026, 12, 2), months=1)[slip.payer_id]
    assert (found.late, found.unpaid) == ((NOVEMBER,), ())
