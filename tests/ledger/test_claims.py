"""单位员工欠费补缴: arrears are assessed with their late fee, asked for by one slip, paid, or taken back."""

from datetime import date
from decimal import Decimal

import pytest

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger import arrears_slips, claims, slips, writeoffs
from shebao.ledger.models import Allocation, Claim, ClaimItem, LateFee, Receipt, Slip
from shebao.policy.models import Value
from tests.ledger.books import A_MONTH, CLERK, PAYER, broken

pytestmark = pytest.mark.django_db
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Month(2026, month) for month in (8, 9, 10, 11))
TODAY = date(2026, 11, 12)
# Up to 25 November: 61 days since 25 September, 31 since 25 October; each scheme's amount rounded by itself.
FEES = {
    SEPTEMBER: Decimal("43.92") + Decimal("18.30") + Decimal("1.83"),
    OCTOBER: Decimal("22.32") + Decimal("9.30") + Decimal("0.93"),
}


@pytest.fixture
def books(books):
    books.last_days_are_known()
    with clock.fixed(TODAY):
        yield books


@pytest.fixture
def employer(books):
    employer = books.city.employer()
    employer.team = books.team(employer, 2, since=AUGUST)
    books.owed(employer.team, employer, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER)
    paid = [writeoffs.DueKey(p.id, s, employer.id, AUGUST) for p in employer.team for s in books_schemes()]
    writeoffs.write_off(paid, on=TODAY, source="case:0", by=CLERK)
    return employer


def books_schemes():
    return ("pension", "medical", "unemployment")


def assess(employer, *people) -> list[Claim]:
    return claims.assess({p.id: f"case:1/row:{p.id}" for p in people}, employer.id, by=PAYER)


def ask(employer, *made, **more) -> Slip:
    return arrears_slips.make(employer.id, [claim.number for claim in made], by=PAYER, **more)


def test_the_preview_shows_each_month_with_its_late_fee(employer):
    months = claims.preview([employer.team[0].id], employer.id, today=TODAY)
    assert [(m.month, m.late_fee, m.total, m.days) for m in months] == [
        (SEPTEMBER, FEES[SEPTEMBER], A_MONTH + FEES[SEPTEMBER], 61),
        (OCTOBER, FEES[OCTOBER], A_MONTH + FEES[OCTOBER], 31),
    ]


def test_all_months_and_insurances_of_a_person_are_assessed_together(employer):
    (claim,) = assess(employer, employer.team[0])
    assert (claim.items, claim.first_month, claim.last_month) == (6, SEPTEMBER, OCTOBER)
    assert claim.late_fee == sum(FEES.values()) and claim.total == 2 * A_MONTH + claim.late_fee
    assert claim.fee_until == date(2026, 11, 25)
    assert not broken()


def test_what_is_assessed_is_not_assessed_again_nor_written_off(employer):
    first, second = employer.team
    (claim,) = assess(employer, first)
    with pytest.raises(Unsettled, match="没有可以核定的欠费"):
        assess(employer, first, second)
    assert Claim.objects.count() == 1, "all of them or none"
    with pytest.raises(Unsettled, match=claim.number):
        writeoffs.write_off(
            [writeoffs.DueKey(first.id, "pension", employer.id, OCTOBER)], on=TODAY, source="case:2", by=CLERK
        )


def test_a_monthly_slip_leaves_arrears_to_their_own(employer):
    slip = slips.make_monthly(employer.id, NOVEMBER, by=PAYER)
    assert (slip.first_month, slip.total) == (NOVEMBER, 2 * A_MONTH)
    with pytest.raises(Unsettled, match="待缴|已列入"):
        slips.make_monthly(employer.id, NOVEMBER, by=PAYER)
    slips.take_back(slip.id, by=PAYER)
    with clock.fixed(date(2026, 12, 3)), pytest.raises(Unsettled, match="单位员工欠费补缴"):
        slips.make_monthly(employer.id, Month(2026, 12), by=PAYER)


def test_a_slip_bundles_assessments_and_freezes_the_fee_to_its_day(employer):
    made = assess(employer, *employer.team)
    slip = ask(employer, *made, on=date(2026, 11, 13))
    assert slip.kind == Slip.Kind.ARREARS and (slip.persons, slip.items) == (2, 12)
    assert slip.due_on == date(2026, 11, 13)
    # 49 and 19 days: 35.28 + 14.70 + 1.47 and 13.68 + 5.70 + 0.57.
    assert slip.late_fee == 2 * (Decimal("51.45") + Decimal("19.95"))
    assert slip.total == 4 * A_MONTH + slip.late_fee
    september, october = arrears_slips.fees_by_month(slip.id)
    assert (september.persons, september.fee, september.principal) == (2, Decimal("102.90"), 2 * A_MONTH)
    assert [one.in_words for one in october.stretches] == ["2026-10-26 至 2026-11-13，19 天 × 0.05%"]
    assert set(Claim.objects.values_list("state", "slip_id")) == {("asked", slip.id)}
    assert not broken()


@pytest.mark.parametrize("day", [date(2026, 11, 11), date(2026, 11, 26)])
def test_a_slip_is_asked_for_a_day_from_today_to_the_last(employer, day):
    with pytest.raises(Unsettled, match="缴款日须在今天至 2026-11-25 之间"):
        ask(employer, *assess(employer, employer.team[0]), on=day)


def test_another_payers_assessment_is_on_no_slip_of_ours(books, employer):
    made = assess(employer, employer.team[0])
    other = books.city.employer()
    with pytest.raises(Unsettled, match="请刷新名单"):
        ask(other, *made)


def test_money_pays_dues_fee_and_assessments(books, employer):
    slip = ask(employer, *assess(employer, *employer.team))
    books.pays(slip)
    slip.refresh_from_db()
    assert slip.state == "paid"
    assert set(Claim.objects.values_list("state", flat=True)) == {"paid"}
    receipt = Receipt.objects.get()
    assert receipt.amount == sum(f.fee for f in LateFee.objects.filter(receipt_id=receipt.id)) + sum(
        a.employer_part + a.personal_part for a in Allocation.objects.filter(receipt_id=receipt.id)
    )
    assert not broken()
    with pytest.raises(Unsettled, match="已经到账"):
        claims.take_back(Claim.objects.first().number, by=PAYER)


def test_money_after_the_slips_day_waits_as_more_is_owed(books, employer):
    slip = ask(employer, *assess(employer, employer.team[0]))
    with clock.fixed(date(2026, 11, 28)):
        books.pays(slip, on=date(2026, 11, 26))
        assert Receipt.objects.get().state == "late"
        assert Slip.objects.get(pk=slip.id).state == "open"
    assert not broken()


def test_money_in_time_pays_though_money_that_was_late_stands_before_it_in_the_file(books, employer):
    slip = ask(employer, *assess(employer, employer.team[0]))
    with clock.fixed(date(2026, 11, 28)):
        books.money_comes(
            books.transfer(slip, on=date(2026, 11, 26)), books.transfer(slip, on=date(2026, 11, 24))
        )
    assert [one.state for one in Receipt.objects.order_by("id")] == ["late", "matched"]
    assert Slip.objects.get(pk=slip.id).state == "paid"
    assert not broken()


def test_a_slip_taken_back_leaves_its_assessments_ready_and_they_can_be_taken_back_too(employer):
    (claim,) = assess(employer, employer.team[0])
    slip = ask(employer, claim)
    with pytest.raises(Unsettled, match=f"已列入补缴单 {slip.number}，请先退回该单"):
        claims.take_back(claim.number, by=PAYER)
    slips.take_back(slip.id, by=PAYER, payer_id=employer.id)
    assert not broken()
    claim.refresh_from_db()
    assert (claim.state, claim.slip_id) == ("ready", None)
    again = ask(employer, claim)
    assert again.total == slip.total and again.number != slip.number
    slips.take_back(again.id, by=PAYER)
    claims.take_back(claim.number, by=PAYER, payer_id=employer.id)
    with pytest.raises(Unsettled, match="已经退回"):
        claims.take_back(claim.number, by=PAYER)
    assert [row["state"] for row in claims.of_payer(employer.id)] == ["taken_back"]
    assert assess(employer, employer.team[0])[0].total == claim.total
    assert not broken()


def test_nobody_takes_back_what_is_anothers(books, employer):
    (claim,) = assess(employer, employer.team[0])
    with pytest.raises(Claim.DoesNotExist):
        claims.take_back(claim.number, by=PAYER, payer_id=books.city.employer().id)


def test_a_slip_for_which_wrong_money_came_is_the_agencys(books, employer):
    slip = ask(employer, *assess(employer, employer.team[0]))
    books.money_comes(books.transfer(slip, amount="1.00"))
    with pytest.raises(Unsettled, match="到经办机构"):
        slips.take_back(slip.id, by=PAYER)
    slips.take_back(slip.id, by=CLERK)
    assert not broken()


def test_a_credit_lowers_the_fee_and_a_later_find_is_not_late_from_the_start(books, employer):
    person = employer.team[0]
    books.differs(person, employer, SEPTEMBER, "pension", "-440.00")  # 1440 was too much: 1000 is owed
    with clock.fixed(date(2026, 10, 30)):
        books.differs(person, employer, SEPTEMBER, "medical", "100.00")  # found in October after the 25th
    (claim,) = assess(employer, person)
    fees = {(i.month, i.scheme, i.line): (i.principal, i.since) for i in claim_items(claim)}
    assert fees[SEPTEMBER, "pension", 1] == (Decimal("1000.00"), date(2026, 9, 26))
    assert fees[SEPTEMBER, "pension", 2][0] == 0
    assert (SEPTEMBER, "medical", 2) not in fees, "not overdue before the 25th of November"
    assert not broken()
    with clock.fixed(date(2026, 11, 28)):
        claims.take_back(claim.number, by=PAYER)
        (claim,) = assess(employer, person)
        fees = {(i.month, i.scheme, i.line): i.since for i in claim_items(claim)}
    assert fees[SEPTEMBER, "medical", 2] == date(2026, 11, 26)
    assert not broken()


def claim_items(claim):
    return ClaimItem.objects.filter(claim_id=claim.id)


def test_whose_arrears_are_held_and_whose_lie_elsewhere(books, employer):
    first, second = employer.team
    other = books.city.employer()
    mover = books.city.person()
    books.city.works(mover, other, since=AUGUST, until=SEPTEMBER)
    books.owed([mover], other, SEPTEMBER)
    (claim,) = assess(employer, first)
    slip = ask(employer, *assess(employer, second))
    found = claims.held([first.id, second.id, mover.id], employer.id, today=TODAY)
    assert found[first.id].claim_number == claim.number and found[first.id].slip_number is None
    assert found[second.id].slip_number == slip.number
    assert claims.elsewhere([first.id, mover.id], employer.id, today=TODAY) == {mover.id}


def test_without_a_known_last_day_the_assessment_says_so_and_charges_nothing(books, employer):
    Value.objects.filter(parameter="payment_due_day").delete()
    (month, *_rest) = claims.preview([employer.team[0].id], employer.id, today=TODAY)
    assert month.without_day and month.late_fee == 0
    (claim,) = assess(employer, employer.team[0])
    assert (claim.late_fee, claim.fee_until) == (0, None)
    slip = ask(employer, claim)
    assert (slip.due_on, slip.late_fee) == (None, 0)
    assert not broken()
