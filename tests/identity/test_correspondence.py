"""Which addresses a party has."""

import pytest

from shebao.identity import accounts, correspondence
from shebao.identity.acting import acting_as
from shebao.identity.models import Account
from tests.identity import people

pytestmark = pytest.mark.django_db


def test_mail_for_a_party_goes_to_all_who_act_for_it(django_assert_num_queries):
    clerk = people.clerk(email="wang@example.org")
    colleague = people.opened("hanjiang02", "employer", employer_id=86, email="chen@example.org")
    people.opened("other01", "employer", employer_id=87, email="other@example.org")
    li = people.person(email="li@example.org")
    with django_assert_num_queries(1):
        found = correspondence.addresses(
            {"employer:86", "person:88", colleague.ref, "person:99", "case:1", "x"}
        )
    assert found == {
        "employer:86": ["wang@example.org", "chen@example.org"],
        "person:88": ["li@example.org"],
        colleague.ref: ["chen@example.org"],
    }
    assert clerk.ref not in found
    assert li.ref not in found


def test_who_wants_no_mail_has_no_address_or_left_gets_none():
    li = people.person(email="li@example.org")
    assert correspondence.addresses({"person:88"}) == {"person:88": ["li@example.org"]}
    Account.objects.update(mail_wanted=False)
    assert not correspondence.addresses({"person:88"})
    Account.objects.update(mail_wanted=True)
    accounts.close(li, by=acting_as(li))
    assert not correspondence.addresses({"person:88"})
