"""当月欠费注销 and what is found of the month afterwards: what nobody had to pay is neither asked for nor credited."""

from datetime import date
from decimal import Decimal

import pytest

from shebao.assessment import runs
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.ledger import bills, invariants, receipts, slips, writeoffs
from shebao.ledger.models import Allocation, Due
from shebao.registry import enrolments
from tests.ledger.books import CLERK, bank_file
from tests.services.conftest import problems

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
A_MONTH = Decimal("2161.00")  # of 6,000 yuan: 960 + 480, 522 + 120, 42 + 18, 12, 7


@pytest.fixture
def worker(hall, ours):
    person = hall.city.person("赵立新")
    hall.city.works(person, ours, since=NOVEMBER)
    runs.run_month(NOVEMBER, by="test")
    return person


def paid(employer, month):
    slip = slips.make_monthly(employer.id, month, by=CLERK)
    receipts.take_in(bank_file((slip.number, slip.total, clock.today(), "B1")), "a.csv", by=CLERK)


def written_off(worker, employer, month):
    writeoffs.write_off_month([worker.id], employer.id, month, source="case:9", by=CLERK)


def raised(worker, employer, wage, *, since):
    change = enrolments.NewWage(worker.id, Decimal(wage), "case:8")
    enrolments.change_wages([change], employer.id, starts=since)
    runs.catch_up([worker.id], since=since, source="case:8")


def stands(employer, month):
    found = bills.settled(employer.id, month)
    return found.paid, found.written_off, found.outstanding


def test_a_pause_that_is_approved_late_credits_nothing_for_the_month_that_was_written_off(hall, ours, worker):
    pause = hall.submitted(
        "pause-employees", ours, {"id_number": worker.id_number, "name": worker.name, "reason": "辞职/辞退"}
    )
    paid(ours, NOVEMBER)
    with clock.fixed(date(2026, 12, 8)):
        runs.run_month(DECEMBER, by="test")
        written_off(worker, ours, DECEMBER)
        assert stands(ours, DECEMBER) == (0, A_MONTH, 0)
        hall.decided(pause)
        assert Due.objects.filter(month=DECEMBER, line=2).count() == 5, "it was never due"
        assert stands(ours, DECEMBER) == (0, 0, 0)
        with pytest.raises(Unsettled, match="没有未缴的应缴金额"):
            slips.make_monthly(ours.id, DECEMBER, by=CLERK)
    assert not invariants.broken()


def test_a_raise_found_later_is_not_asked_for_of_a_month_that_was_written_off(hall, ours, worker):
    paid(ours, NOVEMBER)
    with clock.fixed(date(2026, 12, 8)):
        runs.run_month(DECEMBER, by="test")
        written_off(worker, ours, DECEMBER)
        raised(worker, ours, "7000", since=DECEMBER)
        assert stands(ours, DECEMBER)[::2] == (0, 0)
        assert set(Allocation.objects.filter(month=DECEMBER, line=2).values_list("kind", flat=True)) == {
            "written_off"
        }
    assert not invariants.broken()


def test_whoever_is_enrolled_anew_in_the_month_owes_it_although_it_was_written_off_before(hall, ours, worker):
    paid(ours, NOVEMBER)
    with clock.fixed(date(2026, 12, 8)):
        runs.run_month(DECEMBER, by="test")
        written_off(worker, ours, DECEMBER)
        leaver = enrolments.Leaver(worker.id, "resigned", "case:7")
        enrolments.close_many([leaver], ours.id, ends=NOVEMBER)
        runs.catch_up([worker.id], since=DECEMBER, source="case:7")
        hall.city.works(worker, ours, since=DECEMBER)
        runs.catch_up([worker.id], since=DECEMBER, source="case:6")
        assert stands(ours, DECEMBER) == (0, 0, A_MONTH)
    assert not invariants.broken()


def test_3_the_rest_of_a_month_that_was_paid_is_not_written_off(hall, ours, worker):
    """Else a raise would be dodged, and a month taken back would credit more than was paid."""
    paid(ours, NOVEMBER)
    with clock.fixed(date(2026, 12, 2)):
        runs.run_month(DECEMBER, by="test")
        paid_in_december = slips.make_monthly(ours.id, DECEMBER, by=CLERK)
        receipts.take_in(
            bank_file((paid_in_december.number, paid_in_december.total, clock.today(), "B2")),
            "b.csv",
            by=CLERK,
        )
        raised(worker, ours, "7000", since=DECEMBER)
        case = hall.saved("write-off-month", ours, {"id_number": worker.id_number, "name": worker.name})
        (sentence,) = [said for rule, said in problems(case) if rule == "EMP-8/3"]
        assert sentence.startswith("此人 2026-12 的费款已缴 2,161.00 元，余下的 359.00 元是同月的差额")
        with pytest.raises(Unsettled, match="余下的差额不能注销"):
            written_off(worker, ours, DECEMBER)
    assert not Allocation.objects.filter(kind="written_off").exists()
