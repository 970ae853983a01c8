"""单位缴费自查: an employer's own contributions, certified at once; nothing of its people's part or of others."""

from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from shebao.assessment import runs
from shebao.audit import trails
from shebao.foundation.months import Month
from shebao.ledger.models import Due
from shebao.registry.models import Person
from shebao.statements import issuance, verification
from tests.identity.people import clerk
from tests.services.conftest import problems
from tests.statements.conftest import hall as signing
from tests.statements.conftest import key_folder

__all__ = ["key_folder", "signing"]

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


def test_what_is_issued_is_signed_and_a_stranger_can_verify_it(hall, factory):
    case = hall.submitted(CODE, factory, {"first": "2026-08", "last": "2026-10"})
    assert case.get_state_display() == "结束"
    found = documents(case)
    pdf = found["单位社会保险缴费对账单2026-08至2026-10.pdf"].read()
    (statement,) = issuance.of_employer(factory.id)
    assert pdf == issuance.pdf_of(statement)
    assert case.issued.get(about=statement.ref).title.endswith(f"（签名 PDF，编号 {statement.serial}）")
    verdict = verification.of_file(pdf)
    assert verdict.answer == "genuine"
    assert verdict.certified["employer"]["name"] == "汉江机械厂示例"
    own = sum(due.employer_part for due in Due.objects.filter(payer_id=factory.id))
    text = PdfReader(BytesIO(pdf)).pages[0].extract_text()
    assert f"{own:,.2f}" in text and "别家示例公司" not in text
    person_id = Due.objects.filter(payer_id=factory.id).first().person_id
    assert "单位缴费对账单" in {look.details["what"] for look in trails.looks_at(person_id)}


def test_the_workbook_has_whole_numbers_and_names_the_signed_statement(hall, factory):
    case = hall.submitted(CODE, factory, {"first": "2026-08", "last": "2026-10"})
    book = documents(case)["单位社会保险缴费自查表2026-08至2026-10.xlsx"]
    lines = list(load_workbook(book).active.iter_rows(values_only=True))
    own = sum(due.employer_part for due in Due.objects.filter(payer_id=factory.id))
    (line,) = [one for one in lines if "李小明" in one]
    number = Person.objects.get(name="李小明").id_number
    assert own in [Decimal(str(cell)) for cell in line if isinstance(cell, int | float)]
    assert number in line and "2026-09" in line and "2026-08" not in line
    (statement,) = issuance.of_employer(factory.id)
    assert any(
        statement.serial in str(cell) and "未经数字签名" in cell for row in lines for cell in row if cell
    )


def test_one_employee_is_listed_month_by_month(hall, factory):
    number = Person.objects.get(name="李小明").id_number
    case = hall.submitted(CODE, factory, {"first": "2026-08", "last": "2026-10", "id_number": number})
    found = documents(case)
    pdf = found["职工社会保险单位缴费对账单2026-08至2026-10.pdf"].read()
    certified = verification.of_file(pdf).certified
    assert (certified["name"], certified["employer"]["name"]) == ("李*明", "汉江机械厂示例")
    assert "personal_paid" not in certified["schemes"][0]
    book = found["单位社会保险缴费自查表2026-08至2026-10.xlsx"]
    cells = [cell for row in load_workbook(book).active.iter_rows(values_only=True) for cell in row]
    assert "2026-09" in cells and "养老保险" in cells and any(number in str(cell) for cell in cells)


def test_somebody_the_employer_never_paid_for_is_refused(hall, factory):
    stranger = hall.city.person("王敏").id_number
    case = hall.saved(CODE, factory, {"first": "2026-08", "last": "2026-10", "id_number": stranger})
    assert (
        "EMP-16/4",
        "本单位在这段时间没有为此人缴费的记录，请核对身份证号码和月份",
    ) in problems(case)


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


def test_a_statement_that_newer_figures_replaced_says_so_on_its_case_with_the_way_to_the_new_one(
    hall, factory, client
):
    wanted = {"first": "2026-08", "last": "2026-10"}
    case = hall.submitted(CODE, factory, wanted)
    client.force_login(clerk(employer_id=factory.id, office_code=factory.office_id))
    page = f"/filing/case/{case.number}/status/"
    assert "已被新版替代" not in client.get(page).content.decode()
    late = hall.city.person("王敏")
    hall.city.works(late, factory, since=OCTOBER, wage="7000")
    runs.assess([late.id], [OCTOBER], source="later")
    hall.submitted(CODE, factory, wanted)
    stand = {one.state: one for one in issuance.of_employer(factory.id)}
    assert stand.keys() == {"superseded", "valid"}
    said = client.get(page).content.decode()
    assert "已被新版替代" in said and f"/employer/statements/{stand['valid'].serial}.pdf" in said
