"""单位缴费自查 (EMP-16): what an employer itself paid for its people, for its own check that it keeps the law.

A document instead of an effect: nobody reviews it, nothing changes. What is issued is a signed statement of the
employer's own contributions: not what is withheld from wages, nothing of other employers. Beside it lies a workbook
to work with, unsigned, with whole ID numbers; it names the statement.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao import audit
from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Document, Service, Who, on
from shebao.foundation import clock
from shebao.foundation.identifiers import IdNumber
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.registry import employers, people
from shebao.services import forms
from shebao.statements import contributions, issuance, layout, prints
from shebao.statements.models import EmployerStatement
from shebao.statements.prints import Head, Kind, Sheet

WORKBOOK = "单位社会保险缴费自查表"
MOST_MONTHS = 60
OF_ALL = (
    Head("序号", Kind.COUNT, 10),
    Head("姓名", width=18),
    Head("身份证号码", Kind.CODE, 38),
    Head("月数", Kind.COUNT, 12),
    Head("自", Kind.CODE, 17),
    Head("至", Kind.CODE, 17),
    Head("单位应缴", Kind.MONEY, 26),
    Head("已到账", Kind.MONEY, 26),
    Head("欠费", Kind.MONEY, 24),
    Head("待缴", Kind.MONEY, 24),
)
OF_ONE = (
    Head("月份", Kind.CODE, 17),
    Head("险种", width=26),
    Head("缴费基数", Kind.MONEY, 24),
    Head("单位应缴", Kind.MONEY, 24),
    Head("已到账", Kind.MONEY, 24),
    Head("到账日期", Kind.CODE, 24),
    Head("状态", width=24),
)
STATES = {
    "paid": "已到账", "back_paid": "补缴到账", "arrears": "欠费", "not_yet_due": "待缴", "written_off": "已注销",
}  # fmt: skip


@dataclass(frozen=True)
class Period:
    """The months that are checked, for everybody or for one."""

    first: Month = label(lazy("起始月份"), example="2026-01", section=lazy("自查期间"))
    last: Month = label(lazy("截止月份"), example="2026-10", section=lazy("自查期间"))
    id_number: IdNumber | None = label(
        lazy("只查一名职工"),
        help=lazy("填身份证号码，按月逐险种列出；查全体职工的，每人一行"),
        example="420102199202299993",
        default=None,
        section=lazy("自查范围"),
        blank=lazy("全体职工"),
    )


def known(periods: Sequence[Period], case) -> Mapping[tuple, int | None]:
    """The person whose statement it is, where the employer was billed for him in these months."""
    ids = people.ids_of([period.id_number for period in periods if period.id_number])
    return {
        (period.first, period.last): person_id
        for period in periods
        if (person_id := ids.get(period.id_number))
        and contributions.concerns(case.party_id, person_id, period.first, period.last)
    }


def begins_after_it_ends(period, known, case):
    if period.first > period.last:
        return _("起始月份不能晚于截止月份")


def too_long(period, known, case):
    if period.last.minus(period.first) >= MOST_MONTHS:
        return _("一次最多自查 %(most)s 个月，请分成几段") % {"most": MOST_MONTHS}


def in_the_future(period, known, case):
    if period.last > case.month:
        return _("截止月份不能晚于本月")


def not_billed(period, known, case):
    if period.id_number and not known and period.first <= period.last:
        return _("本单位在这段时间没有为此人缴费的记录，请核对身份证号码和月份")


def workbook_of_all(statement: EmployerStatement, found: list[contributions.Share]) -> Sheet:
    """What the statement says, to work with: whole ID numbers, a line for each of the employer's people."""
    return _workbook(
        statement,
        [("职工人数", str(len(found)))],
        OF_ALL,
        [
            (
                place, one.name, one.id_number, one.months, one.first, one.last, one.due, one.paid,
                one.arrears, one.not_yet_due,
            )
            for place, one in enumerate(found, 1)
        ],
        tuple(sum((getattr(one, name) for one in found), Decimal(0)) for name in contributions.SUMS),
    )  # fmt: skip


def workbook_of_one(statement: EmployerStatement, id_number: str) -> Sheet:
    """The lines of a statement of one employee."""
    snapshot = json.loads(bytes(statement.snapshot))
    columns = snapshot["lines"]["columns"]
    lines = [dict(zip(columns, row, strict=True)) for row in snapshot["lines"]["rows"]]
    schemes = dict(snapshot["schemes"])
    return _workbook(
        statement,
        [("职工", f"{snapshot['person']['name']}　{id_number}")],
        OF_ONE,
        [
            (
                one["month"], schemes[one["scheme"]], Decimal(one["base"]), Decimal(one["employer"]),
                Decimal(one["employer_paid"]), one["paid_on"], STATES[one["status"]],
            )
            for one in lines
        ],
        (*(sum((Decimal(one[name]) for one in lines), Decimal(0)) for name in ("employer", "employer_paid")), "", ""),
    )  # fmt: skip


def _workbook(statement: EmployerStatement, facts, heads, lines, sums) -> Sheet:
    words = [forms.month_in_words(month) for month in (statement.first_month, statement.last_month)]
    return Sheet(
        title=WORKBOOK,
        subtitle="至".join(words),
        facts=[*forms.facts_of(employers.get(statement.employer_id)), *facts],
        unit="单位：元",
        heads=heads,
        lines=lines,
        totals=("合计", *[""] * (len(heads) - len(sums) - 1), *sums),
        notes=(
            "本表只列本单位承担的部分（单位缴费），不含由职工个人承担、单位代扣代缴的部分，也不含其他单位的缴费。",
            f"数据截至 {clock.today()}，供本单位自查使用，未经数字签名，不作证明。"
            f"经办机构签名、任何人都可以核验的是编号 {statement.serial} 的《{layout.TITLES[statement.kind]}》。",
        ),
        number=statement.serial,
    )


def make_documents(periods: Sequence[Period], case) -> list[Document]:
    """The signed statement and its workbook, for each period that was asked for. Unsettled where none can be issued."""
    documents = []
    for period in periods:
        person_id = people.ids_of([period.id_number]).get(period.id_number) if period.id_number else None
        try:
            statement = issuance.issue_of_employer(
                case.party_id, period.first, period.last, by=case.filer, person_id=person_id
            )
        except issuance.NotIssued as refused:
            raise Unsettled(str(refused)) from refused
        if person_id:
            looked, sheet = [person_id], workbook_of_one(statement, period.id_number)
        else:
            found = contributions.shares(case.party_id, period.first, period.last, clock.today())
            looked, sheet = [one.person_id for one in found], workbook_of_all(statement, found)
        audit.looked_many(by=case.filer, person_ids=looked, what=lazy("单位缴费对账单"), about=case.ref)
        title = layout.TITLES[statement.kind]
        months = f"{period.first}至{period.last}"
        documents += [
            Document(
                _("%(form)s（签名 PDF，编号 %(serial)s）") % {"form": title, "serial": statement.serial},
                f"{title}{months}.pdf",
                issuance.pdf_of(statement),
                statement.ref,
            ),
            Document(
                _("%(form)s（Excel，未签名）") % {"form": WORKBOOK},
                f"{WORKBOOK}{months}.xlsx",
                prints.excel(sheet),
            ),
        ]
    return documents


SERVICE = Service(
    code="check-contributions",
    title=lazy("单位缴费自查"),
    purpose=lazy(
        "一段时间里，本单位为每个职工应缴、已缴多少：经办机构数字签名的对账单，任何人都可以核验，另附可计算的 Excel。"
    ),
    also_called=(
        "缴费证明",
        "缴费明细",
        "自查",
        "对账",
        "合规",
        "statement",
        "certificate",
        "proof",
        "audit",
    ),
    who=(Who.EMPLOYER,),
    group=lazy("证明与对账"),
    icon="file-certificate",
    basis="《社会保险法》第四条、第六十条",
    promised_days=1,
    row=Period,
    most_rows=1,
    declaration=lazy("对账单列有职工的姓名和缴费，我只把它交给依法有权查看的人"),
    unique=("first", "last"),
    unit=Unit.COPIES,
    facts=known,
    checks=(
        on("first", begins_after_it_ends, rule="EMP-16/1"),
        on("first", too_long, rule="EMP-16/2"),
        on("last", in_the_future, rule="EMP-16/3"),
        on("id_number", not_billed, rule="EMP-16/4"),
    ),
    issues=make_documents,
)
