"""Typeset a snapshot: a tagged PDF/A-3a (and PDF/UA-1) with the snapshot attached; equal input, equal bytes.

One compiler per process, kept with its typeface, used by one thread at a time: it can't be shared, and a second one
would cost its memory again. Processes are started, not forked, once it was used: a fork would inherit its locks.
"""

import json
import threading
from datetime import datetime
from functools import cache
from pathlib import Path

import typst
import zxingcpp

from shebao.statements import snapshots, typefaces
from shebao.statements.layout import lay_out

STANDARDS = ["a-3a", "ua-1"]
ATTACHMENT = "snapshot.json"
_TEMPLATE = Path(__file__).with_name("typst") / "statement.typ"
_one_at_a_time = threading.Lock()


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
        "qr": _qr(url),
    }
    with _one_at_a_time:
        return _compiler().compile(sys_inputs=inputs, **how)


def _qr(url: str) -> str:
    code = zxingcpp.create_barcode(url, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return code.to_svg(add_quiet_zones=False)


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[typefaces.folder()]
    )
    return typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=fonts, ignore_system_fonts=True)
