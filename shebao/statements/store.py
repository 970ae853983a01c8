"""Where finished documents lie: files of Django's default storage, by year and month, written once.

The row in the database names the file and its digest. A file is on the disk before its row can be seen, so a row
never points at nothing; a crash between the two leaves a file that nobody names, which does no harm.
"""

import hashlib
import os

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


class Damaged(Exception):
    """The kept file is missing, or is not what was issued; restore it from the backup."""


def keep(serial: str, pdf: bytes) -> str:
    """Store a document and return its name."""
    day = serial[7:13]
    name = default_storage.save(f"statements/20{day[:2]}/{day[2:4]}/{serial}.pdf", ContentFile(pdf))
    _onto_the_disk(name)
    return name


def discard(name: str) -> None:
    """Remove a document whose row was not written after all."""
    default_storage.delete(name)


def fetch(name: str, sha256: str) -> bytes:
    """The document, exactly as issued. Raises Damaged."""
    try:
        with default_storage.open(name) as file:
            pdf = file.read()
    except OSError as gone:
        raise Damaged(f"{name} can't be read ({gone}); restore it from the backup") from gone
    if hashlib.sha256(pdf).hexdigest() != sha256:
        raise Damaged(f"{name} is not what was issued; restore it from the backup")
    return pdf


def _onto_the_disk(name: str) -> None:
    try:
        path = default_storage.path(name)
    except NotImplementedError:  # an object store, which answers when it has kept the bytes
        return
    for place in (path, os.path.dirname(path)):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
