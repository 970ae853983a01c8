"""Opening, changing and closing accounts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from shebao import audit
from shebao.foundation import clock
from shebao.foundation.identifiers import IdNumber
from shebao.foundation.writing import packed
from shebao.identity.acting import Acting
from shebao.identity.models import ROLES_OF, Account, Kind, Suspension


@dataclass(frozen=True)
class Opening:
    """An account to open. `password` is a hash of `passwords.hashed`, or None for one that can't log in yet."""

    username: str
    kind: str
    display_name: str
    password: str | None = None
    person_id: int | None = None
    employer_id: int | None = None
    party_name: str = ""
    grade: str = ""
    roles: frozenset[str] = frozenset()
    office_code: str = ""
    mobile: str = ""
    email: str = ""
    must_change_password: bool = True


def spelled(username: str) -> str:
    """A user name in its one spelling: ID numbers in capitals, all others in small letters."""
    name = packed(username)
    return name.upper() if IdNumber.check(name) is None else name.lower()


@transaction.atomic
def open_many(openings: Sequence[Opening], *, by: Acting) -> list[Account]:
    """Open all of them, or none. ValueError for a role that its kind can't have."""
    for opening in openings:
        if strange := opening.roles - ROLES_OF[Kind(opening.kind)]:
            raise ValueError(
                f"{opening.username}: an account of kind {opening.kind} can't be {', '.join(strange)}"
            )
    now = clock.now()
    accounts = Account.objects.bulk_create(
        Account(
            **{**vars(opening), "roles": sorted(opening.roles), "username": spelled(opening.username)}
            | {
                "password": opening.password or make_password(None),
                "opened_at": now,
                "password_changed_at": now,
            }
        )
        for opening in openings
    )
    audit.record(
        "accounts.opened", accounts[0].ref if accounts else "", by=by, details={"accounts": len(accounts)}
    )
    return accounts


def renamed(employer_id: int, *, name: str, grade: str, office_code: str = "") -> None:
    """The archive has a new name, grade or office of an employer: its clerks' accounts follow at once."""
    office = {"office_code": office_code} if office_code else {}
    Account.objects.filter(employer_id=employer_id).update(party_name=name, grade=grade, **office)


def reached_at(person_id: int, mobile: str) -> None:
    """A counter saw which mobile is this person's: his account, if there is one, has it at once."""
    Account.objects.filter(person_id=person_id, is_active=True).update(mobile=mobile)


@transaction.atomic
def suspend_employer(employer_id: int, *, reason: str, by: Acting) -> int:
    """Stop all log-ins of an employer; whoever is signed in is out with his next click. Answers how many."""
    found = Account.objects.filter(employer_id=employer_id, is_active=True)
    stopped = found.update(is_active=False, suspension=Suspension.EMPLOYER, suspended_because=reason[:200])
    details = {"accounts": stopped, "reason": reason}
    audit.record("accounts.suspended", f"employer:{employer_id}", by=by, details=details)
    return stopped


@transaction.atomic
def resume_employer(employer_id: int, *, by: Acting) -> int:
    """Let those log-ins work again that stopped with the employer, not those stopped on their own."""
    found = Account.objects.filter(employer_id=employer_id, suspension=Suspension.EMPLOYER)
    resumed = found.update(is_active=True, suspension=Suspension.NONE, suspended_because="")
    audit.record("accounts.resumed", f"employer:{employer_id}", by=by, details={"accounts": resumed})
    return resumed


@transaction.atomic
def close(account: Account, *, by: Acting) -> None:
    """注销: the log-in stops working, all sessions end; the archive is not touched. It may be registered again."""
    account.is_active = False
    account.closed_at = clock.now()
    account.password = make_password(None)
    account.save(update_fields=["is_active", "closed_at", "password"])
    audit.record("account.closed", account.ref, by=by, person_id=account.person_id)
