"""单位缴费自查: an employer's own contributions, as a document at once; nothing of its people's part or of others."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from shebao.assessment import runs
from shebao.audit import trails
from shebao.foundation.months import Month
from shebao.ledger.models import Due
from tests.services.conftest import problems

pytestmark = pytest.mark.django_db
CODE = "check-contributions"
AUGUST, SEPTEMBER, OCTOBER = (Month(2026, n) for n in (8, 9, 10))


@pytest.fixture
def factory(hall):
    """李小明 came in September from elsewhere."""
    employer, before = hall.city.employer("汉江机械厂示例"), hall.city.employer("别家示例公司")
    person = hall.city.person("李小明")
    hall.city.works(person, before, since=Month(2026, 1), until=AUGUST, wage="9999")
    hall.city.works(person, employer, since=SEPTEMBER, wage="6250")
    runs.assess([person.id], [AUGUST, SEPTEMBER, OCTOBER], source="scene")
    return employer


def documents(case):
    found = {}
    for one in case.issued.all():
        with one.file.open("rb") as file:
            found[one.filename] = BytesIO(file.read())
    return found


def test_the_form_holds_the_employers_own_part_and_nothing_else(hall, factory):
    case = hall.submitted(CODE, factory, {"first": "2026-08", "last": "2026-10"})
    assert case.get_state_display() == "结束"
    found = documents(case)
    name = "单位社会保险缴费自查表2026-08至2026-10"
    assert set(found) == {f"{name}.pdf", f"{name}.xlsx"}
    own = sum(due.employer_part for due in Due.objects.filter(payer_id=factory.id))
    lines = list(load_workbook(found[f"{name}.xlsx"]).active.iter_rows(values_only=True))
    (line,) = [one for one in lines if "李小明" in one]
    assert float(own) in line and "2026-09" in line and "2026-08" not in line
    text = PdfReader(found[f"{name}.pdf"]).pages[0].extract_text()
    assert f"{own:,.2f}" in text and "别家示例公司" not in text
    person_id = Due.objects.filter(payer_id=factory.id).first().person_id
    assert "单位缴费自查表" in {look.details["what"] for look in trails.looks_at(person_id)}


@pytest.mark.parametrize(
    ("first", "last", "rule", "sentence"),
    [
        ("2026-10", "2026-09", "EMP-16/1", "起始月份不能晚于截止月份"),
        ("2020-01", "2026-10", "EMP-16/2", "一次最多自查 60 个月，请分成几段"),
        ("2026-10", "2026-12", "EMP-16/3", "截止月份不能晚于本月"),
    ],
)
def test_what_is_refused_and_why(hall, factory, first, last, rule, sentence):
    case = hall.saved(CODE, factory, {"first": first, "last": last})
    assert (rule, sentence) in problems(case)
