"""A lending library: casework's services in these tests. It shows that the work flow knows nothing of
insurance.

The library keeps its loans in a table of its own, made by the `library` fixture; a reader may borrow one
book.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import (
    Document,
    Figures,
    Material,
    Offer,
    Offers,
    Review,
    Service,
    Wanted,
    Who,
    Window,
    by_grade,
    flag,
    note,
    on,
)  # fmt: skip
from shebao.foundation import sql
from shebao.foundation.unsettled import Unsettled
from shebao.foundation.values import Day, IdNumber, Money, PersonName, Text

TABLE = "CREATE TABLE IF NOT EXISTS library_loan (reader text PRIMARY KEY, name text, book text, source text)"


class Shelf(Enum):
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self):
        return {"open": "开架", "closed": "闭架"}[self.value]


@dataclass(frozen=True)
class Loan:
    reader: IdNumber = label("读者身份证号", help="按身份证填写 18 位号码", example="11010519491231002X")
    name: PersonName = label("读者姓名")
    book: Text = label("书名")
    deposit: Money = label("押金", help="整数或两位小数")
    until: Day | None = label("归还日期", default=None)
    shelves: tuple[Shelf, ...] = label("书库", default=(Shelf.OPEN,))


@dataclass(frozen=True)
class Held:
    """What the library knows of one reader."""

    name: str | None = None
    book: str | None = None


def has_a_book(loan, held, case):
    if held.book:
        return "该读者已借有图书，请先归还"
    return None


def name_differs(loan, held, case):
    if held.name not in (None, loan.name):
        return "姓名与读者登记不一致，请核对身份证"
    return None


def no_deposit(loan, held, case):
    if loan.deposit <= 0:
        return "押金应大于零"
    return None


def dear_book(loan, held, case):
    if loan.deposit > 500:
        return "押金超过 500 元，须由馆员核对"
    return None


def due_soon(loan, held, case):
    if loan.until and (loan.until - case.filed_on).days < 7:
        return "借期不足七天"
    return None


def held_by(loans, case):
    numbers = [loan.reader for loan in loans]
    found = sql.rows(
        "SELECT reader, name, book FROM library_loan WHERE reader = ANY(%(numbers)s)", {"numbers": numbers}
    )
    known = {row["reader"]: Held(row["name"], row["book"]) for row in found}
    return {number: known.get(number, Held()) for number in numbers}


def lend(loans, case):
    written = sql.run(
        """
        INSERT INTO library_loan (reader, name, book, source)
        SELECT * FROM unnest(%(readers)s::text[], %(names)s::text[], %(books)s::text[], %(sources)s::text[])
        ON CONFLICT (reader) DO UPDATE SET book = excluded.book, source = excluded.source
        WHERE library_loan.book IS NULL
        """,
        {
            "readers": [loan.reader for loan in loans],
            "names": [loan.name for loan in loans],
            "books": [loan.book for loan in loans],
            "sources": [case.ref_of(loan) for loan in loans],
        },
    ).rowcount
    if written != len(loans):
        raise Unsettled(f"{len(loans) - written} 位读者刚刚借走了别的书")


BORROW = Service(
    code="borrow-books",
    title="图书借阅",
    who=(Who.EMPLOYER, Who.PERSON),
    basis="《图书馆借阅规则》第三条",
    purpose="为读者登记借书。",
    row=Loan,
    unique="reader",
    unit=Unit.PEOPLE,
    facts=held_by,
    checks=(
        on("reader", has_a_book, rule="LIB-1/1"),
        on("name", name_differs, rule="LIB-1/2"),
        on("deposit", no_deposit, rule="LIB-1/3"),
        flag("deposit", dear_book, rule="LIB-1/4"),
        note("until", due_soon, rule="LIB-1/5"),
    ),
    materials=(
        Material("借书单", waived_for="trusted"),
        Material("读者证复印件", per_row=True, waived_for="trusted"),
    ),
    review=by_grade(Review.OFFICER, trusted=Review.AUTOMATIC),
    effect=lend,
    most_rows=5_000,
    promised_days=2,
)


@dataclass(frozen=True)
class Return:
    reader: IdNumber = label("读者身份证号", picked=True)
    name: PersonName = label("读者姓名", picked=True)
    condition: Text = label("图书状况", help="例如：完好")


def has_no_book(back, held, case):
    return None if held.book else "该读者没有借书"


def lent(case, wanted: Wanted):
    found = sql.rows(
        """
        SELECT reader, name, book FROM library_loan
        WHERE book IS NOT NULL AND reader > %(after)s AND (%(keys)s::text[] = '{}' OR reader = ANY(%(keys)s))
          AND (reader LIKE %(search)s || '%%' OR name LIKE %(search)s || '%%')
        ORDER BY reader LIMIT %(most)s + 1
        """,
        {"after": wanted.after, "keys": list(wanted.keys), "search": wanted.search, "most": wanted.most},
    )
    page = found[: wanted.most]
    lines = [
        Offer(row["reader"], (row["name"], row["book"]), {"reader": row["reader"], "name": row["name"]})
        for row in page
    ]
    return Offers(("读者姓名", "书名"), tuple(lines), page[-1]["reader"] if len(found) > wanted.most else "")


def take_back(returns, case):
    sql.run(
        "UPDATE library_loan SET book = NULL WHERE reader = ANY(%(readers)s)",
        {"readers": [back.reader for back in returns]},
    )


RETURN = Service(
    code="return-books",
    title="图书归还",
    who=(Who.EMPLOYER,),
    basis="《图书馆借阅规则》第八条",
    row=Return,
    unique="reader",
    unit=Unit.PEOPLE,
    facts=held_by,
    offers=lent,
    checks=(on("reader", has_no_book, rule="LIB-2/1"),),
    review=by_grade(Review.AUTOMATIC),
    effect=take_back,
    opens=lambda today: Window(date(today.year, today.month, 1), date(today.year, today.month, 22)),
    most_rows=200,
)

DISCARD = Service(
    code="discard-books",
    title="图书注销",
    who=(Who.EMPLOYER,),
    basis="《图书馆借阅规则》第九条",
    row=Return,
    unique="reader",
    unit=Unit.PEOPLE,
    offers=lent,
    review=by_grade(Review.TWO_OFFICERS),
    effect=take_back,
    most_rows=1,
)


@dataclass(frozen=True)
class Renewal:
    """A reader's loan as it is on file; just the deposit may be corrected."""

    reader: IdNumber = label("读者身份证号", fixed=True)
    name: PersonName = label("读者姓名", fixed=True)
    book: Text = label("书名", fixed=True)
    deposit: Money = label("新押金")


def on_loan(case, keys):
    found = sql.stream(
        """
        SELECT reader, name, book FROM library_loan
        WHERE book IS NOT NULL AND (%(keys)s::text[] IS NULL OR reader = ANY(%(keys)s)) ORDER BY reader
        """,
        {"keys": None if keys is None else list(keys)},
    )
    for row in found:
        yield row | {"deposit": Decimal(100)}


SHARE = 10  # of the deposit, as long as no test changes it


def fees(renewals, case):
    """What renewing costs: a tenth of the deposit; below, how many readers the library knows."""
    lines = tuple((str(one.reader), one.deposit, one.deposit / SHARE) for one in renewals)
    dear = sql.rows("SELECT count(*) AS n FROM library_loan")[0]["n"]
    return Figures("续借测算", ("押金", "工本费"), lines, ("合计", None, Decimal(dear)))


def renew(renewals, case):
    sql.run(
        "UPDATE library_loan SET source = %(ref)s WHERE reader = ANY(%(readers)s)",
        {"readers": [one.reader for one in renewals], "ref": case.ref},
    ).close()


RENEW = Service(
    code="renew-books",
    title="续借",
    who=(Who.EMPLOYER,),
    basis="《图书馆借阅规则》第十条",
    row=Renewal,
    unique="reader",
    unit=Unit.PEOPLE,
    prefill=on_loan,
    checks=(on("deposit", no_deposit, rule="LIB-4/1"),),
    preview=fees,
    previews=3,
    review=by_grade(Review.OFFICER),
    effect=renew,
)


@dataclass(frozen=True)
class Proof:
    reader: IdNumber = label("读者身份证号")


def proofs(rows, case):
    return [Document("借阅证明", f"{one.reader}.txt", f"{one.reader} 是本馆读者".encode()) for one in rows]


PROVE = Service(
    code="reader-proofs",
    title="借阅证明",
    who=(Who.EMPLOYER,),
    basis="《图书馆借阅规则》第十一条",
    row=Proof,
    unique="reader",
    unit=Unit.PEOPLE,
    issues=proofs,
)

SERVICES = (BORROW, RETURN, DISCARD, RENEW, PROVE)
