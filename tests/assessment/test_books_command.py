"""bin/books: an operator runs a month, makes its slips, takes the money in and proves the books."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger import invariants
from shebao.ledger.models import Proof, Receipt, Run, Slip
from tests.scenes import City

pytestmark = pytest.mark.django_db
SINCE = Month(2026, 9)


@pytest.fixture
def city(demo_policies):
    return City()


@pytest.fixture
def employer(city):
    employer = city.employer("江城示例公司")
    for name in ("张一", "张二"):
        city.works(city.person(name), employer, since=SINCE)
    return employer


def books(*words) -> str:
    out = StringIO()
    call_command("books", *map(str, words), stdout=out)
    return out.getvalue()


def test_from_the_run_to_sound_books(employer, tmp_path):
    month = clock.this_month()
    said = books("month", month)
    assert "新增应缴 10 条" in said and "养老保险：2 人" in said
    assert "没有差额" in books("month", month)

    sample = tmp_path / "bank.csv"
    said = books("slips", month, "--sample", sample)
    slip = Slip.objects.get()
    assert slip.number in said and "1 笔" in said

    said = books("receipts", sample)
    assert "匹配 1，挂账 0，重复 0" in said
    assert "已经入过账" in books("receipts", sample)
    assert Receipt.objects.get().state == "matched"

    said = books("check")
    assert f"{len(invariants.INVARIANTS)} 条全部成立" in said and "不成立" not in said
    assert Proof.objects.get().broken == 0


def test_slips_of_a_month_that_has_not_begun_are_refused(employer):
    with pytest.raises(CommandError, match="还没有到，不能提前生成缴费单"):
        books("slips", clock.this_month().plus(1))


def test_suspense_is_told(employer, tmp_path):
    file = tmp_path / "bank.csv"
    file.write_text("凭单号,金额,到账日期,流水号\n123,5.00,2026-11-12,B1\n", encoding="utf-8")
    assert "挂账 B1：凭单号 123，5.00 元，凭单号不存在" in books("receipts", file)


def test_a_faulty_file_says_all_its_faults(employer, tmp_path):
    file = tmp_path / "bank.csv"
    file.write_text("凭单号,金额,到账日期,流水号\n,x,2026-11-12,B1\n", encoding="utf-8")
    with pytest.raises(CommandError, match="(?s)2 处问题.*第 2 行 凭单号.*第 2 行 金额.*原文：x"):
        books("receipts", file)
    with pytest.raises(CommandError, match="读不了"):
        books("receipts", tmp_path / "missing.csv")


def test_a_broken_book_is_shown_and_fails(employer):
    books("month", clock.this_month())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_bill SET personal_part = 0 WHERE scheme = 'pension'")
    out = StringIO()
    with pytest.raises(CommandError, match="1 条不成立"):
        call_command("books", "check", stdout=out)
    assert "不成立  每个单位、每个月的账单 = 应缴合计" in out.getvalue() and "billed=" in out.getvalue()
    assert Proof.objects.get().broken == 1


def test_what_can_not_be_is_refused_in_a_sentence(city):
    with pytest.raises(CommandError, match="还没有到"):
        books("month", clock.this_month().plus(1))
    with pytest.raises(CommandError, match="没有任何参保人员"):
        books("month", clock.this_month())
    assert "没有任何参保人员" in Run.objects.get().problem
    with pytest.raises(CommandError, match="2026-06 这样的年月"):
        books("month", "soon")
    with pytest.raises(CommandError, match="没有单位编号"):
        books("slips", clock.this_month(), "--employer", "nobody")
    assert "生成缴费单 0 张" in books("slips", clock.this_month())


def test_one_employers_slip_leaves_older_months_to_be_paid_with_their_late_fee(employer):
    month = clock.this_month()
    for one in Month.range(SINCE, month):
        books("month", one)
    books("slips", month, "--employer", employer.number)
    assert Slip.objects.get().first_month == month
