"""An applicant comes back with number and code; guesses are slowed where they come from."""

import pytest
from django.contrib.sessions.backends.db import SessionStore

from shebao.foundation import clock
from shebao.identity import applicants
from shebao.identity.models import Applicant
from shebao.identity.refusals import Refused

NUMBER = "42010020261112000001"


@pytest.mark.django_db
def test_a_stranger_who_guesses_does_not_keep_the_applicant_out():
    applicant = Applicant.objects.create(party_id=5, terms_version="1", accepted_at=clock.now())
    code = applicants.issue_code(applicant, NUMBER)
    said = []
    for _guess in range(8):
        with pytest.raises(Refused) as refusal:
            applicants.come_back(SessionStore(), NUMBER, "WRONG", source="10.9.0.1")
        said.append(str(refusal.value))
    assert "次数较多" in said[-1]
    assert applicants.come_back(SessionStore(), NUMBER, code, source="10.200.0.1") == applicant
