"""What the API answers: the types of its JSON. Money is text with two decimals. What fields mean stands in words."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field, PlainSerializer

from shebao.casework.models import RowState
from shebao.foundation.months import Month
from shebao.ledger.models import Slip

MONEY = r"^-?[0-9]+\.[0-9]{2}$"
Money = Annotated[
    Decimal,
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str),
    Field(examples=["6500.00"], json_schema_extra={"type": "string", "pattern": MONEY}),
]
Moment = Annotated[
    datetime,
    PlainSerializer(lambda moment: timezone.localtime(moment).isoformat(timespec="seconds"), return_type=str),
    Field(
        examples=["2026-11-12T12:00:00+08:00"], json_schema_extra={"type": "string", "format": "date-time"}
    ),
]
MonthText = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}$", examples=["2026-11"])]


class CaseStatus(models.TextChoices):
    """Where a case stands: one of these and no other, now and in future."""

    PROCESSING = "processing", _("正在处理")
    DRAFT = "draft", _("未提交")
    NEEDS_CORRECTION = "needs_correction", _("待修改")
    SUBMITTED = "submitted", _("进行中")
    RETURNED = "returned", _("被回退")
    APPROVED = "approved", _("结束")
    WITHDRAWN = "withdrawn", _("已退单")


class Page(Schema):
    """A page of a list. `next` is the address of the one after it, null on the last."""

    next: str | None = None


class ServiceLine(Schema):
    """A service that can be filed here."""

    code: str
    title: str
    purpose: str
    basis: str
    url: str
    most_rows: int
    promised_days: int
    opens_on: date | None = None
    closes_on: date | None = None
    open_today: bool


class AskedPaper(Schema):
    """A paper that a service asks for, of the whole case or `per_row`."""

    name: str
    per_row: bool
    required: bool
    brought: bool
    kinds: list[str]
    most_bytes: int
    hint: str


class ServiceWhole(ServiceLine):
    """A service with the JSON Schema of its rows, what checks it makes, and the papers it asks for."""

    row_schema: dict[str, Any]
    example_row: dict[str, Any]
    materials: list[AskedPaper]
    papers_by: date | None = None
    rules: list[str]


class Services(Schema):
    services: list[ServiceLine]


class Prefilled(Schema):
    """Everybody for whom a service may be filed, in rows that can be filed as they are."""

    total: int
    rows: list[dict[str, Any]]


class Receipt(Schema):
    """收件: that a case was received. It is put together right after; follow `case`."""

    number: str
    service: str
    client_reference: str | None = None
    received_at: Moment
    rows: int
    case: str


class CaseLine(Schema):
    number: str
    service: str
    service_title: str
    status: CaseStatus
    status_label: str
    client_reference: str | None = None
    about: str
    total: int
    good: int
    bad: int
    flagged: int
    reason: str
    filed_by: str
    created_at: Moment
    submitted_at: Moment | None = None
    due: date | None = None
    closed_at: Moment | None = None
    url: str


class CaseWhole(CaseLine):
    rows_by_status: dict[str, int]
    rows_url: str
    correct_url: str | None = None
    papers_url: str
    bring: list[str]
    page: str


class Cases(Page):
    cases: list[CaseLine]


class Finding(Schema):
    """What was found with a row: on which field, by which rule, and the sentence that says what to do."""

    field: str
    label: str
    rule: str
    sentence: str


class RowLine(Schema):
    number: int
    status: RowState
    status_label: str
    fields: dict[str, Any]
    problems: list[Finding]
    flags: list[Finding]
    notes: list[Finding]
    reason: str


class Rows(Page):
    case: str
    rows: list[RowLine]


class PaperLine(Schema):
    name: str
    row: int | None = None
    filename: str
    size: int
    sha256: str
    received_at: Moment


class Papers(Schema):
    """The papers that lie with a case."""

    case: str
    papers: list[PaperLine]


class CheckedRow(Schema):
    number: int
    sound: bool
    problems: list[Finding]
    flags: list[Finding]
    notes: list[Finding]


class Checked(Schema):
    """What filing these rows would find now. Rows about which there is nothing to say are left out; what speaks
    against filing anything stands in `problems`."""

    problems: list[Finding]
    open_today: bool
    opens_on: date | None = None
    closes_on: date | None = None
    total: int
    good: int
    bad: int
    flagged: int
    rows: list[CheckedRow]


class Employee(Schema):
    id_number: str
    personal_number: str
    name: str
    hired_on: date | None = None
    since: MonthText
    until: MonthText | None = None
    declared_wage: Money
    base: Money | None = None
    schemes: list[str]


class Roster(Page):
    month: MonthText
    employees: list[Employee]


class SchemeBill(Schema):
    scheme: str
    title: str
    persons: int
    employer_part: Money
    personal_part: Money
    amount: Money


class BillLine(Schema):
    month: MonthText
    persons: int
    employer_part: Money
    personal_part: Money
    amount: Money
    url: str


class Bills(Page):
    bills: list[BillLine]


class BillWhole(BillLine):
    schemes: list[SchemeBill]
    paid: Money
    written_off: Money
    outstanding: Money
    lines_url: str


class BillPerson(Schema):
    id_number: str
    name: str
    base: Money | None = None
    schemes: list[str]
    employer_part: Money
    personal_part: Money
    amount: Money
    settled: bool


class BillPeople(Page):
    month: MonthText
    lines: list[BillPerson]


class SlipLine(Schema):
    number: str
    kind: Slip.Kind
    state: Slip.State
    state_label: str
    first_month: MonthText
    last_month: MonthText
    persons: int
    employer_part: Money
    personal_part: Money
    late_fee: Money
    total: Money
    due_on: date | None = None
    made_at: Moment
    closed_at: Moment | None = None
    url: str


class SlipWhole(SlipLine):
    lines_url: str


class Slips(Page):
    slips: list[SlipLine]


class SlipPerson(Schema):
    id_number: str
    name: str
    first_month: MonthText
    last_month: MonthText
    employer_part: Money
    personal_part: Money
    amount: Money


class SlipPeople(Page):
    slip: str
    lines: list[SlipPerson]


class Me(Schema):
    """Whose key this is and what it may do: the first request to try."""

    employer: str
    employer_number: str
    key: str
    name: str
    scopes: list[str]
    expires_at: Moment
    today: date


class Error(Schema):
    """One of the things that are wrong."""

    sentence: str
    rule: str | None = None
    pointer: str | None = None
    parameter: str | None = None
    row: int | None = None
    field: str | None = None
    label: str | None = None


class Problem(Schema):
    """RFC 9457. `code` is fixed for programs, `title` and `detail` are for people."""

    type: str
    code: str
    title: str
    status: int
    detail: str
    instance: str
    case: str | None = None
    client_reference: str | None = None
    errors: list[Error] | None = None


def month_text(value: Any) -> str:
    return str(value if isinstance(value, Month) else Month.of(value))
