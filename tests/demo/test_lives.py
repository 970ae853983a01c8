"""The people of the demo city, before they are in any database."""

from datetime import date
from random import Random

import pytest

from demo import employers, identifiers
from demo.employers import LabourMarket
from demo.lives import Births, legal_retirement
from shebao.foundation.identifiers import IdNumber, SocialCard, Uscc
from shebao.foundation.months import Month
from shebao.foundation.values import Mobile

TODAY = date(2026, 11, 22)


def rows(seed: int, people: int = 300) -> dict[str, list[str]]:
    random = Random(seed)
    market = LabourMarket(employers.settle(random, range(1001, 1021), this_month=Month.of(TODAY)))
    births = Births(random, market, TODAY)
    found: dict[str, list[str]] = {"people": [], "cards": [], "stretches": []}
    for block in births.make(range(1021, 1021 + people)):
        for table in found:
            found[table] += getattr(block, table)
    return found


def test_the_same_seed_makes_the_same_people_and_another_one_makes_others():
    assert rows(1) == rows(1)
    assert rows(1)["people"] != rows(2)["people"]


def test_all_numbers_are_valid_in_form_and_nobody_shares_one():
    people = [line.split("\t") for line in rows(3, people=2000)["people"]]
    id_numbers = [fields[1] for fields in people]
    assert [n for n in id_numbers if IdNumber.check(n, today=TODAY)] == []
    assert len(set(id_numbers)) == len(people)
    for fields in people:
        assert IdNumber(fields[1]).birth_date.isoformat() == fields[5]
        assert {"男": "M", "女": "F"}[IdNumber(fields[1]).sex] == fields[4]
        Mobile.read(fields[6])


def test_cards_have_numbers_of_their_own_form():
    numbers = [line.split("\t")[1] for line in rows(4)["cards"]]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        SocialCard.read(number)


def test_employers_have_valid_codes_and_names_that_say_they_are_examples():
    city = employers.settle(Random(5), range(1001, 1301), this_month=Month.of(TODAY))
    assert len({e.uscc for e in city}) == len({e.name for e in city}) == 300
    for employer in city:
        Uscc.read(employer.uscc)
        assert "示例" in employer.name


def test_nobody_works_before_sixteen_nor_after_the_legal_age():
    born = {line.split("\t")[0]: line.split("\t")[5] for line in rows(6)["people"]}
    retired = {f[0]: f[9] for f in (line.split("\t") for line in rows(6)["people"]) if f[9] != "\\N"}
    for line in rows(6)["stretches"]:
        person, _, kind, _, starts, ends = line.split("\t")[:6]
        if kind == "employee":
            assert int(starts[:4]) - int(born[person][:4]) >= 16
            if person in retired:
                assert ends < retired[person]


@pytest.mark.parametrize(
    ("born", "original", "last_month"),
    [
        ("1964-12", 60, "2024-12"),
        ("1965-01", 60, "2025-02"),
        ("1966-08", 60, "2027-01"),
        ("1976-09", 60, "2039-09"),
        ("1970-11", 55, "2026-02"),
        ("1975-03", 50, "2025-05"),
        ("1984-11", 50, "2039-11"),
    ],
)
def test_people_retire_when_the_decision_of_2024_says(born, original, last_month):
    def counted(text):
        year, month = map(int, text.split("-"))
        return year * 12 + month - 1

    assert legal_retirement(counted(born), original) == counted(last_month)


def test_the_strangers_of_the_tour_are_unknown_to_any_city():
    assert IdNumber.check(identifiers.complete("42010219960318811")) is None
    assert not any(line.split("\t")[1][14:17] < "900" for line in rows(7, people=2000)["people"])
