"""What a report is about, as its filer writes it: the number of a case, of a slip, or of an employee. Only his own."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework import cases
from shebao.foundation import masks
from shebao.foundation.unreadable import Unreadable
from shebao.foundation.values import IdNumber
from shebao.identity.acting import Acting
from shebao.identity.models import Kind
from shebao.ledger.models import Slip
from shebao.registry import people
from shebao.registry.models import Enrolment, Person

NOTHING, CASE, SLIP, PERSON = "", "case", "slip", "person"
_WORDS = {
    NOTHING: lazy("不涉及具体业务"),
    CASE: lazy("一笔业务（业务顺序号）"),
    SLIP: lazy("一张缴费单（凭单号）"),
    PERSON: lazy("一名职工（身份证号码）"),
}


@dataclass(frozen=True)
class Subject:
    """A reference, and the person whom it is about, if it is somebody."""

    about: str = ""
    person_id: int | None = None


def choices(acting: Acting) -> list[tuple[str, str]]:
    """What this filer's report may be about."""
    return [
        (kind, str(words)) for kind, words in _WORDS.items() if kind != PERSON or acting.kind == Kind.EMPLOYER
    ]


def read(kind: str, number: str, *, by: Acting) -> Subject:
    """Find what the filer means. Unreadable says what is wrong; of others' numbers only that they aren't his."""
    number = number.strip()
    if kind == NOTHING:
        return Subject()
    if not number:
        raise Unreadable(_("请填写号码，或者选“不涉及具体业务”"))
    if kind == CASE and cases.of(by).filter(number=number).exists():
        return Subject(f"case:{number}")
    if kind == SLIP and Slip.objects.filter(number=number, payer_id=by.party_id).exists():
        return Subject(f"slip:{number}")
    if kind == PERSON and by.kind == Kind.EMPLOYER:
        known = IdNumber.read(number)
        person_id = people.ids_of([known]).get(known)
        if person_id and Enrolment.objects.filter(person_id=person_id, payer_id=by.party_id).exists():
            return Subject(f"person:{person_id}", person_id)
        raise Unreadable(_("没有在本单位参保过的职工用这个身份证号码，请核对"))
    raise Unreadable(_("没有找到这个号码，请核对后再填"))


def shown(about: str, *, acting: Acting) -> tuple[str, str]:
    """(words, address) of a reference; the address is empty where there is no page for this reader."""
    kind, _colon, number = about.partition(":")
    if kind == CASE:
        return _("业务 %(number)s") % {"number": number}, reverse("filing:status", args=[number])
    if kind == SLIP:
        url = reverse("employer:slip", args=[number]) if acting.kind == Kind.EMPLOYER else ""
        return _("缴费单 %(number)s") % {"number": number}, url
    if kind == PERSON and (person := Person.objects.filter(pk=number).first()):
        return f"{masks.name(person.name)} {masks.id_number(person.id_number)}", ""
    return "", ""
