"""Issue statements, find them again, revoke them.

Asking again for the same months answers with the statement there is, unless the figures have changed since: then a
new one supersedes it. So a person can press the button as often as he likes, and at most one statement is valid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db import IntegrityError, transaction

from shebao import audit, notices
from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.statements import keys, rendering, serials, signing, snapshots, store
from shebao.statements.issuer import issuer
from shebao.statements.models import Lookup, Statement, StatementKey

_SQL = sql.queries("shebao.statements", "issuance.sql")
_TRIES = 5


class NotIssued(Exception):
    """No statement was made; the message is for the user."""


@dataclass(frozen=True)
class _Draft:
    """A finished document that isn't in the books yet."""

    statement: Statement
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
    if first > last or last.minus(first) >= settings.STATEMENT_MONTHS:
        raise NotIssued(f"对账期间须由早到晚，且不超过 {settings.STATEMENT_MONTHS} 个月")
    if last > clock.this_month():
        raise NotIssued("对账期间不能晚于本月")
    for _ in range(_TRIES):
        drafts, standing = _prepare(person_ids, first, last, by, kind)
        if not drafts:
            return standing
        try:
            with transaction.atomic():
                _write(drafts, by)
        except BaseException as failed:
            for draft in drafts:
                if draft.statement.pdf:
                    store.discard(draft.statement.pdf)
            # Somebody issued one of them at the same moment, or a serial was drawn twice: look again.
            if not isinstance(failed, IntegrityError):
                raise
        else:
            return standing | {draft.statement.person_id: draft.statement for draft in drafts}
    raise NotIssued("同时有人在开具同一份对账单，请稍后再试")


def pdf_of(statement: Statement) -> bytes:
    """The signed document, byte for byte as issued. Raises store.Damaged."""
    return store.fetch(statement.pdf, statement.pdf_sha256)


def of_person(person_id: int) -> list[Statement]:
    """A person's statements, newest first, without their snapshots."""
    return list(Statement.objects.filter(person_id=person_id).defer("snapshot").order_by("-issued_at"))


def lookups_of(person_id: int, limit: int = 100) -> list[Lookup]:
    """Who verified a person's statements, newest first."""
    return list(Lookup.objects.filter(person_id=person_id).order_by("-at")[:limit])


def find(person_id: int, serial: str) -> Statement | None:
    """One statement of a person; None when there is no such one of his."""
    return Statement.objects.filter(person_id=person_id, serial=serial).first()


@transaction.atomic
def revoke(statement: Statement, reason: str, *, by) -> Statement:
    """Take a statement out of force, for a reason that verification shows. Raises NotIssued when it is over already."""
    if not reason.strip():
        raise NotIssued("请写明撤销原因")
    found = Statement.objects.select_for_update().get(person_id=statement.person_id, serial=statement.serial)
    if found.state != Statement.State.VALID:
        raise NotIssued(f"对账单 {found.serial} 已经失效，不能再撤销")
    found.state, found.reason = Statement.State.REVOKED, reason.strip()
    found.ended_at, found.ended_by = clock.now(), ref_of(by)
    found.save(update_fields=["state", "reason", "ended_at", "ended_by"])
    audit.record(
        "statement.revoked", found.ref, by=by, person_id=found.person_id, details={"reason": found.reason}
    )
    notices.later(
        "statement-revoked", f"person:{found.person_id}", found.ref, serial=found.serial, reason=found.reason
    )
    return found


def verification_url(serial: str, code: str) -> str:
    """The address in the QR code."""
    return f"{settings.VERIFY_AT}?{urlencode({'serial': serial, 'code': code})}"


def ref_of(by) -> str:
    return by if isinstance(by, str) else by.ref


def _prepare(person_ids, first, last, by, kind) -> tuple[list[_Draft], dict[int, Statement]]:
    """Documents for those whose figures no valid statement states, and the statements of the others."""
    figures = snapshots.compose(
        person_ids, first, last, kind=kind, issuer=issuer(), demo=settings.DEMO, today=clock.today()
    )
    if missing := set(person_ids) - figures.keys():
        raise NotIssued(f"没有这 {len(missing)} 人的参保档案，不能开具对账单")
    valid = {
        statement.person_id: statement
        for statement in Statement.objects.filter(
            person_id__in=list(person_ids),
            kind=kind,
            first_month=first,
            last_month=last,
            state=Statement.State.VALID,
        )
    }
    drafts, standing = [], {}
    for person_id, snapshot in figures.items():
        statement = valid.get(person_id)
        if statement and statement.figures_sha256 == snapshots.figures_digest(snapshot):
            standing[person_id] = statement
        else:
            new, pdf = _finish(person_id, snapshot, first, last, by, kind)
            drafts.append(_Draft(new, pdf, statement.serial if statement else None))
    return drafts, standing


def _finish(
    person_id: int, figures: dict, first: Month, last: Month, by, kind: str
) -> tuple[Statement, bytes]:
    """Number, render and sign one statement; neither its row nor its file is written yet."""
    at = clock.now().replace(microsecond=0)
    serial = serials.new_serial(figures["issuer"]["city"], at.date())
    code = serials.new_code()
    snapshot = figures | {"serial": serial, "issued_at": at.isoformat()}
    content = snapshots.canonical(snapshot)
    pdf = signing.sign(
        rendering.render(snapshot, code=code, url=verification_url(serial, code)), keys.agency(), at=at
    )
    statement = Statement(
        person_id=person_id,
        serial=serial,
        kind=kind,
        first_month=first,
        last_month=last,
        snapshot=content,
        snapshot_sha256=snapshots.digest(content),
        figures_sha256=snapshots.figures_digest(figures),
        pdf_sha256=snapshots.digest(pdf),
        code_sha256=serials.code_digest(serial, code),
        issued_at=at,
        issued_by=ref_of(by),
    )
    return statement, pdf


def _write(drafts: list[_Draft], by) -> None:
    """The deed: files, keys, ends of the old ones, the new ones, and a line of audit for each."""
    statements = [draft.statement for draft in drafts]
    for draft in drafts:
        draft.statement.pdf = store.keep(draft.statement.serial, draft.pdf)
    StatementKey.objects.bulk_create(
        [StatementKey(serial=s.serial, person_id=s.person_id) for s in statements]
    )
    old = [draft for draft in drafts if draft.replaces]
    ended = sql.run(
        _SQL["supersede"],
        {
            "person_ids": [draft.statement.person_id for draft in old],
            "serials": [draft.replaces for draft in old],
            "by_serials": [draft.statement.serial for draft in old],
            "at": statements[0].issued_at,
            "by": ref_of(by),
        },
    )
    with ended:
        if ended.rowcount != len(old):
            raise IntegrityError("a statement to be superseded is valid no more")
    Statement.objects.bulk_create(statements)
    for statement in statements:
        audit.record("statement.issued", statement.ref, by=by, person_id=statement.person_id)
