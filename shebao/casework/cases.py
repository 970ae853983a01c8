"""What a filer does with a case: start it, write rows, take some out, submit it, take it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shebao import audit, notices
from shebao.casework import (
    catalogue,
    corrections,
    errands,
    estimates,
    examination,
    obstacles,
    papers,
    prefilled,
    review,
    rows,
    states,
)
from shebao.casework.ask import Problem
from shebao.casework.examination import Outcome
from shebao.casework.models import OPEN_ROWS, READY_ROWS, Awaits, Case, Errand, Row, RowState, State
from shebao.casework.obstacles import NotSubmitted
from shebao.casework.service import Review, Service, Wanted, Who
from shebao.foundation import clock, contention, ids, languages, sql
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import Acting
from shebao.identity.models import Applicant

_SQL = sql.queries("shebao.casework", "cases.sql")


def of(by: Acting) -> QuerySet[Case]:
    """The cases of the party that somebody acts for; others' don't exist for him."""
    return Case.objects.filter(party_kind=by.kind, party_id=by.party_id)


@transaction.atomic
def start(service_code: str, *, by: Acting, office_code: str = "", token: UUID | None = None) -> Case:
    """Open a case with a number of its own. The same token gives the same case: a second click makes no second."""
    service = catalogue.service(service_code)
    if by.kind not in service.who or by.party_id is None:
        raise LookupError(f"{service_code} isn't offered to {by.kind}")
    if token and (already := of(by).filter(token=token, service_code=service_code).first()):
        return already
    if by.kind == Who.APPLICANT and (already := _of_applicant(service_code, by=by)):
        return already
    case = blank(service, by=by)
    case.number = _next_number(case.filed_on)
    case.office_code = office_code or case.office_code
    if not (case.office_code or service.party_office):  # nobody would ever find it to review
        raise Unsettled(_("账户没有登记辖区经办机构，暂不能办理业务；请联系经办机构补登记"))
    case.token = token or case.token
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:  # of the token: the other of two clicks was first, or it is another party's
        if already := of(by).filter(token=token, service_code=service_code).first():
            return already
        case.token = ids.uuid7()
        case.save(force_insert=True)
    states.begin(case, by=by)
    audit.record("case.started", case.ref, by=by, details={"service": service.code})
    return case


def _of_applicant(service_code: str, *, by: Acting) -> Case | None:
    """The case that an applicant has already: he applies once, however often he asks, unless he took it back."""
    Applicant.objects.select_for_update().filter(pk=by.party_id).first()  # of two clicks one is first
    return of(by).filter(service_code=service_code).exclude(state=State.WITHDRAWN).order_by("-id").first()


def blank(service: Service, *, by: Acting) -> Case:
    """A case that nobody has saved, to look at a row before there is one."""
    return Case(
        service_code=service.code,
        party_kind=by.kind,
        party_id=by.party_id,
        party_name=by.party_name,
        grade=by.grade,
        office_code=by.office_code,
        filed_by=by.account_id or 0,  # an applicant has no account
        filed_by_name=by.account_name,
        filed_on=clock.today(),
    )


@transaction.atomic
def save(
    case: Case,
    written: Mapping[int, Mapping[str, object]],
    *,
    by: Acting,
    version: int | None = None,
    writer: UUID | None = None,
) -> Outcome:
    """Write rows under their numbers, over what stood there, and examine the case.

    `version` is the one that the writer saw: when the case has changed since, nothing is overwritten (Unsettled),
    unless it was this very form, `writer`, that changed it: it saves by itself while somebody types.
    """
    states.lock_open(case)
    own = writer is not None and case.writer == writer
    _open_as_seen(case, None if own else version)
    return _put(case, written, by=by, writer=writer)


@transaction.atomic
def autosave(
    case: Case, written: Mapping[int, Mapping[str, object]], *, by: Acting, version: int | None, writer: UUID
) -> Outcome:
    """As `save`, from a form that is being filled in: whatever was saved after `version` counts more (Unsettled)."""
    _open_as_seen(case, version)
    return _put(case, written, by=by, writer=writer)


@transaction.atomic
def add(case: Case, written: Iterable[Mapping[str, object]], *, by: Acting) -> Outcome:
    """Append rows and examine the case."""
    open_case(case)
    first = rows.last_number(case) + 1
    return _put(case, dict(enumerate(written, first)), by=by)


@transaction.atomic
def correct(
    case: Case, written: Mapping[int, Mapping[str, object]], removed: Collection[int] = (), *, by: Acting
) -> None:
    """Let the rows of these numbers say this, take others out, and examine the case.

    What is so already stays as it is, be it settled by now: done twice, it is done once. NotCorrected names the
    rows that can't be changed any more; then none is.
    """
    states.lock(case)
    found = corrections.changes(case, written, removed)
    if not found:
        return
    open_case(case)
    if found.settled or found.unknown:
        raise corrections.NotCorrected(found)
    _put(case, found.written, removed=found.removed, by=by)


@transaction.atomic
def pick(
    case: Case, typed: Mapping[str, Mapping[str, object]], *, by: Acting, version: int | None = None
) -> Outcome:
    """Let the open rows of a case be these: keys of offered lines, each with the fields that were typed for it.

    What a line stands for is looked up again: a key that isn't offered to this filer is Unsettled.
    """
    _open_as_seen(case, version)
    offered = case.service.offers(case, Wanted(keys=tuple(typed), most=len(typed)))
    lines = {line.key: line for line in offered.lines}
    if set(typed) - set(lines):
        raise Unsettled(_("所选人员中有人已不在可办理的名单里，请刷新名单后重新选择"))
    rows.remove(case)
    first = rows.last_number(case) + 1
    filed = {}
    if case.service.prefill:
        filed = {rows.key_text(case.service, one): one for one in prefilled.written(case, tuple(typed))}
    written = [{**filed.get(key, {}), **typed[key], **lines[key].fills} for key in typed]
    return _put(case, dict(enumerate(written, first)), by=by)


@transaction.atomic
def fill(case: Case, *, by: Acting, most: int) -> Outcome:
    """Write a row for everything on file. More than `most` are for a workbook (Unsettled)."""
    open_case(case)
    written = list(islice(prefilled.written(case), most + 1))
    if not written:
        raise Unsettled(_("名单里没有可以办理的人"))
    if len(written) > most:
        raise Unsettled(_("名单超过 %(most)s，请下载模板，填好后上传") % {"most": case.counted(most)})
    rows.remove(case)
    return _put(case, dict(enumerate(written, rows.last_number(case) + 1)), by=by)


@transaction.atomic
def remove(case: Case, numbers: Collection[int], *, by: Acting) -> int:
    """Take rows out of a case that isn't submitted. Answers how many were."""
    return _remove(open_case(case), numbers, by=by)


@transaction.atomic
def remove_failed(case: Case, *, by: Acting) -> int:
    """Take out all rows that can't be submitted as they are. Answers how many were."""
    open_case(case)
    failed = Row.objects.filter(case=case, state=RowState.BAD)
    return _remove(case, list(failed.values_list("number", flat=True)), by=by)


def _remove(case: Case, numbers: Collection[int], *, by: Acting) -> int:
    # A row that was a duplicate of a removed one may be good now.
    touched = rows.numbers_like(case, numbers) if errands.needed_for(case.total) else None
    removed = rows.remove(case, numbers)
    outcome = examination.examine(case, touched)
    examination.own_up(case.service, outcome.told_of, by=by, about=case.ref)
    stamp(case)
    audit.record("case.rows-removed", case.ref, by=by, details={"rows": removed})
    return removed


@transaction.atomic
def supply(
    case: Case, name: str, files: Sequence[tuple[Row | None, UploadedFile]], *, by: Acting
) -> list[tuple[str, str]]:
    """Hand in a paper of this name for each of these rows, or (None) for the whole case, and examine the rows.
    Answers as `papers.attach_many`."""
    open_case(case)
    refused = papers.attach_many(case, name, files, by=by)
    touched = rows.numbers_like(case, {row.number for row, _file in files if row})
    outcome = examination.examine(case, touched)
    examination.own_up(case.service, outcome.told_of, by=by, about=case.ref)
    stamp(case)
    return refused


@transaction.atomic
def withdraw(case: Case, *, by: Acting) -> None:
    """退单: the filer takes back what is not submitted. What was approved already stays."""
    open_case(case)
    rows.remove(case)
    rows.tally(case)
    if Row.objects.filter(case=case, state=RowState.APPROVED).exists():
        with languages.of_the_hall():  # officers read the history
            states.move(case, State.APPROVED, by=by, reason=_("其余各行已退单"))
    else:
        states.move(case, State.WITHDRAWN, by=by)
    audit.record("case.withdrawn", case.ref, by=by)
    notices.later(case.message("withdrawn"), to=case.filer, about=case.ref, **case.in_words)


def submit(case: Case, *, by: Acting, token: UUID | None = None, shown: str | None = None) -> None:
    """Examine everything again, against the data of this moment, and hand it to review.

    Rows with problems stay behind. If a row that was good has a problem now, nothing is submitted: the filer
    sees it first (NotSubmitted, and the problem is kept with the row). Nor if the figures aren't those whose
    fingerprint was `shown` any more. The same token a second time changes nothing. Of many rows a worker does
    all this (`errands.under_way`, `errands.refused`).
    """
    problems = contention.outlast(lambda: _submit(case, by=by, token=token, shown=shown))
    # Said after the transaction, so that what the examination found stays with the rows.
    if problems:
        raise NotSubmitted(problems)


@transaction.atomic
def check(case: Case, *, by: Acting) -> list[Problem]:
    """All that would keep an open case from being submitted now. Of many rows, without what their examination says."""
    open_case(case)
    if errands.needed_for(Row.objects.filter(case=case, state__in=OPEN_ROWS).count()):
        return obstacles.of_day(case) + obstacles.of_content(case, good=case.good, turned_bad=0)
    return _problems(case, by)[0]


def _problems(case: Case, by: Acting) -> tuple[list[Problem], Outcome]:
    outcome = examination.examine(case)
    examination.own_up(case.service, outcome.told_of, by=by, about=case.ref)
    turned_bad = len(outcome.turned_bad)
    found = obstacles.of_content(case, good=outcome.good, turned_bad=turned_bad)
    return obstacles.of_day(case) + found, outcome


@transaction.atomic
def _submit(case: Case, *, by: Acting, token: UUID | None, shown: str | None) -> list[Problem]:
    states.lock(case)
    if token and _submitted_with(token, case):
        return []
    open_case(case)
    waiting = Row.objects.filter(case=case, state__in=OPEN_ROWS).count()
    if errands.needed_for(waiting):
        against = obstacles.of_day(case) + obstacles.of_content(case, good=waiting, turned_bad=0)
        if not against:
            case.save(update_fields=["filed_on"])  # the day it was handed in, however long the worker takes
            errands.begin(
                case, Errand.Deed.SUBMIT, by=by, total=waiting, token=token, outcome={"shown": shown}
            )
        return against
    against, outcome = _problems(case, by)
    against = against or _other_figures(case, shown)
    if against:
        return against
    with languages.of_the_hall() as foreign:  # officers read what is kept with the rows and the figures
        if foreign:
            outcome, case.figures = examination.examine(case), estimates.of(case)
        _hand_over(case, outcome.as_kept(case.service), outcome.good, by=by, token=token)
    return []


def go_on_submitting(errand_id: int) -> None:
    """What `submit` left to a worker: examine step by step, then hand over. Harmless a second time."""
    errands.go_on(errand_id, _submit_on)


def _submit_on(case: Case, errand: Errand) -> None:
    by = errands.asked_by(errand)
    outcome, last = examination.examine_on(case, after=errand.mark, most=errands.STEP)
    if last is not None:
        examination.own_up(case.service, outcome.told_of, by=by, about=case.ref)
        found = {"good": outcome.good, "turned_bad": len(outcome.turned_bad), "rules": outcome.rules}
        errands.count(errand, mark=last, rows=outcome.good + outcome.bad, **found)
        return
    rows.tally(case)
    good = errand.outcome.get("good", 0)
    turned_bad, shown = errand.outcome.get("turned_bad", 0), errand.outcome.get("shown")
    against = obstacles.of_content(case, good=good, turned_bad=turned_bad) or _other_figures(case, shown)
    errands.finish(errand, obstacles.in_one_line(against))
    if not against:
        whole = Outcome(rules=Counter(errand.outcome["rules"]))
        _hand_over(case, whole.as_kept(case.service), good, by=by, token=errand.token)


def _submitted_with(token: UUID, case: Case) -> bool:
    """Whether this very click has been heard before."""
    if not case.is_open:
        return case.submit_token == token
    return case.errands.filter(finished_at=None, token=token).exists()


def open_case(case: Case) -> Case:
    """Lock a case that its filer may still change, and let it be measured by today. Unsettled when he may not."""
    states.lock_open(case)
    case.filed_on = clock.today()
    return case


def _open_as_seen(case: Case, version: int | None) -> None:
    open_case(case)
    if version is not None and version != case.version:
        raise Unsettled(_("这笔业务刚刚在别处修改过，请刷新页面，核对后再保存"))


def _put(
    case: Case,
    written: Mapping[int, Mapping[str, object]],
    *,
    by: Acting,
    removed: Collection[int] = (),
    writer: UUID | None = None,
) -> Outcome:
    service, changed = case.service, {*written, *removed}
    before = rows.numbers_like(case, changed) if errands.needed_for(case.total) else None
    if rows.write(case, written) != len(written):
        raise Unsettled(_("其中有的行已经提交或办结，不能再改；请刷新页面"))
    rows.remove(case, removed)
    # Of many rows, those that the new ones may have touched; all are examined when they are submitted.
    touched = before and before | rows.numbers_like(case, changed)
    outcome = examination.examine(case, touched)
    if case.total > service.most_rows:
        raise Unsettled(too_many(service))
    _introduce(case)
    stamp(case, writer)
    # Examination tells something about people: each look-up leaves a line (who asked, about how many), and they see it.
    examination.own_up(service, outcome.told_of, by=by, about=case.ref)
    details = {"rows": len(written)} | ({"removed": len(removed)} if removed else {})
    audit.record("case.saved", case.ref, by=by, details=details)
    return outcome


def _introduce(case: Case) -> None:
    """Of an applicant: whom the case is for and which office decides it, as its row says."""
    service = case.service
    if not service.party_name:
        return
    found = rows.search(case, "").values_list("data", flat=True).first() or {}
    case.party_name = str(found.get(service.party_name) or "")[:200]
    case.office_code = str(found.get(service.party_office) or "")[:12]
    case.save(update_fields=["party_name", "office_code"])


def stamp(case: Case, writer: UUID | None = None) -> None:
    """Note on a locked case that it was changed just now, and by which form, if one did."""
    case.saved_at = clock.now()
    case.version += 1
    case.writer = writer
    case.save(update_fields=["filed_on", "saved_at", "version", "writer"])


def too_many(service: Service) -> str:
    return _("一笔业务最多 %(most)s 行，请分成几笔办理") % {"most": service.most_rows}


def _other_figures(case: Case, shown: str | None) -> list[Problem]:
    """Compute the figures to be kept, and look whether they are those that the filer was shown."""
    case.figures = estimates.of(case)
    if shown is None or shown == estimates.fingerprint(case.figures):
        return []
    return [Problem("", _("测算的金额刚刚有变化，请核对新的金额，再提交"), "")]


def _hand_over(case: Case, found: Mapping, good: int, *, by: Acting, token: UUID | None) -> None:
    service, today = case.service, case.filed_on
    ready = Row.objects.filter(case=case, state__in=READY_ROWS)
    ready.update(state=RowState.SUBMITTED, reason="", first_officer=None)
    rows.tally(case)
    case.grade = by.grade
    case.submit_token = token
    case.submitted_at = clock.now()
    case.review = service.review(case, case.grade)
    case.awaits = Awaits.MACHINE if case.review == Review.AUTOMATIC else Awaits.OFFICER
    # Nobody can be late with what waits for the filer's papers.
    case.lacks_papers = bool(papers.to_bring(case))
    day = papers.brought_by(case) if papers.awaited(case) else None
    case.due = (day or today) + timedelta(days=service.promised_days)
    states.move(case, State.SUBMITTED, by=by, outcome=dict(found))
    audit.record("case.submitted", case.ref, by=by, details={"rows": good})
    notices.later(case.message("submitted"), to=case.filer, about=case.ref, **case.in_words, due=case.due)
    if case.awaits == Awaits.MACHINE:
        review.begin(case, good)


def _next_number(today: date) -> str:
    """业务顺序号: the agency's code, the day, and six digits that no other case of the day has."""
    (row,) = sql.rows(_SQL["number"])
    return f"{settings.CITY_CODE}{today:%Y%m%d}{row['drawn']:06d}"
