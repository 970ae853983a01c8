"""Two applications of one company, two administrators, a hire and a closing: at the same moment exactly one counts."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from shebao.casework import cases, papers, review
from shebao.casework.models import Case
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity import clerks
from shebao.identity.acting import Acting, acting_as, system
from shebao.identity.models import Account
from shebao.identity.refusals import Refused
from shebao.registry import employers, enrolments, registrations
from shebao.registry.models import Employer
from tests import policies
from tests.identity import people
from tests.races.test_two_employers_one_person import at_once
from tests.scenes import City
from tests.services.test_register_employer import MUST, PDF, stranger, written

pytestmark = pytest.mark.django_db(transaction=True)


def officer(number):
    return Acting(number, "赵审核", "agency", None, "江岸区社保处", frozenset({"reviewer"}), "420102")


@pytest.fixture(autouse=True)
def today():
    with clock.fixed(date(2026, 11, 12)):
        yield


def applied():
    by = stranger()
    case = cases.start("register-employer", by=by)
    cases.save(case, {1: written()}, by=by)
    for name in MUST:
        papers.attach(case, name, SimpleUploadedFile("扫描.pdf", PDF), by=by)
    cases.submit(case, by=by)
    review.decide_all(case, review.APPROVE, by=officer(900))
    return case


def test_of_two_applications_of_one_company_one_is_registered():
    policies.load()
    City().office()
    first, second = applied(), applied()

    def approve(case):
        with clock.fixed(date(2026, 11, 12)):
            return review.decide_all(Case.objects.get(pk=case.pk), review.APPROVE, by=officer(901))

    results = at_once(lambda: approve(first), lambda: approve(second))
    assert not [one for one in results if isinstance(one, Exception)]
    assert Employer.objects.count() == 1 and Account.objects.count() == 1
    assert sorted(Case.objects.values_list("state", flat=True)) == ["approved", "returned"]
    assert "参保登记" in Case.objects.get(state="returned").reason


def test_of_two_administrators_who_stop_each_other_one_stays():
    employer = City().employer()
    both = [
        people.opened(name, "employer", employer_id=employer.id, roles=frozenset({"admin"}))
        for name in ("guanli01", "guanli02")
    ]
    one, other = (acting_as(account) for account in both)
    results = at_once(
        lambda: clerks.stop(both[1].pk, "", by=one), lambda: clerks.stop(both[0].pk, "", by=other)
    )
    assert len([result for result in results if isinstance(result, Refused)]) == 1
    assert Account.objects.filter(is_active=True).count() == 1


def test_nobody_is_enrolled_with_an_employer_that_is_being_closed():

    city = City()
    employer, person = city.employer(), city.person()

    def hires():
        with transaction.atomic():
            employers.hold(employer.id)
            enrolments.open_many(
                [
                    enrolments.Opening(
                        person.id, "pension", Month(2026, 11), employer.id, "scene", declared_wage=5000
                    )
                ]
            )

    def closes():
        with transaction.atomic():
            registrations.close(employer.id, reason="解散", by=system("settlement"), source="scene")
            if any(enrolments.left_with(employer.id, month=Month(2026, 11))):
                raise Unsettled("somebody is enrolled")

    results = at_once(hires, closes)
    assert len([one for one in results if isinstance(one, Unsettled)]) == 1
    employer.refresh_from_db()
    assert (employer.state == "closed") != bool(enrolments.left_with(employer.id, month=Month(2026, 11))[0])
