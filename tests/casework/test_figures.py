"""Figures computed before submission, kept with the case; and documents instead of an effect."""

import pytest

from shebao.casework import cases, estimates, issues, review
from shebao.foundation import sql
from shebao.foundation.unsettled import Unsettled
from tests.casework import library
from tests.casework.conftest import again, number, officer
from tests.casework.test_prefilled import lent, renewal  # noqa: F401 - a fixture
from tests.jobs import work


@pytest.fixture
def case(lent):  # noqa: F811
    return lent.saved(renewal(1), renewal(2), service="renew-books")


def test_what_was_shown_is_kept_when_it_is_submitted(lent, case):  # noqa: F811
    shown = estimates.of(case)
    cases.submit(case, by=lent.by, shown=estimates.fingerprint(shown))
    assert again(case).figures == shown
    assert shown["lines"] == [[number(1), "120.00", "12.00"], [number(2), "120.00", "12.00"]]
    assert shown["total"] == ["合计", None, "4.00"]


def test_other_figures_than_those_shown_are_not_submitted(lent, case):  # noqa: F811
    shown = estimates.fingerprint(estimates.of(case))
    lent.knows(number(5))
    with pytest.raises(Unsettled, match="测算的金额刚刚有变化"):
        cases.submit(case, by=lent.by, shown=shown)
    assert again(case).state == "draft"


def test_figures_that_changed_by_the_decision_stand_beside_those_that_were_shown(lent, case, monkeypatch):  # noqa: F811
    cases.submit(case, by=lent.by)
    monkeypatch.setattr(library, "SHARE", 5)
    review.decide_all(case, review.APPROVE, by=officer())
    assert again(case).figures["lines"][0] == [number(1), "120.00", "12.00"]
    assert case.moves.last().outcome["figures"]["lines"][0] == [number(1), "120.00", "24.00"]


def test_figures_that_are_the_same_are_not_told_twice(lent, case):  # noqa: F811
    cases.submit(case, by=lent.by)
    review.decide_all(case, review.APPROVE, by=officer())
    assert "figures" not in case.moves.last().outcome


def test_rows_decided_one_by_one_are_no_change_of_their_figures(lent, case):  # noqa: F811
    cases.submit(case, by=lent.by)
    review.decide(case, {1: review.APPROVE}, by=officer())
    assert "figures" not in case.moves.last().outcome


def test_of_more_rows_than_the_service_says_no_figures_are_made(lent):  # noqa: F811
    sql.run("DELETE FROM library_loan").close()
    for one in range(1, 5):
        lent.knows(number(one), book="围城")
    case = lent.submitted(*[renewal(one) for one in range(1, 5)], service="renew-books")
    assert again(case).figures is None


def test_a_document_is_issued_at_once_and_stays_as_it_was(here):
    case = here.submitted({"reader": number(1)}, service="reader-proofs")
    work()
    assert again(case).state == "approved"
    (document,) = case.issued.all()
    assert (document.title, document.filename) == ("借阅证明", f"{number(1)}.txt")
    assert issues.content(document).decode() == f"{number(1)} 是本馆读者"


def test_a_document_whose_file_was_tampered_with_is_not_handed_out(here):
    case = here.submitted({"reader": number(1)}, service="reader-proofs")
    work()
    (document,) = case.issued.all()
    with open(document.file.path, "ab") as file:
        file.write(b"!")
    with pytest.raises(Unsettled):
        issues.content(document)
