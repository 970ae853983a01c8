"""Photos for tests: drawn in the size that the demo city asks for."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photo(
    size=(358, 441), kilobytes: int = 20, name: str = "相片.jpg", mode: str = "RGB"
) -> SimpleUploadedFile:
    out = BytesIO()
    # A comment fills it up to a size as cameras make.
    Image.new(mode, size, "white").save(out, "JPEG", comment=b"x" * (kilobytes * 1024 - 3500))
    return SimpleUploadedFile(name, out.getvalue())
