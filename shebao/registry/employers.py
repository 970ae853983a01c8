"""Employers of the archive."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from shebao.foundation import sql
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.registry.models import Employer, InjuryClass
from shebao.registry.parties import Party

_SQL = sql.queries("shebao.registry", "employers.sql")


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


def hold(employer_id: int) -> None:
    """Keep an employer in business until this transaction ends; Unsettled when it isn't any more.

    Whoever enrols people holds it, so that no registration is closed at the same moment with people in it.
    """
    if sql.rows(_SQL["hold"], {"employer_id": employer_id})[0]["state"] != Employer.State.ACTIVE:
        raise Unsettled(_("本单位已停办网上业务或已注销，没有任何变动；请到辖区社保处办理"))
