"""A stranger's system for Schemathesis: the employer it acts for, and how answers are held against the document."""

from datetime import date

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from shebao.assessment import runs
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.identity import api_keys
from shebao.identity.acting import system
from tests import policies
from tests.api.conftest import hire, system_of
from tests.contracts import formats
from tests.services.conftest import Hall

NOVEMBER = Month(2026, 11)
TODAY = date(2026, 11, 12)
FORMATS = formats  # by importing it Schemathesis knows them


@pytest.fixture
def hall(db, monkeypatch):
    monkeypatch.setattr(api_keys, "PER_REQUEST", api_keys.PER_REQUEST * 0)
    with clock.fixed(TODAY):
        policies.load(synthetic=True)
        yield Hall()


@pytest.fixture
def sender(hall):
    """A system whose employer has people, bills, a slip, and a case in each state."""
    found = system_of(hall.city.employer("汉江机械厂（示例）"))
    for name in ("周建国", "吴桂芳"):
        hall.city.works(hall.city.person(name), found.employer, since=NOVEMBER)
    runs.run_month(NOVEMBER, by=system("tests"))
    slip = found.post("/slips", {"until": "2026-11"}).json()
    draft = found.filed([hire(hall)], submit=False, client_reference="0001")
    known = {
        "slips": slip["number"],
        "cases": draft["number"],
        "services": "enrol-employees",
        "bills": "2026-11",
    }
    found.known = known
    return found


@pytest.fixture
def one_connection(sender):
    """Requests leave the test's connection open, as those of Django's own client do, which turns this off again."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def not_in_the_schema(answer):
    """JSON Schema has no words for `one row for each person`, nor for `a photo`: these are right by it, and refused."""
    told = answer.json().get("errors", []) if answer.status_code == 422 else []
    rules = {one.get("rule") for one in told}
    wrongly_written = rules & {"readable", "required", "unknown-field", "unknown-parameter"}
    return [positive_data_acceptance] if rules & {"unique", "file"} and not wrongly_written else []


def lost_in_the_address(case):
    """A list or an object instead of a text is wrong by the schema, but an address has no words for it: what arrives
    may be nothing at all, which is right."""
    sent = [*(case.query or {}).values(), *(case.headers or {}).values()]
    return [negative_data_rejection] if any(isinstance(one, list | dict) for one in sent) else []


def held(case, sender, *, but=()):
    """Send it, and hold the answer against the document; these checks left out."""
    answer = case.call(headers=sender.headers)
    excluded = [*not_in_the_schema(answer), *lost_in_the_address(case), *but]
    case.validate_response(answer, headers=sender.headers, excluded_checks=excluded)


def known(case, sender):
    """The same about something that is there, where the address names something."""
    for name, value in sender.known.items():
        if case.path.startswith(f"/{name}/{{"):
            case.path_parameters = {next(iter(case.path_parameters)): value}
    return case


def pytest_collect_file(file_path, parent):
    """The long run's file isn't read but for `--all`: Schemathesis makes its thousands of requests while reading."""
    named = parent.session.isinitpath(file_path)  # on the command line: pytest reads it by itself
    if file_path.name == "thorough.py" and parent.config.getoption("--all") and not named:
        return pytest.Module.from_parent(parent, path=file_path)
