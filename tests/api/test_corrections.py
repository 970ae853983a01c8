"""A payroll system puts right what failed or came back, in the same case, and hands it in again."""

import pytest

from shebao.api import intakes
from shebao.audit.models import AuditEvent
from shebao.casework import cases, errands, review
from shebao.casework.models import Case, Row
from shebao.foundation import clock
from shebao.registry.models import Enrolment
from tests.api.conftest import hire
from tests.jobs import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(hall):
    return hall.city.person("周建国")


def corrected(system, case, rows=(), **more):
    return system.patch(
        case["correct_url"], {"rows": [{"number": n, "fields": one} for n, one in rows], **more}
    )


def faults(answer):
    return [(one["pointer"], one["rule"]) for one in answer.json()["errors"]]


def test_a_row_that_failed_is_put_right_in_place_and_the_case_goes_on(trusted, hall, known):
    good = hire(hall)
    held = trusted.filed([hire(hall, id_number=known.id_number), good], client_reference="0042")
    assert held["status"] == "needs_correction"
    answer = corrected(trusted, held, [(1, hire(hall, name="王强"))])
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["reason"]) == ("draft", "")
    assert [row["fields"]["name"] for row in trusted.rows(held)] == ["王强", "李小明"]
    trusted.post(f"{held['url']}/submit")
    work()
    case = trusted.get(held["url"]).json()
    assert (case["status"], case["number"]) == ("approved", held["number"])
    assert case["correct_url"] is None, "nothing is left to correct"
    assert Enrolment.objects.filter(payer_id=trusted.employer.id, scheme="pension").count() == 2


def test_a_row_that_is_still_wrong_says_so_and_the_case_waits_on(trusted, hall, known):
    held = trusted.filed([hire(hall, id_number=known.id_number)])
    still = corrected(trusted, held, [(1, hire(hall, id_number=known.id_number, name="王强"))]).json()
    assert (still["status"], still["bad"]) == ("needs_correction", 1)
    assert "1 人有问题" in still["reason"]
    assert trusted.get("/cases", status="needs_correction").json()["cases"][0]["number"] == held["number"]


def test_what_an_officer_returned_is_mended_and_submitted_again(ordinary, hall):
    rows = [hire(hall), hire(hall)]
    case = ordinary.filed(rows)
    officer = hall.officer()
    review.decide_all(Case.objects.get(), review.send_back("工资不对"), by=officer)
    returned = ordinary.get(case["url"]).json()
    assert returned["status"] == "returned"
    mended = corrected(ordinary, returned, [(1, rows[0] | {"wage": "7000.00"})], remove=[2]).json()
    assert (mended["status"], mended["total"]) == ("returned", 1)
    assert ordinary.post(f"{case['url']}/submit").json()["status"] == "submitted"
    review.decide_all(Case.objects.get(), review.APPROVE, by=officer)
    found = ordinary.get(case["url"]).json()
    assert (found["status"], found["rows_by_status"]["approved"], found["rows_by_status"]["removed"]) == (
        "approved",
        1,
        1,
    )
    assert {str(one.declared_wage) for one in Enrolment.objects.filter(scheme="pension")} == {"7000.00"}


def test_sent_again_it_changes_nothing_also_when_the_case_is_settled_by_now(trusted, hall, known):
    held = trusted.filed([hire(hall, id_number=known.id_number), hire(hall, name="王强")])
    mended = hire(hall)
    rows, remove = [(1, mended)], [2]
    first = corrected(trusted, held, rows, remove=remove).json()
    version, saved = Case.objects.get().version, AuditEvent.objects.filter(event="case.saved").count()
    assert corrected(trusted, held, rows, remove=remove).json() == first
    assert Case.objects.get().version == version
    assert AuditEvent.objects.filter(event="case.saved").count() == saved
    trusted.post(f"{held['url']}/submit")
    work()
    late = corrected(trusted, held, rows, remove=remove)
    assert (late.status_code, late.json()["status"]) == (200, "approved")
    other = corrected(trusted, held, [(1, mended | {"wage": "9000.00"})])
    assert (other.status_code, other.json()["code"]) == (409, "impossible")


def test_all_that_is_wrong_with_a_correction_is_told_at_once_and_nothing_is_changed(trusted, hall, known):
    held = trusted.filed([hire(hall, id_number=known.id_number), hire(hall)], client_reference="0042")
    before = [row["fields"] for row in trusted.rows(held)]
    answer = trusted.patch(
        held["correct_url"],
        {
            "rows": [
                {"number": 1, "fields": hire(hall, wage=6500)},
                {"number": "2", "fields": hire(hall, id_number=known.id_number)},
                {"number": 1},
                {"fields": hire(hall), "colour": "red"},
                7,
            ],
            "remove": [0],
            "submit": True,
        },
    )
    assert answer.status_code == 422
    assert faults(answer) == [
        ("#/remove", "readable"),
        ("#/submit", "unknown-field"),
        ("#/rows/0/fields/wage", "readable"),
        ("#/rows/1/number", "readable"),
        ("#/rows/1/fields/name", "EMP-1/1"),
        ("#/rows/2/fields", "required"),
        ("#/rows/2/number", "unique"),
        ("#/rows/3/number", "required"),
        ("#/rows/3/colour", "unknown-field"),
        ("#/rows/4", "readable"),
    ]
    assert answer.json()["errors"][2]["row"] == 1, "the row of the case, not the place in the request"
    assert (answer.json()["case"], answer.json()["client_reference"]) == (held["url"], "0042")
    assert [row["fields"] for row in trusted.rows(held)] == before


def test_rows_that_are_settled_or_not_there_are_named_and_the_others_stay_as_they_were(trusted, hall, known):
    held = trusted.filed(
        [hire(hall), hire(hall, id_number=known.id_number)],
        if_problems="submit_rest",
    )
    assert held["status"] == "approved", "the rest of it was"
    path = f"/services/enrol-employees/cases/{held['number']}/rows"
    answer = corrected(trusted, held | {"correct_url": path}, [(1, hire(hall))])
    assert (answer.status_code, answer.json()["code"]) == (409, "impossible")
    assert "已经结束" in answer.json()["detail"]
    draft = trusted.filed([hire(hall), hire(hall)], submit=False)
    answer = corrected(trusted, draft, [(1, hire(hall, name="王强")), (9, hire(hall))], remove=[7])
    assert answer.status_code == 409 and faults(answer) == [
        ("#/remove", "unknown-row"),
        ("#/rows/1/number", "unknown-row"),
    ]
    assert [row["fields"]["name"] for row in trusted.rows(draft)] == ["李小明", "李小明"]


def test_what_the_officer_approved_of_a_returned_case_stays_as_it_is(ordinary, hall):
    rows = [hire(hall), hire(hall)]
    case = ordinary.filed(rows)
    found = Case.objects.get()
    review.decide(found, {1: review.APPROVE, 2: review.send_back("工资不对")}, by=hall.officer())
    answer = corrected(ordinary, case | {"correct_url": ordinary.get(case["url"]).json()["correct_url"]},
                       [(1, rows[0] | {"wage": "1.00"}), (2, rows[1] | {"wage": "7000.00"})])  # fmt: skip
    assert answer.status_code == 409 and faults(answer) == [("#/rows/0/number", "settled")]
    assert {row.data["wage"] for row in Row.objects.filter(case=found)} == {"6500.00"}


def test_a_removed_double_makes_the_other_row_sound(trusted, hall, known):
    row = hire(hall)
    held = trusted.filed([hire(hall), hire(hall, id_number=known.id_number)], submit=False)
    twice = corrected(trusted, held, [(1, row), (2, row | {"wage": "7000.00"})])
    assert twice.status_code == 422 and ("#/rows/1/fields/id_number", "unique") in faults(twice)
    corrected(trusted, held, [(1, row)])
    double = corrected(trusted, held, [(2, row | {"wage": "7000.00"})]).json()
    assert double["bad"] == 1, "of the same person there is one row"
    assert corrected(trusted, held, remove=[1]).json()["bad"] == 0


def test_nobody_corrects_what_is_another_employers_a_clerks_or_of_another_service(ordinary, trusted, hall):
    draft = hall.saved("enrol-employees", ordinary.employer)
    filed = ordinary.filed([hire(hall)], submit=False)
    path = "/services/{}/cases/{}/rows"
    body = {"rows": []}
    assert ordinary.patch(path.format("enrol-employees", draft.number), body).status_code == 409
    assert ordinary.patch(path.format("pause-employees", filed["number"]), body).status_code == 404
    assert trusted.patch(filed["correct_url"], body).status_code == 404
    assert ordinary.patch(filed["correct_url"], body).status_code == 200


def test_while_a_case_is_processed_nothing_is_corrected(trusted, hall):
    receipt = trusted.file([hire(hall)]).json()
    answer = corrected(trusted, {"correct_url": f"/services/enrol-employees/cases/{receipt['number']}/rows"})
    assert answer.status_code == 409 and "还在处理" in answer.json()["detail"]
    assert answer.json()["case"] == receipt["case"]


def test_of_many_rows_only_those_that_a_correction_touches_are_examined(trusted, hall, known, monkeypatch):
    monkeypatch.setattr(errands, "MANY", 2)
    held = trusted.filed([hire(hall, id_number=known.id_number), *(hire(hall) for _each in range(3))])
    assert held["bad"] == 1
    mended = corrected(trusted, held, [(1, hire(hall))]).json()
    assert (mended["status"], mended["bad"], mended["total"]) == ("draft", 0, 4)
    assert trusted.post(f"{held['url']}/submit").json()["status"] == "processing"
    work()
    assert trusted.get(held["url"]).json()["status"] == "approved"


def test_a_clerk_who_mends_it_on_the_page_makes_it_a_draft_again(trusted, hall, known):
    held = trusted.filed([hire(hall, id_number=known.id_number)])
    with clock.fixed(clock.now() + intakes.PATIENCE):
        cases.save(Case.objects.get(), {1: hire(hall)}, by=hall.clerk(trusted.employer))
    found = trusted.get(held["url"]).json()
    assert (found["status"], found["reason"]) == ("draft", "")
    assert [one["status"] for one in trusted.get("/cases", status="draft").json()["cases"]] == ["draft"]
