"""Materials: judged by their content, asked of those who need them, kept with the case."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shebao.casework import cases, catalogue, examination, papers
from shebao.casework.obstacles import NotSubmitted
from shebao.casework.service import Material
from shebao.foundation.unsettled import Unsettled
from tests.casework import library
from tests.casework.conftest import again, clerk, loan, number, states

PDF = b"%PDF-1.7 ..."
JPG = b"\xff\xd8\xff\xe0 ..."


def file(content=PDF, name="借书单.pdf"):
    return SimpleUploadedFile(name, content)


def test_a_paper_is_kept_with_its_fingerprint(here):
    case = here.saved(loan())
    paper = papers.attach(case, "借书单", file(), by=here.by)
    assert (paper.kind, paper.size, len(paper.sha256), paper.scan) == ("pdf", len(PDF), 64, "unscanned")
    with paper.file.open() as kept:
        assert kept.read() == PDF
    papers.remove(paper, by=here.by)
    assert not papers.of(case).exists() and case.papers.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"MZ\x90 program",
            "借书单只能是 PDF、JPG、PNG 文件：“借书单.pdf”的内容是程序，只改名字不行；请另存为 PDF",
        ),
        (b"PK\x03\x04 .. word/document.xml", "“借书单.pdf”的内容是Word 文档，只改名字不行"),
        (b"\0\0\0\x18ftypheic", "的内容是苹果手机的 HEIC 照片"),
        (b"", "是空的"),
        (b"%PDF-" + b"0" * 5_000_000, "超过 5 MB"),
    ],
)
def test_what_a_file_is_shows_in_its_content(here, content, sentence):
    with pytest.raises(Unsettled, match=sentence):
        papers.attach(here.saved(loan()), "借书单", file(content), by=here.by)


def test_only_papers_that_are_asked_for_are_taken(here):
    with pytest.raises(Unsettled, match="不需要这项材料"):
        papers.attach(here.saved(loan()), "户口簿", file(), by=here.by)
    with pytest.raises(Unsettled, match="不需要这项材料"):
        papers.attach(
            here.saved(loan(), by=clerk(grade="trusted")), "借书单", file(), by=clerk(grade="trusted")
        )


def test_a_scanner_has_the_last_word(here, settings):
    settings.MATERIAL_SCANNER = "tests.casework.test_papers.nothing_is_clean"
    with pytest.raises(Unsettled, match="安全检查"):
        papers.attach(here.saved(loan()), "借书单", file(), by=here.by)


def nothing_is_clean(content):
    return False


def test_a_paper_that_must_be_there_holds_up_submission(here):
    catalogue.declare([replace(library.BORROW, materials=(Material("借书单", must_be_uploaded=True),))])
    case = here.saved(loan())
    with pytest.raises(Unsettled, match="还缺材料：借书单"):
        cases.submit(case, by=here.by)
    papers.attach(case, "借书单", file(), by=here.by)
    cases.submit(case, by=here.by)
    with pytest.raises(Unsettled, match="已经提交审批"):
        papers.attach(case, "借书单", file(), by=here.by)


def test_a_row_that_needs_a_paper_of_its_own_says_so(here):
    def is_dear(loan, held, case):
        return loan.deposit > 500

    dear = Material("担保书", per_row=True, must_be_uploaded=True, kinds=("jpg",), asked_of=is_dear)
    catalogue.declare([replace(library.BORROW, materials=(dear,))])
    case = here.saved(loan(1), loan(2, deposit="900"))
    assert states(case) == ["可以提交", "有问题"]
    row = case.rows.get(number=2)
    assert [problem["sentence"] for problem in row.problems] == ["请上传担保书"]
    papers.attach(case, "担保书", file(JPG, "担保书.jpg"), by=here.by, row=row)
    examination.examine(case)
    assert states(case) == ["可以提交", "可以提交"]


def test_a_single_row_without_its_paper_says_which_with_all_else_that_is_wrong(here):
    licence = Material("营业执照", must_be_uploaded=True)
    bond = Material("担保书", per_row=True, must_be_uploaded=True)
    catalogue.declare([replace(library.BORROW, materials=(licence, bond))])
    case = here.saved(loan(1))
    here.knows(number(1), book="边城")
    with pytest.raises(NotSubmitted) as refused:
        cases.submit(case, by=here.by)
    assert [(one.sentence, one.rule) for one in refused.value.problems] == [
        ("还缺材料：营业执照、担保书，请上传后再提交", "CASE-8"),
        ("该读者已借有图书，请先归还", "LIB-1/1"),
    ]


def test_many_rows_without_their_paper_say_how_many_it_is_missing_of(here):
    bond = Material("担保书", per_row=True, must_be_uploaded=True)
    catalogue.declare([replace(library.BORROW, materials=(bond,))])
    case = here.saved(loan(1), loan(2), loan(3, deposit="0"))
    with pytest.raises(NotSubmitted) as refused:
        cases.submit(case, by=here.by)
    assert refused.value.sentence == "还缺材料：担保书（3 人），请上传后再提交；1 人：押金应大于零"


def test_what_was_uploaded_need_not_be_brought(here):
    case = here.saved(loan(1), loan(2))
    assert papers.to_bring(case) == ["借书单", "读者证复印件"]
    papers.attach(case, "借书单", file(), by=here.by)
    assert papers.to_bring(case) == ["读者证复印件"]
    for row in case.rows.all():
        papers.attach(case, "读者证复印件", file(), by=here.by, row=row)
    assert papers.to_bring(case) == []
    cases.submit(again(case), by=here.by)
    assert not papers.awaited(again(case))
