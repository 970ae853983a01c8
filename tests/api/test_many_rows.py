"""Thousands of rows cost no more questions to the database than a few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shebao.api import intakes
from shebao.api.models import Intake
from tests.api.conftest import hire

pytestmark = pytest.mark.django_db


def queries(deed) -> int:
    with CaptureQueriesContext(connection) as made:
        deed()
    return len(made)


def test_filing_checking_and_reading_take_a_fixed_number_of_queries(trusted, hall):
    counted = []
    for many in (3, 3, 300):
        rows = [hire(hall) for _each in range(many)]
        check = queries(lambda rows=rows: trusted.post("/services/enrol-employees/check", {"rows": rows}))
        received = queries(lambda rows=rows: trusted.file(rows))
        intake = Intake.objects.latest("id")
        put_together = queries(lambda intake=intake: intakes.carry_out(intake.pk))
        read = queries(lambda intake=intake: trusted.get(f"/cases/{intake.case.number}/rows", limit=500))
        counted.append((check, received, put_together, read))
    _what_a_process_asks_once, few, many = counted
    assert many == few
    assert sum(few) < 130
