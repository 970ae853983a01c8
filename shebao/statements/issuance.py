"""Issue statements, find them again, revoke them.

Asking again for the same months answers with the statement there is, unless the figures have changed since: then a
new one supersedes it. So a person can press the button as often as he likes, and at most one statement is valid.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shebao import audit, notices
from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.identity.acting import ref_of
from shebao.statements import contributions, keys, rendering, serials, signing, snapshots, store
from shebao.statements.issuer import issuer
from shebao.statements.models import (
    EmployerLookup,
    EmployerStatement,
    Issued,
    Lookup,
    Statement,
    StatementKey,
)

_SQL = sql.queries("shebao.statements", "issuance.sql")
_TRIES = 5


class NotIssued(Exception):
    """No statement was made; the message is for the user."""


@dataclass(frozen=True)
class _Wanted:
    """Statements that are asked for: of these owners, of one kind and period. `about` narrows them, e.g. to one
    employee; `compose` answers with the figures by owner, without owners that there are not."""

    model: type[Issued]
    owner_ids: Sequence[int]
    kind: str
    first: Month
    last: Month
    by: object
    compose: Callable[..., dict[int, dict]]
    about: dict[str, int | None]


@dataclass(frozen=True)
class _Draft:
    """A finished document that isn't in the books yet."""

    statement: Issued
    pdf: bytes
    replaces: str | None  # serial of the statement it supersedes


def issue(
    person_id: int, first: Month, last: Month, *, by, kind: str = Statement.Kind.FIVE_INSURANCE
) -> Statement:
    """The valid statement of a person for these months (both inclusive). Raises NotIssued."""
    return issue_many([person_id], first, last, by=by, kind=kind)[person_id]


def issue_many(
    person_ids: Sequence[int], first: Month, last: Month, *, by, kind: str = Statement.Kind.FIVE_INSURANCE
) -> dict[int, Statement]:
    """The valid statement of each person for these months, by person id: those there are, and new ones.

    `by` is an Acting, or text such as `system:timetable`. All of them or none; hand in a few hundred at a time,
    the documents are held in memory until they are written. Raises NotIssued.
    """
    compose = partial(snapshots.compose, person_ids)
    return _issue(_Wanted(Statement, person_ids, kind, first, last, by, compose, {}))


def issue_of_employer(
    employer_id: int, first: Month, last: Month, *, by, person_id: int | None = None
) -> EmployerStatement:
    """The valid statement of what an employer itself paid in these months (both inclusive), for all of its people or
    for one of them. Raises NotIssued."""
    kind = EmployerStatement.Kind.ONE if person_id else EmployerStatement.Kind.ALL
    figures = (
        partial(contributions.of_one, employer_id, person_id)
        if person_id
        else partial(contributions.of_all, employer_id)
    )

    def compose(*months, **how) -> dict[int, dict]:
        snapshot = figures(*months, **how)
        return {employer_id: snapshot} if snapshot else {}

    asked = _Wanted(
        EmployerStatement, [employer_id], kind, first, last, by, compose, {"person_id": person_id}
    )
    return _issue(asked)[employer_id]


def _issue(wanted: _Wanted) -> dict[int, Issued]:
    """The valid statements, by owner: those there are, and new ones."""
    first, last = wanted.first, wanted.last
    if first > last or last.minus(first) >= settings.STATEMENT_MONTHS:
        raise NotIssued(_("对账期间须由早到晚，且不超过 %(most)s 个月") % {"most": settings.STATEMENT_MONTHS})
    if last > clock.this_month():
        raise NotIssued(_("对账期间不能晚于本月"))
    for _try in range(_TRIES):
        drafts, standing = _prepare(wanted)
        if not drafts:
            return standing
        try:
            with transaction.atomic():
                _write(wanted.model, drafts, wanted.by)
        except BaseException as failed:
            for draft in drafts:
                if draft.statement.pdf:
                    store.discard(draft.statement.pdf)
            # Somebody issued one of them at the same moment, or a serial was drawn twice: look again.
            if not isinstance(failed, IntegrityError):
                raise
        else:
            return standing | {draft.statement.owner_id: draft.statement for draft in drafts}
    raise NotIssued(_("同时有人在开具同一份对账单，请稍后再试"))


def pdf_of(statement: Issued) -> bytes:
    """The signed document, byte for byte as issued. Raises store.Damaged."""
    return store.fetch(statement.pdf, statement.pdf_sha256)


def of_person(person_id: int) -> list[Statement]:
    """A person's statements, newest first, without their snapshots."""
    return list(Statement.objects.filter(person_id=person_id).defer("snapshot").order_by("-issued_at"))


def of_employer(employer_id: int) -> list[EmployerStatement]:
    """An employer's statements, newest first, without their snapshots."""
    found = EmployerStatement.objects.filter(employer_id=employer_id)
    return list(found.defer("snapshot").order_by("-issued_at"))


def lookups_of(person_id: int, limit: int = 100) -> list[Lookup]:
    """Who verified a person's statements, newest first."""
    return list(Lookup.objects.filter(person_id=person_id).order_by("-at")[:limit])


def lookups_of_employer(employer_id: int, limit: int = 100) -> list[EmployerLookup]:
    """Who verified an employer's statements, newest first."""
    return list(EmployerLookup.objects.filter(employer_id=employer_id).order_by("-at")[:limit])


def find(person_id: int, serial: str) -> Statement | None:
    """One statement of a person; None when there is no such one of his."""
    return Statement.objects.filter(person_id=person_id, serial=serial).first()


def find_of_employer(employer_id: int, serial: str) -> EmployerStatement | None:
    """One statement of an employer; None when there is no such one of its own."""
    return EmployerStatement.objects.filter(employer_id=employer_id, serial=serial).first()


def over(employer_id: int, refs: Iterable[str]) -> dict[str, EmployerStatement]:
    """Of an employer's statements of these references those that are in force no more."""
    serials = [ref.removeprefix("statement:") for ref in refs if ref.startswith("statement:")]
    found = EmployerStatement.objects.filter(employer_id=employer_id, serial__in=serials)
    return {one.ref: one for one in found.exclude(state=Issued.State.VALID).defer("snapshot")}


@transaction.atomic
def revoke(statement: Issued, reason: str, *, by) -> Issued:
    """Take a statement out of force, for a reason that verification shows. Raises NotIssued when it is over already."""
    if not reason.strip():
        raise NotIssued(_("请写明撤销原因"))
    found = type(statement).objects.select_for_update().get(pk=statement.pk)
    if found.state != Issued.State.VALID:
        raise NotIssued(_("对账单 %(serial)s 已经失效，不能再撤销") % {"serial": found.serial})
    found.state, found.reason = Issued.State.REVOKED, reason.strip()
    found.ended_at, found.ended_by = clock.now(), ref_of(by)
    found.save(update_fields=["state", "reason", "ended_at", "ended_by"])
    audit.record(
        "statement.revoked", found.ref, by=by, person_id=found.person_id, details={"reason": found.reason}
    )
    notices.later("statement-revoked", found.owner, found.ref, serial=found.serial, reason=found.reason)
    return found


def verification_url(serial: str, code: str) -> str:
    """The address in the QR code."""
    return f"{settings.VERIFY_AT}?{urlencode({'serial': serial, 'code': code})}"


def _prepare(wanted: _Wanted) -> tuple[list[_Draft], dict[int, Issued]]:
    """Documents for those whose figures no valid statement states, and the statements of the others."""
    figures = wanted.compose(
        wanted.first,
        wanted.last,
        kind=wanted.kind,
        issuer=issuer(),
        demo=settings.DEMO,
        today=clock.today(),
    )
    if missing := set(wanted.owner_ids) - figures.keys():
        raise NotIssued(_("没有这 %(missing)s 人的参保档案，不能开具对账单") % {"missing": len(missing)})
    model = wanted.model
    valid = {
        statement.owner_id: statement
        for statement in model.objects.filter(
            kind=wanted.kind,
            first_month=wanted.first,
            last_month=wanted.last,
            state=Issued.State.VALID,
            **wanted.about,
            **{f"{model.OWNER}__in": list(wanted.owner_ids)},
        )
    }
    drafts, standing = [], {}
    for owner_id, snapshot in figures.items():
        statement = valid.get(owner_id)
        if statement and statement.figures_sha256 == snapshots.figures_digest(snapshot):
            standing[owner_id] = statement
        else:
            new, pdf = _finish(wanted, owner_id, snapshot)
            drafts.append(_Draft(new, pdf, statement.serial if statement else None))
    return drafts, standing


def _finish(wanted: _Wanted, owner_id: int, figures: dict) -> tuple[Issued, bytes]:
    """Number, render and sign one statement; neither its row nor its file is written yet."""
    at = clock.now().replace(microsecond=0)
    serial = serials.new_serial(figures["issuer"]["city"], at.date())
    code = serials.new_code()
    snapshot = figures | {"serial": serial, "issued_at": at.isoformat()}
    content = snapshots.canonical(snapshot)
    pdf = signing.sign(
        rendering.render(snapshot, code=code, url=verification_url(serial, code)), keys.agency(), at=at
    )
    statement = wanted.model(
        **{wanted.model.OWNER: owner_id},
        **wanted.about,
        serial=serial,
        kind=wanted.kind,
        first_month=wanted.first,
        last_month=wanted.last,
        snapshot=content,
        snapshot_sha256=snapshots.digest(content),
        figures_sha256=snapshots.figures_digest(figures),
        pdf_sha256=snapshots.digest(pdf),
        code_sha256=serials.code_digest(serial, code),
        issued_at=at,
        issued_by=ref_of(wanted.by),
    )
    return statement, pdf


def _write(model: type[Issued], drafts: list[_Draft], by) -> None:
    """The deed: files, keys, ends of the old ones, the new ones, and a line of audit for each."""
    statements = [draft.statement for draft in drafts]
    for draft in drafts:
        draft.statement.pdf = store.keep(draft.statement.serial, draft.pdf)
    StatementKey.objects.bulk_create(
        [StatementKey(serial=s.serial, **{model.OWNER: s.owner_id}) for s in statements]
    )
    old = [draft for draft in drafts if draft.replaces]
    ended = sql.run(
        _SQL[f"supersede_by_{model.OWNER}"],
        {
            "owner_ids": [draft.statement.owner_id for draft in old],
            "serials": [draft.replaces for draft in old],
            "by_serials": [draft.statement.serial for draft in old],
            "at": statements[0].issued_at,
            "by": ref_of(by),
        },
    )
    with ended:
        if ended.rowcount != len(old):
            raise IntegrityError("a statement to be superseded is valid no more")
    model.objects.bulk_create(statements)
    for statement in statements:
        audit.record("statement.issued", statement.ref, by=by, person_id=statement.person_id)
