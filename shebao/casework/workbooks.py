"""Opening workbooks that strangers send: .xlsx and .xls, never trusting what a file says of itself."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from shebao.casework import cells
from shebao.foundation import filetypes
from shebao.foundation.unsettled import Unsettled

MOST_BYTES = 20_000_000  # 50,000 rows × 10 columns are 3.3 MB
_MOST_UNPACKED = 300_000_000  # the same rows are 40 MB of XML
_MOST_PARTS = 1_000
_STEP = 1 << 20
_LOOKED_AT = 4_000  # bytes, to say what a file is

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass
class Book:
    """An opened workbook: how many lines aren't blank, the template's mark, and the lines, to be read once."""

    lines: int
    first_column: int
    mark: str
    held: str  # of a list of failures: which rows are on it
    sheet: str  # its name
    sheets: int  # how many there are beside it, and it
    formulas: list[str]  # cells whose formula has no value
    errors: list[str]  # cells that show an error, #N/A
    joined: list[str]  # joined cells, A2:A3
    hidden: int  # lines
    _rows: Iterator[str]

    def __iter__(self) -> Iterator[tuple[int, list]]:
        """(number of the line in the sheet, its cells), blank lines left out."""
        for row in self._rows:
            number, cells = json.loads(row)
            yield number, cells


def inspect(file: BinaryIO, name: str = "") -> str:
    """What the file is, xlsx or xls, found quickly and without opening it. Unsettled says why it isn't taken.

    Its `name` only serves to say that it is no proof.
    """
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise Unsettled(_("文件是空的（0 字节），里面没有名单；请重新选择填好的文件，或在表格软件里重新保存"))
    if size > MOST_BYTES:
        raise Unsettled(
            _("文件超过 %(most)s MB，请删去多余的工作表和格式，或分成几个文件上传")
            % {"most": MOST_BYTES // 10**6}
        )
    beginning = file.read(8)
    file.seek(0)
    try:
        if beginning.startswith(_ZIP):
            _inspect_zip(file, name)
            return "xlsx"
        if beginning == _OLE:
            _inspect_ole(file, name)
            return "xls"
        what = filetypes.told(beginning + file.read(_LOOKED_AT))
    finally:
        file.seek(0)
    raise Unsettled(_not_a_workbook(name, what))


@contextmanager
def opened(file: BinaryIO) -> Iterator[Book]:
    """Read a workbook in a process of its own, with bounds on its memory and time. Unsettled when it can't be."""
    kind = inspect(file)
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as copy:
        while part := file.read(_STEP):
            copy.write(part)
        copy.flush()
        command = [sys.executable, "-I", cells.__file__, copy.name]
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as reader:
            try:
                head = _head(reader.stdout.readline())
                yield Book(
                    head["lines"],
                    head["first_column"],
                    head["mark"][0] if head["mark"] else "",
                    "".join(head["mark"][1:]),
                    head["sheet"],
                    head["sheets"],
                    head["formulas"],
                    head["errors"],
                    head["joined"],
                    head["hidden"],
                    iter(reader.stdout),
                )
            finally:
                reader.kill()


def _head(line: str) -> dict:
    if not line:
        # Killed by its bounds: in effect always a stray cell far from the others.
        raise Unsettled(_("表格太大或已损坏，请把名单复制到新下载的模板里再上传"))
    head = json.loads(line)
    if head.get("fault") == "password":
        raise Unsettled(_("文件设有密码，请在表格软件里取消密码后再上传"))
    if "fault" in head:
        raise Unsettled(_("文件已损坏，打不开；请在表格软件里重新保存为 .xlsx 后再上传"))
    return head


def _inspect_zip(file: BinaryIO, name: str) -> None:
    broken = Unsettled(_("文件已损坏，打不开；请在表格软件里重新保存为 .xlsx 后再上传"))
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            names = {part.filename.lower() for part in parts}
            if any("vbaproject" in part or "macrosheets" in part for part in names):
                raise Unsettled(_macros())
            if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
                raise Unsettled(_not_a_workbook(name, _archive(names)))
            declared = sum(part.file_size for part in parts)
            if len(parts) > _MOST_PARTS or declared > _MOST_UNPACKED:
                raise Unsettled(_unpacked())
            for part in parts:
                if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise broken
            if _unpacked_size(file, parts) > declared:
                raise broken
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as wrong:
        raise broken from wrong


def _unpacked_size(file: BinaryIO, parts: list[zipfile.ZipInfo]) -> int:
    """How large the parts really are: a file's own word for it may be a lie. Stops at the bound."""
    total = 0
    for part in parts:
        if part.compress_type == zipfile.ZIP_STORED:
            total += part.compress_size
            continue
        file.seek(part.header_offset)
        head = file.read(30)
        if len(head) < 30 or not head.startswith(_ZIP):
            raise zipfile.BadZipFile
        file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
        left, unpack = part.compress_size, zlib.decompressobj(-15)
        while left > 0 and not unpack.eof:
            piece = file.read(min(_STEP, left))
            if not piece:
                raise EOFError
            left -= len(piece)
            while piece:
                total += len(unpack.decompress(piece, _STEP))
                piece = unpack.unconsumed_tail
                if total > _MOST_UNPACKED:
                    raise Unsettled(_unpacked())
    return total


def _inspect_ole(file: BinaryIO, name: str) -> None:
    content = file.read()
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Unsettled(_macros())
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unsettled(_("文件设有密码，请在表格软件里取消密码后再上传"))
    if not any(stream.encode("utf-16-le") in content for stream in ("Workbook", "Book")):
        raise Unsettled(_not_a_workbook(name, _("别的 Office 文件")))


def _archive(names: Collection[str]) -> str:
    """What a packed file is that is no .xlsx."""
    if "xl/workbook.bin" in names:
        return _("Excel 的 .xlsb 文件")
    if "content.xml" in names and "mimetype" in names:
        return _("OpenDocument 文件（.ods）")
    if "word/document.xml" in names:
        return _("Word 文档")
    return _("压缩包")


def _not_a_workbook(name: str, what: str) -> str:
    words = {"what": what, "file": name[-60:]}
    if name.lower().endswith((".xlsx", ".xls")):
        return (
            _(
                "“%(file)s”的内容是%(what)s，不是 Excel 工作簿，只改名字不行；请用表格软件打开它，另存为 .xlsx 后再上传"
            )
            % words
        )
    return (
        _(
            "请上传 .xlsx 或 .xls 文件：这个文件是%(what)s，不是 Excel 工作簿；"
            "请把名单填进模板，或用原来的软件打开它，另存为 .xlsx（类型选“Excel 工作簿”）再上传"
        )
        % words
    )


def _macros() -> str:
    return _("文件里有宏，为了安全不能接收；请在表格软件里另存为 .xlsx 后再上传")


def _unpacked() -> str:
    return _("文件展开后超过 %(most)s MB，请把名单复制到新下载的模板里再上传") % {
        "most": _MOST_UNPACKED // 10**6
    }
