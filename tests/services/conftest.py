"""The scene of the services' tests: the city's rules of November 2026, one employer, its clerk, its officer."""

from datetime import date

import pytest

from shebao.casework import cases, review
from shebao.casework.models import Case, Row, RowState
from shebao.foundation import clock
from shebao.identity.acting import Acting
from tests import policies
from tests.jobs import work
from tests.scenes import City


class Hall:
    """Deeds in the words of the tests."""

    def __init__(self):
        self.city = City()

    def clerk(self, employer) -> Acting:
        return Acting(
            70,
            "张明",
            "employer",
            employer.id,
            employer.name,
            frozenset({"filer"}),
            employer.office_id,
            employer.grade,
        )

    def officer(self, office="420102") -> Acting:
        return Acting(900, "赵审核", "agency", None, "江岸区社保处", frozenset({"reviewer"}), office)

    def saved(self, service, employer, *written) -> Case:
        by = self.clerk(employer)
        case = cases.start(service, by=by, office_code=employer.office_id)
        cases.save(case, dict(enumerate(written, 1)), by=by)
        return case

    def submitted(self, service, employer, *written) -> Case:
        case = self.saved(service, employer, *written)
        cases.submit(case, by=self.clerk(employer))
        work()
        case.refresh_from_db()
        return case

    def approved(self, service, employer, *written) -> Case:
        return self.decided(self.submitted(service, employer, *written))

    def decided(self, case: Case) -> Case:
        case.refresh_from_db()
        review.decide_all(case, review.APPROVE, by=self.officer())
        case.refresh_from_db()
        return case


def problems(case, number=1):
    """(rule, sentence) of each problem of a row."""
    return [(p["rule"], p["sentence"]) for p in Row.objects.get(case=case, number=number).problems]


def notes(case, number=1):
    return [(n["rule"], n["sentence"]) for n in Row.objects.get(case=case, number=number).notes]


def flags(case, number=1):
    return [(f["rule"], f["sentence"]) for f in Row.objects.get(case=case, number=number).flags]


def states(case):
    return [RowState(s).label for s in case.rows.order_by("number").values_list("state", flat=True)]


@pytest.fixture
def today():
    with clock.fixed(date(2026, 11, 12)):
        yield date(2026, 11, 12)


@pytest.fixture
def hall(db, today) -> Hall:
    policies.load(synthetic=True)
    return Hall()


@pytest.fixture
def ours(hall):
    """The employer that files."""
    return hall.city.employer("武汉江汇精密制造示例公司")
