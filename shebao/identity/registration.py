"""自主注册: an insured person opens his own account.

What the archive knows of him is handed in: this package doesn't know the archive. No refusal says which fact was
wrong, or whether somebody is insured or registered: that would be a way to fish for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shebao import audit, notices
from shebao.foundation import clock
from shebao.foundation.identifiers import IdNumber
from shebao.foundation.values import PersonName, Unreadable
from shebao.foundation.writing import packed
from shebao.identity import passwords, terms, throttle
from shebao.identity.acting import acting_as
from shebao.identity.models import Account, Kind
from shebao.identity.refusals import Refused
from shebao.identity.sources import neighbourhood

MOBILE = "mobile"
BANK_TAIL = "bank_tail"

_PAIR = throttle.Limit(free=5, window=timedelta(days=1), longest_wait=timedelta(hours=1))
_SOURCE = throttle.Limit(free=50, window=timedelta(hours=1))


@dataclass(frozen=True)
class Archived:
    """What the archive knows of a person, as far as registering asks for it; empty where it knows nothing."""

    person_id: int
    name: str
    personal_number: str
    card_number: str = ""
    mobile: str = ""
    mobile_proves: bool = True  # not where somebody else had it put there, e.g. his employer
    bank_tail: str = ""
    email: str = ""
    insured: bool = True


Archive = Callable[[IdNumber], Archived | None]
"""The look-up that a portal hands in."""


@dataclass(frozen=True)
class Application:
    """What the person wrote. `fact` says which further fact he chose: MOBILE or BANK_TAIL (its last six digits)."""

    id_number: str
    personal_number: str
    name: str
    card_number: str
    fact: str
    fact_value: str
    password: str
    again: str
    terms_version: str


def admit(id_number: str, personal_number: str, *, archive: Archive, source: str) -> IdNumber:
    """The first step: whether somebody with these numbers may go on. Raises Refused."""
    number = _number(id_number)
    keys = _charge(number, source)
    _known(number, personal_number, archive)
    throttle.give_back(keys)
    return number


def register(application: Application, *, archive: Archive, source: str) -> Account:
    """Open the account. Raises Refused; of two at once for the same person exactly one succeeds."""
    number = _number(application.id_number)
    if problems := _problems(application, number):
        raise Refused(*problems)
    keys = _charge(number, source)
    known = _known(number, application.personal_number, archive)
    if not _agrees(application, known):
        sentence = _(
            "所填信息与参保档案不一致，请对照社会保障卡和身份证逐项核对；"
            "登记的手机是单位替您填写的，要本人带身份证到社保处窗口核对后才能用来注册"
        )
        raise Refused(("", sentence))
    throttle.give_back(keys)
    try:
        with transaction.atomic():
            account = _open(number, known, passwords.hashed(application.password))
            if not terms.accept(account, application.terms_version, source=source):
                raise Refused(("terms", _("服务条款刚刚更新，请重新阅读后再提交")))
            by = acting_as(account)
            audit.record("account.registered", account.ref, by=by, person_id=account.person_id)
            notices.later("account-registered", to=account.ref, about=account.ref, day=clock.today())
    except IntegrityError as clash:
        raise _not_admitted() from clash
    return account


def _number(written: str) -> IdNumber:
    try:
        return IdNumber.read(written)
    except Unreadable as wrong:
        raise Refused(("id_number", str(wrong))) from wrong


def _charge(number: IdNumber, source: str) -> list[str]:
    near = neighbourhood(source)
    keys = [throttle.key("register", number, near), throttle.key("register from", near)]
    for key, limit in zip(keys, (_PAIR, _SOURCE), strict=True):
        if throttle.charge(key, limit):
            raise Refused(("", _("核对不上的次数较多，请过一会儿再试，或者到窗口办理")))
    return keys


def _known(number: IdNumber, personal_number: str, archive: Archive) -> Archived:
    known = archive(number)
    registered = Account.objects.filter(username=number, is_active=True).exists()
    if known is None or not known.insured or registered or packed(personal_number) != known.personal_number:
        raise _not_admitted()
    return known


def _not_admitted() -> Refused:
    sentence = _(
        "不能用这两个号码注册：可能两者不一致，可能没有参保记录，也可能已经注册。请核对号码，已注册的请直接登录"
    )
    return Refused(("", sentence))


def _agrees(application: Application, known: Archived) -> bool:
    try:
        name = PersonName.read(application.name)
    except Unreadable:
        return False
    chosen = {MOBILE: known.mobile if known.mobile_proves else "", BANK_TAIL: known.bank_tail}.get(
        application.fact, ""
    )
    return (
        name == known.name
        # Where no card was issued yet there is nothing to compare with.
        and (not known.card_number or packed(application.card_number).upper() == known.card_number)
        and bool(chosen)
        and packed(application.fact_value) == chosen
    )


def _problems(application: Application, number: IdNumber) -> list[tuple[str, str]]:
    known = (number, application.personal_number, application.card_number)
    if application.fact == MOBILE:
        known += (packed(application.fact_value),)
    found = [("password", sentence) for sentence in passwords.weaknesses(application.password, known=known)]
    if application.password != application.again:
        found.append(("again", _("两次输入的密码不一样，请重新输入")))
    return found


def _open(number: IdNumber, known: Archived, password: str) -> Account:
    """A new account, or the one he closed earlier, opened again."""
    account = Account.objects.select_for_update().filter(person_id=known.person_id).first()
    if account is None:
        account = Account(kind=Kind.PERSON, person_id=known.person_id)
    elif account.is_active or account.closed_at is None:
        raise _not_admitted()
    now = clock.now()
    account.username = number
    account.display_name = known.name
    account.mobile, account.email = known.mobile, known.email
    account.password, account.password_changed_at, account.must_change_password = password, now, False
    account.is_active, account.opened_at, account.closed_at = True, now, None
    account.save()
    return account
