from dataclasses import dataclass, replace

from shebao.casework import declarations
from shebao.casework.ask import label
from shebao.casework.service import Material, on, unreviewed
from shebao.foundation.values import PersonName, Text
from tests.casework import library


def sentences(*services):
    return {fault.id: fault.msg for fault in declarations.faults(services)}


def test_a_right_declaration_has_no_fault():
    assert sentences(*library.SERVICES) == {}


def test_a_check_on_a_field_that_is_not_there_is_told_with_the_fields_that_are():
    wrong = replace(library.BORROW, checks=(on("raeder", library.has_a_book, rule="LIB-1/1"),))
    assert sentences(wrong) == {
        "casework.E020": "borrow-books: check has_a_book() is on unknown field 'raeder'; "
        "its fields are reader, name, book, deposit, until, shelves"
    }


def test_a_check_without_a_rule_and_a_service_without_a_legal_basis_are_told_at_once():
    wrong = replace(library.BORROW, basis="", checks=(on("reader", library.has_a_book, rule=""),))
    assert sentences(wrong) == {
        "casework.E004": "borrow-books: cite the legal basis (办理依据)",
        "casework.E021": "borrow-books: check has_a_book() names no rule",
    }


def test_a_code_belongs_to_one_service():
    assert set(sentences(library.BORROW, replace(library.RETURN, code="borrow-books"))) == {"casework.E001"}


def test_a_unique_field_must_be_there_and_must_be_filled():
    assert "casework.E011" in sentences(replace(library.BORROW, unique="number"))
    assert "casework.E012" in sentences(replace(library.BORROW, unique=("reader", "until")))
    assert "casework.E010" in sentences(replace(library.BORROW, unique=()))


def test_a_row_must_be_frozen_and_each_field_labelled_and_readable():
    @dataclass
    class Thawed:
        name: Text = label("名称")

    @dataclass(frozen=True)
    class Bare:
        name: Text

    @dataclass(frozen=True)
    class Odd:
        name: complex = label("名称")

    plain = replace(library.BORROW, unique="name", checks=(), materials=())
    assert "casework.E008" in sentences(replace(plain, row=Thawed))
    assert "has no label" in sentences(replace(plain, row=Bare))["casework.E009"]
    assert "no reader" in sentences(replace(plain, row=Odd))["casework.E009"]


def test_what_is_picked_must_be_offered():
    assert "casework.E014" in sentences(replace(library.RETURN, offers=None))


def test_a_sheet_needs_one_column_per_name_and_a_list_one_paper_per_name():
    @dataclass(frozen=True)
    class Twins:
        first: PersonName = label("姓名")
        second: PersonName = label("姓名")

    assert "casework.E013" in sentences(replace(library.BORROW, row=Twins, unique="first", checks=()))
    assert "casework.E022" in sentences(
        replace(library.BORROW, materials=(Material("借书单"), Material("借书单")))
    )


def test_batches_and_promises_have_bounds():
    assert set(sentences(replace(library.BORROW, most_rows=50_001, promised_days=0))) == {
        "casework.E006",
        "casework.E007",
    }


def test_what_comes_from_the_file_must_come_from_somewhere_and_say_whose_row_it_is():
    assert "casework.E015" in sentences(replace(library.RENEW, prefill=None))
    assert "casework.E016" in sentences(replace(library.BORROW, prefill=library.on_loan))


def test_a_service_either_brings_something_about_or_issues_documents():
    assert "casework.E017" in sentences(replace(library.PROVE, issues=None))
    assert "casework.E017" in sentences(replace(library.BORROW, issues=library.proofs))
    assert "casework.E018" in sentences(replace(library.BORROW, review=unreviewed))
    assert "casework.E019" in sentences(replace(library.PROVE, review=library.BORROW.review))
