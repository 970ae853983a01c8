"""非统筹退休人员登记: how an employer's retirees with pensions from elsewhere come on its list, and off it (EMP-12)."""

import pytest

from shebao.casework import cases
from shebao.casework.ask import read
from shebao.foundation.months import Month
from shebao.registry.models import OutsideRetiree, Person
from shebao.services import declare_pensions, register_retirees
from tests.services.conftest import problems, states

SERVICE = "register-retirees"


@pytest.fixture
def other(hall):
    return hall.city.employer("江城第二示例公司")


def line(person, **more):
    return {
        "id_number": person.id_number,
        "name": person.name,
        "month": "2019-04",
        "pool": "铁路行业统筹",
    } | more


def told(hall, employer, written, rule):
    return [s for found, s in problems(hall.saved(SERVICE, employer, written)) if found == rule]


def listed(hall, employer):
    case = cases.blank(declare_pensions.SERVICE, by=hall.clerk(employer))
    return [row["name"] for row in declare_pensions.retirees(case, None)]


class TestWhatFollows:
    def test_an_officer_decides_and_the_next_declaration_lists_him(self, hall, ours):
        retiree = hall.city.person("吴桂芳")
        ours.grade = "trusted"  # nothing on file confirms it: papers are looked at all the same
        case = hall.submitted(SERVICE, ours, line(retiree))
        assert states(case) == ["进行中"] and listed(hall, ours) == []
        hall.decided(case)
        assert states(case) == ["结束"] and listed(hall, ours) == ["吴桂芳"]
        (kept,) = OutsideRetiree.objects.all()
        assert (kept.pool, kept.starts, kept.source) == (
            "铁路行业统筹", Month(2019, 4), case.row_ref(1)
        )  # fmt: skip

    def test_whom_the_archive_does_not_know_is_added_to_it(self, hall, ours):
        number = str(hall.city.stranger())
        hall.approved(
            SERVICE, ours, {"id_number": number, "name": "魏国强", "month": "2019-04", "pool": "某部"}
        )
        assert Person.objects.get(id_number=number).name == "魏国强"
        assert listed(hall, ours) == ["魏国强"]

    def test_whoever_has_ended_is_listed_no_more_and_another_employer_may_take_over(self, hall, ours, other):
        retiree = hall.city.person("吴桂芳")
        hall.approved(SERVICE, ours, line(retiree))
        hall.approved(SERVICE, ours, line(retiree, change="终止", month="2025-11", pool=""))
        assert listed(hall, ours) == []
        hall.approved(SERVICE, other, line(retiree, month="2025-12"))
        assert listed(hall, other) == ["吴桂芳"]


class TestRefusals:
    def test_3_a_name_that_is_not_the_archives(self, hall, ours):
        assert told(hall, ours, line(hall.city.person("吴桂芳"), name="吴桂芬"), "EMP-12/3") == [
            "姓名与档案不一致，请核对身份证；确已改名的，请本人到经办机构变更姓名"
        ]

    def test_4_whoever_is_entered_already(self, hall, ours, other):
        retiree = hall.city.person("吴桂芳")
        hall.approved(SERVICE, ours, line(retiree))
        assert told(hall, ours, line(retiree), "EMP-12/4") == [
            "此人自 2019-04 起已登记为本单位的非统筹退休人员，不用再登记"
        ]
        assert told(hall, other, line(retiree), "EMP-12/4") == [
            "此人已由武汉江汇精密制造示例公司登记，请先由该单位终止"
        ]
        assert told(hall, other, line(retiree, name="吴桂芬"), "EMP-12/4") == []

    def test_5_whoever_is_still_enrolled(self, hall, ours, other):
        worker = hall.city.person("赵立新")
        hall.city.works(worker, other, since=Month(2024, 5))
        assert told(hall, ours, line(worker), "EMP-12/5") == [
            "此人在江城第二示例公司单位未停保，不能登记为退休人员；退休的，请先由该单位办理暂停缴费"
        ]

    def test_6_whoever_the_city_pays_or_who_is_dead(self, hall, ours):
        paid, dead = hall.city.person("钱一"), hall.city.person("孙二")
        Person.objects.filter(pk=paid.pk).update(retired_from=Month(2020, 1))
        Person.objects.filter(pk=dead.pk).update(died_on="2024-01-05")
        assert told(hall, ours, line(paid), "EMP-12/6") == [
            "此人的养老金由本市发放，不属于非统筹退休人员，不用登记"
        ]
        assert told(hall, ours, line(dead), "EMP-12/6") == [
            "该人员已办理注销登记，不能登记；有疑问请到辖区社保处查询"
        ]

    def test_7_a_month_to_come(self, hall, ours):
        assert told(hall, ours, line(hall.city.person("吴桂芳"), month="2026-12"), "EMP-12/7") == [
            "月份不能晚于本月，请改为 2026-11 或以前"
        ]

    def test_8_nobody_pays_the_pension(self, hall, ours):
        assert told(hall, ours, line(hall.city.person("吴桂芳"), pool=""), "EMP-12/8") == [
            "请填写养老金发放单位：此人的养老金由哪里发放"
        ]

    def test_9_an_end_of_what_never_began_or_before_it_did(self, hall, ours):
        retiree = hall.city.person("吴桂芳")
        assert told(hall, ours, line(retiree, change="终止"), "EMP-12/9") == [
            "此人没有登记为本单位的非统筹退休人员，不能终止；请核对身份证号码"
        ]
        hall.approved(SERVICE, ours, line(retiree))
        assert told(hall, ours, line(retiree, change="终止", month="2019-03"), "EMP-12/9") == [
            "终止的月份早于登记的开始月份 2019-04，请改正"
        ]


def test_a_line_that_says_nothing_of_what_is_done_enters():
    written = {"id_number": "11010519491231002X", "name": "李小明", "month": "2019-04"}
    assert read(register_retirees.Retired, written).row.change == "enter"
