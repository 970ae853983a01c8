"""The agency's signing key, and the hall's own authority that vouches for it.

They lie in `settings.KEYS` (mode 0600): `authority.key`, `authority.pem`, `agency.key`, `agency.pem`. What strangers
verify with is `authority.pem`; it may hold several certificates, so that old statements stay verifiable after a change.
A hall with a certificate of a licensed authority puts that very certificate into both `agency.pem` and
`authority.pem`: the licensed authority's own would vouch for all its other customers as well.
"""

import fcntl
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from django.conf import settings

from shebao.statements.cms import Form

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
AUTHORITY_YEARS, AGENCY_YEARS = 30, 10


class NoKeys(Exception):
    """The signing key or a certificate is missing or unusable; the message says which file."""


@dataclass(frozen=True)
class Agency:
    """The key held open, its certificate, and the prepared form of its signatures."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    form: Form


def agency() -> Agency:
    """The agency's key, read once per process. Raises NoKeys."""
    return held_in(Path(settings.KEYS))


def anchors() -> tuple[x509.Certificate, ...]:
    """The public certificates that this hall's statements are verified with. Raises NoKeys."""
    return _anchors(Path(settings.KEYS))


def read_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """The certificates in a PEM (one or more) or DER file. Raises NoKeys."""
    try:
        content = path.read_bytes()
        if b"-----BEGIN" in content:
            return tuple(x509.load_pem_x509_certificates(content))
        return (x509.load_der_x509_certificate(content),)
    except (OSError, ValueError) as wrong:
        raise NoKeys(f"{path}: not a readable certificate file ({wrong})") from wrong


def make(folder: Path, organisation: str, *, at: datetime) -> list[Path]:
    """Make the keys and certificates that are not there yet, and return the files made.

    Nothing that exists is replaced: a lost key can't be made again, and a second one would orphan the first's
    statements. Two processes at once make one set.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made: list[Path] = []
    with open(folder / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # A demo's clock may be set back a little; no statement may be older than its certificate.
        begins = at.replace(year=at.year - 1, month=1, day=1)
        if not (folder / "authority.pem").exists():
            key = ec.generate_private_key(ec.SECP256R1())
            certificate = _authority(key, organisation, begins)
            made += [
                _key_file(folder / "authority.key", key),
                _file(folder / "authority.pem", _pem(certificate)),
            ]
        if not (folder / "agency.pem").exists():
            issuer_key = _load_key(folder / "authority.key")
            issuer = read_certificates(folder / "authority.pem")[0]
            key = ec.generate_private_key(ec.SECP256R1())
            certificate = _signing_certificate(key, organisation, issuer, issuer_key, begins)
            made += [_key_file(folder / "agency.key", key), _file(folder / "agency.pem", _pem(certificate))]
    return made


def vouched_for(certificate: x509.Certificate, anchor: x509.Certificate) -> bool:
    """Is it the anchor itself, or a document-signing certificate that the anchor issued?"""
    if certificate == anchor:
        return True
    try:
        certificate.verify_directly_issued_by(anchor)
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        # The same authority may issue log-in certificates: they must not be good for statements.
        return usage.digital_signature and DOCUMENT_SIGNING in purposes and _is_authority(anchor)
    except Exception:  # noqa: BLE001 - a stranger's certificate: whatever is wrong with it, it isn't vouched for
        return False


@cache
def held_in(folder: Path) -> Agency:
    """The key of a folder, read once per process. Raises NoKeys."""
    certificate = read_certificates(folder / "agency.pem")[0]
    key = _load_key(folder / "agency.key")
    if key.public_key() != certificate.public_key():
        raise NoKeys(f"{folder}: agency.key and agency.pem do not belong together")
    if not any(vouched_for(certificate, anchor) for anchor in _anchors(folder)):
        raise NoKeys(f"{folder}: authority.pem does not vouch for agency.pem")
    return Agency(key, certificate, Form(certificate))


@cache
def _anchors(folder: Path) -> tuple[x509.Certificate, ...]:
    return read_certificates(folder / "authority.pem")


def _is_authority(certificate: x509.Certificate) -> bool:
    return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def _load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as wrong:
        raise NoKeys(
            f"{path}: no readable key; `bin/shebao keys` makes a set for a demo ({wrong})"
        ) from wrong
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise NoKeys(f"{path}: statements are signed with a key on the curve P-256")
    return key


def _authority(key, organisation: str, begins: datetime) -> x509.Certificate:
    name = _name(organisation, "社保网上办事大厅根证书")
    return (
        _certificate(name, name, key, begins, AUTHORITY_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _signing_certificate(key, organisation: str, issuer, issuer_key, begins: datetime) -> x509.Certificate:
    name = _name(organisation, "电子对账单专用签名")
    return (
        _certificate(name, issuer.subject, key, begins, AGENCY_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )


def _certificate(subject, issuer, key, begins: datetime, years: int) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=round(365.25 * years)))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(**allowed: bool) -> x509.KeyUsage:
    every = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in every})


def _name(organisation: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_file(path: Path, key: ec.EllipticCurvePrivateKey) -> Path:
    return _file(
        path,
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        mode=0o600,
    )


def _file(path: Path, content: bytes, mode: int = 0o644) -> Path:
    """Written whole or not at all, and never readable by others for even a moment."""
    draft = path.with_suffix(path.suffix + ".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return path
