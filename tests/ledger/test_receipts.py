"""Money comes: it pays the slip it names, or waits in suspense; it never vanishes and never counts twice."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger import accounts, receipts, slips
from shebao.ledger.models import Allocation, Receipt, ReceiptFile, RepeatedReceipt, Slip
from shebao.notices.models import Notice
from tests.ledger.books import A_MONTH, CLERK, PAYER, bank_file, broken

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


@pytest.fixture
def employer(books):
    """Two people, two months, both owed."""
    employer = books.city.employer()
    books.owed(books.team(employer, 2, since=OCTOBER), employer, OCTOBER, NOVEMBER)
    return employer


def states() -> list[str]:
    return list(Receipt.objects.order_by("id").values_list("state", flat=True))


def test_the_exact_sum_settles_every_line_and_credits_the_accounts(books, employer):
    slip = books.slip(employer, NOVEMBER)
    taken = books.pays(slip, on=date(2026, 11, 12))
    assert (taken.file.matched, taken.file.suspended, taken.file.state) == (1, 0, "done")
    assert Slip.objects.get().state == "paid"
    assert Allocation.objects.filter(kind="paid", settled_on=date(2026, 11, 12)).count() == slip.items
    for person_id in Allocation.objects.values_list("person_id", flat=True).distinct():
        assert accounts.balances(person_id) == {"pension": Decimal("960.00"), "medical": Decimal("240.00")}
    assert not broken()


def test_the_payer_is_told_that_his_money_came(books, employer):
    slip = books.slip(employer, NOVEMBER)
    books.money_comes(books.transfer(slip, amount="1.00"))
    assert not Notice.objects.exists()
    books.pays(slip)
    letter = Notice.objects.get()
    assert (letter.recipient, letter.about) == (f"employer:{employer.id}", f"slip:{slip.number}")
    worker = books.city.person()
    books.city.flexible(worker, since=NOVEMBER)
    books.owed([worker], worker, NOVEMBER, schemes=["pension"])
    books.pays(books.slip(worker, NOVEMBER))
    assert Notice.objects.filter(recipient=f"person:{worker.id}").exists()


def test_money_that_fits_nothing_waits_in_suspense_with_the_reason(books, employer):
    october = books.slip(employer, OCTOBER)
    slips.take_back(october.id, by=PAYER)
    slip = books.slip(employer, NOVEMBER)
    books.money_comes(
        books.transfer(slip, amount=slip.total - 1),
        ("420100202611999999990", "5.00", "2026-11-12", "B-unknown"),
        books.transfer(october),
        books.transfer(slip),
        books.transfer(slip),
    )
    assert states() == ["wrong_amount", "unknown_slip", "slip_taken_back", "matched", "already_paid"]
    books.money_comes(books.transfer(slip), name="late.csv")
    assert states()[-1] == "already_paid"
    assert receipts.suspense_totals()["already_paid"] == (2, 2 * slip.total)
    assert not broken()


def test_a_wrong_sum_does_not_stop_the_right_one(books, employer):
    slip = books.slip(employer, NOVEMBER)
    books.money_comes(books.transfer(slip, amount="1.00"))
    assert Slip.objects.get().state == "open"
    books.pays(slip)
    assert states() == ["wrong_amount", "matched"]
    assert not broken()


def test_late_money_is_as_good(books, employer):
    slip = books.slip(employer, OCTOBER)
    books.pays(slip, on=date(2026, 11, 21))
    assert Slip.objects.get().state == "paid"


def test_the_same_bytes_twice_do_nothing(books, employer):
    slip = books.slip(employer, NOVEMBER)
    data = bank_file(books.transfer(slip), ("unknown", "5.00", "2026-11-12", "B-unknown"))
    first = receipts.take_in(data, "a.csv", by=CLERK)
    again = receipts.take_in(data, "b.csv", by=CLERK)
    assert (first.again, again.again, again.file.id) == (False, True, first.file.id)
    assert (again.file.matched, again.file.suspended) == (1, 1)
    assert Receipt.objects.count() == 2 and not broken()


def test_a_reference_that_came_before_is_shown_and_counted_not_booked(books, employer):
    slip = books.slip(employer, NOVEMBER)
    row = books.transfer(slip)
    books.money_comes(row)
    new = ("unknown", "5.00", "2026-11-12", "B-new")
    taken = books.money_comes(
        row, (row[0], "9.99", row[2], row[3])[:3] + ("B-other",), new, new, name="next.csv"
    )
    assert (taken.file.rows, taken.file.matched, taken.file.suspended, taken.file.repeated) == (4, 0, 2, 2)
    assert {r.row: r.differs for r in receipts.repeated(taken.file.id)} == {2: False, 5: False}
    changed = books.money_comes((row[0], "9.99", row[2], row[3]), name="changed.csv")
    assert RepeatedReceipt.objects.get(file=changed.file).differs
    assert not broken()


def test_a_file_with_problems_books_nothing_and_names_all_of_them(books, employer):
    slip = books.slip(employer, NOVEMBER)
    taken = books.money_comes(books.transfer(slip), (slip.number, "x", "2026-11-12", ""))
    assert taken.file.state == "refused"
    assert [(p["row"], p["column"]) for p in taken.file.problems] == [(3, "金额"), (3, "流水号")]
    assert not Receipt.objects.exists() and Slip.objects.get().state == "open"
    assert not broken()


def test_a_refused_file_is_looked_at_again_when_it_comes_again(books, employer):
    slip = books.slip(employer, NOVEMBER)
    data = bank_file(books.transfer(slip, on=date(2026, 11, 23)))
    assert receipts.take_in(data, "tomorrow.csv", by=CLERK).file.state == "refused"
    with clock.fixed(date(2026, 11, 23)):
        assert receipts.take_in(data, "tomorrow.csv", by=CLERK).file.state == "done"
    assert ReceiptFile.objects.count() == 1 and not broken()


def test_a_difference_found_later_takes_back_what_was_credited_too_much(books, employer):
    books.pays(books.slip(employer, NOVEMBER))
    person_id = Allocation.objects.order_by("person_id").first().person_id
    person = type("Person", (), {"id": person_id})
    books.differs(person, employer, OCTOBER, "pension", "0.00", "-80.00", "-80.00")
    books.differs(person, employer, NOVEMBER, "medical", "100.00", "20.00", "20.00")
    slip = books.slip(employer, NOVEMBER)
    assert (slip.total, slip.items) == (Decimal("40.00"), 2)
    books.pays(slip)
    assert accounts.balances(person_id) == {"pension": Decimal("880.00"), "medical": Decimal("260.00")}
    assert not broken()


def test_one_file_pays_many_slips_with_a_constant_number_of_queries(books):
    def queries(count):
        rows = []
        for _ in range(count):
            employer = books.city.employer()
            books.owed(books.team(employer, 2, since=NOVEMBER), employer, NOVEMBER)
            rows.append(books.transfer(books.slip(employer, NOVEMBER)))
        with CaptureQueriesContext(connection) as asked:
            assert books.money_comes(*rows).file.matched == count
        return len(asked)

    assert queries(2) == queries(20)
    assert not broken()


def test_suspense_and_files_page_by_key(books):
    for n in range(3):
        books.money_comes(
            *((f"unknown{n}{i}", "5.00", "2026-11-12", f"B{n}{i}") for i in range(2)), name=f"{n}.csv"
        )
    page = receipts.suspense(limit=4)
    assert [r.reference for r in page] == ["B21", "B20", "B11", "B10"]
    assert [r.reference for r in receipts.suspense(before=page[-1].id)] == ["B01", "B00"]
    assert [r.reference for r in receipts.suspense(state="wrong_amount")] == []
    assert [r.reference for r in receipts.suspense(file_id=page[0].file_id)] == ["B21", "B20"]
    files = receipts.files(limit=2)
    assert [f.name for f in files] == ["2.csv", "1.csv"]
    assert [f.name for f in receipts.files(before=files[-1].id)] == ["0.csv"]


def test_a_payer_sees_what_it_paid(books, employer):
    slip = books.slip(employer, NOVEMBER)
    books.pays(slip)
    (paid,) = receipts.for_slips_of(employer.id)
    assert (paid["slip_number"], paid["amount"], paid["state"]) == (slip.number, 4 * A_MONTH, "matched")
