"""申请 VIP 单位: what is looked at, what an employer is told, what the standing changes (EMP-19)."""

from datetime import date

from shebao.assessment import runs
from shebao.casework import review
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.identity.acting import Acting
from shebao.ledger.models import Receipt
from shebao.registry import registrations
from shebao.registry.models import Evaluation, Inspection
from shebao.services import trust
from tests import policies
from tests.identity import people
from tests.ledger.books import Books
from tests.services.conftest import flags, notes, problems

SERVICE = "apply-for-trust"
TODAY = date(2026, 11, 12)


def written(employer, **other):
    return {
        "uscc": employer.uscc,
        "name": employer.name,
        "keeper": "李小明",
        "keeper_mobile": "13100000000",
        "keeps": "true",
        "story": "网上办理两年，由专人复核",
    } | other


def second():
    return Acting(901, "孙复核", "agency", None, "江岸区社保处", frozenset({"reviewer"}), "420102")


def told(hall, employer, **other):
    return problems(hall.saved(SERVICE, employer, written(employer, **other)))


def criterion(employer, code):
    return next(one for one in trust.of(employer.id, today=TODAY) if one.code == code)


class TestRefusals:
    def test_1_who_is_trusted_already(self, hall):
        trusted = hall.city.employer(grade="trusted")
        assert told(hall, trusted) == [("EMP-19/1", "本单位已经是 VIP 单位，不用再申请")]

    def test_2_twice_at_a_time(self, hall, ours):
        hall.submitted(SERVICE, ours, written(ours))
        ((rule, sentence),) = told(hall, ours)
        assert rule == "under-review" and sentence.startswith("已在业务 ")

    def test_3_without_keeping_the_papers(self, hall, ours):
        assert told(hall, ours, keeps="false") == [
            ("EMP-19/3", "没有承诺保存材料，不能申请；请选“是”，或继续作为普通单位办理")
        ]

    def test_a_suspended_employer(self, hall, ours):
        type(ours).objects.update(state="suspended")
        assert told(hall, ours)[0] == (
            "ACC-10/1",
            "本单位已停办网上业务或已注销，请带营业执照到辖区社保处办理",
        )


class TestCriteria:
    def test_each_is_told_with_figure_threshold_and_outcome(self, hall, ours):
        case = hall.saved(SERVICE, ours, written(ours))
        assert flags(case) == [
            ("EMP-19/5", "按时缴费：最近 12 个月没有账单，不符合"),
            ("EMP-19/7", "回退率：最近 12 个月没有办结的业务，无法评估，不符合"),
        ]
        assert notes(case) == [
            ("EMP-19/4", "登记时间：201 个月（标准：满 12 个月），符合"),
            ("EMP-19/6", "欠费：没有欠费（标准：没有欠费），符合"),
            ("EMP-19/8", "稽核：没有严重问题（标准：最近 24 个月没有严重问题），符合"),
        ]

    def test_only_what_is_not_met_is_for_the_officer(self, hall, ours, monkeypatch):
        found = (
            trust.Criterion("registered", "登记时间", "3 个月", "满 12 个月", met=False),
            trust.Criterion("on_time", "按时缴费", "最近 12 个月都按时", "", met=True),
            trust.Criterion("arrears", "欠费", "欠 1 个月", "没有欠费", met=False),
            trust.Criterion("returned", "回退率", "最近 12 个月 0%", "", met=True),
            trust.Criterion("inspections", "稽核", "2026-05-06 稽核发现严重问题", "", met=False),
        )
        monkeypatch.setattr(trust, "of", lambda *_args, **_day: found)
        case = hall.saved(SERVICE, ours, written(ours))
        assert flags(case) == [
            ("EMP-19/4", "登记时间：3 个月（标准：满 12 个月），不符合"),
            ("EMP-19/6", "欠费：欠 1 个月（标准：没有欠费），不符合"),
            ("EMP-19/8", "稽核：2026-05-06 稽核发现严重问题，不符合"),
        ]
        assert notes(case) == [
            ("EMP-19/5", "按时缴费：最近 12 个月都按时，符合"),
            ("EMP-19/7", "回退率：最近 12 个月 0%，符合"),
        ]

    def test_without_the_citys_thresholds_the_officer_judges(self, db):
        from tests.scenes import City

        policies.load()
        with clock.fixed(TODAY):
            employer = City().employer()
            found = {one.code: one for one in trust.of(employer.id, today=TODAY)}
        assert found["registered"].met is None and found["inspections"].met is None
        assert found["registered"].sentence == "登记时间：201 个月，标准未公布，由经办人员判断"

    def test_on_time_and_late_months(self, hall):
        books = Books()
        employer = books.city.employer()
        books.city.works(books.city.person(), employer, since=Month(2026, 8))
        for month, paid_on in ((8, date(2026, 8, 20)), (9, date(2026, 10, 3)), (10, None)):
            with clock.fixed(date(2026, month, 10)):
                runs.run_month(Month(2026, month), by=second())
                slip = books.slip(employer, Month(2026, month))
            if paid_on:
                with clock.fixed(paid_on):
                    books.pays(slip, on=paid_on)
        assert Receipt.objects.count() == 2
        found = criterion(employer, "on_time")
        assert found.figure == "最近 3 个月中 1 个月按时，逾期缴纳：2026-09，未缴清：2026-10"
        assert found.threshold == "不低于 100%" and found.met is False
        assert found.remedy == "以后每月按时缴清，2027-10 的缴款期限过后符合"
        owed = criterion(employer, "arrears")
        assert owed.remedy.startswith("缴清到账后立即符合")
        assert owed.met is False and owed.figure.startswith("欠 1 个月，共 ")

    def test_returned_rows(self, hall, ours):
        hires = [
            {"id_number": hall.city.stranger(), "name": "新员工", "hired_on": "2026-11-02", "wage": "6500"}
            for _one in range(4)
        ]
        case = hall.submitted("enrol-employees", ours, *hires)
        verdicts = {1: review.send_back("合同缺页"), 2: review.APPROVE, 3: review.APPROVE, 4: review.APPROVE}
        review.decide(case, verdicts, by=hall.officer())
        found = criterion(ours, "returned")
        assert found.figure == "最近 12 个月审核 4 行，回退 1 行（25%）"
        assert found.met is False and found.threshold == "不超过 5%"

    def test_a_serious_finding_counts_for_two_years(self, hall, ours):
        for day in (date(2024, 11, 12), date(2024, 11, 13)):
            Inspection.objects.create(
                employer=ours, held_on=day, way="on_site", outcome="serious", by_name="吴芳", source="desk"
            )
            found = criterion(ours, "inspections")
            assert found.met is (day == date(2024, 11, 12))
        assert found.figure == "2024-11-13 稽核发现严重问题"
        assert found.remedy == "整改好，2026-11-13 起不再计算"

    def test_a_young_employer_reads_from_which_day_it_is_old_enough(self, hall, ours):
        type(ours).objects.update(registered_on=date(2026, 2, 28))
        found = criterion(ours, "registered")
        assert found.met is False and found.remedy == "2027-02-28 起符合"
        assert criterion(ours, "inspections").remedy == ""


class TestStanding:
    def test_two_officers_make_it_trusted_at_once(self, hall, ours):
        clerk = people.clerk(employer_id=ours.id)
        case = hall.submitted(SERVICE, ours, written(ours))
        review.decide_all(case, review.APPROVE, by=hall.officer())
        ours.refresh_from_db()
        assert ours.grade == "ordinary"
        review.decide_all(case, review.APPROVE, by=second())
        ours.refresh_from_db(), clerk.refresh_from_db()
        assert (ours.grade, clerk.grade) == ("trusted", "trusted")
        kept = Evaluation.objects.get(employer=ours)
        assert [one["code"] for one in kept.criteria] == [
            "registered",
            "on_time",
            "arrears",
            "returned",
            "inspections",
        ]
        hire = {"id_number": hall.city.stranger(), "name": "新员工", "hired_on": "2026-11-02", "wage": "6500"}
        assert hall.submitted("enrol-employees", ours, hire).state == "approved"

    def test_the_monthly_round_finds_who_misses_something_and_takes_nothing_away(self, hall):
        trusted = hall.city.employer(grade="trusted")
        assert trust.reevaluate() == 1
        assert trust.reevaluate() == 0, "once a day"
        trusted.refresh_from_db()
        assert trusted.grade == "trusted"
        assert Evaluation.objects.get(employer=trusted, meets=False).evaluated_on == TODAY

    def test_what_is_taken_away_can_be_asked_for_again(self, hall, ours):
        case = hall.submitted(SERVICE, ours, written(ours))
        for by in (hall.officer(), second()):
            review.decide_all(case, review.APPROVE, by=by)
        registrations.set_grade(ours.id, "ordinary", reason="材料缺失", by_name="吴芳", source="desk")
        ours.refresh_from_db()
        assert told(hall, ours) == []


def test_many_are_evaluated_in_as_many_queries_as_one(hall, django_assert_max_num_queries):
    few = [hall.city.employer().id for _one in range(20)]
    with django_assert_max_num_queries(12):
        trust.evaluate(few, today=TODAY)
