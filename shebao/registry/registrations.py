"""参保登记 of employers: opened, changed, verified, closed. What stood there before stays on file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shebao import notices
from shebao.foundation import clock, sql
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity import accounts
from shebao.identity.acting import Acting
from shebao.registry.models import Certificate, Employer, EmployerChange, InjuryClass, Verification

_SQL = sql.queries("shebao.registry", "registrations.sql")

_TRUE_NAMES = {"office": "office_id"}


@dataclass(frozen=True)
class Newcomer:
    """An employer to register. `id` is a party number that was drawn for it."""

    id: int
    uscc: str
    name: str
    office: str
    schemes: tuple[str, ...]
    founded_on: date
    injury_class: int
    legal_person: str
    organisation: str
    business: str
    address: str
    contact_name: str
    contact_phone: str
    email: str
    source: str


def draw_number() -> int:
    """A party number that nobody has: an employer's or a person's."""
    return sql.rows(_SQL["draw"])[0]["number"]


@transaction.atomic
def register(new: Newcomer, *, by: Acting | None = None) -> Employer:
    """Open the registration, with its injury class and certificate. Unsettled when the USCC is registered already."""
    today = clock.today()
    plain = {
        key: value for key, value in vars(new).items() if key not in ("office", "schemes", "injury_class")
    }
    try:
        with transaction.atomic():
            employer = Employer.objects.create(
                **plain,
                postal_address=new.address,  # until it says that letters go elsewhere
                number=f"{new.id:08d}",
                office_id=new.office,
                schemes=list(new.schemes),
                registered_on=today,
            )
    except IntegrityError as taken:
        raise Unsettled(_("这个统一社会信用代码刚刚由另一件申请办理了参保登记")) from taken
    # It counts from the month of founding: people hired before the registration are enrolled from then on.
    InjuryClass.objects.create(
        employer=employer, starts=Month.of(new.founded_on), injury_class=new.injury_class
    )
    issue_certificate(employer, source=new.source)
    return employer


@transaction.atomic
def amend(
    employer_id: int, after: Mapping[str, object], *, source: str, by_name: str, reason: str = ""
) -> list[EmployerChange]:
    """Change these fields of an employer; each that differs leaves a line with what stood there before.

    `office` takes an office's code. The accounts of its clerks follow a new name, office or grade at once.
    """
    employer = Employer.objects.select_for_update().get(pk=employer_id)
    changes = []
    for field, value in after.items():
        name = _TRUE_NAMES.get(field, field)
        before = getattr(employer, name)
        if str(before) == str(value):
            continue
        changes.append(
            EmployerChange(
                employer=employer,
                field=field,
                before=str(before)[:200],
                after=str(value)[:200],
                reason=reason[:200],
                by_name=by_name[:200],
                source=source,
            )
        )
        setattr(employer, name, value)
    if changes:
        employer.save()
        EmployerChange.objects.bulk_create(changes)
        accounts.renamed(
            employer.id, name=employer.name, grade=employer.grade, office_code=employer.office_id
        )
    return changes


@transaction.atomic
def set_injury_class(
    employer_id: int, injury_class: int, *, starts: Month, source: str, by_name: str
) -> None:
    """The industry class from a month on; a class that was to begin later is superseded, with its trace."""
    employer = Employer.objects.select_for_update().get(pk=employer_id)
    before = InjuryClass.objects.filter(employer=employer, starts__lte=starts).order_by("-starts").first()
    later = InjuryClass.objects.filter(employer=employer, starts__gte=starts)
    trace = [f"{one.starts} {one.injury_class}" for one in later.order_by("starts")]
    later.delete()
    InjuryClass.objects.create(employer=employer, starts=starts, injury_class=injury_class)
    EmployerChange.objects.create(
        employer=employer,
        field="injury_class",
        before="、".join(trace) or (str(before.injury_class) if before else ""),
        after=f"{starts} {injury_class}",
        by_name=by_name[:200],
        source=source,
    )


@transaction.atomic
def suspend(employer_id: int, *, reason: str, by: Acting, source: str) -> None:
    """停办: nothing more online, for any of its clerks, from this moment on. Unsettled unless it is in business."""
    _move(employer_id, Employer.State.ACTIVE, Employer.State.SUSPENDED, reason, by.in_words, source)
    accounts.suspend_employer(employer_id, reason=reason, by=by)
    ref = f"employer:{employer_id}"
    notices.later("employer-suspended", to=ref, about=ref, reason=reason)


@transaction.atomic
def resume(employer_id: int, *, reason: str, by: Acting, source: str) -> None:
    """Take the suspension back; clerks whose own account was stopped stay stopped."""
    _move(employer_id, Employer.State.SUSPENDED, Employer.State.ACTIVE, reason, by.in_words, source)
    accounts.resume_employer(employer_id, by=by)
    notices.later("employer-resumed", to=f"employer:{employer_id}", about=f"employer:{employer_id}")


@transaction.atomic
def close(employer_id: int, *, reason: str, by: Acting, source: str) -> None:
    """注销登记: log-ins stop, the certificate is void; the archive stays as it is."""
    _move(employer_id, Employer.State.ACTIVE, Employer.State.CLOSED, reason, by.in_words, source)
    Certificate.objects.filter(employer_id=employer_id, voided_on=None).update(
        voided_on=clock.today(), reason=_("注销登记")
    )
    accounts.suspend_employer(employer_id, reason=_("单位已办理注销登记"), by=by)


def _move(employer_id: int, before: str, after: str, reason: str, by_name: str, source: str) -> None:
    employer = Employer.objects.select_for_update().get(pk=employer_id)
    if employer.state != before:
        words = {"name": employer.name, "state": employer.get_state_display()}
        raise Unsettled(_("%(name)s现在是“%(state)s”，请刷新页面核对") % words)
    amend(employer_id, {"state": after}, source=source, by_name=by_name, reason=reason)


@transaction.atomic
def set_grade(employer_id: int, grade: str, *, reason: str, by_name: str, source: str) -> bool:
    """Ordinary or trusted, at once. False if it stood so already."""
    return bool(amend(employer_id, {"grade": grade}, source=source, by_name=by_name, reason=reason))


def certificate_of(employer: Employer) -> Certificate | None:
    """The 社会保险登记证 that is valid; None while there is none."""
    return Certificate.objects.filter(employer=employer, voided_on=None).first()


@transaction.atomic
def issue_certificate(employer: Employer, *, source: str, reason: str = "") -> Certificate:
    """A 社会保险登记证 under a number of its own; the one before is void."""
    today = clock.today()
    before = Certificate.objects.select_for_update().filter(employer=employer, voided_on=None)
    before.update(voided_on=today, reason=reason)
    nth = Certificate.objects.filter(employer=employer).count() + 1
    number = f"{employer.office_id}-{employer.number}-{nth:02d}"
    return Certificate.objects.create(number=number, employer=employer, issued_on=today, source=source)


def verify(employer_id: int, *, on: date, source: str) -> None:
    """The key data were confirmed on this day."""
    Verification.objects.get_or_create(employer_id=employer_id, verified_on=on, defaults={"source": source})
