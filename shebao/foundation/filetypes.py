"""Files that people hand in: what they are by their content, for a name is no proof, and whether they are clean."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from shebao.foundation.unsettled import Unsettled

_BEGINNINGS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}


def kind_of(content: bytes, allowed: Iterable[str] = tuple(_BEGINNINGS)) -> str:
    """pdf, jpg or png; empty when it is none of those allowed."""
    return next((kind for kind in allowed if content.startswith(_BEGINNINGS[kind])), "")


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
