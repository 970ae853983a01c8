"""Logging in with a password. What is asked beyond it, and when, is explained in the ADR on guessing."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shebao import audit, notices
from shebao.foundation import clock
from shebao.foundation.writing import packed
from shebao.identity import challenges, devices, passwords, throttle
from shebao.identity.accounts import spelled
from shebao.identity.acting import acting_as
from shebao.identity.models import Account, Kind, Suspension
from shebao.identity.refusals import Refused
from shebao.identity.sources import neighbourhood

CHALLENGE = "challenge"
MOBILE_TAIL = "mobile_tail"

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
# Who stands before the door: this name from this address, or on this device.
_PAIR = throttle.Limit(free=5, window=_DAY)
# One address and all names: a hall or a school may stand behind it, so it may fail often.
_SOURCE = throttle.Limit(free=200, window=_HOUR)
# One name and all strange devices: only counted. Closing it would let a stranger shut its owner out.
_NAME = throttle.Limit(free=throttle.NEVER, window=_DAY)

_ASK_CHALLENGE = {"pair": 2, "source": 20, "name": 10}
_ASK_MOBILE_TAIL = 50


@dataclass(frozen=True)
class Attempt:
    """One try. `device` is the device cookie, `challenge_passed` None where no question was answered."""

    kind: str
    username: str
    password: str
    source: str = ""
    device: str = ""
    challenge_passed: bool | None = None
    mobile_tail: str = ""


@dataclass(frozen=True)
class _Door:
    """The counts that a try runs against."""

    pair: str
    source: str | None = None
    name: str | None = None

    @property
    def strange(self) -> bool:
        return self.name is not None


def asks(attempt: Attempt) -> frozenset[str]:
    """What the form has to ask at the next try; depends on the name as written, not on whether it exists."""
    return _asks(_door(attempt, _find(attempt)))


def log_in(attempt: Attempt) -> Account:
    """The account whose password that is. Raises Refused; the same for a wrong name and a wrong password.

    May raise hashers.TooBusy. The session is the caller's to begin.
    """
    account = _find(attempt)
    door = _door(attempt, account)
    asked = _asks(door)
    if CHALLENGE in asked and not attempt.challenge_passed:
        wrong = attempt.challenge_passed is False
        sentence = str(challenges.WRONG) if wrong else _("请先回答验证问题")
        raise Refused((CHALLENGE, sentence), asks=asked)
    _charge(door)
    right = passwords.matches(account, attempt.password)
    if account and MOBILE_TAIL in asked and account.mobile:
        right &= packed(attempt.mobile_tail) == account.mobile[-4:]
    if not right:
        _note_failure(account, attempt)
        raise Refused(("", _wrong(attempt.kind, asked)), asks=_asks(door))
    throttle.forgive([door.pair])
    if door.strange:
        throttle.give_back([door.source, door.name])
    if not account.is_active:  # only whoever knows the password is told
        raise Refused(("", _stopped(account)))
    _note_success(account, attempt, strange=door.strange)
    return account


def _find(attempt: Attempt) -> Account | None:
    usable = Q(is_active=True) | ~Q(suspension=Suspension.NONE)
    return Account.objects.filter(usable, username=spelled(attempt.username), kind=attempt.kind).first()


def _door(attempt: Attempt, account: Account | None) -> _Door:
    name = (attempt.kind, spelled(attempt.username))
    mark = devices.mark_of(attempt.device, account)
    if mark:
        return _Door(throttle.key("device", *name, mark))
    near = neighbourhood(attempt.source)
    return _Door(throttle.key("pair", *name, near), throttle.key("source", near), throttle.key("name", *name))


def _asks(door: _Door) -> frozenset[str]:
    asked = set()
    counts = throttle.failures([door.pair], _DAY)
    if door.strange:
        counts |= throttle.failures([door.source], _HOUR) | throttle.failures([door.name], _DAY)
        if counts[door.name] >= _ASK_MOBILE_TAIL:
            asked.add(MOBILE_TAIL)
    for which, limit in _ASK_CHALLENGE.items():
        one = getattr(door, which)
        if one and counts[one] >= limit:
            asked.add(CHALLENGE)
    return frozenset(asked)


def _charge(door: _Door) -> None:
    limits = [(door.pair, _PAIR), (door.source, _SOURCE), (door.name, _NAME)]
    for one, limit in limits:
        if one and (wait := throttle.charge(one, limit)):
            raise Refused(("", _closed(wait)), asks=_asks(door))


def _closed(wait: timedelta) -> str:
    minutes = ceil(wait.total_seconds() / 60)
    return ngettext(
        "密码输错次数较多，请在%(minutes)s分钟后再试，或者换用以前登录过的电脑或手机",
        "密码输错次数较多，请在%(minutes)s分钟后再试，或者换用以前登录过的电脑或手机",
        minutes,
    ) % {"minutes": minutes}


def _stopped(account: Account) -> str:
    if account.suspension == Suspension.EMPLOYER:
        return _("本单位的网上办理已停用，原因：%(reason)s。请带营业执照到辖区社保处办理") % {
            "reason": account.suspended_because
        }
    return _("这个账户已停用，请联系本单位管理员，或到辖区社保处办理")


def _wrong(kind: str, asked: frozenset[str]) -> str:
    if MOBILE_TAIL in asked:
        return _("证件号码（用户名）、密码或手机号码后四位不对，请核对后重新输入")
    if kind == Kind.PERSON:
        return _("身份证号码或密码不对，请核对后重新输入")
    return _("用户名或密码不对，请核对后重新输入")


def _note_failure(account: Account | None, attempt: Attempt) -> None:
    # A line for unknown names too: it must not take longer when somebody has an account.
    audit.record(
        "account.log-in-refused",
        account.ref if account else "account:unknown",
        by="somebody",
        person_id=account.person_id if account else None,
        details={"source": attempt.source},
    )


@transaction.atomic
def _note_success(account: Account, attempt: Attempt, *, strange: bool) -> None:
    first_time = account.last_login is None
    account.last_login = clock.now()
    account.save(update_fields=["last_login"])
    audit.record(
        "account.logged-in",
        account.ref,
        by=acting_as(account),
        person_id=account.person_id,
        details={"source": attempt.source, "new device": strange},
    )
    if strange and not first_time:
        notices.later("new-device", to=account.ref, about=account.ref, day=clock.today())
