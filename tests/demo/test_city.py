"""A small demo city, made once for all tests here; what one of them does is undone after it."""

from datetime import date
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.db.models import Q

from demo import city as demo_city
from demo import logins
from demo.cast import LARGE, ORDINARY, OWING, PLACE, TRUSTED
from shebao.assessment import runs
from shebao.casework import cases, review, rosters
from shebao.casework.models import Case, State
from shebao.engagement import appointments
from shebao.engagement.models import Appointment, Counter, Problem
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.identity import passwords
from shebao.identity.acting import acting_as
from shebao.identity.models import Account
from shebao.ledger import arrears, claims, invariants, suspense
from shebao.ledger.models import AccountLine, Due, Receipt, Slip
from shebao.notices.models import Notice
from shebao.registry import people
from shebao.registry.models import Employer, Enrolment, Person
from tests import policies

TODAY = date(2026, 11, 22)
THIS_MONTH = Month.of(TODAY)


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), clock.fixed(TODAY):
        policies.load(synthetic=True)
        city = demo_city.make(people=400, employers=12, seed=7)
    yield city
    with django_db_blocker.unblock():
        demo_city.empty()  # what Django does not manage; then all the rest
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def city(made, db):
    with clock.fixed(TODAY):
        yield made


def member(city, part: str) -> Person:
    return Person.objects.get(pk=city.first_person + PLACE[part])


def employer(city, place: int) -> Employer:
    return Employer.objects.get(pk=city.first_employer + place)


def test_every_invariant_of_the_books_holds(city):
    assert [result.invariant.name for result in invariants.check() if not result.holds] == []


def test_everybody_has_a_history_since_the_first_job(city):
    insured = Enrolment.objects.filter(kind="employee", scheme="pension").order_by("starts").first()
    assert insured.starts < Month(2005, 1)
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT count(*) FROM registry_enrolment e
             WHERE e.kind <> 'resident' AND e.starts < '2026-11-01'
               AND NOT EXISTS (SELECT FROM ledger_due d WHERE d.person_id = e.person_id AND d.scheme = e.scheme
                                  AND d.payer_id = e.payer_id AND d.month = e.starts)""")
        assert cursor.fetchone() == (0,)


def test_this_month_is_left_for_the_user_to_run(city):
    assert not Due.objects.filter(month=THIS_MONTH).exists()
    done = runs.run_month(THIS_MONTH, by="system:test")
    until = Enrolment.objects.filter(Q(ends=None) | Q(ends__gte=THIS_MONTH), starts__lte=THIS_MONTH)
    insured = until.exclude(kind="resident")
    assert done.lines == insured.count()


@pytest.mark.parametrize("month", [Month(2026, 10), Month(2016, 3), Month(2004, 6)])
def test_the_rule_finds_nothing_to_change_in_the_months_that_are_over(city, month):
    assert runs.run_month(month, by="system:test").lines == 0


def test_interest_is_credited_for_every_year_that_is_over(city):
    person = member(city, "person")
    lines = AccountLine.objects.filter(person_id=person.id, kind="interest").order_by("month")
    years = [line.month.year for line in lines]
    assert years == list(range(years[0], 2026))
    first = AccountLine.objects.filter(
        person_id=person.id, account="pension", kind="contribution", month__lt=Month(years[0] + 1, 1)
    )
    rate = demo_city.crediting_rates(2026)[years[0]]
    weighted = sum(line.amount * (12 - line.month.month) for line in first)
    assert abs(lines[0].amount - weighted * rate / 12) < 1


def test_who_can_be_hired_and_who_can_not(city):
    standings = people.standings(
        [member(city, part).id_number for part in ("paused", "elsewhere", "flexible", "student")],
        since=THIS_MONTH.plus(-3),
    )
    paused, elsewhere, flexible, student = standings.values()
    ours = employer(city, ORDINARY).id
    assert not [p for p in paused.periods if p.reaches(THIS_MONTH)]
    assert paused.ever_enrolled
    assert elsewhere.elsewhere(ours, THIS_MONTH)
    assert flexible.flexible(THIS_MONTH)
    assert student.resident(THIS_MONTH)
    assert people.ids_of(number for _, number in logins.strangers()) == {}


def test_who_can_not_be_paused_owes(city):
    owing = member(city, "owing")
    owed = arrears.of_people([owing.id], employer(city, ORDINARY).id, today=TODAY)
    assert owed[owing.id].first_month == THIS_MONTH.plus(-3)
    colleague = Enrolment.objects.filter(payer_id=employer(city, OWING).id, ends=None).first()
    assert arrears.of_people([colleague.person_id], employer(city, OWING).id, today=TODAY)


def test_there_are_ordinary_and_trusted_employers_and_one_large_one(city):
    assert employer(city, ORDINARY).grade == "ordinary"
    assert employer(city, TRUSTED).grade == "trusted"
    at = Enrolment.objects.filter(ends=None, scheme="pension", kind="employee")
    assert at.filter(payer_id=employer(city, LARGE).id).count() > at.count() / 8


def test_there_is_a_case_in_every_state(city):
    assert set(Case.objects.values_list("state", flat=True)) == set(State.values)
    mine = acting_as(Account.objects.get(username="danwei"))
    officer = acting_as(Account.objects.get(username="shenhe"))
    assert {case.state for case in cases.of(mine)} == set(State.values)
    assert sorted(case.service_code for case in review.queue(officer)) == [
        "apply-for-trust",
        "declare-wages",
        "enrol-employees",
        "register-employer",
    ]
    assert Case.objects.get(state=State.RETURNED).moves.last().reason


def test_the_owing_employer_shows_arrears_in_every_state(city):
    owing = employer(city, OWING)
    assert sorted(one["state"] for one in claims.of_payer(owing.id)) == ["asked"] * 3 + ["ready"]
    waiting = suspense.slips_with_money()
    assert any(one.payer_id == owing.id and one.missing == 0 for one in waiting)
    assert Slip.objects.filter(payer_id=owing.id, kind="arrears", late_fee__gt=0).count() == 2
    fee = Slip.objects.get(payer_id=owing.id, kind="late_fee")
    assert fee.state == "open" and fee.total > 0, "of the monthly slip that was paid long after its day"
    assert arrears.of_payer(owing.id, today=TODAY)


def test_some_money_waits_in_suspense(city):
    assert set(Receipt.objects.exclude(state="matched").values_list("state", flat=True)) >= {
        "unknown_slip",
        "already_paid",
    }
    assert Slip.objects.filter(state="paid").exists()


def test_the_printed_password_opens_every_log_in_and_one_must_be_changed(city):
    accounts = Account.objects.filter(username__in=[login.username for login in logins.LOGINS])
    assert accounts.count() == len(logins.LOGINS)
    assert passwords.matches(accounts.get(username="danwei"), logins.PASSWORD)
    assert [account.username for account in accounts if account.must_change_password] == ["danwei-xin"]
    assert not Account.objects.filter(person_id=member(city, "unregistered").id).exists()


def test_the_log_ins_are_printed_with_what_the_tour_asks_for(city):
    out = StringIO()
    call_command("demo_logins", stdout=out)
    told = out.getvalue()
    assert all(login.username in told for login in logins.LOGINS)
    assert member(city, "unregistered").id_number in told
    assert all(number in told for _, number in logins.strangers())


def test_a_second_city_is_refused(city):
    with pytest.raises(demo_city.AlreadyThere, match="--fresh"):
        demo_city.make(people=400, employers=12, seed=8)


def test_a_roster_to_upload_is_read_and_its_wrong_lines_are_found(city, tmp_path):
    call_command("demo_roster", rows=320, out=tmp_path / "hires.xlsx", stdout=StringIO())
    by = acting_as(Account.objects.get(username="danwei"))
    case = cases.start("enrol-employees", by=by)
    file = SimpleUploadedFile("hires.xlsx", (tmp_path / "hires.xlsx").read_bytes())
    rosters.take_in(rosters.hand_in(case, file, by=by).pk)
    case.refresh_from_db()
    assert case.total == 320
    assert 8 <= case.bad <= 9  # a line that stands there twice may count for both


def test_somebody_is_expected_at_a_counter_and_problems_were_reported(city):
    owner = acting_as(Account.objects.get(username="danwei"))
    (mine,) = appointments.coming(owner, today=TODAY)
    assert mine.about in {case.ref for case in Case.objects.filter(state=State.SUBMITTED)}
    assert set(Appointment.objects.values_list("state", flat=True)) == {"booked", "arrived", "missed"}
    assert sorted(Problem.objects.values_list("state", "step")) == [("answered", 0), ("open", 0), ("open", 1)]
    assert Counter.objects.count() == 32


def test_messages_are_numbered_by_the_time_they_show(city):
    times = list(Notice.objects.order_by("id").values_list("at", flat=True))
    assert times and times == sorted(times)
