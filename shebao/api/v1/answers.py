"""What the API answers: the types of its JSON. Money is text with two decimals."""

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

Money = Annotated[
    Decimal,
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str),
    Field(examples=["6500.00"], json_schema_extra={"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$"}),
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
    RETURNED = "returned", _("回退")
    APPROVED = "approved", _("结束")
    WITHDRAWN = "withdrawn", _("退单")


class Page(Schema):
    """A page of a list. `next` is the address of the one after it, null on the last."""

    next: str | None = None


class ServiceLine(Schema):
    """A service that can be filed here."""

    code: str = Field(examples=["enrol-employees"])
    title: str
    purpose: str
    basis: str = Field(description=_("办理依据"))
    url: str
    most_rows: int
    promised_days: int
    opens_on: date | None = None
    closes_on: date | None = None
    open_today: bool


class ServiceWhole(ServiceLine):
    """A service with the JSON Schema of its rows, what checks it makes, and the papers it asks for."""

    row_schema: dict[str, Any]
    example_row: dict[str, Any]
    materials: list[str] = Field(description=_("要带到窗口的材料"))
    papers_by: date | None = None
    rules: list[str] = Field(description=_("检查的规则编号"))


class Services(Schema):
    services: list[ServiceLine]


class Receipt(Schema):
    """收件: that a case was received. It is put together right after; follow `case`."""

    number: str = Field(description=_("业务顺序号"), examples=["42010020261122000017"])
    service: str
    client_reference: str | None = None
    received_at: Moment
    rows: int
    case: str = Field(description=_("查询这笔业务的地址"))


class CaseLine(Schema):
    number: str = Field(examples=["42010020261122000017"])
    service: str
    service_title: str
    status: CaseStatus
    status_label: str
    client_reference: str | None = None
    about: str = Field(description=_("办理对象，已遮盖"))
    total: int
    good: int
    bad: int
    flagged: int
    reason: str = Field(description=_("回退原因，或没有提交的原因"))
    filed_by: str
    created_at: Moment
    submitted_at: Moment | None = None
    due: date | None = Field(None, description=_("承诺办结日期"))
    closed_at: Moment | None = None
    url: str


class CaseWhole(CaseLine):
    rows_by_status: dict[str, int]
    rows_url: str
    bring: list[str] = Field(description=_("等待窗口审核时要带的材料"))


class Cases(Page):
    cases: list[CaseLine]


class Finding(Schema):
    """What was found with a row: on which field, by which rule, and the sentence that says what to do."""

    field: str
    label: str
    rule: str = Field(examples=["EMP-1/3"])
    sentence: str


class RowLine(Schema):
    number: int
    status: RowState
    status_label: str
    fields: dict[str, Any]
    problems: list[Finding]
    flags: list[Finding] = Field(description=_("须由窗口核对的情况"))
    notes: list[Finding] = Field(description=_("提示"))
    reason: str = Field(description=_("回退原因"))


class Rows(Page):
    case: str
    rows: list[RowLine]


class CheckedRow(Schema):
    number: int
    sound: bool
    problems: list[Finding]
    flags: list[Finding]
    notes: list[Finding]


class Checked(Schema):
    """What filing these rows would find now. Rows about which there is nothing to say are left out."""

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
    since: MonthText = Field(description=_("本段参保起"))
    until: MonthText | None = Field(None, description=_("本段参保止；没有停保的是 null"))
    declared_wage: Money
    base: Money | None = Field(None, description=_("缴费基数；还没有核定的月份是 null"))
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
    today: date = Field(description=_("大厅的今天"))


class Error(Schema):
    """One of the things that are wrong."""

    sentence: str
    rule: str | None = None
    pointer: str | None = Field(None, description="JSON Pointer", examples=["#/rows/0/wage"])
    parameter: str | None = None
    row: int | None = Field(None, description=_("从 1 开始"))
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
    errors: list[Error] | None = None


def month_text(value: Any) -> str:
    return str(value if isinstance(value, Month) else Month.of(value))
