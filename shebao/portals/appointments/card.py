"""The appointments' card on a work bench: what comes next, and the way to another."""

from collections.abc import Iterable

from django.urls import reverse

from shebao.casework.ask import Problem
from shebao.engagement import appointments, businesses
from shebao.engagement.models import Appointment
from shebao.foundation import clock
from shebao.identity.acting import Acting

SHOWN = 3
# Refusals that end with "go to the office", by rule and field, and the business there.
_AT_THE_COUNTER = {
    ("EMP-1/1", "name"): "key-data",
    ("EMP-1/2", "id_number"): "counter-enrolment",
    ("EMP-1/7", "starts"): "counter-enrolment",
}


def card(acting: Acting, *, papers: bool) -> dict:
    """Coming appointments, and where one books: straight for the papers, if there are any to bring."""
    coming = appointments.coming(acting, today=clock.today())[:SHOWN]
    booked = [
        {
            "appointment": one,
            "title": businesses.title(one.business),
            "displaced": one.state == Appointment.State.DISPLACED,
        }
        for one in coming
    ]
    return {
        "coming": booked,
        "book_url": reverse("appointments:offices", args=["papers"])
        if papers
        else reverse("appointments:business"),
        "papers": papers,
    }


def url_for(case_number: str) -> str:
    """Where one books a time to bring a case's papers."""
    return reverse("appointments:offices", args=["papers"]) + f"?case={case_number}"


def url_instead(problems: Iterable[Problem]) -> str:
    """Where one books what these refusals send to the counter; empty when they don't."""
    for problem in problems:
        if business := _AT_THE_COUNTER.get((problem.rule, problem.field)):
            return reverse("appointments:offices", args=[business])
    return ""
