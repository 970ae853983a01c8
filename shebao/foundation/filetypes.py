"""Files that people hand in: what they are by their content, for a name is no proof, and whether they are clean."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.foundation.unsettled import Unsettled

_BEGINNINGS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}


def _zipped(part: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(b"PK\x03\x04") and part in content


_OTHERS: tuple[tuple[object, Callable[[bytes], bool]], ...] = (
    ("PDF", lambda content: content.startswith(_BEGINNINGS["pdf"])),
    (lazy("JPG 图片"), lambda content: content.startswith(_BEGINNINGS["jpg"])),
    (lazy("PNG 图片"), lambda content: content.startswith(_BEGINNINGS["png"])),
    (lazy("苹果手机的 HEIC 照片"), lambda content: content[4:8] == b"ftyp" and content[8:12] in _HEIC),
    (lazy("Word 文档"), _zipped(b"word/document.xml")),
    (lazy("Excel 表格"), _zipped(b"xl/workbook")),
    (lazy("OFD 文件"), _zipped(b"OFD.xml")),
    (lazy("压缩包"), lambda content: content.startswith((b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf"))),
    (lazy("Word 或 Excel 文件"), lambda content: content.startswith(b"\xd0\xcf\x11\xe0")),
    (lazy("GIF、BMP 或 TIFF 图片"), lambda content: content.startswith((b"GIF8", b"BM", b"II*\0", b"MM\0*"))),
    (lazy("WEBP 图片"), lambda content: content.startswith(b"RIFF") and content[8:12] == b"WEBP"),
    (lazy("程序"), lambda content: content.startswith((b"MZ", b"\x7fELF"))),
    (lazy("网页"), lambda content: content[:200].lstrip().lower().startswith((b"<!doctype", b"<html"))),
    (lazy("纯文字"), lambda content: b"\0" not in content[:2_000]),
)
_HEIC = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")


def kind_of(content: bytes, allowed: Iterable[str] = tuple(_BEGINNINGS)) -> str:
    """pdf, jpg or png; empty when it is none of those allowed."""
    return next((kind for kind in allowed if content.startswith(_BEGINNINGS[kind])), "")


def told(content: bytes) -> str:
    """What a file is that isn't taken, in words its sender knows."""
    for words, found in _OTHERS:
        if found(content):
            return str(words)
    return _("别的格式的文件")


def only(label: str, kinds: Iterable[str], name: str, content: bytes) -> str:
    """The sentence for a file that is none of these kinds, whatever its name says."""
    kinds = [kind.upper() for kind in kinds]
    renamed = name.rpartition(".")[2].upper().replace("JPEG", "JPG") in kinds
    return _("%(label)s只能是 %(kinds)s 文件：“%(file)s”的内容是%(what)s%(renamed)s；%(how)s") % {
        "label": label,
        "kinds": "、".join(kinds),
        "file": name[-60:],
        "what": told(content),
        "renamed": _("，只改名字不行") if renamed else "",
        "how": _("请另存为 PDF，或拍成照片再上传") if "PDF" in kinds else _("请转换后再上传"),
    }


def scan(content: bytes) -> bool:
    """Ask the virus scanner that the setting MATERIAL_SCANNER names: a function (bytes) → whether it is clean.

    Answers whether there is a scanner; Unsettled when it finds something.
    """
    named = getattr(settings, "MATERIAL_SCANNER", "")
    if not named:
        return False
    clean: Callable[[bytes], bool] = import_string(named)
    if not clean(content):
        raise Unsettled(_("文件未通过安全检查，不能上传；请换一台电脑查毒后再试"))
    return True
