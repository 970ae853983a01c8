"""What the check page says a hire will cost is what the month is then assessed at."""

from decimal import Decimal

from shebao.assessment import runs
from shebao.casework import ask, catalogue
from shebao.foundation.months import Month
from shebao.ledger.models import Due
from tests.services.conftest import states

HIRE = {"name": "李小明", "hired_on": "2026-11-02", "wage": "6500"}


def estimated(case, written):
    service = catalogue.service("enrol-employees")
    return service.preview([ask.read(service.row, written).row], case)


def test_the_estimate_is_what_is_assessed_later(hall, ours):
    written = HIRE | {"id_number": hall.city.stranger()}
    case = hall.saved("enrol-employees", ours, written)
    estimate = estimated(case, written)
    case = hall.approved("enrol-employees", ours, written)
    assert states(case) == ["结束"]
    runs.run_month(Month(2026, 11), by="system:tests")
    dues = Due.objects.filter(payer_id=ours.id, month=Month(2026, 11))
    employer = sum(due.employer_part for due in dues)
    personal = sum(due.personal_part for due in dues)
    assert len(estimate.lines) == dues.count() == len(ours.schemes)
    assert estimate.total[1:] == (employer, personal, employer + personal)
    assert employer > Decimal(0)


def test_where_a_figure_is_not_known_no_estimate_is_made_up(hall, ours, settings):
    settings.DEMO = False
    written = HIRE | {"id_number": hall.city.stranger(), "hired_on": "2014-05-01"}
    assert estimated(hall.saved("enrol-employees", ours, written), written) is None
