"""服务条款 and 承诺书: versioned texts, each acceptance recorded, asked again when a text changes.

The texts stand beside this file as `<kind>-<version>.txt`: a title, then sections that begin with "## ". A version
that somebody accepted is never edited: a change is a new file.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.db import transaction

from shebao import audit
from shebao.foundation import clock
from shebao.identity.acting import Acting, acting_as
from shebao.identity.models import Acceptance, Account


@dataclass(frozen=True)
class Section:
    """A heading and its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """One version of the text for one kind of account."""

    kind: str
    version: str
    title: str
    sections: tuple[Section, ...]


@cache
def current(kind: str) -> Terms | None:
    """The newest text for this kind of account; None for kinds that need none."""
    texts = sorted(file.name for file in files(__name__).iterdir() if file.name.startswith(f"{kind}-"))
    return _read(kind, texts[-1]) if texts else None


def is_due(account: Account) -> bool:
    """Whether the account still has to accept the newest text for its kind."""
    terms = current(account.kind)
    return terms is not None and not _acceptances(terms).filter(account=account).exists()


@transaction.atomic
def accept(account: Account, version: str, *, source: str = "") -> bool:
    """Record that the account accepted this version. False, and nothing recorded, if it isn't the newest any more."""
    terms = current(account.kind)
    if terms is None or terms.version != version:
        return False
    _, fresh = _acceptances(terms).get_or_create(
        account=account,
        defaults={
            "terms": terms.kind,
            "version": terms.version,
            "accepted_at": clock.now(),
            "source": source or None,
        },
    )
    if fresh:
        details = {"terms": terms.kind, "version": terms.version}
        by = acting_as(account)
        audit.record("terms.accepted", account.ref, by=by, person_id=account.person_id, details=details)
    return True


@transaction.atomic
def accepted_on_paper(account_ids: Collection[int], kind: str, *, by: Acting) -> None:
    """These accounts' owners signed the newest text over the counter."""
    terms = current(kind)
    if terms is None:
        raise ValueError(f"there is no text that an account of kind {kind} accepts")
    now = clock.now()
    Acceptance.objects.bulk_create(
        [
            Acceptance(account_id=one, terms=terms.kind, version=terms.version, accepted_at=now)
            for one in account_ids
        ],
        ignore_conflicts=True,  # whoever accepted it already, accepted it earlier
    )
    details = {"terms": terms.kind, "version": terms.version, "accounts": len(account_ids)}
    audit.record("terms.accepted-on-paper", f"terms:{terms.kind}-{terms.version}", by=by, details=details)


def _acceptances(terms: Terms):
    return Acceptance.objects.filter(terms=terms.kind, version=terms.version)


def _read(kind: str, filename: str) -> Terms:
    title, *parts = files(__name__).joinpath(filename).read_text(encoding="utf-8").split("\n## ")
    sections = []
    for part in parts:
        heading, *paragraphs = [line for line in part.splitlines() if line.strip()]
        sections.append(Section(heading, tuple(paragraphs)))
    version = filename.removeprefix(f"{kind}-").removesuffix(".txt")
    return Terms(kind, version, title.strip(), tuple(sections))
