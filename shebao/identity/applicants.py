"""Applicants: people without an account who apply for one employer. Browser session, or number and 查询码, let them in.

A code has 80 bits and is shown once; of it a hash is kept. Guesses at it are slowed and counted, and an unknown number
sounds and takes as long as a wrong code.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from shebao import audit
from shebao.foundation import clock
from shebao.foundation.writing import packed
from shebao.identity import terms, throttle
from shebao.identity.acting import Acting
from shebao.identity.models import Applicant, Kind
from shebao.identity.refusals import Refused
from shebao.identity.sources import neighbourhood

KIND = "applicant"
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 characters, none that looks like another
_LENGTH = 16
_SESSION, _SEEN = "applicant", "applicant_seen"

_BEGIN = throttle.Limit(free=10, window=timedelta(days=1), longest_wait=timedelta(hours=2))
_DEEDS = throttle.Limit(free=80, window=timedelta(hours=1))
_DEEDS_NEAR = throttle.Limit(free=300, window=timedelta(hours=1))
_GUESS = throttle.Limit(free=5, window=timedelta(days=1), longest_wait=timedelta(hours=1))
_GUESS_NEAR = throttle.Limit(free=30, window=timedelta(hours=1))


@transaction.atomic
def begin(session: SessionBase, party_id: int, *, terms_version: str, source: str) -> Applicant:
    """Let somebody apply, who accepted the undertaking. Raises Refused when too many begin from one place."""
    text = terms.current(Kind.EMPLOYER)
    if text.version != terms_version:
        raise Refused(("terms", _("承诺书刚刚更新，请重新阅读后再提交")))
    if throttle.charge(throttle.key("applicant begins", neighbourhood(source)), _BEGIN):
        raise Refused(("", _("从您的网络发起的申请较多，请过一会儿再试，或者到窗口办理")))
    applicant = Applicant.objects.create(
        party_id=party_id, terms_version=text.version, accepted_at=clock.now(), source=source or None
    )
    details = {"terms": text.kind, "version": text.version}
    audit.record("terms.accepted", applicant.ref, by=acting_as(applicant), details=details)
    _let_in(session, applicant)
    return applicant


def of(session: SessionBase) -> Applicant | None:
    """Whom this browser applies for; after some minutes without a click, for nobody any more."""
    party_id = session.get(_SESSION)
    if party_id is None:
        return None
    now = clock.instant().timestamp()
    if now - session.get(_SEEN, 0) > settings.IDLE_SECONDS:
        leave(session)
        return None
    session[_SEEN] = now
    return Applicant.objects.filter(pk=party_id).first()


def leave(session: SessionBase) -> None:
    for key in (_SESSION, _SEEN):
        session.pop(key, None)


def acting_as(applicant: Applicant) -> Acting:
    """He acts for an employer that there isn't yet."""
    return Acting(None, _("登记申请人"), KIND, applicant.party_id, "")


def slow_down(applicant: Applicant, source: str) -> None:
    """Count a deed. Raises Refused when there are too many: nobody fills a form that often."""
    keys = (
        (throttle.key("applicant deeds", applicant.pk), _DEEDS),
        (throttle.key("applicant deeds near", neighbourhood(source)), _DEEDS_NEAR),
    )
    for key, limit in keys:
        if throttle.charge(key, limit):
            raise Refused(("", _("操作太频繁，请过一会儿再试；已保存的内容会保留")))


@transaction.atomic
def issue_code(applicant: Applicant, case_number: str, *, email: str = "") -> str:
    """A new 查询码 for the case, in groups of four; the one before is worth nothing. News goes to `email`."""
    code = "".join(secrets.choice(_ALPHABET) for _one in range(_LENGTH))
    applicant.case_number, applicant.code, applicant.code_issued_at = case_number, _hash(code), clock.now()
    applicant.email = email
    applicant.save(update_fields=["case_number", "code", "code_issued_at", "email"])
    audit.record("applicant.code-issued", applicant.ref, by=acting_as(applicant))
    return "-".join(code[at : at + 4] for at in range(0, _LENGTH, 4))


def come_back(session: SessionBase, case_number: str, code: str, *, source: str) -> Applicant:
    """Let in who has number and code. Raises Refused, with one sentence whatever was wrong."""
    number = packed(case_number)
    near = neighbourhood(source)
    # Number and source together: a stranger who guesses doesn't keep the applicant out.
    keys = [throttle.key("applicant code", number, near), throttle.key("applicant code near", near)]
    for key, limit in zip(keys, (_GUESS, _GUESS_NEAR), strict=True):
        if throttle.charge(key, limit):
            raise Refused(("", _("核对不上的次数较多，请过一会儿再试；忘记查询码的，请带营业执照到窗口查询")))
    applicant = Applicant.objects.filter(case_number=number).exclude(code="").first() if number else None
    written = packed(code).upper().replace("-", "")
    kept = applicant.code if applicant else _hash("nobody's")
    if not constant_time_compare(kept, _hash(written)) or applicant is None:
        audit.record("applicant.code-refused", "applicant:unknown", by="somebody", details={"source": source})
        raise Refused(("", _("业务顺序号或查询码不对，请核对后重新输入")))
    throttle.give_back(keys)
    session.cycle_key()
    _let_in(session, applicant)
    audit.record("applicant.came-back", applicant.ref, by=acting_as(applicant), details={"source": source})
    return applicant


def _let_in(session: SessionBase, applicant: Applicant) -> None:
    session[_SESSION] = applicant.pk
    session[_SEEN] = clock.instant().timestamp()


def _hash(code: str) -> str:
    return salted_hmac("shebao.identity.applicants", code, algorithm="sha256").hexdigest()
