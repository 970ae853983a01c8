"""Accounts that tests log in with. Numbers are the synthetic ones of the policy facts."""

from shebao.foundation.identifiers import IdNumber
from shebao.identity import accounts, passwords, terms
from shebao.identity.accounts import Opening
from shebao.identity.acting import system
from shebao.identity.models import Account
from shebao.identity.registration import MOBILE, Application, Archived

PASSWORD = "Redbud-7-Lake"
LI = IdNumber("420102199202299993")
WANG = IdNumber("420106199305159980")


def opened(username: str, kind: str, *, accepted: bool = True, **given) -> Account:
    """An account with PASSWORD that has nothing left to do but work."""
    given = {"display_name": "王芳", "must_change_password": False, **given}
    (account,) = accounts.open_many(
        [Opening(username, kind, password=passwords.hashed(PASSWORD), **given)], by=system("tests")
    )
    if accepted and terms.current(kind):
        terms.accepted_on_paper([account.pk], kind, by=system("tests"))
    return account


def person(**given) -> Account:
    return opened(
        LI, "person", **{"person_id": 88, "display_name": "李小明", "mobile": "13100000000", **given}
    )


def clerk(**given) -> Account:
    given = {
        "employer_id": 86,
        "party_name": "汉江机械厂",
        "grade": "ordinary",
        "roles": frozenset({"filer"}),
        **given,
    }
    return opened("hanjiang01", "employer", **given)


def officer(**given) -> Account:
    given = {"display_name": "赵审核", "party_name": "武昌区社保处", "office_code": "420106"} | given
    return opened("wuchang01", "agency", **{"roles": frozenset({"reviewer"}), **given})


KNOWN = Archived(
    person_id=88,
    name="李小明",
    personal_number="10020030",
    card_number="A12345678",
    mobile="13100000000",
    bank_tail="000018",
)


def archive(number: str) -> Archived | None:
    """An archive that knows Li and nobody else."""
    return KNOWN if number == LI else None


def application(**changes) -> Application:
    """What Li writes to register, all of it right but for the changes."""
    right = {
        "id_number": LI,
        "personal_number": "10020030",
        "name": "李小明",
        "card_number": "A12345678",
        "fact": MOBILE,
        "fact_value": "13100000000",
        "password": PASSWORD,
        "again": PASSWORD,
        "terms_version": terms.current("person").version,
    }
    return Application(**{**right, **changes})
