"""Is this statement genuine? Asked with a file, or with the serial and code printed on it.

A file is judged in an order that keeps strangers' bytes away from clever parsers: first the signature, found by its
place and rebuilt bit by bit; only a document that this hall signed is opened. With the books at hand, a file must
also be, byte for byte, the one that was issued.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from io import BytesIO

from cryptography import x509
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.reader import PdfFileReader

from shebao.foundation import clock, ids, masks
from shebao.identity.acting import ref_of
from shebao.statements import cms, contributions, keys, layout, serials, snapshots
from shebao.statements.models import Asked, EmployerStatement, Issued, Statement, StatementKey
from shebao.statements.rendering import ATTACHMENT

LARGEST = 20 * 2**20  # bytes; a statement of thirty years has two million
MOST_TOLD = 20  # people of an employer's statement who are told one by one
_RANGE = re.compile(rb"/ByteRange\s*\[\s*0 +(\d{1,8}) +(\d{1,8}) +(\d{1,8}) *\]")
_CONTENTS = re.compile(rb"<([0-9A-F]+)>")
_SERIAL = re.compile(serials.WRITTEN.pattern.encode())


class Answer(StrEnum):
    GENUINE = "genuine"
    ALTERED = "altered"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    NOT_OURS = "not-ours"


@dataclass(frozen=True)
class Verdict:
    """The answer, in a word and in a sentence, and what was certified, as far as a stranger may see it."""

    answer: Answer
    sentence: str
    serial: str = ""
    certified: dict | None = None
    details: dict = field(default_factory=dict)

    def as_json(self) -> dict:
        return {
            "verdict": str(self.answer),
            "sentence": self.sentence,
            "serial": self.serial,
            "certified": self.certified,
            **self.details,
        }


def of_file(data: bytes, *, by="stranger", origin: str = "") -> Verdict:
    """What the books and the signature say of a file.

    `by` is an Acting or text; `origin` a coarse place (part of an address). Both go into the log that the owner sees.
    """
    verdict, snapshot = _examine(data, keys.anchors())
    statement = _find(verdict.serial)
    if statement is None:
        if verdict.answer is Answer.GENUINE:
            sentence = _("签名有效，但台账中没有这一编号，不能作为本机构的对账单使用")
            verdict = Verdict(Answer.NOT_OURS, sentence, verdict.serial)
        return verdict
    if hashlib.sha256(data).hexdigest() == statement.pdf_sha256 and verdict.answer is Answer.GENUINE:
        verdict = _by_state(statement)
    elif snapshot is None:
        verdict = _altered(statement.serial)
    else:
        verdict = Verdict(Answer.ALTERED, _("文件与本机构留存的对账单不一致，请不要使用"), statement.serial)
    _log(statement, Asked.How.FILE, verdict, by, origin)
    return verdict


def of_code(serial: str, code: str, *, by="stranger", origin: str = "") -> Verdict:
    """What the books say of a printed statement. An unknown serial and a wrong code get the same answer."""
    written = serials.read_serial(serial)
    if written is None:
        return Verdict(Answer.NOT_OURS, _("编号有误，请对照对账单右上角逐字核对"))
    statement = _find(written)
    matches = serials.code_matches(written, code, statement.code_sha256 if statement else "")
    if statement and matches:
        verdict = _by_state(statement)
    else:
        verdict = Verdict(Answer.NOT_OURS, _("没有与这一编号和验证码相符的对账单，请核对后再试"), written)
    if statement:
        _log(statement, Asked.How.CODE, verdict, by, origin)
    return verdict


def offline(data: bytes, anchors: Sequence[x509.Certificate]) -> Verdict:
    """What the signature alone says, by public certificates. Nothing is asked of the database.

    A statement that was superseded or revoked later still is genuine here; the answer says so.
    """
    verdict, _snapshot = _examine(data, anchors)
    return verdict


def masked(snapshot: dict) -> dict:
    """What was certified, for the eyes of a stranger who holds the document: names and numbers half covered.

    Of an employer's statement of all its people he is told sums, and the lines where they are few.
    """
    told = {
        "kind": snapshot["kind"],
        "title": layout.TITLES[snapshot["kind"]],
        "issuer": snapshot["issuer"]["name"],
        "issued_at": snapshot["issued_at"],
        "from": snapshot["period"]["from"],
        "to": snapshot["period"]["to"],
        "flags": snapshot["flags"],
    }
    if employer := snapshot.get("employer"):
        told["employer"] = employer
    if totals := snapshot.get("totals"):
        return told | {"totals": totals, "schemes": _due_by_scheme(snapshot), "people": _people(snapshot)}
    return told | {
        "name": masks.name(snapshot["person"]["name"]),
        "id_number": masks.id_number(snapshot["person"]["id_number"]),
        "schemes": layout.paid_by_scheme(snapshot),
        "accounts": [{"account": a["account"], "closing": a["closing"]} for a in snapshot["accounts"]],
    }


def _due_by_scheme(snapshot: dict) -> list[dict]:
    return [
        {"scheme": scheme, "label": label, "employer": snapshot["totals"][scheme]}
        for scheme, label in snapshot["schemes"]
    ]


def _people(snapshot: dict) -> list[dict]:
    """Each person's line, names half covered too; none where there are many: their lines are in the file."""
    columns, rows = snapshot["lines"]["columns"], snapshot["lines"]["rows"]
    lines = [dict(zip(columns, row, strict=True)) for row in rows] if len(rows) <= MOST_TOLD else []
    return [line | {"name": masks.name(line["name"])} for line in lines]


def _examine(data: bytes, anchors: Sequence[x509.Certificate]) -> tuple[Verdict, dict | None]:
    """The file by itself: the verdict of its signature, and the snapshot inside if the signature holds."""
    if len(data) > LARGEST:
        return Verdict(Answer.NOT_OURS, _("文件超过 20 MB，不会是本机构的对账单")), None
    signature = _whole_file_signature(data)
    ours = signature and any(keys.vouched_for(signature.certificate, anchor) for anchor in anchors)
    if ours and signature.holds():
        return _read(data, signature)
    if claimed := _claimed_serial(data):
        if signature and not ours and signature.holds():
            return Verdict(Answer.NOT_OURS, _("文件不是由本机构签名的"), claimed), None
        return _altered(claimed), None
    if data.lstrip().startswith(b"%PDF-"):
        sentence = _("文件里没有本机构的签名；请使用下载的原文件，打印或另存会失去签名")
    else:
        sentence = _("这不是 PDF 文件；请使用下载的原文件，拍照或截图不能核验")
    return Verdict(Answer.NOT_OURS, sentence), None


def _whole_file_signature(data: bytes) -> cms.Signature | None:
    """The signature that covers all of the file but itself, if there is one and the file is as it was signed."""
    for found in _RANGE.finditer(data):
        before, after, rest = (int(number) for number in found.groups())
        if after + rest != len(data) or not before < after:
            continue
        place = _CONTENTS.fullmatch(data, before, after)
        if place is None or len(place[1]) % 2:
            continue
        content = bytes.fromhex(place[1].decode())
        der, padding = content[: _der_length(content)], content[_der_length(content) :]
        try:
            signature = cms.read(der)
        except cms.Unreadable:
            continue
        if not any(padding) and signature.digest == hashlib.sha256(data[:before] + data[after:]).digest():
            return signature
    return None


def _der_length(content: bytes) -> int:
    """How many of these bytes the DER value at their beginning takes; the rest is padding."""
    if len(content) < 2 or content[1] < 0x80:
        return 2 + content[1] if len(content) >= 2 else 0
    size = content[1] & 0x7F
    return 2 + size + int.from_bytes(content[2 : 2 + size], "big")


def _claimed_serial(data: bytes) -> str:
    """The serial that a file's readable description names, whoever wrote it; empty when there is none."""
    for found in _SERIAL.finditer(data):
        if serial := serials.read_serial(found[0].decode()):
            return serial
    return ""


def _read(data: bytes, signature: cms.Signature) -> tuple[Verdict, dict | None]:
    """A document with this hall's signature: only now is it opened."""
    try:
        snapshot = json.loads(_attachment(data))
        serial, issued_at = snapshot["serial"], datetime.fromisoformat(snapshot["issued_at"])
        if snapshot["format"] not in (snapshots.FORMAT, contributions.FORMAT):
            raise ValueError(snapshot["format"])
    # Signed by our key, but another kind of document, or of a later version of this program.
    except Exception:  # noqa: BLE001
        return Verdict(Answer.NOT_OURS, _("签名有效，但这不是本程序认识的对账单")), None
    certificate = signature.certificate
    if not certificate.not_valid_before_utc <= issued_at <= certificate.not_valid_after_utc:
        return Verdict(Answer.NOT_OURS, _("签名证书在出单时不在有效期内"), serial), None
    return (
        Verdict(
            Answer.GENUINE,
            _("签名有效，文件自签名以来没有改动。是否已被替代或撤销，须联网核验"),
            serial,
            masked(snapshot),
            {"signer": certificate.subject.rfc4514_string(), "checked": "signature"},
        ),
        snapshot,
    )


def _attachment(data: bytes) -> bytes:
    names = PdfFileReader(BytesIO(data)).root["/Names"]["/EmbeddedFiles"]["/Names"]
    by_name = {str(names[i]): names[i + 1] for i in range(0, len(names), 2)}
    return by_name[ATTACHMENT]["/EF"]["/F"].data


def _find(serial: str) -> Issued | None:
    key = StatementKey.objects.filter(serial=serial).first() if serial else None
    if key is None:
        return None
    if key.employer_id:
        return EmployerStatement.objects.get(serial=serial)
    return Statement.objects.get(person_id=key.person_id, serial=serial)


def _by_state(statement: Issued) -> Verdict:
    """A document that is what was issued: is it still in force?"""
    snapshot = json.loads(bytes(statement.snapshot))
    details = {"checked": "books", "issued_at": snapshot["issued_at"]}
    if statement.state == Issued.State.VALID:
        sentence, answer = _("对账单真实有效，内容与本机构留存的一致"), Answer.GENUINE
    else:
        details["ended_at"] = statement.ended_at.isoformat()
        if statement.state == Issued.State.REVOKED:
            answer, details["reason"] = Answer.REVOKED, statement.reason
            sentence = _("对账单由本机构出具，但已撤销，请不要使用。原因：%(reason)s") % details
        else:
            answer = Answer.SUPERSEDED
            sentence = _("对账单由本机构出具，但数据有更新，已被新的对账单替代，请向出示人索取新单")
    return Verdict(answer, sentence, statement.serial, masked(snapshot), details)


def _altered(serial: str) -> Verdict:
    return Verdict(Answer.ALTERED, _("文件在签名之后被改动过，或者签名不是本机构的，请不要使用"), serial)


def _log(statement: Issued, how: str, verdict: Verdict, by, origin: str) -> None:
    statement.lookups.objects.create(
        **{statement.OWNER: statement.owner_id},
        id=ids.uuid7(),
        serial=statement.serial,
        at=clock.now(),
        how=how,
        answer=str(verdict.answer),
        by=ref_of(by),
        origin=origin[:60],
    )
