"""单位缴费自查表 (EMP-16): what an employer itself paid for its people, for its own check that it keeps the law.

A document instead of an effect: nobody reviews it, nothing changes. It states the employer's own contributions only:
not what is withheld from wages, nothing of other employers.
"""

from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao import audit
from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Document, Service, Who, on
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.ledger import bills
from shebao.registry import employers
from shebao.services import forms
from shebao.statements import prints
from shebao.statements.prints import Head, Kind, Sheet

TITLE = "单位社会保险缴费自查表"
MOST_MONTHS = 60
HEADS = (
    Head("序号", Kind.COUNT, 10),
    Head("姓名", width=18),
    Head("身份证号码", Kind.CODE, 38),
    Head("月数", Kind.COUNT, 12),
    Head("自", Kind.CODE, 17),
    Head("至", Kind.CODE, 17),
    Head("单位应缴", Kind.MONEY, 26),
    Head("已到账", Kind.MONEY, 26),
    Head("未到账", Kind.MONEY, 24),
)


@dataclass(frozen=True)
class Period:
    """The months that are checked."""

    first: Month = label(lazy("起始月份"), example="2026-01", section=lazy("自查期间"))
    last: Month = label(lazy("截止月份"), example="2026-10", section=lazy("自查期间"))


def begins_after_it_ends(period, known, case):
    if period.first > period.last:
        return _("起始月份不能晚于截止月份")


def too_long(period, known, case):
    if period.last.minus(period.first) >= MOST_MONTHS:
        return _("一次最多自查 %(most)s 个月，请分成几段") % {"most": MOST_MONTHS}


def in_the_future(period, known, case):
    if period.last > case.month:
        return _("截止月份不能晚于本月")


def sheet_of(employer_id: int, period: Period, found: list[dict]) -> Sheet:
    """The form, filled in with these lines of the books."""
    return Sheet(
        title=TITLE,
        subtitle=f"{forms.month_in_words(period.first)}至{forms.month_in_words(period.last)}",
        facts=[*forms.facts_of(employers.get(employer_id)), ("职工人数", str(len(found)))],
        unit="单位：元",
        heads=HEADS,
        lines=[
            (
                number,
                row["name"],
                row["id_number"],
                row["months"],
                Month.of(row["first_month"]),
                Month.of(row["last_month"]),
                row["employer_part"],
                row["paid"],
                row["outstanding"],
            )
            for number, row in enumerate(found, 1)
        ],
        totals=(
            "合计",
            "",
            "",
            "",
            "",
            "",
            *(_sum(found, name) for name in ("employer_part", "paid", "outstanding")),
        ),
        notes=(
            "本表只列本单位承担的部分（单位缴费），不含由职工个人承担、单位代扣代缴的部分，也不含其他单位的缴费。",
            f"数据截至 {clock.today()}，供本单位自查使用，未经数字签名，不作缴费证明。"
            "要核对个人部分，请职工本人查询电子对账单。",
        ),
    )


def _sum(found: list[dict], name: str):
    return sum((row[name] for row in found), 0) or None


def make_documents(periods, case):
    documents = []
    for period in periods:
        found = list(bills.own_contributions(case.party_id, period.first, period.last))
        audit.looked_many(
            by=case.filer,
            person_ids=[row["person_id"] for row in found],
            what=_("单位缴费自查表"),
            about=case.ref,
        )
        sheet = sheet_of(case.party_id, period, found)
        name = f"{TITLE}{period.first}至{period.last}"
        if len(sheet.lines) <= prints.MOST_PRINTED:
            documents.append(
                Document(_("%(form)s（打印）") % {"form": TITLE}, f"{name}.pdf", prints.pdf(sheet))
            )
        out = BytesIO()
        prints.write_excel(sheet, out)
        documents.append(Document(_("%(form)s（Excel）") % {"form": TITLE}, f"{name}.xlsx", out.getvalue()))
    return documents


SERVICE = Service(
    code="check-contributions",
    title=lazy("单位缴费自查"),
    purpose=lazy("一段时间里，本单位为每个职工应缴、已缴多少，出一张表供单位自己核对。"),
    who=(Who.EMPLOYER,),
    group=lazy("证明与对账"),
    icon="file-certificate",
    basis="《社会保险法》第四条、第六十条",
    promised_days=1,
    row=Period,
    most_rows=1,
    unique=("first", "last"),
    unit=Unit.COPIES,
    checks=(
        on("first", begins_after_it_ends, rule="EMP-16/1"),
        on("first", too_long, rule="EMP-16/2"),
        on("last", in_the_future, rule="EMP-16/3"),
    ),
    issues=make_documents,
)
