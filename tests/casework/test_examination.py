"""Examination costs the same number of queries for a few rows and for thousands."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shebao.casework import cases, catalogue, examination, review, rosters, rows
from shebao.casework.models import Case
from shebao.casework.review import APPROVE
from tests.casework import library
from tests.casework.conftest import clerk, loan, number, officer, sheet, states


def filled(here, many):
    """A case with so many rows, every tenth with something wrong."""
    case = here.started(by=clerk(party=many))
    loans = (loan(many + n, deposit="0" if n % 10 == 0 else "100") for n in range(many))
    rows.write(case, dict(enumerate(loans, 1)))
    return case


def queries(deed, *args, **kwargs):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        deed(*args, **kwargs)
    return [query["sql"].split()[0] for query in captured]


def test_as_many_queries_for_three_thousand_rows_as_for_thirty(here):
    few, many = filled(here, 30), filled(here, 3_000)
    assert queries(examination.examine, few) == queries(examination.examine, many)
    many.refresh_from_db()
    assert (many.total, many.good, many.bad) == (3_000, 2_700, 300)


def test_a_workbook_of_three_thousand_costs_as_many_queries_as_one_of_thirty(here):
    counted = []
    for many in (30, 3_000):
        case = here.started(by=clerk(party=many))
        file = sheet([loan(many + n) for n in range(many)])
        upload = rosters.hand_in(case, file, by=clerk(party=many))
        counted.append(queries(rosters.take_in, upload.pk))
        assert Case.objects.get(pk=case.pk).good == many
    assert counted[0] == counted[1]


def test_submission_and_decision_ask_as_much_for_two_thousand_as_for_thirty(here):
    few, many = filled(here, 30), filled(here, 2_000)
    for case in (few, many):
        examination.examine(case)
    by_few, by_many = clerk(party=30), clerk(party=2_000)
    assert queries(cases.submit, few, by=by_few) == queries(cases.submit, many, by=by_many)
    decided = [queries(review.decide_all, case, APPROVE, by=officer()) for case in (few, many)]
    assert decided[0] == decided[1]
    assert states(many).count("结束") == 1_800


def test_more_rows_than_a_slice_are_one_roster(here, monkeypatch):
    monkeypatch.setattr(examination, "SLICE", 10)
    case = filled(here, 25)
    cases.add(case, [loan(26)], by=clerk(party=25))
    last = case.rows.get(number=26)
    assert last.problems[0]["sentence"] == "与第 2 行重复，请删除其中一行"


def test_a_row_without_a_readable_key_is_told_so_and_asks_for_no_facts(here):
    asked = []

    def facts(loans, case):
        asked.extend(one.reader for one in loans)
        return library.held_by(loans, case)

    catalogue.declare([replace(library.BORROW, facts=facts)])
    here.saved(loan(1, reader="4201"), loan(2))
    assert asked == [number(2)]


def test_facts_that_need_the_whole_row_are_asked_for_whole_rows_alone(here):
    def facts(loans, case):
        assert all(one.deposit for one in loans)
        return library.held_by(loans, case)

    catalogue.declare([replace(library.BORROW, facts=facts)])
    here.knows(number(1), book="边城")
    case = here.saved(loan(1), loan(2, deposit="很多"))
    assert [len(row.problems) for row in case.rows.order_by("number")] == [1, 1]


def test_a_fault_in_a_check_is_not_taken_for_a_field_that_could_not_be_read(here):
    def broken(row, fact, case):
        return row.no_such_field

    catalogue.declare([replace(library.BORROW, checks=(library.on("reader", broken, rule="X/1"),))])
    with pytest.raises(AttributeError):
        here.saved(loan())


def test_flags_and_notes_let_a_row_through(here):
    case = here.saved(loan(deposit="800", until="2020-01-01"))
    row = case.rows.get()
    assert (row.state, row.problems) == ("draft", [])
    assert [flag["rule"] for flag in row.flags] == ["LIB-1/4"]
    assert [note["sentence"] for note in row.notes] == ["借期不足七天"]
    assert case.flagged == 1
