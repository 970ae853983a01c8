"""What a stranger learns from a file: only the untouched file is genuine, whatever somebody did to it."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric import utils
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from shebao.statements import cms, keys, rendering, verification
from shebao.statements.verification import Answer
from tests.statements.conftest import sign_with
from tests.statements.examples import CODE, SERIAL, URL, snapshot


@pytest.fixture(scope="session")
def authority(key_folder):
    return keys.read_certificates(key_folder / "authority.pem")


@pytest.fixture(scope="session")
def signature_place(signed) -> range:
    """Where the signature itself stands in the file."""
    start = signed.rindex(b"/Contents <") + len(b"/Contents ")
    return range(start, signed.index(b">", start) + 1)


def test_the_untouched_file_is_genuine_and_says_what_was_certified(signed, authority):
    verdict = verification.offline(signed, authority)
    assert verdict.answer is Answer.GENUINE
    assert verdict.serial == SERIAL
    assert verdict.certified["name"] == "李*明"
    assert verdict.certified["id_number"] == "4201**********003X"
    assert verdict.certified["from"] == "2025-01"
    pension = verdict.certified["schemes"][0]
    assert pension["label"] == "养老保险"
    assert (pension["months"], pension["months_in_arrears"]) == (12, 1)
    assert (pension["employer_paid"], pension["personal_paid"]) == ("10000.00", "5000.00")


def test_the_agency_certificate_itself_serves_as_well(signed, key_folder):
    assert (
        verification.offline(signed, keys.read_certificates(key_folder / "agency.pem")).answer
        is Answer.GENUINE
    )


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_changed_byte_is_caught(signed, authority, signature_place, data):
    place = data.draw(st.integers(0, len(signed) - 1))
    changed = bytearray(signed)
    changed[place] ^= data.draw(st.integers(1, 255))
    verdict = verification.offline(bytes(changed), authority)
    assert verdict.answer is not Answer.GENUINE
    if place not in signature_place:
        assert verdict.answer is Answer.ALTERED


def test_every_byte_of_the_signature_counts(signed, authority, signature_place):
    """Also padding, and the case of a hexadecimal digit, which readers would forgive."""
    for place in signature_place[::11]:
        for wrong in {b"0", b"a", b" ", signed[place : place + 1].swapcase()} - {signed[place : place + 1]}:
            changed = signed[:place] + wrong + signed[place + 1 :]
            assert verification.offline(changed, authority).answer is not Answer.GENUINE


def test_the_mirror_image_of_a_signature_is_not_taken(signed, authority, signature_place):
    """To each ECDSA signature (r, s) belongs an equally valid (r, n - s), which anybody can compute."""
    gap = slice(signature_place.start + 1, signature_place.stop - 1)
    content = bytes.fromhex(signed[gap].decode())
    der = content[: verification._der_length(content)]
    read = cms.read(der)
    r, s = utils.decode_dss_signature(read.value)
    mirrored = cms.Form(read.certificate).fill(read.digest, utils.encode_dss_signature(r, cms._ORDER - s))
    digits = mirrored.hex().upper().encode().ljust(gap.stop - gap.start, b"0")
    forged = signed[: gap.start] + digits + signed[gap.stop :]
    assert verification.offline(forged, authority).answer is Answer.ALTERED


@pytest.mark.parametrize("tail", [b"\n", b" ", b"%%EOF\n", b"\x00" * 100])
def test_bytes_after_the_end_are_caught(signed, authority, tail):
    assert verification.offline(signed + tail, authority).answer is Answer.ALTERED


def test_bytes_before_the_beginning_are_caught(signed, authority):
    assert verification.offline(b"\n" + signed, authority).answer is Answer.ALTERED


def test_a_further_revision_on_top_of_the_signature_is_caught(signed, authority):
    """What an editor of PDF does: it leaves the signed bytes alone and appends its changes."""
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    writer.root["/Changed"] = pdf_string("金额")
    writer.update_root()
    changed = BytesIO()
    writer.write(changed)
    verdict = verification.offline(changed.getvalue(), authority)
    assert verdict.answer is Answer.ALTERED
    assert verdict.serial == SERIAL


def test_a_changed_figure_inside_the_page_is_caught(key_folder, signed, authority):
    """The signature of one statement does not fit another."""
    richer = rendering.render(snapshot(wage="9999.00"), code=CODE, url=URL)
    original = rendering.render(snapshot(), code=CODE, url=URL)
    verdict = verification.offline(richer + signed[len(original) :], authority)
    assert verdict.answer is Answer.ALTERED


@given(length=st.floats(0, 0.999))
@settings(max_examples=60, deadline=None)
def test_a_truncated_file_is_caught(signed, authority, length):
    assert verification.offline(signed[: int(len(signed) * length)], authority).answer is not Answer.GENUINE


def test_an_unsigned_copy_is_not_ours_to_vouch_for(authority):
    pdf = rendering.render(snapshot(), code=CODE, url=URL)
    assert verification.offline(pdf, authority).answer is Answer.ALTERED


def test_somebody_elses_signature_is_somebody_elses(tmp_path, authority):
    """The same page, flawlessly signed by another authority of the same name."""
    keys.make(tmp_path, "江城市社会保险经办机构（测试）", at=datetime(2024, 1, 1, tzinfo=UTC))
    verdict = verification.offline(sign_with(tmp_path, snapshot()), authority)
    assert verdict.answer is Answer.NOT_OURS
    assert "不是由本机构签名" in verdict.sentence


def test_a_statement_older_than_its_certificate_is_refused(key_folder, authority):
    early = snapshot() | {"issued_at": "2019-01-01T10:00:00+08:00"}
    assert verification.offline(sign_with(key_folder, early), authority).answer is Answer.NOT_OURS


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"%PDF-",
        b"%PDF-1.7\n%%EOF",
        b"PK\x03\x04" + b"\x00" * 200,
        b"\x89PNG\r\n" + bytes(range(256)) * 40,
        b"%PDF-1.7\n/ByteRange [0 10 20 5]" + b"<" * 50,
        b"%PDF-1.7\n<</Encrypt 5 0 R/ByteRange [0 4 4 0]>>" * 100,
        b"/ByteRange [0 99999999 99999999 99999999]" * 1000,
        b"%PDF-1.7 " + b"9" * 100_000,
    ],
)
def test_garbage_gets_an_answer_and_no_error(garbage, authority):
    verdict = verification.offline(garbage, authority)
    assert verdict.answer is Answer.NOT_OURS
    assert verdict.sentence


@given(content=st.binary(max_size=3000))
@settings(max_examples=100, deadline=None)
def test_any_bytes_where_a_signature_should_be_get_an_answer(content, authority):
    head = b"%PDF-1.7\n/ByteRange [0 "
    digits = content.hex().upper().encode()
    for start in range(len(head) + 6, len(head) + 16):  # the numbers must tell how long they are themselves
        begin = head + b"%d %d 1]" % (start, start + len(digits) + 2)
        if len(begin) == start:
            break
    file = begin + b"<" + digits + b">" + b"\n"
    assert verification.offline(file, authority).answer is Answer.NOT_OURS


@given(content=st.binary(max_size=2000))
@settings(max_examples=200, deadline=None)
def test_a_strangers_signature_bytes_are_read_or_refused(content):
    with pytest.raises(cms.Unreadable):
        cms.read(content)


def test_a_file_too_large_is_refused_at_once(authority):
    verdict = verification.offline(b"%PDF-1.7" + b"\x00" * verification.LARGEST, authority)
    assert verdict.answer is Answer.NOT_OURS
    assert "20 MB" in verdict.sentence
