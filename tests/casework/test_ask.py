from datetime import date
from decimal import Decimal

from shebao.casework import ask
from tests.casework.library import Loan, Return, Shelf

WRITTEN = {
    "reader": " 11010519491231002x ",
    "name": "李 小明",
    "book": "围城",
    "deposit": "1,200.5",
    "until": "2026年6月1日",
    "shelves": "开架、闭架",
}


def test_a_row_is_read_from_what_a_person_wrote_and_again_from_what_was_kept():
    reading = ask.read(Loan, WRITTEN)
    assert reading.problems == []
    assert reading.row == Loan(
        "11010519491231002X",
        "李小明",
        "围城",
        Decimal("1200.50"),
        date(2026, 6, 1),
        (Shelf.OPEN, Shelf.CLOSED),
    )
    kept = ask.kept(Loan, reading.values)
    assert kept == {
        "reader": "11010519491231002X",
        "name": "李小明",
        "book": "围城",
        "deposit": "1200.50",
        "until": "2026-06-01",
        "shelves": ["open", "closed"],
    }
    assert ask.read(Loan, kept) == reading


def test_what_may_be_left_empty_takes_its_default():
    reading = ask.read(Loan, {**WRITTEN, "until": "", "shelves": None})
    assert (reading.row.until, reading.row.shelves) == (None, (Shelf.OPEN,))
    assert ask.kept(Loan, reading.values)["shelves"] == ["open"]


def test_all_that_is_wrong_with_a_row_is_told_at_once_and_the_rest_is_kept():
    reading = ask.read(Loan, {**WRITTEN, "reader": 110105194912310000.0, "name": "", "deposit": "伍佰"})
    assert reading.row is None
    assert [(problem.field, problem.rule) for problem in reading.problems] == [
        ("reader", "readable"),
        ("name", "required"),
        ("deposit", "readable"),
    ]
    assert "文本" in reading.problems[0].sentence
    assert ask.kept(Loan, reading.values) == {
        "book": "围城",
        "until": "2026-06-01",
        "shelves": ["open", "closed"],
    }


def test_a_question_knows_its_answers_and_how_to_show_them():
    reader, name, _book, deposit, until, shelves = ask.questions(Loan)
    assert shelves.choices == (("open", "开架"), ("closed", "闭架")) and shelves.many
    assert shelves.shown((Shelf.OPEN, Shelf.CLOSED)) == "开架、闭架"
    assert deposit.shown(Decimal("1200.50")) == "1,200.50"
    assert until.kind is date or issubclass(until.kind, date)
    assert not until.required and reader.required
    assert name.shown("李小明", masked=True) == "李*明"
    assert reader.shown(ask.read(Loan, WRITTEN).row.reader, masked=True) == "1101**********002X"


def test_some_fields_come_with_the_line_that_is_ticked():
    assert [question.name for question in ask.questions(Return) if question.words.picked] == [
        "reader",
        "name",
    ]
