"""单位一般信息变更: how an employer changes how it is reached (EMP-10)."""

import pytest

from shebao.casework import cases, catalogue
from shebao.registry.models import Employer, EmployerChange
from tests.services.conftest import problems, states

SERVICE = "change-contacts"


def contacts(employer, **other):
    return {
        "uscc": employer.uscc,
        "contact_name": "张明",
        "contact_phone": "13100000000",
        "email": "hr@example.com",
        "phone": "027-85551234",
        "fax": "027-85551235",
        "postal_address": "武汉市江岸区示例路 1 号",
        "postcode": "430014",
    } | other


def test_everything_is_changed_at_once_and_what_stood_there_stays_known(hall, ours):
    case = hall.submitted(SERVICE, ours, contacts(ours))
    assert states(case) == ["结束"]
    ours.refresh_from_db()
    assert (ours.contact_name, ours.contact_phone, ours.email) == ("张明", "13100000000", "hr@example.com")
    assert (ours.phone, ours.fax, ours.postcode) == ("027-85551234", "027-85551235", "430014")
    assert ours.postal_address == "武汉市江岸区示例路 1 号"
    changes = EmployerChange.objects.filter(employer=ours)
    assert changes.count() == 7
    assert {one.source for one in changes} == {f"case:{case.number}/row:1"}


def test_nothing_changed_is_refused(hall, ours):
    hall.submitted(SERVICE, ours, contacts(ours))
    case = hall.saved(SERVICE, ours, contacts(ours))
    assert problems(case) == [("EMP-10/1", "没有任何变动，请先改好要变更的项目")]


def test_another_employers_data_are_out_of_reach(hall, ours):
    case = hall.saved(SERVICE, ours, contacts(hall.city.employer()))
    assert "unlisted" in [rule for rule, _s in problems(case)]


def test_a_suspended_employer_goes_to_the_counter(hall, ours):
    Employer.objects.filter(pk=ours.pk).update(state=Employer.State.SUSPENDED)
    case = hall.saved(SERVICE, ours, contacts(ours))
    assert [s for rule, s in problems(case) if rule == "ACC-10/1"][0].startswith("本单位已停办网上业务")


@pytest.mark.parametrize(
    ("field", "written", "says"),
    [
        ("contact_phone", "123", "027-85551234"),
        ("email", "hr", "电子邮箱"),
        ("fax", "abc", "电话"),
        ("postcode", "43", "6 位数字"),
        ("contact_name", "1", "姓名"),
    ],
)
def test_what_cannot_be_read_is_told(hall, ours, field, written, says):
    ((rule, sentence),) = problems(hall.saved(SERVICE, ours, contacts(ours, **{field: written})))
    assert rule == "readable" and says in sentence


def test_the_form_opens_with_what_is_on_file(hall, ours):
    hall.submitted(SERVICE, ours, contacts(ours))
    service = catalogue.service(SERVICE)
    (filed,) = service.prefill(cases.blank(service, by=hall.clerk(ours)), None)
    assert filed["contact_name"] == "张明" and filed["postcode"] == "430014"


def test_the_registered_seat_is_out_of_reach_without_a_review(hall, ours):
    Employer.objects.filter(pk=ours.pk).update(address="武汉市江岸区注册路 9 号")
    hall.submitted(SERVICE, ours, contacts(ours, address="武汉市武昌区别处 1 号"))
    ours.refresh_from_db()
    assert (ours.address, ours.postal_address) == ("武汉市江岸区注册路 9 号", "武汉市江岸区示例路 1 号")
    # Each field of an employer is changed by one of the two services.
    fields = [{q.name for q in catalogue.service(code).questions} for code in (SERVICE, "change-employer")]
    assert fields[0] & fields[1] == {"uscc"}
