"""Assessments of arrears (欠费核定) in services: found by number, and those that wait for their slip, to be ticked."""

from collections.abc import Iterable

from shebao.casework.service import Wanted
from shebao.ledger import claims
from shebao.ledger.models import Claim


def by_number(case, numbers: Iterable[object]) -> dict[str, dict]:
    """The filer's own assessments of these numbers; others' are not among them."""
    found = claims.of_payer(case.party_id, numbers=[str(number) for number in numbers], limit=None)
    return {one["number"]: one for one in found}


def waiting(case, wanted: Wanted) -> list[dict]:
    """Those that no slip asks for yet, newest first; `Wanted.after` is the last one's id."""
    return claims.of_payer(
        case.party_id,
        states=[Claim.State.READY],
        numbers=wanted.keys or None,
        search=wanted.search,
        before=wanted.at,
        limit=None if wanted.keys else wanted.most,
    )


def following(wanted: Wanted, page: list[dict]) -> str:
    """Where the next page begins; empty on the last."""
    return str(page[-1]["id"]) if wanted.has_more(page) else ""
