"""Rows that come filled with what is on file: nobody adds one, and what the file answers stays as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from shebao.casework import ask
from shebao.casework.ask import Problem
from shebao.casework.models import Case
from shebao.casework.service import Service

UNLISTED, FIXED = "unlisted", "fixed"  # rules that every prefilled service has


def written(case: Case, keys: Collection[str] | None = None) -> Iterator[dict[str, object]]:
    """What is on file, row by row, as somebody would have written it: a stream, however long the roster."""
    service = case.service
    for values in service.prefill(case, keys):
        yield ask.spelled(service.row, values)


def by_key(case: Case, keys: Collection[str]) -> dict[str, Mapping[str, Any]] | None:
    """What is on file of each of these keys; None for a service whose rows are written freely."""
    service = case.service
    if service.prefill is None:
        return None
    questions = [service.question(name) for name in service.key_fields]
    filed = service.prefill(case, keys) if keys else ()
    return {"|".join(str(one.json(values[one.name])) for one in questions): values for values in filed}


def problems(
    service: Service, values: Mapping[str, Any], filed: Mapping[str, Any] | None
) -> Iterator[Problem]:
    """Whether a row isn't on file at all, or says something else than the file does."""
    if filed is None:
        yield Problem(service.key_fields[0], _("不在本次办理的名单里，名单不能增加；请删除这一行"), UNLISTED)
        return
    for question in service.fixed:
        if question.name not in service.key_fields and question.name in values:
            given, there = values[question.name], filed.get(question.name)
            if given != there and (given is not None or question.required):  # left out isn't altered
                words = {"label": question.label, "there": question.shown(there) or _("（空）")}
                sentence = _("“%(label)s”由系统填写，不能改动；请改回“%(there)s”，或重新下载模板") % words
                yield Problem(question.name, sentence, FIXED)
