"""The table of messages: each stands in the inbox of one party, and may go out by e-mail."""

from django.db import models
from django.utils.translation import gettext

from shebao.foundation import ownership
from shebao.notices.wording import wording


class MailState(models.TextChoices):
    """How far the e-mail of a message has come."""

    NONE = "none", "不发邮件"
    WAITING = "waiting", "待发"
    SENT = "sent", "已发"
    NO_ADDRESS = "no-address", "没有邮箱"
    FAILED = "failed", "发送失败"


class Notice(models.Model):
    """One message to one party. Its words are made when it is read, in the reader's language."""

    ownership = ownership.LOCAL

    code = models.TextField()
    recipient = models.TextField()
    about = models.TextField()
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail = models.TextField(choices=MailState.choices, default=MailState.NONE)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_next_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notices_inbox"),
            models.Index(fields=["id"], name="notices_unmailed", condition=models.Q(mail="waiting")),
        ]

    def __str__(self):
        return f"{self.code} to {self.recipient}"

    @property
    def title(self) -> str:
        return wording(self.code).fill(_Told(self.facts))[0]

    @property
    def body(self) -> str:
        return wording(self.code).fill(_Told(self.facts))[1]


_TEXTS_OF_OURS = ("service", "business", "category")  # facts that are messages of gettext, kept in Chinese


class _Told(dict):
    """What a message was written with. Its wording may have come to say more since: that stays open."""

    def __getitem__(self, fact: str) -> str:
        told = super().__getitem__(fact)
        return gettext(told) if told and fact in _TEXTS_OF_OURS else told

    def __missing__(self, fact: str) -> str:
        return "……"


class Declined(models.Model):
    """A party that wants no reminders of this kind. News about its own cases and money can't be declined."""

    ownership = ownership.LOCAL

    recipient = models.TextField()
    code = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "code"], name="a_reminder_is_declined_once")
        ]

    def __str__(self):
        return f"{self.recipient} without {self.code}"
