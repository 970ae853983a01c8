"""How a service offers one of its forms: to print as PDF, and as a workbook."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as lazy

from shebao.casework.models import Case
from shebao.casework.service import Printout
from shebao.statements import prints
from shebao.statements.prints import Sheet, Stamp

STAMPS = (
    Stamp("申报单位（盖章）", ("填表人", "单位负责人")),
    Stamp("社会保险经办机构审核（盖章）", ("审核人",)),
)


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
