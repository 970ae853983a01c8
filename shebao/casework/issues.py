"""Documents that a case ends in: kept byte for byte as they were issued."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from shebao.casework.models import Case, IssuedDocument
from shebao.casework.service import Document
from shebao.foundation import ids
from shebao.foundation.unsettled import Unsettled


def keep(case: Case, documents: Iterable[Document]) -> None:
    """Keep what was issued with the case, in the transaction that closes it."""
    for document in documents:
        issued = IssuedDocument(
            case=case,
            title=document.title,
            filename=document.filename,
            sha256=hashlib.sha256(document.content).hexdigest(),
            about=document.ref,
        )
        name = f"issued/{case.number}/{ids.uuid7()}"
        issued.file.save(name, ContentFile(document.content), save=False)
        issued.save()


def content(document: IssuedDocument) -> bytes:
    """The document as it was issued. Unsettled when its file is gone or isn't what was issued."""
    try:
        with document.file.open("rb") as file:
            found = file.read()
    except OSError:
        found = b""
    if hashlib.sha256(found).hexdigest() != document.sha256:
        raise Unsettled(_("文件暂时不能下载，请稍后再试，或与经办机构联系"))
    return found
