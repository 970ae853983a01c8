"""The month run and what cases change afterwards: the books say what the rule says, once."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from shebao.assessment import runs
from shebao.assessment.contributions import NoRule, explain
from shebao.foundation import clock
from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.identity.acting import system
from shebao.ledger import dues, invariants
from shebao.ledger.models import Bill, Due, Run
from shebao.policy import loading
from shebao.policy.models import Terms
from shebao.registry.models import Enrolment, InjuryClass

NOVEMBER = Month(2026, 11)
BY = system("timetable")


def run(month=NOVEMBER):
    return runs.run_month(month, by=BY)


def lines_of(person, **narrowed):
    found = Due.objects.filter(person_id=person.id, **narrowed).order_by("scheme", "month", "line")
    return [(due.scheme, due.line, due.employer_part, due.personal_part) for due in found]


def sums_of(person):
    found = {}
    for due in Due.objects.filter(person_id=person.id):
        employer, personal = found.get((due.scheme, due.month), (0, 0))
        found[due.scheme, due.month] = (employer + due.employer_part, personal + due.personal_part)
    return found


def yuan(*amounts):
    return tuple(Decimal(amount) for amount in amounts)


def the_books_are_right():
    return [one.invariant.name for one in invariants.broken()] == []


def test_everybody_enrolled_gets_one_due_per_scheme_and_the_employer_one_bill(city):
    employer, flexible, child = city.employer(injury_class=2), city.person(), city.person()
    workers = [city.person() for _ in range(3)]
    for worker in workers:
        city.works(worker, employer, since=Month(2026, 1), wage="5000")
    city.flexible(flexible, since=Month(2026, 1), tier="1")
    city.resident(child, since=Month(2026, 1))
    done = run()
    assert done.lines == 3 * 5 + 3
    assert lines_of(workers[0]) == [
        ("injury", 1, *yuan("20.00", "0.00")),
        ("large_medical", 1, *yuan("0.00", "7.00")),
        ("medical", 1, *yuan("435.00", "100.00")),
        ("pension", 1, *yuan("800.00", "400.00")),
        ("unemployment", 1, *yuan("35.00", "15.00")),
    ]
    assert lines_of(flexible, scheme="pension") == [("pension", 1, *yuan("0.00", "1499.20"))]
    assert not lines_of(child)
    bill = Bill.objects.get(payer_id=employer.id, month=NOVEMBER, scheme="pension")
    assert (bill.persons, bill.employer_part, bill.personal_part) == (3, *yuan("2400.00", "1200.00"))
    assert done.totals["pension"].persons == 4
    assert the_books_are_right()


def test_a_second_run_writes_nothing(city):
    city.works(city.person(), city.employer(), since=Month(2026, 1))
    assert run().lines == 5
    before = list(Bill.objects.order_by("scheme").values())
    assert run().lines == 0
    assert list(Bill.objects.order_by("scheme").values()) == before


def test_a_run_adds_whoever_is_missing_and_changes_nothing_else(city):
    employer = city.employer()
    first, second = city.person(), city.person()
    city.works(first, employer, since=Month(2026, 1))
    run()
    city.works(second, employer, since=NOVEMBER)
    assert run().lines == 5
    assert [line for _, line, _, _ in lines_of(first)] == [1] * 5
    assert Bill.objects.get(scheme="pension").persons == 2
    assert the_books_are_right()


def test_the_preview_is_what_is_posted(city):
    from shebao.assessment.contributions import Subject, preview

    person, employer = city.person(), city.employer(injury_class=5)
    city.works(person, employer, since=Month(2026, 1), wage="6543.21")
    run()
    foreseen = preview(
        NOVEMBER,
        [Subject(scheme, declared_wage=Decimal("6543.21"), injury_class=5) for scheme in employer.schemes],
    )
    assert sorted((line.scheme, 1, line.employer_part, line.personal_part) for line in foreseen) == lines_of(
        person
    )


def test_what_is_foreseen_is_what_the_run_posts(city):
    for wage in ("3000", "5000", "40000"):
        city.works(city.person(), city.employer(), since=Month(2026, 1), wage=wage)
    foreseen = runs.foresee(NOVEMBER)
    assert foreseen == run().totals


def test_a_period_that_is_taken_back_takes_its_dues_back_with_a_further_line(city):
    person, employer = city.person(), city.employer()
    city.works(person, employer, since=NOVEMBER)
    run()
    Enrolment.objects.filter(person_id=person.id).update(reversed_by="case:1", ends=NOVEMBER)
    assert runs.assess([person.id], [NOVEMBER], source="case:1") == 5
    assert set(sums_of(person).values()) == {(Decimal(0), Decimal(0))}
    assert runs.assess([person.id], [NOVEMBER], source="case:1") == 0
    assert Bill.objects.get(payer_id=employer.id, scheme="pension").employer_part == 0
    assert the_books_are_right()


def test_bases_announced_in_september_are_made_up_for_from_january(city):
    """The notice of 2025 came on 26 September; what was posted on last year's figures gets the difference."""
    person, employer = city.person(), city.employer(schemes=["pension"])
    city.works(person, employer, since=Month(2025, 3), wage="4000")
    known_before = {"known_from": date(2025, 1, 1), "starts": Month(2025, 1), "ends": Month(2025, 12)}
    then = Terms.objects.get(scheme="pension", kind="employee", city="420100", starts=Month(2025, 1))
    Terms.objects.create(
        **{f: getattr(then, f) for f in ("city", "scheme", "kind", "ceiling", "employer_rate", "personal_rate",
                                         "employer_fixed", "personal_fixed", "account_rate", "value_ids")},
        floor=Decimal("4224"), **known_before,
    )  # fmt: skip
    with clock.fixed(date(2025, 3, 25)):
        assert run(Month(2025, 3)).lines == 1
    with clock.fixed(date(2025, 10, 1)):
        assert run(Month(2025, 3)).lines == 1
        assert run(Month(2025, 3)).lines == 0
    assert lines_of(person) == [
        ("pension", 1, *yuan("675.84", "337.92")),
        ("pension", 2, *yuan("43.84", "21.92")),  # 719.68 - 675.84, 359.84 - 337.92
    ]
    assert Due.objects.get(person_id=person.id, line=2).base == Decimal("4498.00")
    first, second = explain(person.id, "pension", employer.id, Month(2025, 3))
    assert (first.explanation.floor, second.explanation.floor) == yuan("4224", "4498")
    assert the_books_are_right()


def test_a_hire_is_assessed_at_once_for_the_months_that_are_over(city):
    person, employer = city.person(), city.employer()
    city.works(person, employer, since=Month(2026, 9))
    assert runs.catch_up([person.id], since=Month(2026, 9), source="case:7") == 2 * 5
    assert {month for _, month in sums_of(person)} == {Month(2026, 9), Month(2026, 10)}
    assert Run.objects.get().source == "case:7"
    assert the_books_are_right()


def test_the_current_month_too_when_it_has_been_run_already(city):
    employer = city.employer()
    city.works(city.person(), employer, since=Month(2026, 1))
    run()
    person = city.person()
    city.works(person, employer, since=NOVEMBER)
    assert runs.catch_up([person.id], since=NOVEMBER, source="case:7") == 5
    assert run().lines == 0


def test_an_injury_class_counts_from_its_month(city):
    person, employer = city.person(), city.employer(injury_class=1)
    city.works(person, employer, since=Month(2026, 1), wage="5000")
    InjuryClass.objects.create(employer=employer, starts=NOVEMBER, injury_class=8)
    run(Month(2026, 10))
    run(NOVEMBER)
    sums = sums_of(person)
    assert sums["injury", Month(2026, 10)] == yuan("10.00", "0.00")
    assert sums["injury", NOVEMBER] == yuan("95.00", "0.00")


def test_a_month_without_a_rule_is_refused_by_name_and_nothing_is_posted(city):
    city.works(city.person(), city.employer(), since=Month(2013, 1))
    with pytest.raises(NoRule, match="武汉 2013-05 养老保险缴费基数下限未知"):
        run(Month(2013, 5))
    assert not Due.objects.exists()
    assert Run.objects.get().state == Run.State.STOPPED


def test_an_employer_without_an_injury_class_is_named(city):
    employer = city.employer()
    InjuryClass.objects.all().delete()
    city.works(city.person(), employer, since=Month(2026, 1))
    with pytest.raises(NoRule, match="没有工伤保险行业类别"):
        run()


def test_a_flexible_worker_without_a_tier_is_named(city):
    person = city.person()
    city.flexible(person, since=Month(2026, 1))
    Enrolment.objects.filter(person_id=person.id).update(tier=None)
    with pytest.raises(NoRule, match="没有申报工资或缴费档次"):
        run()


def test_a_month_in_which_nobody_is_enrolled_is_refused(policies):
    with pytest.raises(Unsettled, match="没有任何参保人员"):
        run()


def test_a_month_that_has_not_begun_is_refused(city):
    city.works(city.person(), city.employer(), since=Month(2026, 1))
    with pytest.raises(Unsettled, match="还没有到"):
        run(Month(2026, 12))


def test_a_share_that_vanishes_stops_the_run(city):
    city.works(city.person(), city.employer(), since=Month(2026, 1))
    run(Month(2026, 10))
    Terms.objects.filter(scheme="unemployment").update(personal_rate=0)
    with pytest.raises(Unsettled, match="失业保险个人部分合计为 0，上月为"):
        run()
    assert not Due.objects.filter(month=NOVEMBER).exists()


def test_a_run_that_was_cut_off_is_marked_by_the_next_one(city):
    city.works(city.person(), city.employer(), since=Month(2026, 1))
    killed = Run.objects.create(kind="month", month=NOVEMBER, source="system:timetable")
    run()
    killed.refresh_from_db()
    assert killed.state == Run.State.STOPPED


def test_one_persons_months_are_found_without_reading_anybody_elses(city):
    employer = city.employer()
    person, colleague = city.person(), city.person()
    city.works(person, employer, since=Month(2026, 6))
    city.works(colleague, employer, since=Month(2026, 6))
    months = list(Month.range(Month(2026, 6), NOVEMBER))
    assert runs.assess([person.id], months, source="case:3") == 6 * 5
    assert not lines_of(colleague)


def test_a_cited_figure_can_not_be_changed_any_more(city, tmp_path):
    import shutil

    city.works(city.person(), city.employer(), since=Month(2026, 1))
    run()
    folder = tmp_path / "policies"
    shutil.copytree(settings.POLICIES, folder)
    file = folder / "420100-wuhan" / "pension.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace('value: "0.16"', 'value: "0.15"'), encoding="utf-8"
    )
    with pytest.raises(loading.Faulty, match="420100-wuhan/pension.yaml:.*2026-11 至 2026-11 的应缴已引用"):
        loading.load(folder, cited=dues.citations)


def test_the_explanation_of_a_flexible_workers_due_knows_his_tier(city):
    person = city.person()
    city.flexible(person, since=Month(2026, 1), tier="0.8")
    run()
    (line,) = explain(person.id, "pension", person.id, NOVEMBER)
    assert line.explanation.tier == Decimal("0.8")
    assert line.explanation.values
