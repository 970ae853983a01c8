"""Sending messages by e-mail. The addresses are handed in: this package doesn't know who has which.

A message is marked in the same transaction in which it is handed to the mail server. A crash in between sends it
again, with the same Message-ID, so that the reader's mail program shows it once.
"""

import logging
import smtplib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shebao.foundation import clock, languages
from shebao.notices.models import MailState, Notice
from shebao.notices.wording import wording

_BATCH = 100
_TRIES = 8

log = logging.getLogger(__name__)


def send_waiting(addresses: Callable[[Collection[str]], Mapping[str, Sequence[str]]]) -> int:
    """Send what waits; answers how many messages were handed over.

    `addresses` answers for many recipients at once with their e-mail addresses, none for those without. A mail
    server that can't be reached costs nothing but time: each message is tried again after 1, 2, 4 … minutes.
    """
    sent = 0
    while batch := _send_batch(addresses):
        sent += batch.count(MailState.SENT)
    return sent


def _send_batch(addresses: Callable[[Collection[str]], Mapping[str, Sequence[str]]]) -> list[str]:
    now = clock.instant()
    with transaction.atomic():
        due = list(
            Notice.objects.select_for_update(skip_locked=True)
            .filter(Q(mail_next_at=None) | Q(mail_next_at__lte=now), mail=MailState.WAITING)
            .order_by("id")[:_BATCH]
        )
        if not due:
            return []
        known = addresses({notice.recipient for notice in due})
        with _mail_server() as server:
            for notice in due:
                _deliver(notice, known.get(notice.recipient, ()), server, now)
        Notice.objects.bulk_update(due, ["mail", "mail_tries", "mail_next_at"])
    return [notice.mail for notice in due]


@contextmanager
def _mail_server() -> Iterator[BaseEmailBackend | None]:
    """The mail server, or None if it can't be reached."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as failure:
        log.warning("the mail server can't be reached: %s", type(failure).__name__)
        yield None
        return
    try:
        yield connection
    finally:
        connection.close()


def _deliver(notice: Notice, to: Sequence[str], server: BaseEmailBackend | None, now: datetime) -> None:
    if not to:
        notice.mail = MailState.NO_ADDRESS
    elif server is None:  # its fault, not the letter's: an outage of a day loses nothing
        notice.mail_next_at = now + timedelta(minutes=1)
    elif _sent_to_all(notice, to, server):
        notice.mail = MailState.SENT
    else:
        notice.mail_tries += 1
        notice.mail_next_at = now + timedelta(minutes=2 ** (notice.mail_tries - 1))
        if notice.mail_tries >= _TRIES:
            notice.mail = MailState.FAILED


def _sent_to_all(notice: Notice, to: Sequence[str], server: BaseEmailBackend) -> bool:
    outcomes = [
        _sent(notice, address, server) for address in to
    ]  # one refused address doesn't hold up the others
    return all(outcomes)


def _sent(notice: Notice, address: str, server: BaseEmailBackend) -> bool:
    try:
        _letter(notice, address, server).send()
    except (OSError, smtplib.SMTPException) as failure:
        log.warning("notice %s could not be mailed: %s", notice.id, type(failure).__name__)
        return False
    return True


def _letter(notice: Notice, address: str, connection) -> EmailMessage:
    # A mail box may be read by others, and is kept abroad: the letter says that there is news, not what it is.
    with languages.of_the_hall():
        hall = _("社会保险网上办事大厅")
        text = _("%(title)s。\n\n%(where)s。本邮件由系统发出，请不要回复。\n")
        body = text % {"title": notice.title, "where": str(wording(notice.code).where) % {"hall": hall}}
        subject = f"【{hall}】{notice.title}"
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    headers = {"Message-ID": f"<notice-{notice.id}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, to=[address], headers=headers, connection=connection)
