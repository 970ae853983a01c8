"""Terms and undertakings: which version, accepted by whom, asked again when it changes."""

import pytest

from shebao.identity import terms
from shebao.identity.acting import system
from shebao.identity.models import Acceptance
from tests.identity import people

pytestmark = pytest.mark.django_db


def test_persons_and_employers_have_a_text_clerks_of_the_agency_none():
    for kind in ("person", "employer"):
        text = terms.current(kind)
        assert text.title
        assert len(text.sections) >= 4
        assert all(section.paragraphs for section in text.sections)
    assert terms.current("agency") is None
    assert not terms.is_due(people.officer())


def test_an_acceptance_is_recorded_once_with_version_and_source():
    clerk = people.clerk(accepted=False)
    version = terms.current("employer").version
    assert terms.is_due(clerk)
    assert terms.accept(clerk, version, source="10.0.0.1")
    assert terms.accept(clerk, version, source="10.0.0.2")
    assert not terms.is_due(clerk)
    assert (Acceptance.objects.get().version, Acceptance.objects.get().source) == (version, "10.0.0.1")


def test_a_new_version_is_asked_of_everybody_again(monkeypatch):
    clerk = people.clerk()
    old = terms.current("employer")
    new = terms.Terms("employer", "2027-01", old.title, old.sections)
    monkeypatch.setattr(terms, "current", lambda kind: new)
    assert terms.is_due(clerk)
    assert not terms.accept(clerk, old.version)  # a page that was open since yesterday
    assert terms.accept(clerk, new.version)
    assert Acceptance.objects.filter(account=clerk).count() == 2


def test_signatures_on_paper_are_recorded_for_many_and_keep_earlier_ones():
    clerk = people.clerk()
    earlier = Acceptance.objects.get()
    terms.accepted_on_paper([clerk.pk], "employer", by=system("counter"))
    assert Acceptance.objects.get() == earlier
    with pytest.raises(ValueError, match="no text that an account of kind agency"):
        terms.accepted_on_paper([clerk.pk], "agency", by=system("counter"))
