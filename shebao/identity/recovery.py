"""找回密码: a link by e-mail, good for half an hour and for one new password (ACC-3).

Whoever asks is answered the same whether the account exists or has an address: the letter goes out by a job. The link
holds no user name, and its page asks for it: an address that was written down wrong lets no stranger in.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from shebao import audit, notices
from shebao.foundation import clock, languages
from shebao.identity import passwords, throttle
from shebao.identity.accounts import spelled
from shebao.identity.acting import acting_as
from shebao.identity.models import Account, Kind
from shebao.identity.refusals import Refused
from shebao.identity.sources import neighbourhood

KINDS = (Kind.PERSON, Kind.EMPLOYER, Kind.COMMUNITY)
"""Whose passwords may be recovered so; officers ask their administrator."""
_PAIR = throttle.Limit(free=5, window=timedelta(hours=1), longest_wait=timedelta(hours=1))
_SOURCE = throttle.Limit(free=30, window=timedelta(hours=1))
_LETTERS = throttle.Limit(free=5, window=timedelta(hours=1), longest_wait=timedelta(hours=1))
_GUESS = throttle.Limit(free=5, window=timedelta(hours=1), longest_wait=timedelta(hours=1))


class _Links(PasswordResetTokenGenerator):
    """Worth nothing any more once the password, the address or the last sign-in is another."""

    key_salt = "shebao.identity.recovery"

    def _now(self) -> datetime:
        return clock.instant().replace(tzinfo=None)


_links = _Links()


@transaction.atomic
def ask(kind: str, username: str, *, source: str) -> None:
    """Send the owner of this account a link, if there is one and it has an address. Raises Refused only for haste."""
    name, near = (kind, spelled(username)), neighbourhood(source)
    for key, limit in (
        (throttle.key("recover", *name, near), _PAIR),
        (throttle.key("recover from", near), _SOURCE),
    ):
        if throttle.charge(key, limit):
            raise Refused(("", _("申请的次数较多，请过一会儿再试，或者照下面的办法办理")))
    account = _usable().filter(kind=kind, username=spelled(username)).first()
    if throttle.charge(throttle.key("recovery letters", *name), _LETTERS):
        account = None  # nobody fills another's mail box; and nobody learns that this one is full
    if account:
        audit.record(
            "account.recovery-asked", account.ref, by="somebody", person_id=account.person_id,
            details={"source": source},
        )  # fmt: skip
    app.configure_task("shebao.identity.tasks.mail_recovery").defer(account_id=account.pk if account else 0)


def send_link(account_id: int) -> bool:
    """Mail the link; answers whether there was somebody to send it to. A mail server that fails is told of."""
    account = _usable().filter(pk=account_id).first()
    if account is None:
        return False
    path = reverse("recover-password", args=[account.pk, _links.make_token(account)])
    with languages.of_the_hall():
        hall = _("社会保险网上办事大厅")
        text = _(
            "有人为您的%(hall)s账户申请重新设置密码。\n\n"
            "是您本人的，请在 %(minutes)s 分钟内打开下面的链接，链接只能用一次：\n%(link)s\n\n"
            "不是您本人的，不用理会，密码不会改变。请不要把链接转发给别人。本邮件由系统发出，请不要回复。\n"
        )
        minutes = settings.PASSWORD_RESET_TIMEOUT // 60
        body = text % {"hall": hall, "minutes": minutes, "link": settings.URL + path}
        subject = f"【{hall}】" + _("重新设置密码")
    EmailMessage(subject, body, to=[account.email], headers={"Auto-Submitted": "auto-generated"}).send()
    return True


def of_link(account_id: int, token: str) -> Account | None:
    """Whose link this is; None for one that is too old, used, or made up."""
    account = _usable().filter(pk=account_id).first()
    return account if account and _links.check_token(account, token) else None


def recover(
    account_id: int, token: str, *, username: str, new: str, again: str, source: str
) -> Account | None:
    """Set a new password by this link; all sessions and device marks lose their worth. None for a link that is void.

    Raises Refused for another's user name and for a password that isn't good enough.
    """
    account = of_link(account_id, token)
    if account is None:
        return None
    if throttle.charge(throttle.key("recover by link", account_id, neighbourhood(source)), _GUESS):
        raise Refused(("", _("核对不上的次数较多，请过一会儿再试，或者到窗口办理")))
    if spelled(username) != account.username:
        raise Refused(("username", _("和申请找回的账户不一致，请核对后重新输入")))
    if problems := passwords.problems_of(account, new, again):
        raise Refused(*problems)
    hashed = passwords.hashed(new)
    with transaction.atomic():
        account = _usable().select_for_update().get(pk=account_id)
        if not _links.check_token(account, token):
            return None  # used a moment ago
        account.password, account.password_changed_at = hashed, clock.now()
        account.must_change_password = False
        account.save(update_fields=["password", "must_change_password", "password_changed_at"])
        by = acting_as(account)
        audit.record("account.password-recovered", account.ref, by=by, person_id=account.person_id)
        notices.later("password-changed", to=account.ref, about=account.ref, day=clock.today())
    return account


def _usable():
    return Account.objects.filter(is_active=True, kind__in=KINDS).exclude(email="")
