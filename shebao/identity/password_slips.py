"""密码条: a user name and a first password, handed over once. A new slip ends the old one."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from shebao import audit, notices
from shebao.foundation import clock
from shebao.identity import passwords
from shebao.identity.acting import Acting
from shebao.identity.models import Account, PasswordSlip
from shebao.identity.refusals import Refused

# Without what looks alike in print: 0 O, 1 l I.
_SMALL, _CAPITAL, _DIGIT = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"
_GROUPS, _EACH = 3, 4  # 12 characters of 56: 69 bits


@dataclass(frozen=True)
class Slip:
    """What is printed. `password` exists here alone: the account keeps its hash."""

    number: str
    username: str
    password: str
    owner: str  # the account's display name
    party: str  # the employer; empty where a person owns the account
    made_on: str


def first_password() -> str:
    """Random, easy to type: three groups, with small letter, capital and digit in each."""
    everything = _SMALL + _CAPITAL + _DIGIT
    return "-".join(_group(everything) for _one in range(_GROUPS))


def _group(everything: str) -> str:
    while True:
        group = "".join(secrets.choice(everything) for _one in range(_EACH))
        if all(set(group) & set(kind) for kind in (_SMALL, _CAPITAL, _DIGIT)):
            return group


@transaction.atomic
def make(account: Account, *, way: str, by: Acting, first_only: bool = False) -> Slip:
    """Give the account a new first password, to be changed at the first sign-in; its sessions end.

    With `first_only` not if there was one before. Raises Refused for an account that can't be used, TooBusy when
    too many passwords are being hashed.
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    if not account.is_active:
        raise Refused(("", _("这个账户已停用，不能生成密码条；请先恢复使用")))
    if first_only and handed_over(account):
        raise Refused(("", _("密码条已经领取过；遗失的，请带营业执照到辖区社保处重新打印")))
    password, now = first_password(), clock.now()
    account.password = passwords.hashed(password)
    account.must_change_password, account.password_changed_at = True, now
    account.save(update_fields=["password", "must_change_password", "password_changed_at"])
    number = f"{now:%Y%m%d}{secrets.token_hex(4).upper()}"
    PasswordSlip.objects.create(
        number=number, account=account, way=way, by=by.ref, by_name=by.in_words[:200], made_at=now
    )
    audit.record("account.password-slip-made", account.ref, by=by, details={"slip": number, "way": str(way)})
    notices.later("password-reissued", to=account.ref, about=account.ref, day=clock.today())
    return Slip(
        number, account.username, password, account.display_name, account.party_name, f"{now:%Y-%m-%d}"
    )


def handed_over(account: Account) -> bool:
    """Whether a slip was ever made for it."""
    return account.slips.exists()


def last_of(account_ids: Collection[int]) -> dict[int, PasswordSlip]:
    """The newest slip of each of these accounts that has one: one query."""
    found = PasswordSlip.objects.filter(account_id__in=list(account_ids)).order_by("account_id", "-made_at")
    return {one.account_id: one for one in found.distinct("account_id")}
