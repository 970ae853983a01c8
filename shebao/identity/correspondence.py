"""Which e-mail addresses a party has; the post itself is the notices' business."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from shebao.identity.models import Account, Applicant
from shebao.notices import post


def send_waiting() -> int:
    """Send the messages that wait, to whoever gave an address; answers how many."""
    return post.send_waiting(addresses)


def addresses(refs: Collection[str]) -> dict[str, list[str]]:
    """The addresses behind account:12, person:88 and employer:86, of open accounts that want mail; and behind
    applicant:1001, who has none yet."""
    numbers = defaultdict(list)
    for ref in refs:
        sort, _, number = ref.partition(":")
        if number.isdigit():
            numbers[sort].append(int(number))
    asked = (
        Q(pk__in=numbers["account"])
        | Q(person_id__in=numbers["person"])
        | Q(employer_id__in=numbers["employer"])
    )
    found = defaultdict(list)
    for account in (
        Account.objects.filter(asked, is_active=True, mail_wanted=True).exclude(email="").order_by("pk")
    ):
        for ref in (account.ref, f"person:{account.person_id}", f"employer:{account.employer_id}"):
            if ref in refs and account.email not in found[ref]:
                found[ref].append(account.email)
    applicants = Applicant.objects.filter(pk__in=numbers["applicant"]).exclude(email="")
    for applicant in applicants if numbers["applicant"] else ():
        found[applicant.ref].append(applicant.email)
    return found
