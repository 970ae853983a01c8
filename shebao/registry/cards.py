"""社会保障卡: who has a live one, who has applied for one. The agency makes and hands out the cards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shebao.foundation.unsettled import Unsettled
from shebao.registry.models import Card, CardApplication


@dataclass(frozen=True)
class Held:
    """What a person has: the number of a card that isn't cancelled, or the day of an application under way."""

    card: str = ""
    applied_on: date | None = None


@dataclass(frozen=True)
class Applicant:
    person_id: int
    source: str
    mobile: str = ""  # told when the card is ready; the archive's where there is none


def held(person_ids: Iterable[int]) -> Mapping[int, Held]:
    """Person id → what he has of card or application; those with neither are left out. Two queries."""
    ids = list(person_ids)
    applied = CardApplication.objects.filter(person_id__in=ids, state=CardApplication.State.APPLIED)
    found = {
        person_id: Held(applied_on=day) for person_id, day in applied.values_list("person_id", "applied_on")
    }
    live = Card.objects.filter(person_id__in=ids).exclude(state=Card.State.CANCELLED)
    found |= {person_id: Held(card=number) for person_id, number in live.values_list("person_id", "number")}
    return found


def apply_many(applicants: Sequence[Applicant], *, payer_id: int, on: date) -> None:
    """Record that these people ask for a card; Unsettled when somebody has asked at the same moment. All or none.

    The people's rows must be locked before.
    """
    if held(one.person_id for one in applicants):
        raise Unsettled(_("名单中有人刚刚领到卡或已申请制卡，没有任何变动；请重新检查名单"))
    try:
        with transaction.atomic():
            CardApplication.objects.bulk_create(
                CardApplication(
                    person_id=one.person_id,
                    payer_id=payer_id,
                    applied_on=on,
                    mobile=one.mobile,
                    source=one.source,
                )
                for one in applicants
            )
    except IntegrityError as crossed:
        raise Unsettled(_("名单中有人刚刚领到卡或已申请制卡，没有任何变动；请重新检查名单")) from crossed
