"""A payroll system reads back what its employer owns: the figures of the pages, and nobody else's."""

from decimal import Decimal

import pytest

from shebao.assessment import runs
from shebao.audit import trails
from shebao.foundation.months import Month
from shebao.identity.acting import system
from shebao.ledger import bills, invariants
from shebao.ledger.models import Slip
from shebao.registry import enrolments
from shebao.registry.models import Person
from tests.api.conftest import hire, system_of

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
pytestmark = pytest.mark.django_db


@pytest.fixture
def staffed(ordinary, hall):
    """An employer with three people and two assessed months."""
    for name, wage in (("周建国", "8800"), ("吴桂芳", "7200"), ("李小明", "6500")):
        hall.city.works(hall.city.person(name), ordinary.employer, since=OCTOBER, wage=wage)
    for month in (OCTOBER, NOVEMBER):
        runs.run_month(month, by=system("tests"))
    return ordinary


def walked(system, path, what, **query):
    """All lines of a list, by its `next`."""
    lines, pages = [], 0
    page = system.get(path, **query).json()
    while True:
        lines, pages = lines + page[what], pages + 1
        if page["next"] is None:
            return lines, pages
        page = system.get(page["next"]).json()


def test_the_first_request_says_whose_key_it_is(staffed):
    found = staffed.get("/me").json()
    assert (found["employer"], found["scopes"]) == ("汉江机械厂（示例）", ["read", "file", "pay"])
    assert found["today"] == "2026-11-12"


def test_the_roster_of_a_month_page_by_page(staffed, hall):
    people, pages = walked(staffed, "/roster", "employees", limit=2)
    assert pages == 2
    assert [(one["name"], one["declared_wage"], one["since"], one["until"]) for one in people] == [
        ("周建国", "8800.00", "2026-10", None),
        ("吴桂芳", "7200.00", "2026-10", None),
        ("李小明", "6500.00", "2026-10", None),
    ]
    assert len(people[0]["id_number"]) == 18, "whole: the system matches by it"
    assert staffed.get("/roster", month="2026-09").json()["employees"] == []
    assert [one["name"] for one in staffed.get("/roster", search="吴").json()["employees"]] == ["吴桂芳"]


def test_a_raise_leaves_the_day_from_which_somebody_is_insured_here_as_it_was(staffed, hall):
    zhou = Person.objects.get(name="周建国")
    raised = enrolments.NewWage(zhou.id, Decimal("9000"), "scene")
    enrolments.change_wages([raised], staffed.employer.id, starts=NOVEMBER)
    for month, wage in (("2026-10", "8800.00"), ("2026-11", "9000.00")):
        found = staffed.get("/roster", month=month, search="周").json()["employees"][0]
        assert (found["since"], found["until"], found["declared_wage"]) == ("2026-10", None, wage)


def test_bills_are_those_of_the_pages_and_their_lines_add_up(staffed):
    listed, _pages = walked(staffed, "/bills", "bills", limit=1)
    assert [one["month"] for one in listed] == ["2026-11", "2026-10"]
    bill = staffed.get(listed[1]["url"]).json()
    page = bills.of_payer(staffed.employer.id, OCTOBER)
    assert bill["amount"] == f"{page.amount:.2f}" and bill["outstanding"] == bill["amount"]
    assert [one["scheme"] for one in bill["schemes"]] == [one.scheme for one in page.schemes]
    lines, _pages = walked(staffed, bill["lines_url"], "lines", limit=2)
    assert sum(Decimal(one["amount"]) for one in lines) == page.amount
    assert staffed.get("/bills/2026-01").status_code == 404


def test_a_slip_is_made_once_read_back_and_taken_back(staffed):
    made = staffed.post("/slips", {"until": "2026-11"})
    assert made.status_code == 201
    slip = staffed.get(made["Location"]).json()
    assert slip == made.json() and slip["state"] == "open"
    again = staffed.post("/slips", {"until": "2026-11"})
    assert again.status_code == 409 and slip["number"] in again.json()["detail"]
    lines, _pages = walked(staffed, slip["lines_url"], "lines", limit=1)
    assert [one["name"] for one in lines] == ["周建国", "吴桂芳", "李小明"]
    assert staffed.post(f"{slip['url']}/take-back").json()["state"] == "taken_back"
    assert staffed.post(f"{slip['url']}/take-back").status_code == 409
    assert [one["number"] for one in walked(staffed, "/slips", "slips", limit=1)[0]] == [slip["number"]]
    assert not [one for one in invariants.check() if not one.holds]


def test_a_slip_without_a_month_is_refused(staffed):
    for body in ({}, {"until": "2026-13"}, {"until": 202610}, {"month": "2026-10", "until": "2026-11"}):
        assert staffed.post("/slips", body).json()["code"] == "invalid"
    assert not Slip.objects.exists()


def test_a_slip_for_a_month_that_has_not_begun_is_refused(staffed):
    early = staffed.post("/slips", {"until": "2026-12"})
    assert early.status_code == 409 and "2026-12 还没有到" in early.json()["detail"]
    assert not Slip.objects.exists()


def test_people_see_who_was_shown_their_lines(staffed):
    staffed.post("/slips", {"until": "2026-11"})
    slip = Slip.objects.get()
    for path in ("/roster", "/bills/2026-10/lines", f"/slips/{slip.number}/lines"):
        staffed.get(path, limit=2)
    looks = {
        person.name: [line.details["what"] for line in trails.looks_at(person.pk)]
        for person in Person.objects.all()
    }
    seen = ["缴费单明细", "单位月度账单", "参保人员花名册"]
    assert looks == {"周建国": seen, "吴桂芳": seen, "李小明": []}, "those on the page, and no others"
    assert trails.looks_at(Person.objects.first().pk)[0].actor == staffed.key.ref


def test_another_employers_things_are_not_there(staffed, hall):
    other = system_of(hall.city.employer("别的单位（示例）"))
    slip = staffed.post("/slips", {"until": "2026-11"}).json()
    case = staffed.filed([hire(hall)])
    paths = [
        slip["url"],
        slip["lines_url"],
        "/bills/2026-10",
        "/bills/2026-10/lines",
        case["url"],
        case["rows_url"],
    ]
    nothing = other.get("/cases/42010020261112999999")
    for path in paths:
        assert staffed.get(path).status_code == 200
        refused = other.get(path)
        known = {"status", "code", "title", "detail", "type"}
        assert refused.status_code == 404
        assert {name: refused.json()[name] for name in known} == {
            name: nothing.json()[name] for name in known
        }
    for path in (f"{slip['url']}/take-back", f"{case['url']}/submit", f"{case['url']}/withdraw"):
        assert other.post(path).status_code == 404
    for path, what in (
        ("/roster", "employees"),
        ("/bills", "bills"),
        ("/slips", "slips"),
        ("/cases", "cases"),
    ):
        assert other.get(path).json()[what] == []


def test_lists_cost_the_same_however_many_lines_they_have(staffed, django_assert_max_num_queries, hall):
    for path in ("/roster", "/bills", "/bills/2026-10/lines", "/slips", "/cases"):
        with django_assert_max_num_queries(8):
            assert staffed.get(path, limit=100).status_code == 200


def test_cases_are_found_by_status(staffed, hall, trusted):
    known = hall.city.person("郑海燕")
    draft = staffed.filed([hire(hall)], submit=False)
    held = staffed.filed([hire(hall, id_number=known.id_number)])
    submitted = staffed.filed([hire(hall)])
    withdrawn = staffed.filed([hire(hall)], submit=False)
    staffed.post(f"{withdrawn['url']}/withdraw")
    processing = staffed.file([hire(hall)]).json()
    expected = {
        "draft": draft, "needs_correction": held, "submitted": submitted, "withdrawn": withdrawn,
        "processing": processing,
    }  # fmt: skip
    for status, case in expected.items():
        found = staffed.get("/cases", status=status).json()["cases"]
        assert [(one["number"], one["status"]) for one in found] == [(case["number"], status)]
    listed, _pages = walked(staffed, "/cases", "cases", limit=2)
    assert [one["number"] for one in listed] == sorted((one["number"] for one in listed), reverse=True)
    assert len(listed) == 5
    assert len(staffed.get("/cases", service="pause-employees").json()["cases"]) == 0
