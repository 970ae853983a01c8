"""The forms of an employer's registration (社会保险登记表 and its kin), filled in with a case to be stamped."""

from collections.abc import Callable, Mapping
from typing import Any

from shebao.casework import ask, rows
from shebao.casework.models import Case
from shebao.casework.service import Printout, Service
from shebao.foundation import languages
from shebao.services import forms
from shebao.statements import prints
from shebao.statements.prints import Head, Sheet


def printed(code: str, title: str) -> tuple[Printout, Printout]:
    """For `Service(printouts=...)` of a service with one row."""
    return forms.printed(code, title, _sheet(title))


def _sheet(title: str) -> Callable[[Case], Sheet]:
    def filled_in(case: Case) -> Sheet:
        service = case.service
        row = rows.search(case, "").first()
        values = ask.read(service.row, row.raw).values if row else {}
        return Sheet(
            title=title,
            facts=[
                ("业务顺序号", case.number),
                ("申报单位", case.party_name),
                ("填报日期", f"{case.filed_on:%Y-%m-%d}"),
            ],
            heads=[Head("项目", width=30), Head("内容", prints.Kind.TEXT, width=70)],
            lines=_answers(service, values),
            stamps=forms.STAMPS,
            number=case.number,
        )

    return filled_in


def _answers(service: Service, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    with languages.of_the_hall():  # a form is Chinese, whoever prints it
        return [(one.label, one.shown(values.get(one.name))) for one in service.questions]
