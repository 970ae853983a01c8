"""Which reminders a party wants. It gets all of them until it says otherwise."""

from collections.abc import Collection

from django.db import transaction

from shebao.notices.models import Declined


def declined(code: str, refs: Collection[str]) -> set[str]:
    """Those of these parties that want no reminders of this kind."""
    return set(
        Declined.objects.filter(code=code, recipient__in=list(refs)).values_list("recipient", flat=True)
    )


def wanted(ref: str, codes: Collection[str]) -> set[str]:
    """Those of these kinds of reminders that a party wants."""
    against = Declined.objects.filter(recipient=ref, code__in=list(codes)).values_list("code", flat=True)
    return set(codes) - set(against)


@transaction.atomic
def choose(ref: str, codes: Collection[str], chosen: Collection[str]) -> None:
    """Of these kinds, only the chosen ones from now on."""
    Declined.objects.filter(recipient=ref, code__in=list(codes)).delete()
    Declined.objects.bulk_create(
        Declined(recipient=ref, code=code) for code in sorted(set(codes) - set(chosen))
    )
