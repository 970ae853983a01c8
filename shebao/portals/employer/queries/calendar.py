"""缴费日历: a year of what is due, by when, how much; as a page, as a calendar file, and as reminders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from shebao import audit
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind, Role
from shebao.ledger import arrears, bills, deadlines
from shebao.ledger.models import Slip
from shebao.notices import choices
from shebao.pages import icalendar, keys
from shebao.pages.screens import page
from shebao.policy import base_years, month_days
from shebao.registry import verifications
from shebao.registry.models import Employer
from shebao.services import reminders

REMINDERS = {
    "payment-due": lazy("缴款期限前 5 天，提醒还没有缴清的月份"),
    "slip-due": lazy("欠费补缴单到期前 5 天"),
    "papers-due": lazy("送审材料的日子前 5 天，有业务等待窗口审核时"),
    "verification-due": lazy("社会保险登记验证到期前 30 天"),
}


@dataclass(frozen=True)
class Day:
    """Something to do by a day. `state` is a state's code or ""; `amount` in yuan or None."""

    on: date
    what: str
    note: str = ""
    amount: Decimal | None = None
    state: str = ""
    url: str = ""
    key: str = ""  # for the calendar file: the same thing keeps its number


@require_safe
@acting_for(Kind.EMPLOYER)
def year(request: HttpRequest, acting: Acting) -> HttpResponse:
    wanted = _year(request)
    days = of_year(acting, wanted)
    today = clock.today()
    wishes = choices.wanted(acting.party_ref, reminders.CODES)
    return page(
        request,
        "queries/calendar.html",
        acting=acting,
        year=wanted,
        years=range(today.year - 1, today.year + 2),
        months=_by_month(day for day in days if Month.of(day.on) >= Month.of(today) or wanted != today.year),
        past=_by_month(day for day in days if Month.of(day.on) < Month.of(today) and wanted == today.year),
        owing=any(day.state == "arrears" for day in days),
        next_day=next((day for day in days if day.on >= today and day.state != "paid"), None),
        today=today,
        unknown=deadlines.deadline(Month(wanted, 1)) is None
        and deadlines.deadline(Month(wanted, 12)) is None,
        reminders=[(code, label, code in wishes) for code, label in REMINDERS.items()],
        may_choose=acting.may(Role.FILER) or acting.may(Role.PAYER),
    )


@require_safe
@acting_for(Kind.EMPLOYER)
def file(request: HttpRequest, acting: Acting) -> HttpResponse:
    """The same year for the calendar of a phone or a computer (.ics). It holds no amounts: calendars are shared."""
    wanted = _year(request)
    stamp = icalendar.utc(clock.instant())
    events = (
        icalendar.event(
            f"{day.key}-{acting.party_id}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day.on + timedelta(days=1):%Y%m%d}",
            summary=day.what,
            alarm="-P3D",
        )
        for day in of_year(acting, wanted)
    )
    return icalendar.file(events, f"shebao-{wanted}.ics", title=_("社会保险缴费日历"))


@require_POST
@acting_for(Kind.EMPLOYER, role=(Role.FILER, Role.PAYER))
def choose(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Which reminders the employer wants."""
    chosen = [code for code in reminders.CODES if code in request.POST.getlist("reminder")]
    choices.choose(acting.party_ref, reminders.CODES, chosen)
    audit.record("reminders.chosen", acting.party_ref, by=acting, details={"reminders": chosen})
    messages.success(request, _("提醒设置已保存"))
    return redirect("employer:query-calendar")


def of_year(acting: Acting, year: int) -> list[Day]:
    """Everything that has a day in this year, in the order of days. A fixed number of queries."""
    months = list(Month.range(Month(year, 1), Month(year, 12)))
    days = [
        *_payments(acting, months),
        *_slips(acting, year),
        *_papers(acting, months),
        *_filing(months),
        *_declaration(year),
        *_verification(acting, year),
    ]
    return sorted(days, key=lambda day: (day.on, day.key))


def _by_month(days: Iterable[Day]) -> list[tuple[Month, list[Day]]]:
    return [(month, list(some)) for month, some in groupby(days, key=lambda day: Month.of(day.on))]


def _payments(acting: Acting, months: list[Month]) -> Iterable[Day]:
    today = clock.today()
    billed = bills.of_year(acting.party_id, months[0].year)
    owed = {one.month: one.amount for one in arrears.by_month(acting.party_id, today=today)}
    for month, day in deadlines.deadlines(months).items():
        if day is None:
            continue
        bill = billed.get(month)
        yield Day(
            day,
            _("缴纳 %(month)s 月费款的最后一天") % {"month": month},
            note="" if bill else _("核定后显示金额"),
            amount=owed.get(month, bill["amount"]) if bill else None,
            # What is open after its day and no arrears is a credit, or a difference that the next slip asks for.
            state=("arrears" if month in owed else "due" if day >= today and not bill["settled"] else "paid")
            if bill
            else "",
            url=reverse("employer:bill", args=[month]) if bill else "",
            key=f"payment-{month}",
        )


def _slips(acting: Acting, year: int) -> Iterable[Day]:
    open_ones = Slip.objects.filter(
        payer_id=acting.party_id, state=Slip.State.OPEN, due_on__year=year
    ).order_by("due_on")
    for slip in open_ones[:50]:
        yield Day(
            slip.due_on,
            _("%(kind)s %(number)s 的缴款日") % {"kind": slip.get_kind_display(), "number": slip.number},
            amount=slip.total,
            state="open",
            url=reverse("employer:slip", args=[slip.number]),
            key=f"slip-{slip.number}",
        )


def _papers(acting: Acting, months: list[Month]) -> Iterable[Day]:
    if acting.grade == Employer.Grade.TRUSTED:  # brings no papers
        return
    for month, on in month_days.over(month_days.PAPERS, months).items():
        if on is not None:
            yield Day(
                on, _("带材料到窗口审核的最后一天"), note=_("之后办的按下月结算"), key=f"papers-{month}"
            )


def _filing(months: list[Month]) -> Iterable[Day]:
    first = month_days.over(month_days.FILING_FIRST, months)
    for month, on in month_days.over(month_days.FILING_LAST, months).items():
        if on is not None:
            note = _("%(first)s 日起受理") % {"first": first[month].day} if first[month] else ""
            yield Day(on, _("本月单位登记业务受理截止"), note=note, key=f"filing-{month}")


def _declaration(year: int) -> Iterable[Day]:
    found = {one.first: one for at in (1, 12) if (one := base_years.at(date(year, at, 28)))}
    for base_year in found.values():
        for key, on, what in (
            ("opens", base_year.opens, _("年度缴费工资申报开始")),
            ("closes", base_year.closes, _("年度缴费工资申报最后一天")),
        ):
            if on and on.year == year:
                url = reverse("filing:start", args=["declare-wages"])
                note = _("到期没有申报的职工，由经办机构按规定核定缴费基数") if key == "closes" else ""
                yield Day(on, what, note=note, url=url, key=f"declaration-{key}-{base_year.year}")


def _verification(acting: Acting, year: int) -> Iterable[Day]:
    standing = verifications.of([acting.party_id], today=clock.today()).get(acting.party_id)
    if standing and standing.due and standing.due.year == year:
        yield Day(
            standing.due,
            _("社会保险登记验证"),
            url=reverse("employer:registration"),
            key=f"verification-{standing.due}",
        )


def _year(request: HttpRequest) -> int:
    this_year = clock.today().year
    asked = keys.number(request.GET.get("year"), this_year)
    return asked if abs(asked - this_year) <= 1 else this_year
