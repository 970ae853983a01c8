"""缴费单: what an employer reads on the page of a slip, and on its forms, in each state."""

from datetime import date
from io import BytesIO

import pypdf
import pytest
from django.test import Client

from shebao.assessment import runs
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger import arrears_slips, claims, slips, suspense
from shebao.ledger.models import Claim, Slip
from shebao.pages import states
from tests import policies
from tests.identity import people
from tests.ledger.books import CLERK, PAYER, Books
from tests.portals.test_queries import text
from tests.services.conftest import Hall

pytestmark = pytest.mark.django_db
SEPTEMBER, NOVEMBER = Month(2026, 9), Month(2026, 11)


@pytest.fixture
def hall():
    policies.load(synthetic=True)
    with clock.fixed(date(2026, 11, 12)):
        yield Hall()


@pytest.fixture
def ours(hall):
    return hall.city.employer("武汉江汇精密制造示例公司")


def signed_in(employer) -> Client:
    client = Client()
    client.force_login(people.clerk(employer_id=employer.id, office_code="420102"))
    return client


@pytest.fixture
def client(ours) -> Client:
    return signed_in(ours)


@pytest.fixture
def books(hall):
    return Books(hall.city)


@pytest.fixture
def slip(hall, ours) -> Slip:
    """Of November, one worker."""
    worker = hall.city.person("赵立新")
    hall.city.works(worker, ours, since=NOVEMBER)
    runs.assess([worker.id], [NOVEMBER], source="scene")
    return slips.make_monthly(ours.id, NOVEMBER, by=PAYER)


@pytest.fixture
def arrears_slip(hall, ours) -> Slip:
    """Of a worker's September, to be paid by 13 November."""
    worker = hall.city.person("钱卫东")
    hall.city.works(worker, ours, since=SEPTEMBER, until=SEPTEMBER)
    runs.assess([worker.id], [SEPTEMBER], source="scene")
    (claim,) = claims.assess({worker.id: "case:1"}, ours.id, by=CLERK)
    return arrears_slips.make(ours.id, [claim.number], by=PAYER, on=date(2026, 11, 13))


def read(client, slip) -> str:
    return text(client.get(f"/employer/slips/{slip.number}/"))


def printed(client, slip) -> str:
    made = client.get(f"/employer/slips/{slip.number}/approval.pdf")
    return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(made.content)).pages)


@pytest.mark.parametrize("kind", [Slip.State, Claim.State])
def test_the_page_and_the_paper_call_a_state_the_same(kind):
    assert [str(states.of(state).word) for state in kind] == [str(state.label) for state in kind]


def test_a_slip_that_was_taken_back_can_not_be_taken_for_one_to_pay(client, arrears_slip):
    assert "须一次缴清" in read(client, arrears_slip) and "作 废" not in printed(client, arrears_slip)
    slips.take_back(arrears_slip.id, by=PAYER)
    shown = read(client, arrears_slip)
    assert "本单已作废，请不要按它缴款" in shown and "其中的欠费核定可以重新生成补缴单" in shown
    for inviting in ("须一次缴清", "缴款日", "缴款和到账确认时"):
        assert inviting not in shown
    paper = printed(client, arrears_slip)
    assert "作 废" in paper and "请勿缴款" in paper and "缴款日" not in paper


def test_one_that_was_issued_anew_leads_to_what_is_to_be_paid(client, books, arrears_slip):
    with clock.fixed(date(2026, 11, 16)):
        books.pays(arrears_slip, on=date(2026, 11, 16))
        fresh = suspense.reissue(arrears_slip.number, by=CLERK)
    assert fresh.number in read(client, arrears_slip)
    shown = read(client, fresh)
    rest = fresh.total - arrears_slip.total
    assert f"比总额少 {rest:,.2f} 元" in shown, "the money that came waits here"
    assert f"汇款写的是 {arrears_slip.number}" in shown
    assert "只差滞纳金，补足即可，不再增加" in shown


def test_too_much_money_is_told_with_the_way_on(client, books, slip):
    assert "过后到账的，按日另计滞纳金" in read(client, slip)
    books.money_comes(books.transfer(slip, amount=slip.total + 1))
    shown = read(client, slip)
    assert "比总额多 1.00 元" in shown and "请按总额重新缴" in shown and "-1.00" not in shown


def test_money_with_a_mistyped_number_is_seen_once_it_was_assigned(client, books, slip):
    wrong = slip.number[:-1] + "x"
    books.money_comes((wrong, slip.total, date(2026, 11, 12), "B-typo"))
    assert "B-typo" not in text(client.get("/employer/queries/payments/"))
    suspense.assign(slip.number, [suspense.receipts.suspense()[0].id], by=CLERK)
    for shown in (text(client.get("/employer/queries/payments/")), read(client, slip)):
        assert "B-typo" in shown and f"汇款写的是 {wrong}" in shown


def test_a_late_payment_leads_to_its_late_fee_and_back(books, slip, ours):
    with clock.fixed(date(2026, 12, 1)):
        client = signed_in(ours)
        assert "已过缴款日，到账后按日另计滞纳金" in read(client, slip)
        books.pays(slip, on=date(2026, 12, 1))
        fee = slips.fee_of(slip)
        assert "款项逾期到账，另有滞纳金" in (shown := read(client, slip)) and fee.number in shown
        shown = read(client, fee)
        assert "这是逾期缴费的滞纳金" in shown and slip.number in shown
        assert "6 天 × 0.05%" in shown and "退回缴费单" not in shown
        assert client.get(f"/employer/slips/{fee.number}/approval.pdf").status_code == 404
