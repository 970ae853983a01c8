"""经办人员: the accounts of one employer, opened and given rights by its administrators.

Every deed holds all accounts of the employer first: of two administrators who take each other's rights away at the
same moment the second is refused.
"""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from shebao import audit
from shebao.foundation.unreadable import Missing, Unreadable
from shebao.foundation.values import Email, Mobile, PersonName
from shebao.identity import accounts
from shebao.identity.acting import Acting
from shebao.identity.models import ROLES_OF, Account, Kind, Role, Suspension
from shebao.identity.refusals import Refused

MOST = 100
"""Accounts that are in use or stopped, of one employer."""


def of(employer_id: int) -> list[Account]:
    """The accounts of an employer, in the order of opening; closed ones are left out."""
    found = Account.objects.filter(kind=Kind.EMPLOYER, employer_id=employer_id, closed_at=None)
    return list(found.order_by("id"))


@transaction.atomic
def open_one(
    display_name: str, mobile: str, roles: Collection[str], *, username: str, by: Acting, email: str = ""
) -> Account:
    """A further account; it can't be used until a password slip is made for it. Refused says all that is wrong.

    `username` is what all user names of this employer begin with.
    """
    mine = _held(by)
    problems = [*_unreadable("display_name", PersonName, display_name), *_strange(roles)]
    problems += _unreachable(mobile, email)
    if len([one for one in mine if one.closed_at is None]) >= MOST:
        problems.append(("", _("经办人员已有 %(most)s 位，请先停用不再经办的") % {"most": MOST}))
    if problems:
        raise Refused(*problems)
    opening = accounts.Opening(
        username=_next_name(username, {one.username for one in mine}),
        kind=Kind.EMPLOYER,
        display_name=PersonName.read(display_name),
        employer_id=by.party_id,
        party_name=by.party_name,
        grade=by.grade,
        roles=frozenset(roles),
        office_code=by.office_code,
        mobile=Mobile.read(mobile) if mobile.strip() else "",
        email=Email.read(email) if email.strip() else "",
    )
    (account,) = accounts.open_many([opening], by=by)
    return account


@transaction.atomic
def give_rights(account_id: int, roles: Collection[str], *, by: Acting) -> None:
    """What this clerk may do from now on; without any he may look only."""
    account = _one(account_id, by)
    if problems := _strange(roles):
        raise Refused(*problems)
    before = account.roles
    account.roles = sorted(roles)
    account.save(update_fields=["roles"])
    _somebody_administers(by)
    details = {"before": sorted(before), "after": account.roles}
    audit.record("account.rights-given", account.ref, by=by, details=details)


@transaction.atomic
def reach(account_id: int, mobile: str, email: str, *, by: Acting) -> None:
    """Where this clerk is reached from now on; nothing written means nothing known."""
    account = _one(account_id, by)
    if problems := _unreachable(mobile, email):
        raise Refused(*problems)
    account.mobile = Mobile.read(mobile) if mobile.strip() else ""
    account.email = Email.read(email) if email.strip() else ""
    account.save(update_fields=["mobile", "email"])
    audit.record("account.contacts-changed", account.ref, by=by)


@transaction.atomic
def stop(account_id: int, reason: str, *, by: Acting) -> None:
    """停用: whoever is signed in with it is out with his next click."""
    account = _one(account_id, by)
    if not account.is_active:
        raise Refused(("", _("这个账户已经停用")))
    account.is_active, account.suspension = False, Suspension.OWN
    account.suspended_because = reason.strip()[:200]
    account.save(update_fields=["is_active", "suspension", "suspended_because"])
    _somebody_administers(by)
    details = {"reason": account.suspended_because}
    audit.record("account.suspended", account.ref, by=by, details=details)


@transaction.atomic
def start_again(account_id: int, *, by: Acting) -> None:
    """恢复使用, with the password it had."""
    account = _one(account_id, by)
    if account.suspension != Suspension.OWN:
        raise Refused(("", _("这个账户没有被本单位停用")))
    account.is_active, account.suspension, account.suspended_because = True, Suspension.NONE, ""
    account.save(update_fields=["is_active", "suspension", "suspended_because"])
    audit.record("account.resumed", account.ref, by=by)


def _held(by: Acting) -> list[Account]:
    found = Account.objects.select_for_update().filter(kind=Kind.EMPLOYER, employer_id=by.party_id)
    return list(found.order_by("id"))


def _one(account_id: int, by: Acting) -> Account:
    """The account, if it is this employer's; Account.DoesNotExist otherwise."""
    for account in _held(by):
        if account.pk == account_id and account.closed_at is None:
            return account
    raise Account.DoesNotExist


def _somebody_administers(by: Acting) -> None:
    left = Account.objects.filter(
        kind=Kind.EMPLOYER, employer_id=by.party_id, is_active=True, roles__contains=[Role.ADMIN]
    )
    if not left.exists():
        raise Refused(("", _("本单位至少要有一位在用的单位管理员，请先把管理员权限交给别人")))


def _strange(roles: Collection[str]) -> list[tuple[str, str]]:
    return [("roles", _("没有这项权限"))] if set(roles) - ROLES_OF[Kind.EMPLOYER] else []


def _unreachable(mobile: str, email: str) -> list[tuple[str, str]]:
    found = _unreadable("mobile", Mobile, mobile) if mobile.strip() else []
    return found + (_unreadable("email", Email, email) if email.strip() else [])


def _unreadable(field: str, kind: type, written: str) -> list[tuple[str, str]]:
    try:
        kind.read(written)
    except Missing as missing:
        return [(field, missing.sentence)]
    except Unreadable as unreadable:
        return [(field, unreadable.sentence)]
    return []


def _next_name(begins: str, taken: Collection[str]) -> str:
    numbers = (f"{begins}-{n}" for n in range(2, 10_000))
    return next(name for name in numbers if name not in taken)
