"""单位增减员异动表: what stands on an employer's sheet of a month (EMP-3); the forms of hires and leavers (CASE-7)."""

from decimal import Decimal
from io import BytesIO

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from shebao.foundation.months import Month
from shebao.services import enrol_employees, movements, pause_employees
from tests.identity import people

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


def on_sheet(employer, month):
    return [(one.kind, one.name, str(one.counts)) for one in movements.of_month(employer.id, month)]


def paper(made: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(made)).pages)


def test_who_came_and_who_left_stand_on_the_month_they_count_from(hall, ours):
    stays, came, left = (hall.city.person(name) for name in ("赵立新", "李小明", "周建国"))
    hall.city.works(stays, ours, since=Month(2025, 1))
    hall.city.works(came, ours, since=NOVEMBER)
    hall.city.works(left, ours, since=Month(2025, 1), until=NOVEMBER)
    assert on_sheet(ours, NOVEMBER) == [("joined", "李小明", "2026-11"), ("left", "周建国", "2026-11")]
    assert on_sheet(ours, OCTOBER) == []
    assert movements.counted(ours.id, NOVEMBER) == {"joined": 1, "left": 1, "wage": 0}


def test_hires_dated_back_stand_on_the_month_in_which_they_were_filed(hall, ours):
    number = hall.city.stranger()
    hire = {"id_number": number, "name": "李小明", "hired_on": "2026-10-20", "wage": "6500"}
    case = hall.approved("enrol-employees", ours, hire)
    assert on_sheet(ours, OCTOBER) == []
    (one,) = movements.of_month(ours.id, NOVEMBER)
    assert (one.kind, one.counts, one.wage, one.case_number) == (
        "joined",
        OCTOBER,
        Decimal("6500.00"),
        case.number,
    )


def test_a_leaver_stands_there_with_the_reason(hall, ours):
    person = hall.city.person("赵立新")
    hall.city.works(person, ours, since=OCTOBER)
    hall.approved(
        "pause-employees", ours, {"id_number": person.id_number, "name": "赵立新", "reason": "resigned"}
    )
    (one,) = movements.of_month(ours.id, NOVEMBER)
    assert one.remark == "缴费至 2026-11，辞职/辞退"


def test_other_employers_people_do_not_stand_there(hall, ours):
    hall.city.works(hall.city.person(), hall.city.employer(), since=NOVEMBER)
    assert on_sheet(ours, NOVEMBER) == []


def test_pages_follow_each_other_by_key(hall, ours):
    for _n in range(5):
        hall.city.works(hall.city.person(), ours, since=NOVEMBER)
    first = movements.of_month(ours.id, NOVEMBER, limit=3)
    rest = movements.of_month(ours.id, NOVEMBER, after=first[-1].key, limit=3)
    assert len({one.person_id for one in first + rest}) == 5
    assert movements.of_month(ours.id, NOVEMBER, after="nonsense", limit=3) == first


class TestThePage:
    @pytest.fixture
    def clerk(self, client, ours):
        client.force_login(people.clerk(employer_id=ours.id, office_code="420102"))
        return client

    def test_it_shows_this_month_and_offers_both_formats(self, hall, ours, clerk):
        hall.city.works(hall.city.person("李小明"), ours, since=NOVEMBER)
        said = clerk.get("/employer/changes/").content.decode()
        assert "李小明" in said and "2026-11 共增员" in said
        made = clerk.get("/employer/changes/2026-11/print/")
        assert made.headers["Content-Type"] == "application/pdf"
        text = paper(made.content)
        assert "单位增减员异动表" in text and "李小明" in text and "自 2026-11 起缴费" in text
        book = clerk.get("/employer/changes/2026-11/excel/").content
        cells = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
        assert any("李小明" in row for row in cells)

    def test_a_month_without_changes_says_so_on_page_and_paper(self, hall, ours, clerk):
        assert "2026-10 没有增减员" in clerk.get("/employer/changes/?month=2026-10").content.decode()
        assert "本月没有增减员" in paper(clerk.get("/employer/changes/2026-10/print/").content)

    @pytest.mark.parametrize("path", ["2027-01/print", "x/print", "2026-11/word", "1950-01/print"])
    def test_there_is_nothing_else(self, clerk, path):
        assert clerk.get(f"/employer/changes/{path}/").status_code == 404


class TestFormsOfCases:
    def test_the_form_of_hires_is_filled_in_with_the_case(self, hall, ours):
        number = hall.city.stranger()
        hire = {"id_number": number, "name": "李小明", "hired_on": "2026-11-02", "wage": "6500"}
        case = hall.saved("enrol-employees", ours, hire)
        print_, excel = enrol_employees.SERVICE.printouts
        text = paper(print_.make(case))
        for said in ("企业参保人员增员表", ours.name, case.number, str(number), "6,500.00", "失业保险"):
            assert said in text.replace("\n", "")
        cells = CalamineWorkbook.from_filelike(BytesIO(excel.make(case))).get_sheet_by_index(0).to_python()
        assert any(str(number) in row and 6500.0 in row for row in cells)

    def test_the_form_of_leavers_too(self, hall, ours):
        person = hall.city.person("赵立新")
        hall.city.works(person, ours, since=OCTOBER)
        case = hall.saved(
            "pause-employees", ours, {"id_number": person.id_number, "name": "赵立新", "reason": "resigned"}
        )
        text = paper(pause_employees.SERVICE.printouts[0].make(case))
        for said in ("企业参保人员减员表", "赵立新", "辞职/辞退", "2026-11"):
            assert said in text

    def test_rows_with_problems_are_not_on_the_form(self, hall, ours):
        number = hall.city.stranger()
        good = {"id_number": number, "name": "李小明", "hired_on": "2026-11-02", "wage": "6500"}
        case = hall.saved("enrol-employees", ours, good, good | {"id_number": "1", "name": "王晓兰"})
        assert "王晓兰" not in paper(enrol_employees.SERVICE.printouts[0].make(case))
