"""People are enrolled and leave: for many at once, never twice, never half."""

from decimal import Decimal

import pytest

from shebao.foundation.months import Month
from shebao.foundation.unsettled import Unsettled
from shebao.registry import enrolments, people
from shebao.registry.models import Enrolment
from tests.scenes import City

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)


@pytest.fixture
def city():
    return City()


def opening(person, employer, scheme="pension", starts=NOVEMBER):
    return enrolments.Opening(person.id, scheme, starts, employer.id, "test", declared_wage=Decimal("5000"))


def test_a_newcomer_gets_one_place_in_the_archive_however_often_he_is_named(city):
    number = city.stranger()
    newcomer = people.Newcomer(number, "王芳", "test")
    first = people.ensure([newcomer, newcomer])
    assert people.ensure([newcomer]) == first
    assert people.standings([number], since=NOVEMBER)[number].name == "王芳"


def test_an_unknown_number_stands_nowhere(city):
    number = city.stranger()
    standing = people.standings([number], since=NOVEMBER)[number]
    assert (standing.person_id, standing.name, standing.periods) == (None, None, ())


def test_nobody_is_enrolled_twice_in_one_scheme(city):
    person, ours, theirs = city.person(), city.employer(), city.employer()
    city.works(person, ours, since=Month(2024, 3))
    with pytest.raises(Unsettled) as refused:
        enrolments.open_many([opening(person, theirs)])
    assert "没有任何变动" in refused.value.sentence
    assert not Enrolment.objects.filter(payer_id=theirs.id).exists()


def test_a_period_that_was_closed_may_not_be_covered_again(city):
    person, ours, theirs = city.person(), city.employer(), city.employer()
    city.works(person, ours, since=Month(2024, 3), until=NOVEMBER)
    with pytest.raises(Unsettled):
        enrolments.open_many([opening(person, theirs)])
    enrolments.open_many([opening(person, theirs, starts=Month(2026, 12))])


def test_leaving_and_coming_back_next_month_is_ordinary(city):
    person, ours = city.person(), city.employer()
    city.works(person, ours, since=Month(2024, 3), until=Month(2026, 9))
    city.works(person, ours, since=Month(2026, 10))
    periods = enrolments.of_person(person.id)
    assert [Month.of(p["starts"]) for p in periods if p["scheme"] == "pension"] == [
        Month(2026, 10),
        Month(2024, 3),
    ]


def test_one_wrong_leaver_leaves_everybody_where_they_were(city):
    ours = city.employer()
    worker, stranger = city.person("张三"), city.person("李四")
    city.works(worker, ours, since=Month(2024, 3))
    leavers = [
        enrolments.Leaver(worker.id, "resigned", "test"),
        enrolments.Leaver(stranger.id, "resigned", "test"),
    ]
    with pytest.raises(Unsettled, match="2 人中有 1 人"):
        enrolments.close_many(leavers, ours.id, ends=NOVEMBER)
    assert not Enrolment.objects.filter(person_id=worker.id, ends__isnull=False).exists()


def test_the_roster_pages_by_key_and_finds_by_name_and_number(city):
    ours = city.employer()
    team = [city.person(name) for name in ("张一", "张二", "李三")]
    for person in team:
        city.works(person, ours, since=Month(2025, 1))
    first = enrolments.roster(ours.id, limit=2)
    rest = enrolments.roster(ours.id, after=first[-1]["person_id"], limit=2)
    assert [row["name"] for row in first + rest] == ["张一", "张二", "李三"]
    assert [row["name"] for row in enrolments.roster(ours.id, search="张")] == ["张一", "张二"]
    assert [row["name"] for row in enrolments.roster(ours.id, search=team[2].id_number)] == ["李三"]


@pytest.mark.parametrize("number", [3, 300])
def test_questions_about_many_cost_as_much_as_about_one(city, number, django_assert_num_queries):
    numbers = [city.stranger() for _ in range(number)]
    with django_assert_num_queries(1):
        people.standings(numbers, since=NOVEMBER)
