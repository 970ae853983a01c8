"""Printed forms: what stands on the paper and in the workbook that are made from one description."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pypdf
import pytest
import zxingcpp
from openpyxl import load_workbook
from PIL import Image
from python_calamine import CalamineWorkbook

from shebao.foundation.months import Month
from shebao.statements import prints, typesetting
from shebao.statements.prints import Head, Kind, Sheet, Stamp

HEADS = (
    Head("序号", Kind.COUNT, width=10),
    Head("姓名"),
    Head("身份证号码", Kind.CODE, width=40),
    Head("用工起始日期", Kind.CODE),
    Head("缴费起始月", Kind.CODE),
    Head("月申报工资", Kind.MONEY),
)


def hire(number, name="李小明"):
    return (number, name, "420102199202299993", date(2026, 11, 2), Month(2026, 11), Decimal("6500.5"))


HIRES = (hire(1),)


def sheet(lines=HIRES, **other):
    return Sheet(
        **{
            "title": "企业参保人员增员表",
            "facts": [("单位名称", "武汉江汇精密制造示例公司")],
            "heads": HEADS,
            "lines": lines,
            "totals": ("合计", "", "", "", "", Decimal("6500.5")),
            "notes": ["本表一式两份"],
            "stamps": [Stamp("申报单位（盖章）", ("填表人",))],
            "number": "42010020261112000017",
        }
        | other
    )


def paper(made: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(made)).pages]


def cells(made: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_index(0).to_python()


def test_the_paper_says_all_that_was_described():
    (text,) = paper(prints.pdf(sheet(subtitle="2026 年 11 月", unit="单位：元")))
    for said in (
        "企业参保人员增员表",
        "2026 年 11 月",
        "武汉江汇精密制造示例公司",
        "单位：元",
        "420102199202299993",
        "2026-11-02",
        "6,500.50",
        "合计",
        "本表一式两份",
        "申报单位（盖章）",
        "填表人",
        "42010020261112000017",
        "第 1 页，共 1 页",
    ):
        assert said in text


def test_a_demo_says_on_the_paper_that_it_is_one():
    assert "演示数据，不作凭证" in paper(prints.pdf(sheet()))[0]


def test_each_page_of_a_long_list_has_the_heads_and_its_number():
    pages = paper(prints.pdf(sheet([hire(n) for n in range(1, 201)])))
    assert len(pages) > 3
    for number, text in enumerate(pages, 1):
        assert "身份证号码" in text or "合计" not in text
        assert f"第 {number} 页，共 {len(pages)} 页" in text


def test_it_can_be_read_aloud():
    marks = pypdf.PdfReader(BytesIO(prints.pdf(sheet()))).trailer["/Root"]
    assert marks["/MarkInfo"]["/Marked"] and marks["/Lang"] == "zh-CN"


def test_it_lies_on_its_side_when_asked():
    page = pypdf.PdfReader(BytesIO(prints.pdf(sheet(landscape=True)))).pages[0]
    assert page.mediabox.width > page.mediabox.height


def test_nothing_to_list_is_said():
    nothing = sheet([], totals=())
    assert "（没有记录）" in paper(prints.pdf(nothing))[0]
    assert [c for row in cells(prints.excel(nothing)) for c in row if "没有" in str(c)] == ["（没有记录）"]


def test_a_name_that_is_longer_than_its_cell_is_printed_whole():
    name = "阿卜杜热合曼·买买提依明江·阿不都克里木"
    assert name in "".join(paper(prints.pdf(sheet([hire(1, name)])))[0].split())


def test_heads_may_stand_under_groups():
    heads = [Head("姓名"), Head("单位", Kind.MONEY, group="养老"), Head("个人", Kind.MONEY, group="养老")]
    grouped = sheet([("李小明", Decimal(800), Decimal(400))], heads=heads, totals=())
    assert "养老" in paper(prints.pdf(grouped))[0]
    rows = cells(prints.excel(grouped))
    assert ["姓名", "养老", ""] in rows and ["", "单位", "个人"] in rows


def test_in_the_workbook_numbers_of_people_are_text_and_money_is_a_number():
    rows = cells(prints.excel(sheet()))
    assert [1.0, "李小明", "420102199202299993", "2026-11-02", "2026-11", 6500.5] in rows
    assert ["合计", "", "", "", "", 6500.5] in rows


def test_what_somebody_typed_is_never_a_formula():
    rows = cells(prints.excel(sheet([hire(1, "=1+1")])))
    assert "=1+1" in [row[1] for row in rows]


def test_too_many_lines_for_paper_are_for_the_workbook():
    many = [hire(n) for n in range(prints.MOST_PRINTED + 1)]
    with pytest.raises(ValueError, match="请导出 Excel"):
        prints.pdf(sheet(many))
    assert len(cells(prints.excel(sheet(many)))) > prints.MOST_PRINTED


def test_a_form_that_counts_no_more_says_so_across_each_page():
    many = [hire(number) for number in range(1, 80)]
    pages = paper(prints.pdf(sheet(lines=many, void="作废")))
    assert len(pages) > 1 and all(text.startswith("作 废") for text in pages)
    assert "作 废" not in "".join(paper(prints.pdf(sheet())))
    assert cells(prints.excel(sheet(void="作废")))[1][0] == "作废"


def test_a_long_note_has_room_in_the_workbook_too():
    """Merged cells don't grow by themselves: what doesn't fit would be cut off."""
    note = "滞纳金由单位承担，不从职工工资中扣缴。" * 12
    page = load_workbook(BytesIO(prints.excel(sheet(notes=[note])))).active
    (cell,) = [cell for row in page.iter_rows() for cell in row if cell.value == note]
    assert cell.alignment.wrap_text
    digits = sum(head.width for head in HEADS) * 0.6  # what a line holds, in digits; Chinese takes two
    assert page.row_dimensions[cell.row].height / 15 * digits >= 2 * len(note)


def test_a_long_cell_has_room_in_the_workbook_too():
    """A program that believes the file's heights would cut what is wrapped."""
    page = load_workbook(BytesIO(prints.excel(sheet([hire(1, "阿" * 60), hire(2)])))).active
    heights = {page.cell(line, 2).value: page.row_dimensions[line].height for line in range(1, page.max_row)}
    assert heights["阿" * 60] >= 15 * 8
    assert heights["李小明"] is None, "a name and 18 digits take one line"


def test_the_foot_of_the_workbook_keeps_its_day():
    """Right behind the size of its letters a year would be taken for more of the size."""
    form = sheet(made_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC))
    foot = load_workbook(BytesIO(prints.excel(form))).active.oddFooter
    assert (foot.right.size, foot.right.text.strip()) == (8, "2026-11-22 09:30")
    assert form.title in foot.left.text and foot.center.text.strip() == "第 &P 页，共 &N 页"


def test_a_code_beside_the_title_can_be_scanned(monkeypatch):
    """The page of the PDF, drawn by the same typesetter as a picture."""
    typeset = typesetting.typeset
    monkeypatch.setattr(
        typesetting,
        "typeset",
        lambda template, inputs, **_how: typeset(template, inputs, format="png", ppi=150),
    )
    drawn = prints.pdf(sheet(code="20261113001", size=13))
    found = zxingcpp.read_barcodes(Image.open(BytesIO(drawn)))
    assert [one.text for one in found] == ["20261113001"]


def test_larger_lines_get_higher_rows():
    usual, large = (prints._laid_out(sheet(size=size))["heights"] for size in (9, 18))
    assert large[0] >= 1.8 * usual[0] and large[1] >= 2 * usual[1]
