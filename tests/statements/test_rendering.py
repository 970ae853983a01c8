"""The page: what it shows, what it carries, and that it is the same whenever it is made again."""

import threading
from io import BytesIO

import pypdf
import pytest
import zxingcpp
from PIL import Image

from shebao.statements import rendering, snapshots, typefaces
from tests.statements.examples import CODE, SERIAL, URL, snapshot


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return rendering.render(snapshot(), code=CODE, url=URL)


def test_the_page_names_the_person_the_months_and_the_figures(pdf):
    text = text_of(pdf)
    for said in (
        "李小明",
        "42010619880412003X",
        "2025-08",
        "6,250.00",
        "10,000.00",
        "44,861.04",
        SERIAL,
        CODE,
    ):
        assert said in text


def test_arrears_are_marked_and_left_out_of_the_total(pdf):
    text = text_of(pdf)
    assert "未缴合计" in text and "欠费，未计入已缴合计" in text
    assert "16,000.00" in text  # ten paid months of twelve


def test_a_demo_and_made_up_figures_say_so_on_the_page(pdf):
    assert "演示环境出具" in text_of(pdf)
    assert "并非真实公布的数值" in text_of(pdf)


def test_a_real_statement_does_not():
    figures = snapshot(flags={"demo": False, "synthetic": False, "provisional": False})
    assert "演示" not in text_of(
        rendering.render(
            figures | {"issuer": {"city": "420100", "name": "某市"}, "sources": []}, code=CODE, url=URL
        )
    )


def test_the_page_tells_how_to_check_and_how_to_object(pdf):
    text = text_of(pdf).replace("\n", "")
    assert "https://hall.example/verify" in text
    assert "第八十三条" in text and "更正申请" in text and "免费查询" in text


def test_the_qr_code_leads_to_the_verification_of_this_statement():
    """Read from the drawn page, as a telephone would."""
    page = Image.open(BytesIO(rendering.draw(snapshot(), code=CODE, url=URL, ppi=150)[0]))
    assert [found.text for found in zxingcpp.read_barcodes(page)] == [URL]


def test_the_figures_are_attached_as_they_were_hashed(pdf):
    attached = pypdf.PdfReader(BytesIO(pdf)).attachments["snapshot.json"][0]
    assert attached == snapshots.canonical(snapshot())


def test_made_again_it_is_the_same_to_the_byte(pdf):
    assert rendering.render(snapshot(), code=CODE, url=URL) == pdf


def test_it_is_an_archive_document_that_screen_readers_can_follow(pdf):
    reader = pypdf.PdfReader(BytesIO(pdf))
    marks = reader.trailer["/Root"]
    assert marks["/MarkInfo"]["/Marked"] and marks["/Lang"] == "zh-CN" and marks["/StructTreeRoot"]
    about = marks["/Metadata"].get_data().decode()
    for part in ("<pdfaid:part>3", "<pdfaid:conformance>A", "<pdfuaid:part>1"):
        assert part in about
    assert SERIAL in about


def test_every_font_is_in_the_file(pdf):
    reader = pypdf.PdfReader(BytesIO(pdf))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"]


def test_rare_characters_of_names_are_printed():
    assert "㛃𬱖䶮" in text_of(rendering.render(snapshot(name="㛃𬱖䶮"), code=CODE, url=URL))


def test_a_character_that_no_typeface_has_is_shown_by_its_number():
    assert typefaces.printable("张\U0002e9f5") == "张〔U+2E9F5〕"
    assert "〔U+2E9F5〕" in text_of(rendering.render(snapshot(name="张\U0002e9f5"), code=CODE, url=URL))


def test_a_name_with_marks_of_the_template_language_is_only_a_name():
    name = '#panic("x") $1$ _a_ \\'
    assert "#panic" in text_of(rendering.render(snapshot(name=name), code=CODE, url=URL))


def test_thirty_years_fill_pages_with_a_sum_for_each_year():
    pdf = rendering.render(snapshot("1996-01", "2025-12"), code=CODE, url=URL)
    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) > 8
    assert "1996 年已缴" in text_of(pdf)


def test_months_without_any_record_make_a_statement_that_says_so():
    nothing = {"columns": [], "rows": []}
    empty = {
        "schemes": [],
        "payers": [],
        "accounts": [],
        "counted": [],
        "terms": [],
        "sources": [],
        "lines": nothing,
    }
    assert "本期间没有缴费记录" in text_of(rendering.render(snapshot() | empty, code=CODE, url=URL))


def test_threads_take_turns(pdf):
    made = []

    def make():
        made.append(rendering.render(snapshot(), code=CODE, url=URL))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [pdf] * 4
