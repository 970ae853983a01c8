"""社会保障卡申领: an employer applies for cards for its people, one or many at once (EMP-18)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework.ask import label
from shebao.casework.counting import Unit
from shebao.casework.service import Material, Review, Service, Who, by_grade, on
from shebao.foundation.identifiers import IdNumber, Mobile
from shebao.foundation.values import PersonName
from shebao.registry import cards, people
from shebao.services import employees, photos


@dataclass(frozen=True)
class Applicant:
    """One line of the roster of card applications."""

    id_number: IdNumber = label(lazy("身份证号码"), example="420102199202299993", picked=True)
    name: PersonName = label(lazy("姓名"), example="李小明", picked=True)
    mobile: Mobile | None = label(
        lazy("领卡通知手机"),
        help=lazy("卡办好以后通知到这个手机"),
        default=None,
        blank=lazy("档案里的手机"),
    )


@dataclass(frozen=True)
class Known:
    standing: people.Standing
    held: cards.Held


def known(rows: Sequence[Applicant], case) -> Mapping[str, Known]:
    found = people.standings([row.id_number for row in rows], since=case.month)
    held = cards.held(s.person_id for s in found.values() if s.person_id)
    return {number: Known(s, held.get(s.person_id, cards.Held())) for number, s in found.items()}


def has_a_card(row, known, case):
    if known.standing.with_payer(case.party_id) and known.held.card:
        return _("该职工已有社会保障卡；卡丢失或损坏的，请本人到辖区社保处补换卡")


def has_applied(row, known, case):
    if known.standing.with_payer(case.party_id) and known.held.applied_on:
        return _("该职工已于 %(day)s 申请制卡，请等待领卡通知") % {"day": known.held.applied_on}


def needs_a_photo(row, known, case) -> bool:
    return not known.standing.has_photo


def apply(rows: Sequence[Applicant], case) -> None:
    """Put the photos on file and the applications on the agency's list."""
    people.lock(row.id_number for row in rows)
    ids = people.ids_of(row.id_number for row in rows)
    photos.keep(
        case,
        {case.numbers[row.id_number]: ids[row.id_number] for row in rows},
        by_name=case.filed_by_name,
    )
    cards.apply_many(
        [cards.Applicant(ids[row.id_number], case.ref_of(row), str(row.mobile or "")) for row in rows],
        payer_id=case.party_id,
        on=case.filed_on,
    )


SERVICE = Service(
    code="apply-cards",
    title=lazy("社会保障卡申领"),
    purpose=lazy("为还没有社会保障卡的职工申请制卡，可以一次办很多人"),
    also_called=("社保卡", "办卡", "制卡", "领卡", "医保卡", "social security card", "card"),
    who=(Who.EMPLOYER,),
    basis="《中华人民共和国社会保障卡管理办法》",
    promised_days=1,
    row=Applicant,
    most_rows=5_000,
    unique="id_number",
    unit=Unit.PEOPLE,
    facts=known,
    offers=employees.offered,
    checks=(
        on("id_number", employees.not_an_employee, rule="EMP-18/1"),
        on("name", employees.name_differs, rule="EMP-18/1"),
        on("id_number", has_a_card, rule="EMP-18/2"),
        on("id_number", has_applied, rule="EMP-18/3"),
    ),
    materials=(
        Material("职工身份证复印件", kept=True),
        photos.wanted(needs_a_photo),
    ),
    review=by_grade(Review.AUTOMATIC),
    effect=apply,
    people=people.ids_of,
    declaration=employees.DECLARATION,
    group=lazy("社会保障卡"),
    icon="credit-card",
)
