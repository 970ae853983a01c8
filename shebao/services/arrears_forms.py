"""欠费补缴单, 单位社会保险费核定表 and 社会保险费补缴明细表: what a slip asks for (EMP-6)."""

from collections.abc import Iterable
from itertools import groupby

from django.utils import timezone

from shebao.foundation import languages
from shebao.ledger import arrears_slips, slips
from shebao.ledger.models import Slip
from shebao.registry import employers, schemes
from shebao.registry.schemes import Scheme
from shebao.services import forms
from shebao.statements import prints
from shebao.statements.capitals import in_capitals
from shebao.statements.prints import Head, Kind, Sheet, Stamp

PAYMENT, APPROVAL, DETAILS = "欠费补缴单", "单位社会保险费核定表", "社会保险费补缴明细表"
_UNIT = "单位：元"
_MONEY = {"kind": Kind.MONEY, "width": 24}
_HOW_TO_PAY = (
    "持本单和《单位社会保险费核定表》《社会保险费补缴明细表》到税务部门缴纳，缴款时写明凭单号，按总额一次缴清。",
    "缴款后持上述表格和缴费税票到辖区社保经办机构办理到账确认；到账之前可以在网上退回本单。",
)
_PAID_IN = (Stamp("缴款单位（盖章）", ("经办人",)), Stamp("征收机构收讫（盖章）", ("收款人",)))


@languages.of_the_hall()  # forms are Chinese in every language of the hall
def payment(payer_id: int, slip: Slip | None) -> Sheet:
    """欠费补缴单: what to pay by when under which number, a line for each insurance."""
    found = _in_order(slips.by_scheme(slip.id)) if slip else []
    by_scheme = {one["scheme"]: [] for one in sorted(found, key=lambda one: schemes.place(one["scheme"]))}
    for one in found:
        by_scheme[one["scheme"]].append(one)
    lines = [
        (
            _scheme(scheme), f"{_month(own[0]['month'])} 至 {_month(own[-1]['month'])}",
            *(sum(one[part] for one in own) for part in ("employer_part", "personal_part", "late_fee", "total")),
        )
        for scheme, own in by_scheme.items()
    ]  # fmt: skip
    facts = _facts(payer_id, slip)
    payable = slip and not _is_void(slip)
    if payable:
        facts = [*facts, ("人数", str(slip.persons)), ("大写", in_capitals(slip.total))]
    return Sheet(
        title=PAYMENT,
        facts=facts,
        unit=_UNIT,
        heads=[
            Head("险种", width=30), Head("费款所属期", Kind.CODE, 40), Head("单位应缴", **_MONEY),
            Head("个人应缴", **_MONEY), Head("滞纳金", **_MONEY), Head("合计", Kind.MONEY, 26),
        ],
        lines=lines,
        totals=_totals(slip, 2),
        notes=_HOW_TO_PAY if payable else (),
        **_end(slip) | ({"stamps": _PAID_IN} if payable else {}),
    )  # fmt: skip


@languages.of_the_hall()
def approval(payer_id: int, slip: Slip | None) -> Sheet:
    """核定表: what the slip asks for by month and insurance, and how the late fee was worked out."""
    lines = [
        (
            str(_month(one["month"])), _scheme(one["scheme"]), one["persons"], one["employer_part"],
            one["personal_part"], one["late_fee"], one["total"],
        )
        for one in (_in_order(slips.by_scheme(slip.id)) if slip else ())
    ]  # fmt: skip
    return Sheet(
        title=APPROVAL,
        facts=_facts(payer_id, slip),
        unit=_UNIT,
        heads=[
            Head("费款所属期", Kind.CODE, 20), Head("险种", width=26), Head("人数", Kind.COUNT, 12),
            Head("单位应缴", **_MONEY), Head("个人应缴", **_MONEY), Head("滞纳金", **_MONEY),
            Head("合计", Kind.MONEY, 26),
        ],
        lines=lines,
        totals=_totals(slip, 3),
        notes=_notes(slip),
        **_end(slip),
    )  # fmt: skip


@languages.of_the_hall()
def details(payer_id: int, slip: Slip | None, *, printed: bool = False) -> Sheet:
    """明细表: each person's months and insurances; where that is too much to be `printed`, a line for each person."""
    found = _in_order(arrears_slips.person_months(slip.id)) if slip else []
    if printed and len(found) > prints.MOST_PRINTED:
        found = _by_person(found)
    lines = [
        (
            place, one["name"], one["id_number"], str(one["month"]), _scheme(one["scheme"]), one["base"],
            one["employer_part"], one["personal_part"], one["late_fee"], one["total"],
        )
        for place, one in enumerate(found, 1)
    ]  # fmt: skip
    return Sheet(
        title=DETAILS,
        facts=_facts(payer_id, slip),
        unit=_UNIT,
        heads=[
            Head("序号", Kind.COUNT, 10), Head("姓名", width=20), Head("身份证号码", Kind.CODE, 40),
            Head("费款所属期", Kind.CODE, 20), Head("险种", width=26), Head("缴费基数", **_MONEY),
            Head("单位应缴", **_MONEY), Head("个人应缴", **_MONEY), Head("滞纳金", **_MONEY),
            Head("合计", Kind.MONEY, 26),
        ],
        lines=lines,
        totals=_totals(slip, 6),
        notes=["滞纳金由单位承担，不从职工工资中扣缴。"],
        landscape=True,
        **_end(slip),
    )  # fmt: skip


def _by_person(found: list[dict]) -> list[dict]:
    whole = []
    for _person, lines in groupby(found, key=lambda one: one["person_id"]):
        own = list(lines)
        months = [one["month"] for one in own]
        sums = {
            part: sum(one[part] for one in own)
            for part in ("employer_part", "personal_part", "late_fee", "total")
        }
        whole.append(own[0] | sums | {"month": f"{min(months)}～{max(months)}", "scheme": "", "base": None})
    return whole


def _in_order(found: Iterable[dict]) -> list[dict]:
    """The insurances of each month in the order that people know; the people as they come."""
    found = list(found)
    place = {person: n for n, person in enumerate(dict.fromkeys(one.get("person_id") for one in found))}
    return sorted(
        found, key=lambda one: (place[one.get("person_id")], one["month"], schemes.place(one["scheme"]))
    )


def _scheme(code: str) -> str:
    return str(Scheme(code).label) if code else "各险种合计"


def _facts(payer_id: int, slip: Slip | None) -> list[tuple[str, str]]:
    head = forms.facts_of(employers.get(payer_id))
    if slip is None:
        return [*head, ("补缴单", "尚未生成")]
    state = str(Slip.State(slip.state).label)
    if _is_void(slip):
        day = timezone.localtime(slip.closed_at).date()
        return [*head, ("凭单号", f"{slip.number}（作废）"), ("状态", f"{state}，{day} 起作废，请勿缴款")]
    return [
        *head,
        ("凭单号", slip.number),
        ("缴款日", str(slip.due_on) if slip.due_on else "未公布"),
        ("状态", state),
        ("总额", f"{slip.total:,.2f} 元"),
    ]


def _is_void(slip: Slip | None) -> bool:
    return slip is not None and slip.state == Slip.State.TAKEN_BACK


def _end(slip: Slip | None) -> dict:
    """What is left to be stamped, and the watermark of a slip that was taken back."""
    void = _is_void(slip)
    return {
        "number": slip.number if slip else "",
        "stamps": () if void else forms.STAMPS,
        "void": "作废" if void else "",
    }


def _totals(slip: Slip | None, before: int) -> tuple:
    if slip is None:
        return ()
    return ("合计", *[""] * (before - 1), slip.employer_part, slip.personal_part, slip.late_fee, slip.total)


def _notes(slip: Slip | None) -> list[str]:
    if slip is None or _is_void(slip):
        return []
    if slip.due_on is None and slip.fee_until is None:
        return ["本市缴款截止日没有公布，滞纳金未计。"]
    fees = arrears_slips.fees_by_month(slip.id)
    told = [
        f"{one.month} 滞纳金：本金 {one.principal:,.2f} 元，"
        + "；".join(stretch.in_words for stretch in one.stretches)
        + f"；每人每险种四舍五入到分，合计 {one.fee:,.2f} 元。"
        for one in fees
    ]
    sources = dict.fromkeys(stretch.source for one in fees for stretch in one.stretches)
    return [
        *told,
        *(f"依据：{source}" for source in sources if source),
        *([f"滞纳金计至 {slip.fee_until}，以后到账的须重新核定。"] if slip.fee_until else []),
    ]


def _month(value) -> str:
    return f"{value:%Y-%m}"
