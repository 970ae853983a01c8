"""What stands where on the page: a snapshot's figures as ready texts, columns, rows and marks.

The template draws and decides nothing; here nothing is drawn. Amounts are only read, added up and written with
thousands separators.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shebao.foundation.months import Month
from shebao.statements import contributions
from shebao.statements.snapshots import ACCOUNTS

TITLES = {
    "five-insurance": "社会保险五险电子对账单",
    "own-contributions": "单位社会保险缴费对账单",
    "own-for-employee": "职工社会保险单位缴费对账单",
}
MOST_LINES = 3_000  # people on the pages of an employer's statement; the lines of more are in its data alone
MARKS = {"back_paid": "补", "arrears": "欠", "not_yet_due": "待", "written_off": "销"}
LEGEND = {
    "back_paid": "超过缴费期限后补缴到账",
    "arrears": "欠费，未计入已缴合计",
    "not_yet_due": "尚在缴费期内，未计入已缴合计",
    "written_off": "已注销，未计入已缴合计",
}
HEADS = {"base": "基数", "employer": "单位", "personal": "个人"}
PAYERS = {"employer": "单位编号", "person": "本人，个人编号"}
NAME_FITS = 8  # characters of a name on a line
EVIDENCE_OPEN = ("V4", "U", "X")  # marks of figures that a person has yet to confirm


def lay_out(snapshot: dict, *, code: str, verify_at: str) -> dict:
    """The page of this snapshot; `code` is the verification code to print, `verify_at` the address people can type."""
    parts = _of_all if snapshot["kind"] == "own-contributions" else _of_person
    issued = datetime.fromisoformat(snapshot["issued_at"])
    title = TITLES[snapshot["kind"]]
    page = {
        "title": title,
        "description": f"{title}，编号 {snapshot['serial']}",
        "issuer": snapshot["issuer"]["name"],
        "serial": snapshot["serial"],
        "code": code,
        "verify_at": verify_at,
        "watermark": f"{'演示 · ' if snapshot['flags']['demo'] else ''}{title} · {snapshot['serial']}",
        "period": _period(snapshot["period"]),
        "warnings": _warnings(snapshot["flags"]),
        "terms": [_term(term, dict(snapshot["schemes"])) for term in snapshot["terms"]],
        "sources": [_source(source) for source in snapshot["sources"]],
        "notes": _notes(snapshot, verify_at),
        **parts(snapshot),
    }
    page["facts"] += [["出单时间", f"{issued:%Y-%m-%d %H:%M}"]]
    return page


def _of_person(snapshot: dict) -> dict:
    """Somebody's months: what all payers paid, or on an employer's statement what it paid itself."""
    lines = _lines(snapshot)
    groups = _groups(snapshot, lines)
    person = snapshot["person"]
    facts = [["姓名", person["name"]], ["社会保障号码", person["id_number"]]]
    if employer := snapshot.get("employer"):
        facts = [["单位名称", employer["name"]], ["单位编号", employer["number"]], *facts]
    else:
        facts += [["个人编号", person["personal_number"]]]
    return {
        "facts": facts,
        "payers": [
            [_circled(place), payer["name"], f"{PAYERS[payer['kind']]} {payer['number']}"]
            for place, payer in enumerate(snapshot["payers"], start=1)
        ],
        "table": "逐月缴费明细",
        "empty": "本期间没有缴费记录",
        "leads": [_lead("月份", 12.5), _lead("缴费\n主体", 9, "center")],
        "groups": [{"label": group.label, "span": len(group.columns)} for group in groups],
        "columns": [HEADS[column] for group in groups for column in group.columns],
        "rows": _rows(lines, groups),
        "legend": [[MARKS[s], LEGEND[s]] for s in MARKS if any(line["status"] == s for line in lines)],
        "accounts": [_account(account) for account in snapshot["accounts"]],
        "counted": _counted(snapshot),
    }


def _of_all(snapshot: dict) -> dict:
    """What an employer paid itself for all of its people: a line each."""
    columns, totals = snapshot["lines"]["columns"], snapshot["totals"]
    schemes, employer = dict(snapshot["schemes"]), snapshot["employer"]
    lines = [dict(zip(columns, row, strict=True)) for row in snapshot["lines"]["rows"]]
    printed = lines if len(lines) <= MOST_LINES else []
    amounts = [*schemes, *contributions.SUMS]
    rows = [
        {
            "kind": "person",
            "lines": 1 + (len(line["name"]) - 1) // NAME_FITS,
            "heads": [
                str(place), line["name"], line["id_number"], str(line["months"]), line["from"], line["to"],
            ],
            "cells": [_money(Decimal(line[name])) if line[name] else "" for name in amounts],
        }
        for place, line in enumerate(printed, start=1)
    ]  # fmt: skip
    if lines:
        head = f"合计 {len(lines):,} 人"
        cells = [_money(Decimal(totals[name])) for name in amounts]
        rows.append({"kind": "total", "lines": 1, "heads": [head], "cells": cells})
    return {
        "facts": [
            ["单位名称", employer["name"]],
            ["单位编号", employer["number"]],
            ["统一社会信用代码", employer["uscc"]],
            ["职工人数", f"{len(lines):,}"],
        ],
        "payers": [],
        "table": "逐人缴费明细（单位缴费）" if printed or not lines else "单位缴费合计",
        "empty": "本期间没有缴费记录",
        "leads": [
            _lead("序号", 9.5), _lead("姓名", 20), _lead("社会保障号码", 29), _lead("月数", 8.5, "right"),
            _lead("自", 13.5), _lead("至", 13.5),
        ],
        "groups": [
            *({"label": "各险种单位应缴", "span": len(schemes)} for _ in (1,) if schemes),
            {"label": "合计", "span": len(contributions.SUMS)},
        ],
        "columns": [*(label.removesuffix("保险") for label in schemes.values()), "应缴", "已到账", "欠费", "待缴"],
        "rows": rows,
        "legend": [],
        "accounts": [],
        "counted": [],
    }  # fmt: skip


def _lead(label: str, width: float, align: str = "left") -> dict:
    """A column before the amounts; its width in mm."""
    return {"label": label, "width": width, "align": align}


def _lines(snapshot: dict) -> list[dict]:
    """A person's lines by column; on an employer's statement nobody's own part is stated."""
    columns = snapshot["lines"]["columns"]
    lines = [dict(zip(columns, row, strict=True)) for row in snapshot["lines"]["rows"]]
    for line in lines:
        for name in ("base", "employer", "personal", "employer_paid", "personal_paid"):
            line[name] = Decimal(line.get(name, 0))
    return lines


def paid_by_scheme(snapshot: dict) -> list[dict]:
    """Per scheme: in how many months something was due, in how many it is in arrears, and what was paid."""
    by_scheme = defaultdict(list)
    for line in _lines(snapshot):
        by_scheme[line["scheme"]].append(line)
    return [
        {
            "scheme": scheme,
            "label": label,
            "months": len({line["month"] for line in by_scheme[scheme]}),
            "months_in_arrears": len(
                {line["month"] for line in by_scheme[scheme] if line["status"] == "arrears"}
            ),
            **{
                part: str(sum((line[part] for line in by_scheme[scheme]), Decimal("0.00")))
                for part in ("employer_paid", "personal_paid")
                if part in snapshot["lines"]["columns"]
            },
        }
        for scheme, label in snapshot["schemes"]
        if by_scheme[scheme]
    ]


@dataclass(frozen=True)
class _Group:
    """Columns that stand together under one head: a scheme's, or (scheme "") those of all schemes together."""

    scheme: str
    label: str
    columns: tuple[str, ...]


def _groups(snapshot: dict, lines: list[dict]) -> list[_Group]:
    """Each scheme with the columns it needs: fixed amounts have no base, what nobody pays has no column."""
    rated = {
        term["scheme"]
        for term in snapshot["terms"]
        if Decimal(term["employer_rate"]) or Decimal(term["personal_rate"])
    }
    groups = []
    for scheme, label in snapshot["schemes"]:
        of_scheme = [line for line in lines if line["scheme"] == scheme]
        if of_scheme:
            columns = ("base",) * (scheme in rated) + _shares(of_scheme)
            groups.append(_Group(scheme, label.removesuffix("保险") if len(columns) == 1 else label, columns))
    return [*groups, _Group("", "合计", _shares(lines))]


def _shares(lines: list[dict]) -> tuple[str, ...]:
    return tuple(part for part in ("employer", "personal") if any(line[part] for line in lines)) or (
        "personal",
    )


def _rows(lines: list[dict], groups: list[_Group]) -> list[dict]:
    """One row a month and payer; a subtotal a year when there are several; what was paid and what was not in all."""
    by_row = defaultdict(dict)
    for line in lines:
        by_row[line["month"], line["payer"]][line["scheme"]] = line
    years = sorted({month[:4] for month, _ in by_row})
    rows = []
    for year in years:
        of_year = {key: found for key, found in by_row.items() if key[0].startswith(year)}
        rows += [_row(month, payer, found, groups) for (month, payer), found in of_year.items()]
        if len(years) > 1:
            rows.append(_sum_row(f"{year} 年已缴", of_year.values(), groups, "subtotal", _paid))
    if by_row:
        rows.append(_sum_row("已缴合计", by_row.values(), groups, "total", _paid))
    if any(line["status"] in ("arrears", "not_yet_due") for line in lines):
        rows.append(_sum_row("未缴合计", by_row.values(), groups, "unpaid", _unpaid))
    return rows


def _row(month: str, payer: int, found: dict[str, dict], groups: list[_Group]) -> dict:
    cells = []
    for group in groups:
        if not group.scheme:
            cells += [_money(sum(_paid(line, part) for line in found.values())) for part in group.columns]
        elif line := found.get(group.scheme):
            texts = [_money(line[column]) for column in group.columns]
            mark = MARKS.get(line["status"])
            cells += [*texts[:-1], [texts[-1], mark]] if mark else texts
        else:
            cells += [""] * len(group.columns)
    return {"kind": "month", "lines": 1, "heads": [month, _circled(payer)], "cells": cells}


def _sum_row(head: str, rows: Iterable[dict[str, dict]], groups: list[_Group], kind: str, amount) -> dict:
    lines = [line for found in rows for line in found.values()]
    cells = []
    for group in groups:
        counted = [line for line in lines if group.scheme in ("", line["scheme"])]
        for column in group.columns:
            shown = counted and column != "base"
            cells.append(_money(sum(amount(line, column) for line in counted)) if shown else "")
    return {"kind": kind, "lines": 1, "heads": [head], "cells": cells}


def _paid(line: dict, part: str) -> Decimal:
    return line[f"{part}_paid"]


def _unpaid(line: dict, part: str) -> Decimal:
    unpaid = line["status"] in ("arrears", "not_yet_due")
    return line[part] - line[f"{part}_paid"] if unpaid else Decimal(0)


def _account(account: dict) -> list[str]:
    amounts = ("opening", "contribution", "interest", "transfer_in", "payment", "closing")
    return [
        ACCOUNTS.get(account["account"], account["account"]),
        *(_money(Decimal(account[name])) for name in amounts),
    ]


def _counted(snapshot: dict) -> list[list[str]]:
    names = dict(snapshot["schemes"])
    return [[names[row["scheme"]], str(row["months"]), row["since"]] for row in snapshot["counted"]]


def _term(term: dict, names: dict[str, str]) -> list[str]:
    kind = {"flexible": "（灵活就业）"}.get(term["kind"], "")
    injury_class = f"（{term['injury_class']} 类行业）" if term["injury_class"] else ""
    limits = [_money(Decimal(term[limit])) if term[limit] else "—" for limit in ("floor", "ceiling")]
    marks = "".join(mark for mark, said in (("暂", term["provisional"]), ("拟", term["synthetic"])) if said)
    return [
        names.get(term["scheme"], term["scheme"]) + kind + injury_class,
        f"{term['from']} 至 {term['to'] or '今'}",
        _share(term["employer_rate"], term["employer_fixed"]),
        _share(term["personal_rate"], term["personal_fixed"]),
        *limits,
        " ".join(f"[{place}]" for place in term["sources"]),
        marks,
    ]


def _share(rate: str, fixed: str) -> str:
    parts = []
    if Decimal(rate):
        parts.append(f"{(Decimal(rate) * 100).normalize():f}%")
    if Decimal(fixed):
        parts.append(f"每月 {_money(Decimal(fixed))} 元")
    return " + ".join(parts) or "不缴"


def _source(source: dict) -> str:
    document, text = source["document"], source["source"]
    if document and not text.startswith(document):
        text = f"{document}，{text}"
    return text + ("（待核实）" if source["evidence"] in EVIDENCE_OPEN else "")


def _warnings(flags: dict) -> list[str]:
    said = []
    if flags["demo"]:
        said.append("演示环境出具：人员、单位和金额均为虚构，不作任何证明使用。")
    if flags["synthetic"]:
        said.append("所用部分政策参数为演示而拟定（表中标“拟”），并非真实公布的数值。")
    if flags["provisional"]:
        said.append("所用部分政策参数为暂行数值（表中标“暂”），公布后将多退少补。")
    return said


def _notes(snapshot: dict, verify_at: str) -> list[str]:
    # The articles: policy-facts 5.1, 5.3 and 5.6; whoever changes a sentence checks them there.
    signed = (
        "本单经经办机构数字签名，签名之后的任何改动都能够被发现（《中华人民共和国电子签名法》第十三条）。"
        f"核验：扫描二维码，或在 {verify_at} 输入编号和验证码，也可以把本文件拖入该页面。打印件以核验结果为准。"
    )
    code = "验证码等同于查看本单内容的许可，请只交给您希望其核验的人。"
    corrected = "应缴因更正减少的，“已到账”只列到更正后的应缴为止；多缴的部分抵作以后的缴费，不列入本单。"
    if "employer" not in snapshot:
        return [
            "依据《中华人民共和国社会保险法》第四条、第七十四条，参保人可以免费查询、核对本人的缴费和享受待遇记录。",
            corrected,
            signed,
            "对记录有异议的，可以在网上办事大厅提出更正申请，或者持工资条、银行流水等凭证到经办机构核查；"
            "认为经办机构的行为侵害本人权益的，可以依照《中华人民共和国社会保险法》第八十三条申请行政复议或者提起行政诉讼。",
            code,
        ]
    notes = [
        "本单只列本单位承担的部分（单位缴费），不含由职工个人承担、单位代扣代缴的部分，也不含其他单位的缴费。"
        "社会保障号码只显示前后各四位。",
        "“欠费”是缴费期限已过而没有到账的金额，“待缴”尚在缴费期内；已注销的金额两者都不计入。",
        corrected,
        signed,
        "要核对个人部分，请职工本人查询社会保险五险电子对账单；对记录有异议的，可以在网上办事大厅提交问题报告，或者到经办机构核查。",
        code,
    ]
    if len(snapshot["lines"]["rows"]) > MOST_LINES and "totals" in snapshot:
        notes.insert(
            1,
            f"职工超过 {MOST_LINES:,} 人，逐人明细不印在页面上，在本文件所附的 snapshot.json 里，同受本签名保护。",
        )
    return notes


def _period(period: dict) -> str:
    first, last = Month.parse(period["from"]), Month.parse(period["to"])
    return f"{first.year} 年 {first.month} 月 至 {last.year} 年 {last.month} 月"


def _circled(place: int) -> str:
    return chr(0x245F + place) if place <= 20 else f"({place})"


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"
