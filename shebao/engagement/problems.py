"""问题报告: reported with a day one hopes for, answered by the day the office promised, and all of it in sight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shebao import audit, notices
from shebao.engagement import attachments, numbers
from shebao.engagement.businesses import CATEGORY_WORDS
from shebao.engagement.models import Exchange, Problem
from shebao.foundation import clock, languages
from shebao.foundation.unsettled import Unsettled
from shebao.identity import acting
from shebao.identity.acting import Acting
from shebao.policy import working_days

State, Said = Problem.State, Exchange.Kind
MOST_WORDS = 2000
BATCH = 500
MOST_ADDED = 20  # remarks that a filer may add to one report


@dataclass(frozen=True)
class Report:
    """What the filer writes. `about` is a reference (case:42…), `person_id` whom it is about, if anybody."""

    category: str
    text: str
    wished_for: date
    office_code: str
    about: str = ""
    person_id: int | None = None


def of(by: Acting) -> QuerySet[Problem]:
    """The reports of the party that somebody acts for; others' don't exist for him."""
    found = Problem.objects.filter(party_kind=by.kind, party_id=by.party_id)
    return found.select_related("office").order_by("-id")


def promised(today: date) -> date:
    """The day by which a report of today is answered. Of a year without a notice, weekdays are counted: it is
    then early rather than late for the filer."""
    return working_days.between(today, today + timedelta(days=60)).after(
        today, settings.PROBLEMS["answer_days"]
    )


@transaction.atomic
def report(
    wrote: Report, *, by: Acting, files: Sequence[UploadedFile] = (), token: UUID | None = None
) -> Problem:
    """发送报告. The same token gives the same report: a second click makes no second."""
    if by.party_id is None or wrote.category not in CATEGORY_WORDS:
        raise LookupError("a report needs a party and a category that there is")
    if token and (already := of(by).filter(token=token).first()):
        return already
    now = clock.now()
    text = _text(wrote.text)
    if wrote.wished_for < now.date():
        raise Unsettled(_("期望解决时间不能早于今天"))
    made = Problem.objects.create(
        number=numbers.of_problem(now.date()),
        token=token,
        party_kind=by.kind,
        party_id=by.party_id,
        party_name=by.party_name or by.account_name,
        account_id=by.account_id,
        account_name=by.account_name,
        category=wrote.category,
        about=wrote.about,
        person_id=wrote.person_id or by.person_id,
        text=text,
        wished_for=wrote.wished_for,
        office_id=wrote.office_code,
        due=promised(now.date()),
        filed_at=now,
    )
    attachments.keep(_say(made, Said.FILED, text, by=by), files)
    _tell("problem-received", made, due=made.due.isoformat())
    audit.record("problem.filed", made.ref, by=by, person_id=made.person_id)
    return made


@transaction.atomic
def add(problem: Problem, text: str, *, by: Acting, files: Sequence[UploadedFile] = ()) -> None:
    """补充说明, while nobody has answered: the promised day stays."""
    found = _lock(problem)
    if found.state != State.OPEN:
        raise Unsettled(_("这份报告刚刚已有答复，请刷新后再看"))
    _bounded(found)
    attachments.keep(_say(found, Said.ADDED, _text(text), by=by), files)
    audit.record("problem.added", found.ref, by=by, person_id=found.person_id)


@transaction.atomic
def ask_again(problem: Problem, text: str, *, by: Acting, files: Sequence[UploadedFile] = ()) -> None:
    """追问: the answer didn't do. The report is open again, with a promised day counted from now."""
    found = _lock(problem)
    if found.state != State.ANSWERED:
        raise Unsettled(_("只有已答复、还没有办结的报告可以追问"))
    _bounded(found)
    attachments.keep(_say(found, Said.ASKED, _text(text), by=by), files)
    _open_again(found)
    audit.record("problem.asked-again", found.ref, by=by, person_id=found.person_id)


@transaction.atomic
def reopen(problem: Problem, text: str, *, by: Acting) -> None:
    """重新打开, once, within the days that the agency has set."""
    found = _lock(problem)
    if not may_reopen(found, today=clock.today()):
        raise Unsettled(_("这份报告不能再打开，请提交新的问题报告"))
    found.reopened, found.closed_at, found.rating = True, None, None
    _say(found, Said.REOPENED, _text(text), by=by)
    _open_again(found)
    audit.record("problem.reopened", found.ref, by=by, person_id=found.person_id)


@transaction.atomic
def close(problem: Problem, *, by: Acting, rating: int | None = None) -> None:
    """办结 by the filer, who may say how well he was served: 1 to 5."""
    found = _lock(problem)
    if found.state == State.CLOSED:
        return
    if found.state == State.OPEN:
        found.in_time = None  # taken back: no answer was owed in the end
    found.state, found.closed_at, found.closes_on, found.step = State.CLOSED, clock.now(), None, 0
    found.rating = rating if rating in range(1, 6) else None
    found.save()
    _say(found, Said.CLOSED, "", by=by)
    audit.record("problem.closed", found.ref, by=by, person_id=found.person_id)


@transaction.atomic
def close_silent() -> int:
    """Close what was answered and got no further word; answers how many."""
    now, by = clock.now(), acting.system("timetable")
    silent = Problem.objects.select_for_update(skip_locked=True).filter(
        state=State.ANSWERED, closes_on__lt=now.date()
    )
    due = list(silent.order_by("closes_on", "id")[:BATCH])
    if not due:
        return 0
    Problem.objects.filter(pk__in=[one.pk for one in due]).update(
        state=State.CLOSED, closed_at=now, closes_on=None
    )
    said = _("答复后 %(days)s 天没有追问，自动办结") % {"days": settings.PROBLEMS["close_after_days"]}
    Exchange.objects.bulk_create(
        Exchange(problem=one, kind=Said.CLOSED, at=now, by=by.ref, by_name="", text=said) for one in due
    )
    told = {"problems": [one.number for one in due]}
    audit.record("problems.closed", f"day:{now.date()}", by=by, details=told)
    return len(due)


@transaction.atomic
def answer(problem: Problem, text: str, *, by: Acting, files: Sequence[UploadedFile] = ()) -> None:
    """答复: the filer is told, and may ask on, or close."""
    found = _lock(problem)
    if found.state == State.CLOSED:
        raise Unsettled(_("这份报告已办结，请刷新后再看"))
    now = clock.now()
    attachments.keep(_say(found, Said.ANSWERED, _text(text), by=by), files)
    if found.state == State.OPEN:
        found.in_time = found.in_time is not False and now.date() <= found.due
    found.state, found.answered_at, found.step = State.ANSWERED, now, 0
    found.closes_on = now.date() + timedelta(days=settings.PROBLEMS["close_after_days"])
    if found.officer_id is None:
        found.officer_id, found.officer_name = by.account_id, by.account_name
    found.save()
    _tell("problem-answered", found)
    audit.record("problem.answered", found.ref, by=by, person_id=found.person_id)


@transaction.atomic
def assign(
    problem: Problem, *, by: Acting, office_code: str, officer: tuple[int, str] | None, note: str = ""
) -> None:
    """转办: to an office, and there to an officer (account, name) or to whoever takes it. The day stays."""
    found = _lock(problem)
    if found.state == State.CLOSED:
        raise Unsettled(_("这份报告已办结，请刷新后再看"))
    found.office_id = office_code
    found.officer_id, found.officer_name = officer or (None, "")
    found.save(update_fields=["office", "officer_id", "officer_name"])
    found.refresh_from_db(fields=["office"])
    to = " ".join(part for part in (found.office.name, found.officer_name) if part)
    with languages.of_the_hall():  # its filer and others read what is kept
        said = _("转%(to)s办理") % {"to": to}
    _say(found, Said.ASSIGNED, f"{said}：{note.strip()}" if note.strip() else said, by=by)
    if officer and officer[0] != by.account_id:
        notices.later("problem-assigned", to=f"account:{officer[0]}", about=found.ref, **in_words(found))
    audit.record(
        "problem.assigned", found.ref, by=by, person_id=found.person_id, details={"office": office_code}
    )


def may_reopen(problem: Problem, *, today: date) -> bool:
    """Whether the filer may open a closed report again: once, and not for ever."""
    if problem.state != State.CLOSED or problem.reopened:
        return False
    return today <= timezone.localdate(problem.closed_at) + timedelta(days=settings.PROBLEMS["reopen_days"])


def standing(problem: Problem, *, today: date) -> str:
    """open, late, escalated, answered or closed: how a report stands for whoever waits for it."""
    if problem.state == State.OPEN and problem.due < today:
        return "escalated" if problem.step else "late"
    return str(problem.state)


def in_words(problem: Problem) -> dict[str, str | Promise]:
    """What messages about it say: nothing of its text, which may be about somebody."""
    return {"number": problem.number, "category": CATEGORY_WORDS.get(problem.category, "")}


def _say(problem: Problem, kind: str, text: str, *, by: Acting) -> Exchange:
    return Exchange.objects.create(
        problem=problem, kind=kind, at=clock.now(), by=by.ref, by_name=by.in_words, text=text
    )


def _open_again(found: Problem) -> None:
    found.state, found.step, found.closes_on = State.OPEN, 0, None
    found.due = promised(clock.today())
    found.save()


def _lock(problem: Problem) -> Problem:
    return Problem.objects.select_for_update(of=("self",)).select_related("office").get(pk=problem.pk)


def _bounded(found: Problem) -> None:
    said = found.exchanges.filter(kind__in=(Said.ADDED, Said.ASKED)).count()
    if said >= MOST_ADDED:
        raise Unsettled(_("这份报告的往来已经很多，请提交新的问题报告，或拨打咨询电话"))


def _text(raw: str) -> str:
    text = raw.strip()
    if not text:
        raise Unsettled(_("请填写内容"))
    if len(text) > MOST_WORDS:
        raise Unsettled(_("内容超过 %(most)s 字，请写短一些") % {"most": MOST_WORDS})
    return text


def _tell(code: str, problem: Problem, **facts: str) -> None:
    notices.later(code, to=problem.filer, about=problem.ref, **in_words(problem), **facts)
