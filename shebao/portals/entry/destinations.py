"""Where a message leads: the page of what it is about, if its reader may open it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shebao.casework import cases
from shebao.casework.models import State
from shebao.identity.acting import Acting
from shebao.identity.models import Kind, Role
from shebao.ledger.models import RevisedPayer
from shebao.notices.models import Notice
from shebao.pages import navigation
from shebao.portals.filing.access import may_file

_OFFICERS = (Role.REVIEWER, Role.SUPERVISOR)


@dataclass(frozen=True)
class Destination:
    """A link: its words and its address."""

    words: str
    url: str


def of(letters: Iterable[Notice], acting: Acting) -> dict[int, Destination]:
    """By the message's id. What the reader may not open, or has no page, is left out; no query per message."""
    letters = list(letters)
    abouts = {letter.about for letter in letters}
    open_cases = _cases(_numbers(abouts, "case"), acting)
    told = _revisions(_numbers(abouts, "revision"), acting)
    found = {}
    for letter in letters:
        kind, _colon, number = letter.about.partition(":")
        if kind == "case":
            there = open_cases.get((number, "returned" in letter.code)) or open_cases.get((number, False))
        elif kind == "revision":
            there = told.get(number)
        else:
            there = _of_party(letter, acting) or _by_kind(kind, number, acting)
        if there and there.url:
            found[letter.pk] = there
    return found


def _numbers(abouts: Iterable[str], kind: str) -> list[str]:
    return [about.partition(":")[2] for about in abouts if about.startswith(f"{kind}:")]


def _cases(numbers: list[str], acting: Acting) -> Mapping[tuple[str, bool], Destination]:
    """By number, and whether the message is that something came back, where it still has to be put right."""
    if not numbers:
        return {}
    if acting.kind == Kind.AGENCY:
        may = any(acting.may(role) for role in _OFFICERS)
        url = {one: navigation.address("backoffice:case", number=one) for one in numbers} if may else {}
        return {(one, False): Destination(_("去审核"), there) for one, there in url.items()}
    own = cases.of(acting).filter(number__in=numbers)
    may_look = acting.kind != Kind.EMPLOYER or acting.may(Role.FILER) or acting.may(Role.PAYER)
    found = {}
    for case in own:
        if may_look and may_file(acting, case.service):
            url = navigation.address("filing:status", number=case.number)
            found[case.number, False] = Destination(_("查看这笔业务"), url)
            if case.state == State.RETURNED:
                found[case.number, True] = Destination(_("去修改"), url)
    return found


def _revisions(numbers: list[str], acting: Acting) -> Mapping[str, Destination]:
    page = {Kind.EMPLOYER: "employer:revision", Kind.PERSON: "individual:revision"}.get(acting.kind)
    if not numbers or page is None:
        return {}
    ids = [int(one) for one in numbers if one.isdecimal()]
    own = RevisedPayer.objects.filter(revision_id__in=ids, payer_id=acting.party_id)
    return {
        str(one): Destination(_("看差额说明"), navigation.address(page, revision_id=one))
        for one in own.values_list("revision_id", flat=True)
    }


def _by_kind(kind: str, number: str, acting: Acting) -> Destination | None:
    """What stands in the reader's own books: its number was told to nobody else."""
    employer, person, agency = (acting.kind == one for one in (Kind.EMPLOYER, Kind.PERSON, Kind.AGENCY))
    if kind == "slip" and employer:
        return Destination(_("看缴费单"), navigation.address("employer:slip", number=number))
    if kind == "appointment" and (employer or person):
        return Destination(_("看预约"), navigation.address("appointments:slip", number=number))
    if kind == "problem" and (employer or person):
        return Destination(_("看问题报告"), navigation.address("problems:one", number=number))
    if kind == "problem" and agency:
        return Destination(_("去答复"), navigation.address("backoffice:problem", number=number))
    if kind == "statement" and person:
        return Destination(_("看对账单"), navigation.address("individual:statement", serial=number))
    if kind == "statement" and employer:
        return Destination(_("看对账单"), navigation.address("employer:statements"))
    if kind == "key" and employer and acting.may(Role.ADMIN):
        return Destination(_("看接口密钥"), navigation.address("employer:api-keys"))
    if kind == "account":
        return Destination(_("账号与安全"), navigation.address("account"))
    return None


def _of_party(letter: Notice, acting: Acting) -> Destination | None:
    """What is about the reader's party as a whole: the message says what there is to do."""
    if acting.kind != Kind.EMPLOYER or letter.about != acting.party_ref:
        return None
    facts, may_file_ = letter.facts, acting.may(Role.FILER)
    if letter.code in ("payment-due", "bill-ready"):
        return Destination(_("看账单"), navigation.address("employer:bill", month=facts["month"]))
    if letter.code == "slip-due":
        return Destination(_("看缴费单"), navigation.address("employer:slip", number=facts["number"]))
    if letter.code == "papers-due":
        return Destination(_("看已办任务"), navigation.address("employer:bench") + "#done")
    if letter.code == "verification-due" and may_file_:
        return Destination(_("去办理验证"), navigation.address("filing:start", service="verify-employer"))
    if letter.code.startswith("wages-undeclared") and may_file_:
        return Destination(_("去申报"), navigation.address("filing:start", service="declare-wages"))
    return Destination(_("看单位登记"), navigation.address("employer:registration"))
