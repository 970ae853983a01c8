"""What can be wrong with a service's declaration: `manage.py check` says it before anybody uses it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from django.core.checks import Error

from shebao.casework import ask
from shebao.casework.service import Service, unreviewed

_WIDEST = 50_000  # rows of a workbook that the hall promises to take


def faults(services: Sequence[Service]) -> list[Error]:
    """Every fault of every declaration, each with an id that stays."""
    found = [fault for service in services for fault in _of(service)]
    codes = [service.code for service in services]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        found.append(_fault(code, "E001", "two services have this code; a code is for ever and for one"))
    return found


def _of(service: Service) -> Iterator[Error]:
    code = service.code

    def fault(number: str, sentence: str) -> Error:
        return _fault(code, number, sentence)

    if not code or not code.replace("-", "").isalnum() or code != code.lower():
        yield fault(
            "E002", "write the code in lower case letters, digits and hyphens; it stands in addresses"
        )
    if not service.title:
        yield fault("E003", "say what people call it (title)")
    if not service.basis:
        yield fault("E004", "cite the legal basis (办理依据)")
    if not service.who:
        yield fault("E005", "say who may file it (who)")
    if service.promised_days < 1:
        yield fault("E006", "promise at least one day (promised_days)")
    if not 1 <= service.most_rows <= _WIDEST:
        yield fault("E007", f"most_rows must be from 1 to {_WIDEST}")
    if not (dataclasses.is_dataclass(service.row) and service.row.__dataclass_params__.frozen):
        yield fault("E008", "the row must be a frozen dataclass")
        return
    try:
        names = [question.name for question in ask.questions(service.row)]
    except TypeError as wrong:
        yield fault("E009", str(wrong))
        return
    yield from _about_fields(service, names, fault)
    yield from _about_outcome(service, fault)
    yield from _about_checks(service, names, fault)


def _about_fields(service: Service, names: list[str], fault: Callable) -> Iterator[Error]:
    fields = ", ".join(names)
    if not service.key_fields:
        yield fault("E010", f"name the field that is unique in a roster (unique); its fields are {fields}")
    for name in service.key_fields:
        if name not in names:
            yield fault("E011", f"unique names the unknown field '{name}'; its fields are {fields}")
        elif not service.question(name).required:
            yield fault("E012", f"the unique field '{name}' may be left empty; take away its default")
    labels = [question.label for question in service.questions]
    for text in sorted({text for text in labels if labels.count(text) > 1}):
        yield fault(
            "E013", f"two fields are called {text}; the columns of its template would not tell them apart"
        )
    if not service.offers and any(question.words.picked for question in service.questions):
        yield fault("E014", "a field is picked, but nothing is offered to pick from (offers)")
    if service.fixed and not service.prefill:
        yield fault("E015", "a field is fixed, but nothing comes from the file (prefill)")
    known = {question.name for question in service.questions if question.words.fixed or question.words.picked}
    for name in service.key_fields:
        if service.prefill and name in names and name not in known:
            yield fault(
                "E016", f"rows come from the file, so the unique field '{name}' must be fixed or picked"
            )


def _about_outcome(service: Service, fault: Callable) -> Iterator[Error]:
    if (service.effect is None) == (service.issues is None):
        yield fault("E017", "say either what it brings about (effect) or which documents it issues (issues)")
    elif service.effect and service.review is unreviewed:
        yield fault("E018", "say who decides (review)")
    elif service.issues and service.review is not unreviewed:
        yield fault("E019", "documents are issued without a review; leave it out")


def _about_checks(service: Service, names: list[str], fault: Callable) -> Iterator[Error]:
    fields = ", ".join(names)
    for check in service.checks:
        wrong = f"{check.wrong.__name__}()"
        if check.field not in names:
            yield fault("E020", f"check {wrong} is on unknown field '{check.field}'; its fields are {fields}")
        if not check.rule:
            yield fault("E021", f"check {wrong} names no rule")
    materials = [material.name for material in service.materials]
    for name in sorted({name for name in materials if materials.count(name) > 1}):
        yield fault("E022", f"the material {name} is listed twice")
    printouts = [printout.code for printout in service.printouts]
    for code in sorted({code for code in printouts if printouts.count(code) > 1}):
        yield fault("E023", f"two printouts have the code {code}")


def _fault(code: str, number: str, sentence: str) -> Error:
    return Error(f"{code}: {sentence}", id=f"casework.{number}")
