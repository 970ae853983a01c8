"""A monthly slip paid after its last day: the money is taken, and its late fee stands on a slip of its own."""

from datetime import date
from decimal import Decimal

import pytest

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger import arrears, arrears_slips, slips, suspense
from shebao.ledger.models import Allocation, LateFee, Receipt, Slip
from shebao.notices.models import Notice
from tests.ledger.books import CLERK, PAYER, broken

pytestmark = pytest.mark.django_db
OCTOBER = Month(2026, 10)
# One day of 0.05 % of each scheme's amount (1440, 600 and 60 yuan), rounded by itself.
A_DAY = Decimal("0.72") + Decimal("0.30") + Decimal("0.03")


@pytest.fixture
def october(books):
    """The slip of October of one worker, to be paid by the 25th."""
    books.last_days_are_known()
    employer = books.city.employer()
    with clock.fixed(date(2026, 10, 12)):
        books.owed(books.team(employer, 1, since=OCTOBER), employer, OCTOBER)
        return books.slip(employer, OCTOBER)


def fee_slips() -> list[Slip]:
    return list(Slip.objects.filter(kind="late_fee"))


def test_paid_on_its_last_day_it_leaves_nothing(books, october):
    with clock.fixed(date(2026, 10, 28)):
        books.pays(october, on=date(2026, 10, 25))
    assert Slip.objects.get().state == "paid" and not LateFee.objects.exists()
    assert not broken()


def test_paid_later_its_days_are_charged_and_the_employer_is_told(books, october):
    with clock.fixed(date(2026, 11, 4)):
        books.pays(october, on=date(2026, 11, 4))
    assert Allocation.objects.count() == 3, "the contributions count at once"
    (fee,) = fee_slips()
    assert (fee.total, fee.late_fee, fee.items, fee.persons) == (10 * A_DAY, 10 * A_DAY, 0, 1)
    assert (fee.due_on, fee.fee_until) == (date(2026, 11, 25), None)
    assert slips.fee_of(Slip.objects.get(pk=october.id)) == fee
    (month,) = arrears_slips.fees_by_month(fee.id)
    assert (month.month, month.principal, month.stretches[0].days) == (OCTOBER, october.total, 10)
    letter = Notice.objects.get(code="late-fee-charged")
    assert (letter.recipient, letter.about) == (f"employer:{october.payer_id}", f"slip:{fee.number}")
    assert arrears.by_month(october.payer_id, today=date(2026, 11, 22)) == []
    assert not broken()


def test_the_fee_is_paid_whenever_it_comes_and_grows_no_further(books, october):
    with clock.fixed(date(2026, 11, 4)):
        books.pays(october, on=date(2026, 11, 4))
    (fee,) = fee_slips()
    with clock.fixed(date(2026, 12, 9)):
        books.pays(fee, on=date(2026, 12, 9))
    assert Slip.objects.get(pk=fee.id).state == "paid" and len(fee_slips()) == 1
    assert set(LateFee.objects.values_list("receipt_id", flat=True)) == {Receipt.objects.latest("id").id}
    assert not broken()


def test_the_fee_is_not_taken_back(books, october):
    books.pays(october, on=date(2026, 11, 4))
    (fee,) = fee_slips()
    for by in (PAYER, CLERK):
        with pytest.raises(Unsettled, match="不能退回，请按单缴清"):
            slips.take_back(fee.id, by=by)
    with pytest.raises(Unsettled, match="没有未缴的应缴金额"):
        slips.make_monthly(october.payer_id, OCTOBER, by=PAYER)


def test_money_in_parts_is_late_when_the_last_of_it_came_late(books, october):
    with clock.fixed(date(2026, 10, 28)):
        books.money_comes(books.transfer(october, amount="100.00", on=date(2026, 10, 20)))
        books.money_comes(
            books.transfer(october, amount=october.total - 100, on=date(2026, 10, 27)), name="rest"
        )
        suspense.assign_all(october.number, by=CLERK)
    (fee,) = fee_slips()
    assert fee.total == Decimal("1.44") + Decimal("0.60") + Decimal("0.06")
    assert not broken()


def test_who_pays_for_himself_owes_no_late_fee(books):
    books.last_days_are_known()
    worker = books.city.person()
    books.city.flexible(worker, since=OCTOBER)
    with clock.fixed(date(2026, 10, 12)):
        books.owed([worker], worker, OCTOBER, schemes=["pension"])
        slip = books.slip(worker, OCTOBER)
    books.pays(slip, on=date(2026, 11, 4))
    assert Slip.objects.get().state == "paid" and not broken()


def test_where_no_last_day_is_known_nothing_is_charged(books):
    employer = books.city.employer()
    with clock.fixed(date(2026, 10, 12)):
        books.owed(books.team(employer, 1, since=OCTOBER), employer, OCTOBER)
        slip = books.slip(employer, OCTOBER)
    books.pays(slip, on=date(2026, 11, 4))
    assert not fee_slips() and not broken()


def test_many_late_slips_of_a_file_get_their_own(books, october):
    other = books.city.employer()
    with clock.fixed(date(2026, 10, 12)):
        books.owed(books.team(other, 2, since=OCTOBER), other, OCTOBER)
        theirs = books.slip(other, OCTOBER)
    books.money_comes(
        books.transfer(october, on=date(2026, 10, 26)), books.transfer(theirs, on=date(2026, 10, 27))
    )
    charged = {one.payer_id: one.total for one in fee_slips()}
    assert charged == {october.payer_id: A_DAY, other.id: 4 * A_DAY}
    assert not broken()
