"""A workbook of new hires to upload, made from the template: most of them good, some wrong in the ways people are."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from demo import identifiers
from demo.employers import person_name
from shebao.casework import catalogue
from shebao.casework.sheets import mark_of, workbook
from shebao.foundation.months import Month
from shebao.registry.models import Enrolment, Person

# One in so many lines is wrong; the ways to be wrong take turns.
WRONG_ONE_IN = 40


def hires(rows: int, *, seed: int, today: date) -> bytes:
    """The .xlsx of so many new hires of this month. The same seed makes the same people."""
    service = catalogue.service("enrol-employees")
    return workbook(
        service, ((line, ()) for line in _lines(rows, Random(seed), today)), mark=mark_of(service)
    )


def _lines(rows: int, random: Random, today: date) -> Iterator[dict[str, str]]:
    employed = Enrolment.objects.filter(kind="employee", ends=None, scheme="pension").order_by("-person_id")
    elsewhere = list(
        Person.objects.filter(id__in=employed.values("person_id")[:200]).values("id_number", "name")
    )
    given = identifiers.IdNumbers(sequences=(range(600, 800),))
    before: dict[str, str] = {}
    for place in range(rows):
        sex = random.choice("MF")
        born = date(today.year - random.randint(20, 37), random.randint(1, 12), random.randint(1, 28))
        line = {
            "id_number": given.draw(random, f"{born:%Y%m%d}", sex),
            "name": person_name(random, sex),
            "hired_on": today.replace(day=random.randint(1, today.day)).isoformat(),
            "wage": str(random.randrange(3200, 26_000, 50)),
        }
        if place % WRONG_ONE_IN == WRONG_ONE_IN - 1:
            _spoil(line, place // WRONG_ONE_IN, random, today, before, elsewhere)
        before = line
        yield line


def _spoil(line, turn: int, random: Random, today: date, before: dict, elsewhere: list[dict]) -> None:
    match turn % 8:
        case 0:  # the check digit of another number
            line["id_number"] = line["id_number"][:17] + ("X" if line["id_number"][17] != "X" else "1")
        case 1:
            line["name"] = ""
        case 2:
            line["hired_on"] = (Month.of(today).last_day + timedelta(days=9)).isoformat()
        case 3:
            line["wage"] = "0"
        case 4:  # the line above once more
            line |= {name: before.get(name, line[name]) for name in ("id_number", "name")}
        case 5 if elsewhere:
            line |= random.choice(elsewhere)
        case 6 if elsewhere:
            line |= random.choice(elsewhere) | {"name": "张错名"}
        case 7:
            line["hired_on"] = (Month.of(today).plus(-7).first_day).isoformat()
