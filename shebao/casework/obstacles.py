"""What keeps a case from being submitted: all of it at once, each in the filer's words and with its rule."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from shebao.casework import papers, rows
from shebao.casework.ask import Problem
from shebao.casework.models import Case
from shebao.foundation.unsettled import Unsettled

WINDOW, ATTACHMENTS = "CASE-9", "CASE-8"
_TOLD = 10  # kinds of problems of a long roster; each row has its own in the list of failures


class NotSubmitted(Unsettled):
    """A case that stays with its filer, with all that has to be mended first."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__(in_one_line(self.problems))


def in_one_line(problems: Iterable[Problem]) -> str:
    return _("；").join(problem.sentence for problem in problems)


def of_day(case: Case) -> list[Problem]:
    """What speaks against submitting it today, whatever its rows say."""
    found = of_window(case)
    if case.uploads.filter(finished_at=None).exists():
        found.append(Problem("", _("名单还在读取，请等读取完成、核对后再提交"), ""))
    return found


def of_window(case: Case) -> list[Problem]:
    """That its service isn't open on this day. The case needn't be saved."""
    today = case.filed_on
    window = case.service.opens(today) if case.service.opens else None
    shut = window.shut_on(today) if window else ""
    return [Problem("", shut, WINDOW)] if shut else []


def of_content(case: Case, *, good: int, turned_bad: int) -> list[Problem]:
    """What its papers lack, and its rows, as they were just examined.

    Rows with problems stay behind and keep nobody up, unless there is no other, or one was good until now.
    """
    faults = rows.faults(case, _TOLD) if turned_bad or not good else []
    missing = [Problem(name, name, "") for name in papers.missing(case)]
    alone = case.total == 1
    others = []
    for fault in faults:
        words = {"rows": case.counted(fault["rows"]), "first": fault["sentence"]}
        if fault["rule"] == rows.MATERIAL:
            name = fault["field"]
            words["name"] = name
            missing.append(Problem(name, name if alone else _("%(name)s（%(rows)s）") % words, ""))
        else:
            sentence = fault["sentence"] if alone else _("%(rows)s：%(first)s") % words
            others.append(Problem(fault["field"], sentence, fault["rule"]))
    found = []
    if turned_bad:
        counted = {"rows": case.counted(turned_bad)}
        sentence = _("有 %(rows)s在提交时检查未通过，请查看原因，修改或删除后再提交") % counted
        found.append(Problem("", sentence, ""))
    elif not good and not faults:
        found.append(Problem("", _("没有可以提交的内容，请先填写"), ""))
    if missing:
        names = {"names": _("、").join(one.sentence for one in missing)}
        sentence = _("还缺材料：%(names)s，请上传后再提交") % names
        found.append(Problem(missing[0].field, sentence, ATTACHMENTS))
    return found + others
