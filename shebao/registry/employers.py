"""Employers of the archive."""

from collections.abc import Collection

from shebao.foundation.months import Month

from .models import Employer, InjuryClass
from .parties import Party


def get(employer_id: int) -> Employer:
    """The employer; Employer.DoesNotExist when there is none."""
    return Employer.objects.select_related("office").get(pk=employer_id)


def party(employer_id: int) -> Party:
    employer = Employer.objects.only("id", "name", "number").get(pk=employer_id)
    return Party("employer", employer.id, employer.name, employer.number)


def schemes_of(employer_id: int) -> tuple[str, ...]:
    """The set of schemes that every employee of this employer must be in."""
    return tuple(Employer.objects.values_list("schemes", flat=True).get(pk=employer_id))


def is_active(employer_id: int) -> bool:
    """Whether the employer may do business online: neither suspended nor closed."""
    return Employer.objects.filter(pk=employer_id, state=Employer.State.ACTIVE).exists()


def injury_class_of(employer_id: int, month: Month) -> int | None:
    """The work-injury industry class that counts in a month."""
    return (
        InjuryClass.objects.filter(employer_id=employer_id, starts__lte=month)
        .order_by("-starts")
        .values_list("injury_class", flat=True)
        .first()
    )


def states_of(usccs: Collection[str]) -> dict[str, str]:
    """How the employers of these USCCs stand; those that aren't registered are left out."""
    return dict(Employer.objects.filter(uscc__in=list(usccs)).values_list("uscc", "state"))
