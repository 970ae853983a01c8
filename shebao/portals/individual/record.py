"""我的社保: the overview, the months behind it, and how each amount was worked out."""

from decimal import Decimal
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from shebao.assessment import contributions as assessed
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.identity.acting import Acting, acting_for
from shebao.identity.models import Kind
from shebao.ledger import accounts, record, revisions
from shebao.ledger.deadlines import BEGINNING
from shebao.pages import keys
from shebao.pages.screens import page
from shebao.registry import enrolments
from shebao.registry.models import Person
from shebao.registry.schemes import Scheme

CALENDAR_YEARS = 6
# How a month's status looks in the calendar: css class of the cell, as in pages.css.
CELLS = {
    record.Status.PAID: "ok",
    record.Status.ARREARS: "bad",
    record.Status.WRITTEN_OFF: "none",
    record.Status.NOT_YET_DUE: "future",
}


@acting_for(Kind.PERSON)
def overview(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Am I insured, is it paid, what is in my accounts: on one page, in a bounded number of queries."""
    today, this_month = clock.today(), clock.this_month()
    months = record.months(
        acting.person_id, Month(this_month.year - CALENDAR_YEARS + 1, 1), this_month, today=today
    )
    totals = {t.scheme: t for t in record.by_scheme(acting.person_id, BEGINNING, this_month, today=today)}
    periods = enrolments.of_person(acting.person_id)
    insured = any(p["ends"] is None and p["kind"] != "resident" for p in periods)
    year = _year(months, this_month, insured=insured)
    pension = totals.get(Scheme.PENSION)
    return page(
        request,
        "individual/overview.html",
        acting=acting,
        person=Person.objects.get(pk=acting.person_id),
        payer=next((p for p in periods if p["ends"] is None and p["kind"] != "resident"), None),
        schemes=_schemes(periods, totals, months, this_month),
        pension=pension,
        pension_years=divmod(pension.months_paid if pension else 0, 12),
        balances=accounts.balances(acting.person_id),
        year=year,
        latest=next((m for m in reversed(year) if m["personal"] is not None), None),
        owing=[m["month"] for m in year if m["arrears"]],
        calendar=_calendar([m for m in months if m.scheme == Scheme.PENSION], this_month, insured=insured),
    )


@acting_for(Kind.PERSON)
def contributions(request: HttpRequest, acting: Acting) -> HttpResponse:
    """缴费记录: one year, month by month, newest first."""
    this_month = clock.this_month()
    asked = keys.number(request.GET.get("year"), this_month.year)
    year = asked if BEGINNING.year <= asked <= this_month.year else this_month.year
    months = record.months(acting.person_id, Month(year, 1), Month(year, 12), today=clock.today())
    return page(
        request,
        "individual/contributions.html",
        acting=acting,
        year=year,
        years=range(this_month.year, max(BEGINNING.year, _first_year(acting.person_id, this_month)) - 1, -1),
        revised=revisions.of_payer(acting.person_id),
        months=[_row(month, list(lines)) for month, lines in groupby(months, key=lambda m: m.month)][::-1],
    )


@acting_for(Kind.PERSON)
def explain(request: HttpRequest, acting: Acting, month: str) -> HttpResponse:
    """怎么算的: each amount of a month with its base, limits, rates, rounding and the sources of them."""
    wanted = Month.parse(month, default=None)
    own = record.months(acting.person_id, wanted, wanted, today=clock.today()) if wanted else []
    if not own:
        raise Http404
    # One look for each scheme that the person was in that month: at most a handful.
    order = list(Scheme)
    dues = [
        {"due": m, "lines": assessed.explain(acting.person_id, m.scheme, m.payer_id, wanted)}
        for m in sorted(own, key=lambda m: order.index(Scheme(m.scheme)))
    ]
    return page(
        request,
        "individual/explain.html",
        acting=acting,
        month=wanted,
        dues=dues,
        labels=dict(Scheme.choices),
        employer=sum((m.employer_part for m in own), Decimal(0)),
        personal=sum((m.personal_part for m in own), Decimal(0)),
        synthetic_figures=any(line.explanation.synthetic for one in dues for line in one["lines"]),
    )


def _first_year(person_id: int, this_month: Month) -> int:
    starts = [Month.of(p["starts"]).year for p in enrolments.of_person(person_id)]
    return min(starts, default=this_month.year)


def _row(month: Month, lines: list[record.SchemeMonth]) -> dict:
    """One month over all schemes, in yuan. Its status is the worst of them."""
    worst = record.worst(line.status for line in lines)
    return {
        "month": month,
        "employer": sum((m.employer_part for m in lines), Decimal(0)),
        "personal": sum((m.personal_part for m in lines), Decimal(0)),
        "base": max((m.base for m in lines if m.scheme == Scheme.PENSION), default=None),
        "arrears": worst == record.Status.ARREARS,
        "status": worst,
        "label": worst.label,
        "payer": next((m.payer_name for m in lines if m.payer_name), None),
    }


def _year(months: list[record.SchemeMonth], this_month: Month, *, insured: bool) -> list[dict]:
    """The last twelve months; one without dues has no amounts. This one may only be waiting for its run."""
    found = {month: _row(month, list(lines)) for month, lines in groupby(months, key=lambda m: m.month)}
    amounts = dict.fromkeys(("employer", "personal", "base", "payer"))
    empty = {**amounts, "arrears": False, "status": "", "label": ""}
    waits = {**empty, "label": _("本月还没有核定")} if insured else empty
    return [
        found.get(m, {"month": m, **(waits if m == this_month else empty)})
        for m in Month.range(this_month.plus(-11), this_month)
    ]


def _schemes(
    periods: list[dict], totals: dict, months: list[record.SchemeMonth], this_month: Month
) -> list[dict]:
    """A line for each scheme that the person is or was in."""
    newest = {m.scheme: m for m in months}  # months come in order, so the last one stays
    lines = []
    for scheme in Scheme:
        own = [p for p in periods if p["scheme"] == scheme]
        if not own:
            continue
        live = any(p["ends"] is None or Month.of(p["ends"]) >= this_month for p in own)
        total, last = totals.get(scheme), newest.get(scheme)
        lines.append(
            {
                "label": scheme.label,
                "state": "insured" if live else "paused",
                "first": Month.of(min(p["starts"] for p in own)),
                "months": total.months_paid if total else 0,
                "personal": last.personal_part if last else None,
                "employer": last.employer_part if last else None,
            }
        )
    return lines


def _calendar(months: list[record.SchemeMonth], this_month: Month, *, insured: bool) -> list[dict]:
    """Years of twelve cells, newest year first: paid, paid late, arrears, none, or not come yet."""
    found = {
        m.month: ("fix" if m.status == record.Status.PAID and m.late else CELLS[m.status]) for m in months
    }
    past = this_month.plus(-1) if insured else this_month  # this month's run may still come

    def state(month: Month) -> str:
        return found.get(month, "none" if month <= past else "future")

    return [
        {"year": year, "cells": [{"n": n, "state": state(Month(year, n))} for n in range(1, 13)]}
        for year in range(this_month.year, this_month.year - CALENDAR_YEARS, -1)
    ]
