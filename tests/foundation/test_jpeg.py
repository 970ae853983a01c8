"""A JPEG file is known by what stands in it."""

from io import BytesIO

import pytest
from PIL import Image

from shebao.foundation import jpeg


def drawn(size=(358, 441), mode="RGB", **how) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "white").save(out, "JPEG", **how)
    return out.getvalue()


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"exif": b"Exif\0\0" + b"\xff\xc0" * 40}])
def test_it_says_how_large_it_is(how):
    assert jpeg.look(drawn(**how)) == jpeg.Picture(358, 441, 3)


def test_it_says_whether_it_is_in_colour():
    assert jpeg.look(drawn(mode="L")).colours == 1


@pytest.mark.parametrize("cut", [0, 2, 20, 200, -2])
def test_half_a_file_is_none(cut):
    whole = drawn()
    assert jpeg.look(whole[:cut]) is None


def test_other_files_are_none():
    assert jpeg.look(b"\xff\xd8\xff not a picture \xff\xd9") is None
    assert jpeg.look(b"%PDF-1.7 \xff\xd9") is None
