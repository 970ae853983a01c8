"""Rows that come filled with what is on file: nobody adds one, and what the file answers stays as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from shebao.casework import ask, rows
from shebao.casework.ask import Problem, Question
from shebao.casework.models import Case
from shebao.casework.service import Service

UNLISTED, FIXED = "unlisted", "fixed"  # rules that every prefilled service has


def written(case: Case, keys: Collection[str] | None = None) -> Iterator[dict[str, object]]:
    """What is on file, row by row, as somebody would have written it: a stream, however long the roster.

    A list of all leaves out what was handed in already and isn't decided.
    """
    service = case.service
    handed_in = rows.under_review(case) if keys is None and service.in_batches else {}
    for values in service.prefill(case, keys):
        if not handed_in or _key(service, values) not in handed_in:
            yield ask.spelled(service.row, values)


def by_key(case: Case, keys: Collection[str]) -> dict[str, Mapping[str, Any]] | None:
    """What is on file of each of these keys; None for a service whose rows are written freely."""
    service = case.service
    if service.prefill is None:
        return None
    filed = service.prefill(case, keys) if keys else ()
    return {_key(service, values): values for values in filed}


def _key(service: Service, values: Mapping[str, Any]) -> str:
    return "|".join(str(service.question(name).json(values[name])) for name in service.key_fields)


def problems(
    service: Service,
    values: Mapping[str, Any],
    unread: Sequence[Problem],
    key: str,
    filed: Mapping[str, Any] | None,
) -> list[Problem]:
    """What is wrong with a row: not on file at all, or something else than the file says.

    What the file answers is compared before it is read: of those of the `unread` fields it counts alone that they
    were altered, not how. Without a `key` the row can't be found on file.
    """
    fixed = {question.name: question for question in service.fixed}
    found = [one for one in unread if one.field not in fixed]
    if key and filed is None:
        sentence = _("不在本次办理的名单里，名单不能增加；请删除这一行")
        return [*found, Problem(service.key_fields[0], sentence, UNLISTED)]
    altered = {one.field for one in unread if one.field in fixed}
    for name, question in fixed.items():
        if filed is not None and name in values and name not in service.key_fields:
            given = values[name]
            left_out = given is None and not question.required  # that isn't altered
            if given != filed.get(name) and not left_out:
                altered.add(name)
    return found + [
        Problem(name, _altered(question, filed), FIXED) for name, question in fixed.items() if name in altered
    ]


def _altered(question: Question, filed: Mapping[str, Any] | None) -> str:
    if filed is None:
        words = {"label": question.label}
        return _("“%(label)s”由系统填写，不能改动；请照原名单改回；不办的请删除这一行") % words
    words = {"label": question.label, "there": question.shown(filed.get(question.name)) or _("（空）")}
    return _("“%(label)s”由系统填写，不能改动；请照原名单改回“%(there)s”") % words
