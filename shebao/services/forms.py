"""The forms of services (CASE-7): which facts head them, and how a service offers one as PDF and as a workbook.

Forms are Chinese in every language of the hall, as the agency's counter takes them.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from shebao.casework import ask
from shebao.casework.models import Case, RowState
from shebao.casework.service import Printout
from shebao.foundation.months import Month
from shebao.registry import employers
from shebao.registry.models import Employer
from shebao.statements import prints
from shebao.statements.prints import Sheet, Stamp

STAMPS = (
    Stamp("申报单位（盖章）", ("填表人", "单位负责人")),
    Stamp("社会保险经办机构审核（盖章）", ("审核人",)),
)
ON_PAPER = (RowState.DRAFT, RowState.SUBMITTED, RowState.APPROVED, RowState.RETURNED)


def printed(code: str, title: str, sheet: Callable[[Case], Sheet]) -> tuple[Printout, Printout]:
    """For `Service(printouts=...)`: the form that `sheet` fills in with a case, in both formats."""
    return (
        Printout(
            f"{code}-pdf",
            lazy("%(form)s（打印）") % {"form": title},
            f"{title}.pdf",
            lambda case: prints.pdf(sheet(case)),
            most_rows=prints.MOST_PRINTED,
        ),
        Printout(
            f"{code}-excel",
            lazy("%(form)s（Excel）") % {"form": title},
            f"{title}.xlsx",
            lambda case: prints.excel(sheet(case)),
        ),
    )


def facts_of(employer: Employer) -> list[tuple[str, str]]:
    """Who files: the head of every form of an employer."""
    return [
        ("单位名称", employer.name),
        ("单位编号", employer.number),
        ("经办机构", employer.office.name),
        ("统一社会信用代码", employer.uscc),
    ]


def facts_of_case(case: Case) -> list[tuple[str, str]]:
    """Who files, and which case: the head of a form that is filled in with a case."""
    return [
        *facts_of(employers.get(case.party_id)),
        ("业务顺序号", case.number),
        ("办理日期", str(case.filed_on)),
    ]


def rows_of(case: Case) -> Iterator[Any]:
    """The sound rows of a case, in order, as its service's row type."""
    kept = case.rows.filter(state__in=ON_PAPER).order_by("number").values_list("raw", flat=True)
    for raw in kept.iterator(chunk_size=2_000):
        row = ask.read(case.service.row, raw).row
        if row is not None:
            yield row


def month_in_words(month: Month) -> str:
    return f"{month.year} 年 {month.month} 月"
