"""The one compiler of this process, kept with its typefaces: pages as PDF or as pictures.

It is used by one thread at a time: it can't be shared, and a second one would cost its memory again. Processes are
started, not forked, once it was used: a fork would inherit its locks.
"""

import threading
from functools import cache
from pathlib import Path

import typst
import zxingcpp

from shebao.statements import typefaces

_TEMPLATES = Path(__file__).with_name("typst")
_one_at_a_time = threading.Lock()


def typeset(template: str, inputs: dict[str, str], **how):
    """What `template` draws from its inputs. `how` is what typst.Compiler.compile takes, e.g. format="pdf"."""
    with _one_at_a_time:
        return _compiler().compile(str(_TEMPLATES / template), sys_inputs=inputs, **how)


def qr(text: str) -> str:
    """A QR code of it, in SVG, for a template to draw."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return code.to_svg(add_quiet_zones=False)


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=typefaces.folders()
    )
    return typst.Compiler(root=_TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
