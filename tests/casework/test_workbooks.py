"""Workbooks from strangers: what is taken, what is refused and in which words, and that nothing in them does harm."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
import xlwt
from openpyxl import Workbook

from shebao.casework import workbooks
from shebao.foundation.unsettled import Unsettled


def xlsx(*rows, **cells):
    book = Workbook()
    page = book.active
    for row in rows:
        page.append(list(row))
    for name, value in cells.items():
        page[name] = value
    out = BytesIO()
    book.save(out)
    out.seek(0)
    return out


def repacked(workbook, **changed):
    """The same archive with parts added or replaced; `/` and `.` of a part's name are written `__` and `_dot_`."""
    out = BytesIO()
    with zipfile.ZipFile(workbook) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        names = {name.replace("__", "/").replace("_dot_", "."): content for name, content in changed.items()}
        for part in before.namelist():
            after.writestr(part, names.pop(part, None) or before.read(part))
        for part, content in names.items():
            after.writestr(part, content)
    out.seek(0)
    return out


def read(file):
    with workbooks.opened(file) as book:
        return list(book)


def test_both_kinds_of_workbook_are_read_with_the_numbers_of_their_lines():
    assert read(xlsx(["姓名", "押金"], [], ["李小明", "100"])) == [
        (1, ["姓名", "押金"]),
        (3, ["李小明", "100"]),
    ]
    book = xlwt.Workbook()
    page = book.add_sheet("名单")
    page.write(0, 0, "姓名")
    page.write(1, 0, "李小明")
    out = BytesIO()
    book.save(out)
    assert read(out) == [(1, ["姓名"]), (2, ["李小明"])]


def test_an_empty_file_is_called_empty():
    with pytest.raises(Unsettled, match="文件是空的（0 字节）"):
        workbooks.inspect(BytesIO(b""))


def test_what_is_no_workbook_is_refused_whatever_its_name():
    for content in (b"name,deposit\n", b"%PDF-1.7", b"PK\x03\x04" + b"0" * 40):
        with pytest.raises(Unsettled, match="xlsx"):
            workbooks.inspect(BytesIO(content))
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(Unsettled, match="不是 Excel 工作簿"):
        workbooks.inspect(out)


def test_a_file_over_the_limit_is_refused_with_the_limit():
    with pytest.raises(Unsettled, match="超过 20 MB"):
        workbooks.inspect(BytesIO(b"PK\x03\x04" + b"0" * workbooks.MOST_BYTES))


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        (("[Content_Types].xml", "xl/workbook.bin"), "Excel 的 .xlsb 文件"),
        (("mimetype", "content.xml"), "OpenDocument 文件（.ods）"),
        (("[Content_Types].xml", "word/document.xml"), "Word 文档"),
    ],
)
def test_what_is_no_workbook_is_called_what_it_is(parts, what):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in parts:
            archive.writestr(part, "x")
    with pytest.raises(
        Unsettled,
        match=f"这个文件是{what}，不是 Excel 工作簿；请把名单填进模板，或用原来的软件打开它，另存为",
    ):
        workbooks.inspect(out, "名单")


def test_macros_are_refused():
    with pytest.raises(Unsettled, match="宏"):
        workbooks.inspect(repacked(xlsx(["姓名"]), xl__vbaProject_dot_bin=b"Sub AutoOpen()"))
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "_VBA_PROJECT_CUR".encode("utf-16-le")
    with pytest.raises(Unsettled, match="宏"):
        workbooks.inspect(BytesIO(old))


def test_a_password_is_named_as_the_reason():
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(Unsettled, match="密码"):
        workbooks.inspect(BytesIO(locked))


def test_a_bomb_that_says_how_large_it_is_is_refused_unopened():
    bomb = repacked(xlsx(["姓名"]), xl__bomb_dot_xml=b"0" * 310_000_000)
    assert bomb.getbuffer().nbytes < 1_000_000
    with pytest.raises(Unsettled, match="展开后超过 300 MB"):
        workbooks.inspect(bomb)


def test_a_bomb_that_lies_about_its_size_is_found_out():
    bomb = repacked(xlsx(["姓名"]), xl__bomb_dot_xml=b"0" * 310_000_000).getvalue()
    honest, lie = struct.pack("<L", 310_000_000), struct.pack("<L", 1_000)
    assert bomb.count(honest) == 2
    with pytest.raises(Unsettled, match="展开后超过 300 MB|损坏"):
        workbooks.inspect(BytesIO(bomb.replace(honest, lie)))


def test_a_broken_archive_is_refused_in_words():
    whole = xlsx(["姓名"], ["李小明"]).getvalue()
    for broken in (whole[: len(whole) // 2], whole[:200] + b"\xff" * 300 + whole[500:]):
        with pytest.raises(Unsettled, match="损坏"):
            read(BytesIO(broken))


def test_a_cell_at_the_far_corner_takes_down_neither_the_reader_nor_the_worker():
    with pytest.raises(Unsettled, match="复制到新下载的模板"):
        read(xlsx(["姓名"], XFD1048576="x"))


def test_a_formula_is_never_computed_and_an_entity_never_expanded():
    assert read(xlsx(["姓名"], ['=HYPERLINK("http://example.invalid","x")'], ["李小明"]))[-1] == (
        3,
        ["李小明"],
    )
    sheet = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "%s"><!ENTITY b "%s">]>
        <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">
        <c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""
    sheet %= ("lol" * 1_000, "&a;" * 100_000)
    bomb = repacked(xlsx(["姓名"]), xl__worksheets__sheet1_dot_xml=sheet.encode())
    try:
        found = read(bomb)
    except Unsettled:
        return
    assert len(str(found)) < 1_000


def test_numbers_stay_numbers_so_that_lost_digits_are_noticed():
    ((_, cells),) = read(xlsx([420102199202299993, 13800000000, 5000.1, True]))
    assert cells == [4.20102199202300e17, 13800000000.0, 5000.1, True]


def test_truncated_streams_end_in_a_sentence_not_in_a_fault():
    whole = xlsx(["姓名"], ["李小明"]).getvalue()
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    bad = bytearray(whole)
    start = part.header_offset + 30 + len(part.filename)
    bad[start : start + 10] = zlib.compress(b"x")[:10].ljust(10, b"\xff")
    with pytest.raises(Unsettled):
        read(BytesIO(bytes(bad)))
