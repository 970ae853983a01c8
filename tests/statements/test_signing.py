"""The signature: other people's readers accept it, and the keys are kept as keys should be."""

import shutil
import stat
import subprocess
from datetime import UTC, datetime
from io import BytesIO

import pypdf
import pytest
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from shebao.statements import keys, signing
from tests.statements.examples import snapshot

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_stock_validator_finds_the_signature_whole_and_trusted(signed, key_folder):
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    trust = ValidationContext(trust_roots=[load_cert_from_pemder(key_folder / "authority.pem")], moment=NOW)
    status = validate_pdf_signature(signature, trust)
    assert status.bottom_line and status.trusted
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.modification_level is ModificationLevel.NONE
    assert status.signer_reported_dt == datetime.fromisoformat(snapshot()["issued_at"])


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig of poppler-utils is not installed")
def test_another_reader_agrees(signed, tmp_path):
    file = tmp_path / "signed.pdf"
    file.write_bytes(signed)
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False).stdout
    assert "ETSI.CAdES.detached" in said
    assert "Signature is Valid" in said
    assert "Total document signed" in said


def test_the_signature_forbids_every_later_change(signed):
    root = pypdf.PdfReader(BytesIO(signed)).trailer["/Root"]
    certified = root["/Perms"]["/DocMDP"]["/Reference"][0]
    assert certified["/TransformParams"]["/P"] == 1


def test_what_was_rendered_stays_as_it_was_below_the_signature(signed):
    from shebao.statements import rendering
    from tests.statements.examples import CODE, URL

    assert signed.startswith(rendering.render(snapshot(), code=CODE, url=URL))


def test_keys_are_for_their_owner_alone(tmp_path):
    made = keys.make(tmp_path / "keys", "某市", at=NOW)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in made}
    assert modes["authority.key"] == modes["agency.key"] == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_keys_that_exist_are_never_replaced(tmp_path):
    keys.make(tmp_path, "某市", at=NOW)
    before = (tmp_path / "agency.key").read_bytes()
    assert keys.make(tmp_path, "某市", at=NOW) == []
    assert (tmp_path / "agency.key").read_bytes() == before


def test_a_key_that_does_not_fit_its_certificate_is_refused(tmp_path):
    keys.make(tmp_path / "a", "某市", at=NOW)
    keys.make(tmp_path / "b", "某市", at=NOW)
    shutil.copy(tmp_path / "b" / "agency.key", tmp_path / "a" / "agency.key")
    with pytest.raises(keys.NoKeys, match="do not belong together"):
        keys.held_in(tmp_path / "a")


def test_a_missing_key_says_which_file_and_what_to_run(tmp_path):
    with pytest.raises(keys.NoKeys, match="agency.pem"):
        keys.held_in(tmp_path)
    keys.make(tmp_path, "某市", at=NOW)
    (tmp_path / "agency.key").unlink()
    with pytest.raises(keys.NoKeys, match="bin/shebao keys"):
        keys.held_in(tmp_path)


def test_a_certificate_for_logging_in_is_not_good_for_statements(tmp_path):
    """The same authority may issue both; only document signing counts here."""
    keys.make(tmp_path, "某市", at=NOW)
    authority = keys.read_certificates(tmp_path / "authority.pem")[0]
    agency = keys.held_in(tmp_path)
    assert keys.vouched_for(agency.certificate, authority)
    keys.make(tmp_path / "other", "某市", at=NOW)
    assert not keys.vouched_for(
        agency.certificate, keys.read_certificates(tmp_path / "other" / "authority.pem")[0]
    )


def test_a_certificate_from_elsewhere_can_be_its_own_anchor(tmp_path):
    """As a hall with a licensed authority's certificate does it."""
    keys.make(tmp_path, "某市", at=NOW)
    shutil.copy(tmp_path / "agency.pem", tmp_path / "authority.pem")
    assert keys.held_in(tmp_path).certificate


def test_two_signatures_of_one_document_are_both_good(signed, key_folder):
    pdf = signed[: signed.index(b"%%EOF") + 5]
    once, twice = (signing.sign(pdf, keys.held_in(key_folder), at=NOW) for _ in range(2))
    assert once != twice  # a fresh random number each time
