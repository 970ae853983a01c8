"""The ledger clerk runs the month, hands in what the bank sent, and sees what does not match."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger import invariants, receipt_lines
from shebao.ledger.models import Receipt, ReceiptFile, Run
from tests.assessment.conftest import demo_policies, today
from tests.identity import people
from tests.jobs import work
from tests.ledger.books import bank_file
from tests.ledger.conftest import books

__all__ = ["books", "demo_policies", "today"]

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)
DESK = "/office/ledger/"


@pytest.fixture
def clerk(client):
    client.force_login(people.officer(roles=frozenset({"ledger"}), office_code="420102"))
    return client


def upload(data: bytes, name="bank.csv"):
    return {"file": SimpleUploadedFile(name, data, "text/csv")}


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("roles", [{"reviewer"}, {"supervisor"}])
def test_who_is_no_ledger_clerk_finds_no_desk(client, roles):
    client.force_login(people.officer(roles=frozenset(roles)))
    for url in (DESK, f"{DESK}files/", f"{DESK}files/1/", f"{DESK}run/2026-11/"):
        assert client.get(url).status_code == 404
    assert client.get(f"{DESK}suspense/").status_code == 404
    for url in (f"{DESK}run/", f"{DESK}receipts/", f"{DESK}suspense/settle/", f"{DESK}suspense/refund/1/"):
        assert client.post(url).status_code == 404
    client.force_login(people.person())
    assert client.get(DESK).status_code == 404


def test_an_empty_desk_says_so(clerk):
    page = text(clerk.get(DESK))
    for words in ("还没有核定", "没有挂账的到账", "运行核定", "收文件并匹配"):
        assert words in page


def test_the_month_is_run_and_its_figures_shown(clerk, books, demo_policies):
    books.team(books.city.employer(), 2, since=NOVEMBER)
    answer = clerk.post(f"{DESK}run/", {"month": "2026-11"}, follow=True)
    assert "正在核定" in text(answer)
    assert "every 2s" in text(clerk.get(f"{DESK}run/2026-11/"))
    assert "请等它完成" in text(clerk.post(f"{DESK}run/", {"month": "2026-11"}, follow=True))
    assert work() == 1
    assert "every 2s" not in text(clerk.get(f"{DESK}run/2026-11/"))
    page = text(clerk.get(DESK))
    assert "2 人" in page and "养老保险" in page and "10" in page
    assert Run.objects.get().state == "done"


def test_a_refused_run_says_why(clerk, books):
    clerk.post(f"{DESK}run/", {"month": "2026-11"})
    work()
    page = text(clerk.get(DESK))
    assert "账上没有任何改动" in page and "没有任何参保人员" in page


def test_a_month_that_is_not_offered_is_not_run(clerk, books):
    for month in ("2026-12", "1999-01", "soon", ""):
        assert clerk.post(f"{DESK}run/", {"month": month}).status_code == 404
    assert clerk.get(f"{DESK}run/soon/").status_code == 404


def test_a_file_is_handed_in_and_its_outcome_shown(clerk, books):
    employer = books.city.employer()
    books.owed(books.team(employer, 2, since=NOVEMBER), employer, NOVEMBER)
    slip = books.slip(employer, NOVEMBER)
    data = bank_file(
        books.transfer(slip), books.transfer(slip, amount="1.00"), ("123", "5.00", "2026-11-12", "B-unknown")
    )
    answer = clerk.post(f"{DESK}receipts/", upload(data), follow=True)
    assert "正在匹配" in text(answer) and "every 2s" in text(answer)
    assert work() == 1
    url = reverse("backoffice:ledger-file", args=[ReceiptFile.objects.get().id])
    page = text(clerk.get(url))
    assert (
        f"金额不符：缴费单为 {slip.total:,.2f} 元" in page
        and "凭单号不存在" in page
        and "every 2s" not in page
    )
    part = clerk.get(url, headers={"HX-Request": "true"})
    assert "<html" not in text(part) and "凭单号不存在" in text(part)

    again = clerk.post(f"{DESK}receipts/", upload(data), follow=True)
    assert "没有重复入账" in text(again) and work() == 0
    desk = text(clerk.get(DESK))
    assert "bank.csv" in desk and "B-unknown" in desk
    only = text(clerk.get(DESK, {"why": "wrong_amount"}))
    assert "缴费单为" in only and "B-unknown" not in only
    assert "bank.csv" in text(clerk.get(f"{DESK}files/"))


def test_the_desk_says_which_columns_a_file_needs_and_hands_out_a_sample(clerk):
    page = text(clerk.get(DESK))
    assert "凭单号、金额、到账日期、流水号" in page
    sample = clerk.get(reverse("backoffice:ledger-receipts-sample"))
    assert reverse("backoffice:ledger-receipts-sample") in page
    read = receipt_lines.read(sample.content, today=clock.today())
    assert not read.problems and len(read.lines) == 2


def test_a_faulty_file_shows_its_faults(clerk, books):
    clerk.post(f"{DESK}receipts/", upload(bank_file(("", "x", "2026-11-12", "B1"))))
    work()
    page = text(clerk.get(reverse("backoffice:ledger-file", args=[ReceiptFile.objects.get().id])))
    assert "有 2 处问题，一笔也没有入账" in page and "第 2 行" in page
    assert not Receipt.objects.exists()


def test_rows_that_came_before_are_shown(clerk, books):
    row = ("123", "5.00", "2026-11-12", "B1")
    books.money_comes(row)
    taken = books.money_comes(("123", "6.00", *row[2:]), name="next.csv")
    page = text(clerk.get(reverse("backoffice:ledger-file", args=[taken.file.id])))
    assert "内容不同，请向银行核对" in page


@pytest.mark.parametrize(("files", "says"), [({}, "还没有选择文件"), (upload(b""), "还没有选择文件")])
def test_no_file_is_said_beside_the_field(clerk, books, files, says):
    answer = clerk.post(f"{DESK}receipts/", files)
    assert answer.status_code == 422 and says in text(answer) and "#id_file" in text(answer)


def test_a_file_that_does_not_exist_is_not_found(clerk):
    assert clerk.get(f"{DESK}files/999999/").status_code == 404


def test_suspense_is_paged(clerk, books):
    books.money_comes(*((f"{n}", "5.00", "2026-11-12", f"B{n:03d}") for n in range(25)))
    first = clerk.get(DESK)
    assert "B024" in text(first) and "B004" not in text(first)
    after = Receipt.objects.get(reference="B005").id
    assert f"after={after}" in text(first)
    assert "B004" in text(clerk.get(DESK, {"after": after}))


def test_the_last_proof_is_shown(clerk, books):
    invariants.prove(by="system:test")
    page = text(clerk.get(DESK))
    assert "账目自查" in page and "应缴 = 已缴 + 欠缴 + 已注销" in page and "不符" not in page


def test_the_desk_asks_as_often_with_many_files_as_with_few(clerk, books):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            clerk.get(DESK)
        return len(asked)

    books.money_comes(("1", "5.00", "2026-11-12", "B-first"))
    queries()  # the first page of a process reads more
    few = queries()
    for n in range(6):
        books.money_comes((f"{n}", "5.00", "2026-11-12", f"B{n}"), name=f"{n}.csv")
        Run.objects.create(kind="month", month=NOVEMBER, state="done", source="scene")
    assert queries() == few
