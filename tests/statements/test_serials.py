"""The serial and the code that people read off a page and type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shebao.statements import serials

A_SERIAL = "420100-261122-K7QM-4XZ2-M"


def test_a_serial_tells_city_and_day():
    assert A_SERIAL.startswith("420100-261122-")


@pytest.mark.parametrize(
    "typed", [str.lower, lambda s: s.replace("-", " "), lambda s: s.replace("0", "o", 2)]
)
def test_a_serial_is_read_however_it_is_typed(typed):
    assert serials.read_serial(typed(A_SERIAL)) == A_SERIAL


@given(place=st.integers(0, len(A_SERIAL) - 1), wrong=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTUVWXYZ"))
def test_one_wrong_character_is_noticed(place, wrong):
    typed = A_SERIAL[:place] + wrong + A_SERIAL[place + 1 :]
    if A_SERIAL[place] not in ("-", wrong):
        assert serials.read_serial(typed) is None


@pytest.mark.parametrize("typed", ["", "420100", A_SERIAL[:-1], A_SERIAL + "2", "对账单", "-" * 40])
def test_what_is_no_serial_is_not_taken_for_one(typed):
    assert serials.read_serial(typed) is None


def test_the_check_character_is_that_of_the_standard():
    """ISO/IEC 7064 gives this example for MOD 37,36: A12425GABC1234002 has the check character M."""
    assert serials.check_character("A12425GABC1234002") == "M"


def test_a_code_has_eighty_bits_in_groups_and_belongs_to_one_serial():
    code = serials.new_code()
    digest = serials.code_digest(A_SERIAL, code)
    assert len(code.replace("-", "")) == 16
    assert serials.code_matches(A_SERIAL, code.lower().replace("-", " "), digest)
    assert not serials.code_matches("420100-261122-AAAA-AAAA-A", code, digest)
    assert not serials.code_matches(A_SERIAL, serials.new_code(), digest)
    assert not serials.code_matches(A_SERIAL, "", "")
