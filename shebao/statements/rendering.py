"""Typeset a snapshot: a tagged PDF/A-3a (and PDF/UA-1) with the snapshot attached; equal input, equal bytes."""

import json
from datetime import datetime

from shebao.statements import snapshots, typefaces, typesetting
from shebao.statements.layout import lay_out

STANDARDS = ["a-3a", "ua-1"]
ATTACHMENT = "snapshot.json"


def render(snapshot: dict, *, code: str, url: str) -> bytes:
    """The finished, unsigned PDF. `code` is printed, `url` is what the QR code holds."""
    issued = int(datetime.fromisoformat(snapshot["issued_at"]).timestamp())
    return _compile(snapshot, code, url, format="pdf", pdf_standards=STANDARDS, timestamp=issued)


def draw(snapshot: dict, *, code: str, url: str, ppi: float = 110) -> list[bytes]:
    """The pages as PNG pictures."""
    pages = _compile(snapshot, code, url, format="png", ppi=ppi)
    return pages if isinstance(pages, list) else [pages]


def _compile(snapshot: dict, code: str, url: str, **how):
    sheet = lay_out(snapshot, code=code, verify_at=url.partition("?")[0])
    inputs = {
        "sheet": typefaces.printable(json.dumps(sheet, ensure_ascii=False)),
        "snapshot": snapshots.canonical(snapshot).decode(),
        "qr": typesetting.qr(url),
    }
    return typesetting.typeset("statement.typ", inputs, **how)
