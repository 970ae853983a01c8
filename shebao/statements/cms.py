"""The signature as PDF readers know it (CMS, PAdES B-B), with an ECDSA key on P-256 and SHA-256.

Everything but the digest and the signature value is the same in every document, so it is built once. There is
exactly one way to write a signature: low s, one certificate, no unsigned attributes. `read` rebuilds what it
was given and compares, so even bytes that cryptography would forgive can't be changed.
"""

import hashlib
from dataclasses import dataclass

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding

# Order of the group of P-256 (FIPS 186-4, D.1.2.3). Of the two signatures (r, s) and (r, n - s) we accept the lower.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_DIGEST_HOLE = bytes(32)
_ECDSA = ec.ECDSA(utils.Prehashed(hashes.SHA256()))


class Unreadable(Exception):
    """These bytes are no signature as this hall writes it."""


@dataclass(frozen=True)
class Signature:
    """A signature taken from a file: what it says, not yet whether it holds."""

    certificate: x509.Certificate
    digest: bytes  # SHA-256 of the signed bytes, as the signature claims
    value: bytes  # DER of (r, s)
    attributes: bytes  # what the value signs

    def holds(self) -> bool:
        """Did the certificate's key sign this digest?"""
        try:
            self.certificate.public_key().verify(self.value, hashlib.sha256(self.attributes).digest(), _ECDSA)
        except InvalidSignature:
            return False
        return True


class Form:
    """The signature of one certificate with two holes: the digest, and the value."""

    def __init__(self, certificate: x509.Certificate):
        parsed = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        attributes = cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
                cms.CMSAttribute({"type": "message_digest", "values": [_DIGEST_HOLE]}),
                cms.CMSAttribute(
                    {
                        "type": "signing_certificate_v2",
                        "values": [
                            tsp.SigningCertificateV2(
                                {"certs": [{"cert_hash": hashlib.sha256(parsed.dump()).digest()}]}
                            )
                        ],
                    }
                ),
            ]
        ).dump()
        self._before, self._after = attributes.split(_DIGEST_HOLE)
        self._version = core.Integer(1).dump()
        self._head = (
            core.ObjectIdentifier("1.2.840.113549.1.7.2").dump(),
            self._version + _tlv(0x31, sha256.dump()) + cms.ContentInfo({"content_type": "data"}).dump(),
            _tlv(0xA0, parsed.dump()),
        )
        self._signer = (
            cms.IssuerAndSerialNumber(
                {"issuer": parsed.issuer, "serial_number": parsed.serial_number}
            ).dump(),
            sha256.dump(),
            algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}).dump(),
        )

    def attributes(self, digest: bytes) -> bytes:
        """What the key signs for a document of this digest."""
        return self._before + digest + self._after

    def fill(self, digest: bytes, value: bytes) -> bytes:
        """The whole signature, DER."""
        signed = self.attributes(digest)
        who, with_hash, with_key = self._signer
        parts = (
            self._version,
            who,
            with_hash,
            b"\xa0" + signed[1:],
            with_key,
            core.OctetString(value).dump(),
        )
        signer = _tlv(0x30, b"".join(parts))
        identifier, content, certificates = self._head
        return _tlv(0x30, identifier + _tlv(0xA0, _tlv(0x30, content + certificates + _tlv(0x31, signer))))


def sign(form: Form, key: ec.EllipticCurvePrivateKey, digest: bytes) -> bytes:
    """The whole signature over a document of this digest."""
    value = key.sign(hashlib.sha256(form.attributes(digest)).digest(), _ECDSA)
    r, s = utils.decode_dss_signature(value)
    return form.fill(digest, utils.encode_dss_signature(r, min(s, _ORDER - s)))


def read(der: bytes) -> Signature:
    """Take a signature apart; the bytes may come from anybody. Raises Unreadable."""
    try:
        signed = cms.ContentInfo.load(der, strict=True)["content"]
        (signer,) = signed["signer_infos"]
        (chosen,) = signed["certificates"]
        certificate = x509.load_der_x509_certificate(chosen.chosen.dump())
        key = certificate.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
            raise Unreadable("the key is not of P-256")
        value = signer["signature"].native
        attributes = {attribute["type"].native: attribute["values"] for attribute in signer["signed_attrs"]}
        digest = attributes["message_digest"][0].native
        _, s = utils.decode_dss_signature(value)
        form = Form(certificate)
        if s > _ORDER // 2 or form.fill(digest, value) != der:
            raise Unreadable("the signature is not written as this hall writes it")
        return Signature(certificate, digest, value, form.attributes(digest))
    except Unreadable:
        raise
    # Three parsers and a stranger's bytes: whatever they stumble over, it isn't ours.
    except Exception as strange:  # noqa: BLE001
        raise Unreadable(str(strange)) from strange


def _tlv(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + content
