"""Which passwords are good enough, and changing one."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from shebao import audit, notices
from shebao.foundation import clock
from shebao.identity import throttle
from shebao.identity.acting import acting_as
from shebao.identity.models import Account, Kind
from shebao.identity.refusals import Refused

SHORTEST = 8
LONGEST = 128
LONG_ENOUGH_ALONE = 15
_STAFF_CHANGE_AFTER = timedelta(days=90)
_LIMIT = throttle.Limit(free=10, window=timedelta(hours=1))
_COMMON = CommonPasswordValidator()
_KINDS_OF_CHARACTER = ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")


def normal(password: str) -> str:
    """One spelling for what looks the same: an input method may write digits or letters in full width."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """What is kept of a password."""
    return make_password(normal(password))


def matches(account: Account | None, password: str) -> bool:
    """Whether it is the account's; takes as long when there is no account."""
    if account is None or not account.has_usable_password():
        make_password(normal(password))
        return False
    return account.check_password(normal(password))


def weaknesses(password: str, *, known: Iterable[str] = ()) -> list[str]:
    """What is wrong with a new password, each a sentence; none if it is good enough.

    `known` are things that others know of its owner: user name, ID number, mobile. Six of their characters in a row
    are too many.
    """
    password = normal(password)
    if len(password) < SHORTEST:
        return [_("密码太短，请至少用%(least)s个字符") % {"least": SHORTEST}]
    if len(password) > LONGEST:
        return [_("密码太长，请不要超过%(most)s个字符") % {"most": LONGEST}]
    found = []
    kinds = sum(bool(re.search(kind, password)) for kind in _KINDS_OF_CHARACTER)
    if kinds < 3 and len(password) < LONG_ENOUGH_ALONE:
        found.append(
            _("密码太简单，请混用大写字母、小写字母、数字、符号中的至少三种，或者用%(long)s个以上字符")
            % {"long": LONG_ENOUGH_ALONE}
        )
    folded = password.casefold()
    if _is_common(folded) or len(set(folded)) <= 3:
        found.append(_("这个密码很多人在用，容易被猜到，请换一个"))
    if any(folded[i : i + 6] in thing.casefold() for thing in known if thing for i in range(len(folded) - 5)):
        found.append(_("密码里有您的用户名、证件号码或手机号码的一部分，请换一个"))
    return found


def is_due(account: Account) -> bool:
    """Whether the account must change its password now: an issued one, or a clerk's of more than 90 days."""
    if account.must_change_password:
        return True
    changed = account.password_changed_at
    return account.kind == Kind.AGENCY and (changed is None or clock.now() - changed > _STAFF_CHANGE_AFTER)


def change(account: Account, *, old: str, new: str, again: str) -> None:
    """The owner changes his password. Raises Refused; all other sessions and device marks lose their worth."""
    charged = throttle.key("change", account.pk)
    if throttle.charge(charged, _LIMIT):
        raise Refused(("old", _("原密码输错次数较多，请过几分钟再试")))
    if not matches(account, old):
        raise Refused(("old", _("原密码不对，请重新输入")))
    throttle.forgive([charged])
    if problems := problems_of(account, new, again):
        raise Refused(*problems)
    with transaction.atomic():
        account.password = hashed(new)
        account.must_change_password = False
        account.password_changed_at = clock.now()
        account.save(update_fields=["password", "must_change_password", "password_changed_at"])
        audit.record(
            "account.password-changed", account.ref, by=acting_as(account), person_id=account.person_id
        )
        notices.later("password-changed", to=account.ref, about=account.ref, day=clock.today())


def problems_of(account: Account, new: str, again: str) -> list[tuple[str, str]]:
    """What is wrong with a new password of this account, written twice: (field, sentence) each."""
    known = (account.username, account.mobile, account.email.partition("@")[0])
    problems = [("new", sentence) for sentence in weaknesses(new, known=known)]
    if matches(account, new):
        problems.append(("new", _("新密码和原密码相同，请换一个")))
    if new != again:
        problems.append(("again", _("两次输入的新密码不一样，请重新输入")))
    return problems


def _is_common(folded: str) -> bool:
    # Also with digits or signs hung on, as people do to satisfy a rule.
    for candidate in {folded, folded.rstrip("0123456789!@#$%^&*.?"), folded.strip("!@#$%^&*.?")}:
        try:
            _COMMON.validate(candidate)
        except ValidationError:
            return True
    return False
