"""非统筹退休人员工资申报: whom an employer declares, and that the declaration is kept (EMP-12)."""

from decimal import Decimal

import pytest

from shebao.casework import cases
from shebao.foundation.months import Month
from shebao.ledger.models import Due
from shebao.registry.models import OutsideRetiree, WageDeclaration
from shebao.services import declare_pensions
from tests.services.conftest import problems, states

SERVICE, LONG_AGO = "declare-pensions", Month(2019, 4)


@pytest.fixture
def retiree(hall, ours):
    return retired(hall, ours, "吴桂芳")


def retired(hall, employer, name, starts=LONG_AGO, ends=None):
    person = hall.city.person(name)
    OutsideRetiree.objects.create(
        person=person,
        payer_id=employer.id,
        starts=starts,
        ends=ends,
        pool="铁路行业统筹（示例）",
        source="scene",
    )
    return person


def line(person, **other):
    return {"id_number": person.id_number, "name": person.name, "present": "", "pension": "4300"} | other


def listed(hall, employer):
    case = cases.blank(declare_pensions.SERVICE, by=hall.clerk(employer))
    return {row["name"]: row["present"] for row in declare_pensions.retirees(case, None)}


def test_the_list_holds_who_was_on_file_before_the_year_began(hall, ours, retiree):
    retired(hall, ours, "钱一", starts=Month(2026, 3))
    retired(hall, ours, "孙二", ends=Month(2025, 6))
    retired(hall, hall.city.employer(), "李三")
    assert listed(hall, ours) == {"吴桂芳": None}


def test_it_is_kept_for_the_year_and_nothing_is_due(hall, ours, retiree):
    case = hall.approved(SERVICE, ours, line(retiree))
    assert states(case) == ["结束"]
    (kept,) = WageDeclaration.objects.all()
    assert (kept.how, kept.year, kept.wage) == ("pension", 2026, Decimal("4300.00"))
    assert listed(hall, ours) == {} and not Due.objects.exists()


def test_what_was_declared_last_stands_until_altered(hall, ours, retiree):
    WageDeclaration.objects.create(
        person=retiree, payer_id=ours.id, year=2025, how="pension", wage=Decimal("4100"), source="scene"
    )
    assert listed(hall, ours) == {"吴桂芳": Decimal("4100.00")}


def test_nobody_is_added(hall, ours, retiree):
    case = hall.saved(SERVICE, ours, line(hall.city.person("钱一")))
    assert problems(case) == [("unlisted", "不在本次办理的名单里，名单不能增加；请删除这一行")]


def test_2_a_pension_of_nothing(hall, ours, retiree):
    case = hall.saved(SERVICE, ours, line(retiree, pension="0"))
    assert problems(case) == [("EMP-12/2", "上年度月平均养老金须大于 0；不申报的请删除这一行")]
