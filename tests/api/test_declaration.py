"""A payroll system declares a year's wages: it reads whom, writes what they earned, and files (EMP-11)."""

import pytest

from shebao.audit import trails
from shebao.foundation.months import Month
from shebao.registry.models import WageDeclaration
from tests.api.conftest import hire

pytestmark = pytest.mark.django_db


@pytest.fixture
def workers(trusted, hall):
    found = [hall.city.person(name) for name in ("周建国", "吴桂芳")]
    for person in found:
        hall.city.works(person, trusted.employer, since=Month(2024, 5), wage="6000")
    return found


def test_whom_to_declare_is_read_and_filed_with_what_they_earned(trusted, workers):
    listed = trusted.get("/services/declare-wages/rows").json()
    assert listed["total"] == 2
    assert [(row["name"], row["present"]) for row in listed["rows"]] == [
        ("周建国", "6000.00"),
        ("吴桂芳", "6000.00"),
    ]
    rows = [row | {"wage": "7200.00"} for row in listed["rows"]]
    case = trusted.filed(rows, service="declare-wages")
    assert case["status"] == "approved", trusted.rows(case)
    assert {str(one.wage) for one in WageDeclaration.objects.all()} == {"7200.00"}
    assert trusted.get("/services/declare-wages/rows").json()["rows"] == []


def test_each_of_them_sees_who_was_shown_his_wage(trusted, workers):
    trusted.get("/services/declare-wages/rows")
    assert [len(trails.looks_at(person.pk)) for person in workers] == [1, 1]


def test_nobody_is_added_to_the_list(trusted, workers, hall):
    stranger = hire(hall)
    row = {"id_number": stranger["id_number"], "name": "李小明", "wage": "7200.00"}
    answer = trusted.post("/services/declare-wages/check", {"rows": [row]}).json()
    assert [one["rule"] for one in answer["rows"][0]["problems"]] == ["unlisted"]
