"""What stands where: columns for what there is, sums of what was paid, marks for what was not."""

from shebao.statements.layout import lay_out, paid_by_scheme
from tests.statements.examples import CODE, URL, snapshot


def sheet(**changes) -> dict:
    return lay_out(snapshot(**changes), code=CODE, verify_at=URL.partition("?")[0])


def heads(laid: dict) -> list[tuple[str, int]]:
    return [(group["label"], group["span"]) for group in laid["groups"]]


def test_each_scheme_has_the_columns_it_needs():
    """Fixed amounts have no base, what nobody pays has no column."""
    assert heads(sheet()) == [
        ("养老保险", 3), ("医疗保险", 3), ("大额医疗", 1), ("工伤保险", 2), ("失业保险", 3), ("合计", 2),
    ]  # fmt: skip


def test_who_pays_for_himself_sees_no_column_of_an_employer():
    figures = snapshot()
    figures["lines"]["rows"] = [
        [*row[:4], "0.00", row[5], "0.00", *row[7:]]
        for row in figures["lines"]["rows"]
        if row[1] == "pension"
    ]
    laid = lay_out(figures, code=CODE, verify_at="")
    assert heads(laid) == [("养老保险", 2), ("合计", 1)]
    assert laid["columns"] == ["基数", "个人", "个人"]


def test_every_row_has_a_cell_for_every_column():
    laid = sheet(first="2023-03", last="2025-11")
    assert {len(row["cells"]) for row in laid["rows"]} == {len(laid["columns"])}


def test_sums_are_of_what_was_paid_and_what_was_not():
    rows = {row["heads"][0]: row["cells"] for row in sheet()["rows"]}
    assert rows["已缴合计"][1:3] == ["10,000.00", "5,000.00"]
    assert rows["未缴合计"][1:3] == ["2,000.00", "1,000.00"]
    assert rows["已缴合计"][-2:] == ["16,000.00", "6,507.50"]


def test_months_carry_their_marks_and_the_legend_explains_them():
    laid = sheet()
    marks = {row["heads"][0]: row["cells"][2] for row in laid["rows"]}
    assert marks["2025-07"] == "500.00"
    assert marks["2025-08"] == ["500.00", "补"]
    assert marks["2025-11"] == ["500.00", "欠"]
    assert [mark for mark, _ in laid["legend"]] == ["补", "欠", "待"]


def test_a_year_of_its_own_needs_no_subtotal_several_do():
    assert not any(row["kind"] == "subtotal" for row in sheet()["rows"])
    several = sheet(first="2024-11", last="2025-02")
    assert [row["heads"][0] for row in several["rows"] if row["kind"] == "subtotal"] == [
        "2024 年已缴",
        "2025 年已缴",
    ]


def test_rates_are_written_as_people_say_them():
    said = {term[0]: term[2:4] for term in sheet()["terms"]}
    assert said["养老保险"] == ["16%", "8%"]
    assert said["大额医疗保险"] == ["不缴", "每月 7.00 元"]
    assert said["工伤保险（1 类行业）"] == ["0.2%", "不缴"]


def test_a_source_names_its_document_once():
    figures = snapshot()
    figures["sources"][0]["source"] = "国办发〔2019〕13号：单位缴费比例降至 16%"
    laid = lay_out(figures, code=CODE, verify_at="")
    assert laid["sources"] == ["国办发〔2019〕13号：单位缴费比例降至 16%", "演示城市拟定的数值（待核实）"]


def test_a_stranger_is_told_months_and_sums_of_each_scheme():
    told = {line["scheme"]: line for line in paid_by_scheme(snapshot())}
    assert told["injury"] == {
        "scheme": "injury", "label": "工伤保险", "months": 12, "months_in_arrears": 1,
        "employer_paid": "125.00", "personal_paid": "0.00",
    }  # fmt: skip
