"""The city's employers: how large, since when, in which trade, in which schemes, and how they pay."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from demo import identifiers, words
from demo.offices import OFFICES
from shebao.foundation.months import Month

# What employers have enrolled their people in.
SETS = {
    1: ("pension", "medical", "large_medical", "injury", "unemployment"),
    2: ("pension", "medical", "large_medical", "injury"),
    3: ("medical", "large_medical", "injury"),
    4: ("pension", "injury", "unemployment"),
}
_SET_WEIGHTS = (88, 5, 4, 3)


@dataclass(slots=True)
class Employer:
    id: int
    name: str
    uscc: str  # set last, by the office
    office: str
    grade: str
    set_number: int
    injury_class: int
    founded: Month
    contact_name: str
    contact_phone: str
    address: str
    weight: float  # how likely somebody who looks for work finds it here
    pays_late_by: int = 0  # months
    unpaid_from: Month | None = None
    unpaid_until: Month | None = None
    open_slip: Month | None = None  # the month whose slip waits for its money

    @property
    def number(self) -> str:
        """单位编号."""
        return f"{self.id:08d}"


@dataclass(slots=True)
class LabourMarket:
    """Who hires in which month."""

    employers: list[Employer]
    _founded: list[Month] = field(default_factory=list)
    _weights: list[float] = field(default_factory=list)

    def __post_init__(self):
        by_age = sorted(self.employers, key=lambda e: (e.founded, e.id))
        self.employers = by_age
        self._founded = [e.founded for e in by_age]
        self._weights = list(accumulate(e.weight for e in by_age))

    def open_in(self, month: Month) -> int:
        """How many of the employers exist by then: those are the first ones of the list."""
        return bisect_right(self._founded, month)

    def find_work(self, random: Random, month: Month) -> Employer:
        """An employer that exists in this month; larger ones more often."""
        last = max(self.open_in(month) - 1, 0)
        at = bisect_right(self._weights, random.random() * self._weights[last], 0, last)
        return self.employers[at]


def settle(random: Random, ids: Sequence[int], *, this_month: Month) -> list[Employer]:
    """Found as many employers as there are ids. The first ones are those of the demo log-ins (`THE_KNOWN`)."""
    names, found = set(), []
    for place, id_ in enumerate(ids):
        trade, injury_class, _ = random.choices(words.TRADES, [t[2] for t in words.TRADES])[0]
        employer = Employer(
            id=id_,
            name=_name(random, trade, names),
            uscc="",
            office=random.choice(OFFICES).code,
            grade="trusted" if random.random() < 0.2 else "ordinary",
            set_number=random.choices(tuple(SETS), _SET_WEIGHTS)[0],
            injury_class=injury_class,
            # Every fifth is as old as the books; the others were founded ever more densely towards today.
            founded=Month(1992, 1)
            if place % 5 == 0
            else this_month.plus(-int(4 + 330 * random.random() ** 1.6)),
            contact_name=person_name(random, random.choice("MF")),
            contact_phone=identifiers.mobile(id_),
            address=f"武汉市{random.choice(words.ROADS)}大道示例{random.randint(1, 400)}号",
            weight=min(random.paretovariate(1.1), 40),
        )
        _set_paying(random, employer, this_month)
        if place < len(THE_KNOWN):
            for what, value in THE_KNOWN[place](this_month).items():
                setattr(employer, what, value)
        area = employer.office if employer.office in identifiers.AREAS else "420111"
        employer.uscc = identifiers.uscc(place + 1, area)
        found.append(employer)
    _size_the_large_one(found)
    return found


def person_name(random: Random, sex: str) -> str:
    surname = random.choices(words.SURNAMES, cum_weights=words.SURNAME_WEIGHTS)[0]
    given = words.GIVEN[sex]
    return surname + random.choice(given) + (random.choice(given) if random.random() < 0.78 else "")


def _name(random: Random, trade: str, taken: set[str]) -> str:
    while True:
        name = f"武汉{random.choice(words.TRADE_NAMES)}{trade}示例有限公司"
        if name in taken:
            name = f"武汉{''.join(random.sample(words.TRADE_NAMES, 2))}{trade}示例有限公司"
        if name not in taken:
            taken.add(name)
            return name


def _set_paying(random: Random, employer: Employer, this_month: Month) -> None:
    """Nine of ten pay in time; the others late, or owe the last months, or some months of long ago."""
    draw = random.random()
    if draw < 0.05:
        employer.pays_late_by = random.choice((1, 1, 2))
    elif draw < 0.08:
        employer.unpaid_from = this_month.plus(-random.randint(1, 4))
        employer.open_slip = employer.unpaid_from if random.random() < 0.6 else None
    elif draw < 0.10:
        employer.unpaid_from = this_month.plus(-random.randint(14, 90))
        employer.unpaid_until = employer.unpaid_from.plus(random.randint(0, 3))


# How the employers of the demo log-ins differ from chance, in this order.
THE_KNOWN = (
    lambda now: _known("武汉江岸示例软件有限公司", "420102", "ordinary", 1, Month(2008, 3), 7.0),
    lambda now: _known("武汉洪山示例光电有限公司", "420111", "trusted", 3, Month(2002, 9), 13.0),
    lambda now: (
        _known("武汉武昌示例餐饮有限公司", "420106", "ordinary", 2, Month(2012, 6), 5.0)
        | {"unpaid_from": now.plus(-3), "open_slip": now.plus(-3)}
    ),
    lambda now: _known("武汉青山示例重型机械有限公司", "420107", "trusted", 5, Month(1992, 1), LARGE),
)
LARGE = -1.0  # its weight is found when those of all the others are known


def _known(name, office, grade, injury_class, founded, weight) -> dict:
    return {
        "name": name,
        "office": office,
        "grade": grade,
        "set_number": 1,
        "injury_class": injury_class,
        "founded": founded,
        "weight": weight,
        "pays_late_by": 0,
        "unpaid_from": None,
        "unpaid_until": None,
        "open_slip": None,
    }


def _size_the_large_one(employers: list[Employer]) -> None:
    """Three of twenty people of the city work there, a quarter of all employees."""
    others = sum(e.weight for e in employers if e.weight != LARGE)
    for employer in employers:
        if employer.weight == LARGE:
            employer.weight = others / 3
