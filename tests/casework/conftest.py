"""The scene of these tests: a library, a few clerks and officers, and rosters of readers."""

from dataclasses import dataclass, replace
from importlib import import_module
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from shebao.casework import cases, catalogue, review, rosters
from shebao.casework.models import Case, Row, RowState, Upload
from shebao.foundation import sql
from shebao.foundation.identifiers import IdNumber
from shebao.identity.acting import Acting
from tests.casework import library
from tests.jobs import work


def clerk(party=7, grade="ordinary", account=70):
    """Somebody of an employer; another account number is another clerk."""
    return Acting(
        account, "张明", "employer", party, f"第{party}示例公司", frozenset({"filer"}), "420102", grade
    )


def officer(account=900, office="420102", *roles):
    """Somebody behind the counter."""
    held = frozenset(roles or {"reviewer"})
    return Acting(account, f"经办人{account}", "agency", None, "江岸区社保处", held, office)


def number(sequence: int) -> IdNumber:
    """A well-formed fictional ID number of a reader."""
    body = f"420102{1960 + sequence // 336_000:04d}{1 + sequence // 28_000 % 12:02d}{1 + sequence // 1_000 % 28:02d}"
    body += f"{sequence % 1_000:03d}"
    return IdNumber(body + IdNumber.check_digit(body))


def loan(sequence=1, **other):
    """What a clerk types for one reader."""
    return {
        "reader": number(sequence), "name": "李小明", "book": "围城", "deposit": "100", "until": "", "shelves": "开架",
    } | other  # fmt: skip


HEADS = ("读者身份证号", "读者姓名", "书名", "押金", "归还日期", "书库")


def sheet(loans, heads=HEADS, name="名单.xlsx"):
    """A workbook as somebody would upload it."""
    book = Workbook()
    page = book.active
    page.append(list(heads))
    for one in loans:
        page.append([one.get(field) for field in ("reader", "name", "book", "deposit", "until", "shelves")])
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())


@dataclass
class Library:
    """Deeds in the words of the tests."""

    by: Acting = clerk()

    def knows(self, reader, name="李小明", book=None):
        statement = "INSERT INTO library_loan (reader, name, book) VALUES (%(reader)s, %(name)s, %(book)s)"
        sql.run(statement, {"reader": reader, "name": name, "book": book}).close()

    def loans(self):
        return {row["reader"]: row["book"] for row in sql.rows("SELECT reader, book FROM library_loan")}

    def started(self, service="borrow-books", by=None):
        return cases.start(service, by=by or self.by)

    def saved(self, *loans, service="borrow-books", by=None):
        case = self.started(service, by)
        cases.save(case, dict(enumerate(loans, 1)), by=by or self.by)
        return case

    def submitted(self, *loans, service="borrow-books", by=None):
        case = self.saved(*loans, service=service, by=by)
        cases.submit(case, by=by or self.by)
        return case

    def uploaded(self, loans=(), *, file=None, case=None, by=None):
        case = case or self.started(by=by)
        upload = rosters.hand_in(case, file or sheet(loans), by=by or self.by)
        work()
        case.refresh_from_db()
        return case, Upload.objects.get(pk=upload.pk)

    def decided(self, case, verdicts, by=None):
        return review.decide(case, verdicts, by=by or officer())


def states(case):
    """How each row stands, in the users' words."""
    return [RowState(state).label for state in case.rows.order_by("number").values_list("state", flat=True)]


def problems(case, number=1):
    row = Row.objects.get(case=case, number=number)
    return [(problem["field"], problem["sentence"], problem["rule"]) for problem in row.problems]


def again(case):
    return Case.objects.get(pk=case.pk)


def without_review(service):
    return replace(service, review=lambda case, grade: "automatic")


@pytest.fixture
def services():
    """The library's services are the hall's for this test; others are handed in by changing them."""
    import_module(
        "config.urls"
    )  # the API makes its addresses once, of the hall's own services: before these come
    before = catalogue.declared()
    catalogue.declare(library.SERVICES)
    yield library.SERVICES
    catalogue.declare(before)


@pytest.fixture
def here(db, services):
    sql.run(library.TABLE).close()
    sql.run("TRUNCATE library_loan").close()
    return Library()


@pytest.fixture
def here_committed(transactional_db, services):
    """The same for tests with connections of their own."""
    sql.run(library.TABLE).close()
    sql.run("TRUNCATE library_loan").close()
    yield Library()
    sql.run("DROP TABLE library_loan").close()
