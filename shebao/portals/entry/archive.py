"""What the archive knows of somebody who registers."""

from shebao.foundation.identifiers import IdNumber
from shebao.identity.registration import Archived
from shebao.registry import particulars, people
from shebao.registry.models import Card, Enrolment, Person


def archived(id_number: IdNumber) -> Archived | None:
    """The facts that a registration is compared with; None for a number the archive doesn't know."""
    person_id = people.ids_of([id_number]).get(id_number)
    person = person_id and Person.objects.get(pk=person_id)
    if not person or person.died_on:
        return None
    cards = (
        Card.objects.filter(person_id=person_id).exclude(state=Card.State.CANCELLED).order_by("-issued_on")
    )
    return Archived(
        person_id=person_id,
        name=person.name,
        personal_number=person.personal_number,
        card_number=cards.values_list("number", flat=True).first() or "",
        mobile=person.mobile,
        mobile_proves=particulars.mobile_is_his(person),
        bank_tail=person.bank_tail,
        email=person.email,
        insured=Enrolment.objects.filter(person_id=person_id).exists(),
    )
