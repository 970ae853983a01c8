"""A bank's file is read, or everything that is wrong with it is said at once."""

from datetime import date
from decimal import Decimal

import pytest

from shebao.ledger import receipt_lines
from tests.ledger.books import bank_file

TODAY = date(2026, 11, 22)
GOOD = ("420100202611000000425", "4200.00", "2026-11-12", "B1")


def read(data: bytes):
    return receipt_lines.read(data, today=TODAY)


def problems(data: bytes) -> list[tuple[int, str]]:
    return [(one.row, one.column) for one in read(data).problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    "heading",
    [
        "凭单号,金额,到账日期,流水号",
        "slip_number,amount,received_on,reference",
        "凭单号,金额（元）,到账日期,流水号",
    ],
)
def test_both_encodings_and_both_languages_are_read(encoding, heading):
    data = bank_file(GOOD, heading=heading).decode().encode(encoding)
    (line,) = read(data).lines
    assert line == receipt_lines.Line(2, GOOD[0], Decimal("4200.00"), date(2026, 11, 12), "B1")


def test_columns_may_stand_in_any_order_with_others_between():
    data = (
        '流水号,摘要,到账日期,金额,凭单号\nB1,社保费,2026/11/12,"4,200.00",420100202611000000425\n\n'.encode()
    )
    (line,) = read(data).lines
    assert (line.reference, line.amount) == ("B1", Decimal("4200.00"))


def test_faults_of_the_heading_come_first_and_all_at_once():
    sheet = read(b"slip_number,amount,amount,x\n,,,\n,oops,,\n")
    assert [(one.row, one.column) for one in sheet.problems] == [(1, "金额"), (1, "到账日期"), (1, "流水号")]
    assert "有 2 列" in sheet.problems[0].sentence and "缺少“流水号”" in sheet.problems[2].sentence


def test_all_problems_of_all_rows_are_said_and_nothing_is_taken():
    data = bank_file(
        GOOD,
        ("", "4200.00", "2026-11-12", "B2"),
        (GOOD[0], "-5", "2026-11-12", "B3"),
        (GOOD[0], "much", "2026-13-40", ""),
        (GOOD[0], "1.00", "2026-11-23", "B5"),
        (GOOD[0], "1.005", "2026-11-12", "B6"),
        ("4.20100202611E+20", "1.00", "2026-11-12", "1.2E+15"),
        ("9" * 25, "1.00", "2026-11-12", "B8"),
    )
    assert problems(data) == [
        (3, "凭单号"),
        (4, "金额"),
        (5, "金额"), (5, "到账日期"), (5, "流水号"),
        (6, "到账日期"),
        (7, "金额"),
        (8, "凭单号"), (8, "流水号"),
        (9, "凭单号"),
    ]  # fmt: skip
    assert not read(data).lines
    mangled = next(one for one in read(data).problems if one.row == 8)
    assert "科学计数法" in mangled.sentence and mangled.written == "4.20100202611E+20"


def test_numbers_guarded_from_the_spreadsheet_are_read():
    lines = read(
        bank_file(("'" + GOOD[0], *GOOD[1:]), (f'"=""{GOOD[0]}"""', "1.00", "2026-11-12", "B2"))
    ).lines
    assert {line.slip_number for line in lines} == {GOOD[0]}


def test_a_row_said_twice_counts_once_and_is_shown():
    sheet = read(bank_file(GOOD, GOOD))
    assert len(sheet.lines) == 1 and [line.row for line in sheet.repeated] == [3]


def test_one_reference_with_two_meanings_is_a_problem():
    assert problems(bank_file(GOOD, (GOOD[0], "1.00", *GOOD[2:]))) == [(3, "流水号")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "缺少"),
        (bank_file(), "只有表头"),
        (b"PK\x03\x04rest of a workbook", "CSV"),
        (b"\xd0\xcf\x11\xe0old workbook", "CSV"),
        (bank_file(GOOD).decode().encode("utf-16"), "UTF-16"),
        (b"\x81\x00\xff\xff", "编码"),
        (bank_file(GOOD) + b'"never closed', "引号"),
    ],
)
def test_what_is_no_such_file_is_said_in_one_sentence(data, says):
    assert says in read(data).problems[0].sentence


def test_limits_are_in_the_message(monkeypatch):
    monkeypatch.setattr(receipt_lines, "MOST_ROWS", 1)
    assert "超过 1 行" in read(bank_file(GOOD, ("x", *GOOD[1:3], "B2"))).problems[0].sentence
    monkeypatch.setattr(receipt_lines, "MOST_BYTES", 2**20)
    assert "超过 1 MB" in read(b"x" * (2**20 + 1)).problems[0].sentence
