"""What nobody comes back to is deleted with its files; whatever was handed over, or may still be, stays."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage

from shebao.audit.models import AuditEvent
from shebao.casework import cases, catalogue, leftovers, papers, rosters
from shebao.casework.models import Case, Upload
from shebao.casework.service import Who
from shebao.foundation import clock
from shebao.identity.acting import Acting
from shebao.identity.models import Applicant
from tests.casework import library
from tests.casework.conftest import loan, sheet
from tests.casework.test_papers import file

TODAY = date(2026, 11, 22)


@pytest.fixture
def stranger(here):
    """Somebody without an account, who may borrow a book here."""
    catalogue.declare([replace(library.BORROW, who=(Who.EMPLOYER, Who.APPLICANT))])
    Applicant.objects.create(
        party_id=5, terms_version="1", accepted_at=clock.now(), email="a@example.com", code="x"
    )
    return Acting(None, "登记申请人", "applicant", 5, "", office_code="420102")


@pytest.fixture(autouse=True)
def now():
    with clock.fixed(TODAY):
        yield


def cleared_after(days):
    with clock.fixed(TODAY + timedelta(days=days)):
        return leftovers.clear()


def test_a_draft_in_which_nothing_is_goes_after_a_week_with_its_workbook(here):
    case, upload = here.uploaded(file=sheet([]))
    assert (case.total, default_storage.exists(upload.file.name)) == (0, True)
    assert cleared_after(7) == 0
    assert cleared_after(8) == 1
    assert not Case.objects.exists() and not default_storage.exists(upload.file.name)
    assert AuditEvent.objects.get(event="case.cleared").about == case.ref


def test_a_draft_whose_workbook_is_still_to_be_read_stays(here):
    rosters.hand_in(here.started(), sheet([loan(1)]), by=here.by)
    assert Upload.objects.get().finished_at is None and cleared_after(30) == 0


def test_an_employers_draft_with_something_in_it_is_kept(here):
    here.saved(loan())
    assert cleared_after(1_000) == 0


def test_an_applicants_draft_goes_with_his_papers_and_his_address(here, stranger):
    case = here.saved(loan(), by=stranger)
    paper = papers.attach(case, "借书单", file(), by=stranger)
    assert leftovers.kept_until(case) == TODAY + timedelta(days=60)
    assert cleared_after(60) == 0 and default_storage.exists(paper.file.name)
    assert cleared_after(61) == 2
    assert not Case.objects.exists() and not Applicant.objects.exists()
    assert not default_storage.exists(paper.file.name)
    assert cleared_after(61) == 0


def test_saving_again_begins_the_days_anew(here, stranger):
    case = here.saved(loan(), by=stranger)
    with clock.fixed(TODAY + timedelta(days=50)):
        cases.save(case, {1: loan(2)}, by=stranger)
    assert cleared_after(61) == 0


def test_what_an_applicant_handed_over_is_kept(here, stranger):
    case = here.submitted(loan(), by=stranger)
    assert leftovers.kept_until(case) is None and cleared_after(1_000) == 0
    assert Applicant.objects.exists()


def test_what_an_applicant_took_back_without_ever_submitting_it_goes(here, stranger):
    cases.withdraw(here.saved(loan(), by=stranger), by=stranger)
    assert cleared_after(61) == 2


def test_an_applicant_who_never_saved_anything_is_forgotten(stranger):
    assert (cleared_after(60), cleared_after(61)) == (0, 1)
