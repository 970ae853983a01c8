"""社会保障卡申领: for whom an employer may apply, what it is told otherwise, and what the agency then has (EMP-18)."""

from datetime import date

import pytest

from shebao.casework import cases, catalogue, examination, papers
from shebao.casework.service import Wanted
from shebao.foundation.months import Month
from shebao.registry.models import Card, CardApplication, Person
from shebao.services import photos
from tests.jobs import work
from tests.services.conftest import problems, states
from tests.services.photos import photo

SERVICE = "apply-cards"


@pytest.fixture
def employee(hall, ours):
    def hired(name="赵立新", on_file="photos/1.jpg"):
        person = hall.city.person(name)
        hall.city.works(person, ours, since=Month(2026, 8))
        Person.objects.filter(pk=person.pk).update(photo=on_file)
        return person

    return hired


def applicant(person, **other):
    return {"id_number": person.id_number, "name": person.name} | other


class TestRefusals:
    def told(self, hall, employer, written):
        return problems(hall.saved(SERVICE, employer, written))

    def test_another_employers_man(self, hall, employee):
        told = self.told(hall, hall.city.employer(), applicant(employee()))
        assert told == [("EMP-18/1", "此人现在不由本单位缴费，不能办理；请核对身份证号码")]

    def test_a_name_that_is_not_the_archives(self, hall, ours, employee):
        ((rule, sentence),) = self.told(hall, ours, applicant(employee(), name="赵立"))
        assert rule == "EMP-18/1" and sentence.startswith("姓名与档案不一致")

    @pytest.mark.parametrize("state", ["normal", "lost", "locked", "lost_online"])
    def test_somebody_who_has_a_card(self, hall, ours, employee, state):
        person = employee()
        Card.objects.create(person=person, number="A1", issued_on=date(2020, 1, 1), state=state)
        ((rule, sentence),) = self.told(hall, ours, applicant(person))
        assert rule == "EMP-18/2" and sentence.startswith("该职工已有社会保障卡")

    def test_a_cancelled_card_is_none(self, hall, ours, employee):
        person = employee()
        Card.objects.create(person=person, number="A1", issued_on=date(2020, 1, 1), state="cancelled")
        assert self.told(hall, ours, applicant(person)) == []

    def test_somebody_who_has_applied(self, hall, ours, employee):
        person = employee()
        hall.submitted(SERVICE, ours, applicant(person))
        assert self.told(hall, ours, applicant(person)) == [
            ("EMP-18/3", "该职工已于 2026-11-12 申请制卡，请等待领卡通知")
        ]

    def test_somebody_without_a_photo_on_file(self, hall, ours, employee):
        assert self.told(hall, ours, applicant(employee(on_file=""))) == [("material", "请上传相片")]


class TestEffect:
    def test_the_agency_has_the_applications_of_all(self, hall, ours, employee):
        staff = [employee(name) for name in ("赵立新", "周建国", "吴桂芳")]
        case = hall.submitted(SERVICE, ours, *(applicant(one) for one in staff))
        assert states(case) == ["结束"] * 3
        found = CardApplication.objects.filter(payer_id=ours.id, state="applied")
        assert {one.person_id for one in found} == {one.id for one in staff}
        assert {one.applied_on for one in found} == {date(2026, 11, 12)}

    def test_the_photo_that_came_along_is_put_on_file(self, hall, ours, employee):
        person, clerk = employee(on_file=""), hall.clerk(ours)
        case = hall.saved(SERVICE, ours, applicant(person))
        papers.attach(case, photos.NAME, photo(), by=clerk, row=case.rows.get())
        cases.save(case, {1: applicant(person)}, by=clerk)
        cases.submit(case, by=clerk)
        work()
        person.refresh_from_db()
        assert person.photo.startswith(f"cases/{case.number}/")
        assert CardApplication.objects.filter(person=person).exists()

    def test_a_hire_who_wants_a_card_applies_with_it(self, hall, ours):
        number, clerk = hall.city.stranger(), hall.clerk(ours)
        hire = {"id_number": number, "name": "李小明", "hired_on": "2026-11-02", "wage": "6500", "card": "是"}
        case = hall.saved("enrol-employees", ours, hire)
        papers.attach(case, photos.NAME, photo(), by=clerk, row=case.rows.get())
        cases.save(case, {1: hire}, by=clerk)
        cases.submit(case, by=clerk)
        work()
        hall.decided(case)
        person = Person.objects.get(id_number=number)
        assert person.photo and CardApplication.objects.get(person=person).payer_id == ours.id


def test_who_has_a_card_or_has_applied_cannot_be_ticked(hall, ours, employee):
    has, asked, may = employee("赵立新"), employee("周建国"), employee("吴桂芳")
    Card.objects.create(person=has, number="A1", issued_on=date(2020, 1, 1))
    hall.submitted(SERVICE, ours, applicant(asked))
    service = catalogue.service(SERVICE)
    lines = examination.offered(cases.blank(service, by=hall.clerk(ours)), Wanted()).lines
    why_not = {line.key: line.why_not for line in lines}
    assert why_not[has.id_number].startswith("该职工已有社会保障卡")
    assert "请等待领卡通知" in why_not[asked.id_number] and why_not[may.id_number] == ""
