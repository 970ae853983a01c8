"""Schemathesis plays a stranger's system: it sends what the document allows and what it forbids, and holds every answer
against the document. Some hundred requests here; thorough.py makes thousands.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from config.wsgi import application
from tests.contracts.conftest import held, known

pytestmark = pytest.mark.django_db
BRIEFLY = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_what_the_document_says(mode, sender, one_connection):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for found in schema.get_all_operations():
        operation = found.ok()

        @BRIEFLY
        @given(case=operation.as_strategy(generation_mode=mode))
        def holds(case):
            held(case, sender)

        holds()


def test_the_same_about_things_that_are_there(sender, one_connection):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for found in schema.get_all_operations():
        operation = found.ok()
        if "{" not in operation.path:
            continue

        @BRIEFLY
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        def holds(case):
            held(known(case, sender), sender)

        holds()
