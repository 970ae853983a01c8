"""The city's people: born, insured as children or students, hired, paused, moved, retired, dead.

Made from a random source alone, no database; so the same seed makes the same people. Inside this module a month is
a whole number (year × 12 + month − 1), because ten million additions of months are waiting in a large city.
Rows leave as lines of COPY text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from demo import identifiers, words
from demo.employers import Employer, LabourMarket, person_name
from demo.offices import OFFICES
from shebao.foundation.months import Month
from shebao.registry.people import personal_number

NULL = "\\N"
SOURCE = "demo:city"
FIRST_MONTH = 1992 * 12  # the first partition of the books

# Sets of schemes beside those of employers (demo/employers.py).
FLEXIBLE, FLEXIBLE_PENSION, RESIDENT, STUDENT = 91, 92, 95, 96
SETS = {
    FLEXIBLE: ("pension", "medical", "large_medical"),
    FLEXIBLE_PENSION: ("pension",),
    RESIDENT: ("resident_medical",),
    STUDENT: ("student_medical",),
}

# Who lives here, of a hundred.
_WORKER, _RETIRED, _CHILD, _STUDENT, _RESIDENT = range(5)
_MIX = (70, 5, 13, 5, 7)

# How long ago the first job was, in months. A city that draws young people: most came in the last years, and one in
# twenty has been insured for twelve years and more. The mean decides how many dues the default city has.
_EXPERIENCE = (
    (0.78, lambda random: 1 + random.expovariate(1 / 16)),
    (0.18, lambda random: random.uniform(30, 120)),
    (0.04, lambda random: random.triangular(140, 415, 150)),
)
# How old people are then, in years: not all were insured before, and many come from elsewhere.
_FIRST_JOB_AT = (18, 18, 19, 20, 21, 22, 22, 22, 23, 24, 25, 27, 29, 32, 36, 40, 43)
# Average monthly wages the demo's wages move around, invented for the years between; no rule reads them.
_AVERAGES = ((1992, 260), (1996, 480), (2000, 760), (2005, 1300), (2010, 2600), (2015, 4500), (2018, 5600))
_AVERAGES += ((2021, 6250), (2023, 7000), (2025, 7500), (2040, 10800))
_TIERS = (
    ("0.6000", 46),
    ("0.7000", 10),
    ("0.8000", 12),
    ("1.0000", 18),
    ("1.5000", 7),
    ("2.0000", 5),
    ("3.0000", 2),
)


@dataclass(slots=True)
class Spell:
    """A stretch with one payer."""

    payer: Employer | None  # None: pays for himself
    starts: int
    ends: int | None
    reason: str


@dataclass(slots=True)
class Rows:
    """Lines of COPY text, by table."""

    people: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    stretches: list[str] = field(default_factory=list)
    payers: list[str] = field(default_factory=list)  # who pays for himself, now or once
    unpaid: list[str] = field(default_factory=list)

    def clear(self) -> None:
        for lines in (self.people, self.cards, self.stretches, self.payers, self.unpaid):
            lines.clear()


def number(month: Month) -> int:
    return month.year * 12 + month.month - 1


def first_day(month: int | None) -> str:
    return NULL if month is None else f"{month // 12}-{month % 12 + 1:02d}-01"


class Births:
    """Makes people, one after the other, and writes their rows."""

    def __init__(self, random: Random, market: LabourMarket, today: date):
        self.random = random
        self.market = market
        self.today = today
        self.now = number(Month.of(today))
        self.id_numbers = identifiers.IdNumbers()
        self.rows = Rows()
        self._averages = _yearly_averages()

    def make(self, person_ids: range) -> Iterator[Rows]:
        """Everybody, in blocks that fit into memory; the rows are only good until the next block."""
        for count, person_id in enumerate(person_ids, 1):
            self._live(person_id)
            if count % 20_000 == 0:
                yield self.rows
                self.rows.clear()
        yield self.rows

    def _live(self, person_id: int) -> None:
        random, now = self.random, self.now
        sex = "M" if random.random() < 0.52 else "F"
        what = random.choices(range(5), _MIX)[0]
        retired_from = died = None
        if what == _CHILD:
            born = now - random.randint(1, 17 * 12)
            self.resident(person_id, max(born + 1, now - 17 * 12), None)
        elif what == _STUDENT:
            born = now - random.randint(18 * 12, 22 * 12)
            self.student(person_id, random.randint(0, 3))
        elif what == _RESIDENT:
            born = now - random.randint(30 * 12, 80 * 12)
            self.resident(person_id, max(born, now - random.randint(3, 150)), None)
        else:
            born, first, retires = self._working_life(sex, retired=what == _RETIRED)
            last = None
            if retires < now:
                retired_from, last = retires + 1, retires
            if random.random() < (0.12 if retired_from else 0.008):
                died = now - int(random.triangular(1, 90, 1))
                died = max(died, first + 1)
                if retired_from and died < retired_from:
                    retired_from = None
                last = died if last is None else min(last, died)
            reason = "died" if died is not None and last == died else "retired"
            if random.random() < 0.25 and first - 40 > now - 16 * 12 and first - born < 25 * 12:
                self._was_student(person_id, first)
            self.career(person_id, first, last, reason)
        self.person(
            person_id,
            sex,
            self.day_in(born),
            retired_from=retired_from,
            died=None if died is None else self.day_in(died),
        )

    def _working_life(self, sex: str, *, retired: bool) -> tuple[int, int, int]:
        """Month of birth, of the first job, and the last month of work by law."""
        random, now = self.random, self.now
        original = 60 if sex == "M" else random.choice((50, 50, 55))
        age = random.choice(_FIRST_JOB_AT) * 12 + random.randint(0, 11)
        if not retired:
            experience = int(self._experience())
            born = now - experience - age
            if legal_retirement(born, original) > now:
                return born, max(now - experience, FIRST_MONTH), legal_retirement(born, original)
        ago = 1 + int(random.expovariate(1 / 70)) % (now - FIRST_MONTH - 60)
        born = now - ago - original * 12
        retires = legal_retirement(born, original)
        if retires >= now:
            born -= retires - now + ago
            retires = legal_retirement(born, original)
        first = max(born + age, retires - random.randint(150, 420), FIRST_MONTH)
        return born, min(first, retires - 1), retires

    def _experience(self) -> float:
        draw = self.random.random()
        for share, months in _EXPERIENCE:
            if draw < share:
                return min(months(self.random), self.now - FIRST_MONTH)
            draw -= share
        return 12

    # --- insured as what ---

    def career(self, person_id: int, first: int, last: int | None, leaving: str) -> None:
        """From the first job to the last month (None: still at it), with gaps, moves and returns."""
        random = self.random
        end = self.now if last is None else last
        at, previous, flexible = first, None, False
        while at <= end:
            left = at + max(2, int(random.expovariate(1 / 46)))
            payer = self._next_payer(previous, at)
            if left > end or end - left < 3:
                spell = Spell(payer, at, last, leaving if last is not None else "")
                at = end + 1
            else:
                reason = random.choice(
                    ("resigned", "resigned", "contract_ended", "contract_ended", "moved", "other")
                )
                spell = Spell(payer, at, left, reason)
                at = left + 1 + self._gap()
            flexible = flexible or payer is None
            previous = payer or previous
            self.spell(person_id, spell)
        if flexible:
            # Few of them owe; those that do owe the last months.
            owes = random.random() < 0.06
            self.pays_for_himself(person_id, owes_since=self.now - random.randint(1, 6) if owes else None)
        elif last is None and random.random() < 0.004:
            since = self.now - random.randint(2, 30)
            self.left_unpaid(person_id, previous, since, min(since + random.randint(0, 2), self.now - 2))

    def _next_payer(self, previous: Employer | None, month: int) -> Employer | None:
        draw = self.random.random()
        if draw < 0.11:
            return None
        if draw < 0.21 and previous is not None:
            return previous  # a return
        return self.market.find_work(self.random, Month(month // 12, month % 12 + 1))

    def _gap(self) -> int:
        draw = self.random.random()
        if draw < 0.62:
            return 0
        return self.random.randint(1, 3) if draw < 0.84 else self.random.randint(4, 20)

    def pays_for_himself(self, person_id: int, *, owes_since: int | None = None) -> None:
        self.rows.payers.append(f"{person_id}\tf\t0\t{first_day(owes_since)}\t{NULL}\t{NULL}\n")

    def left_unpaid(self, person_id: int, employer: Employer, starts: int, ends: int) -> None:
        """These months of him were left off the employer's slips."""
        self.rows.unpaid.append(f"{person_id}\t{employer.id}\t{first_day(starts)}\t{first_day(ends)}\n")

    def spell(self, person_id: int, spell: Spell) -> None:
        """One stretch a calendar year: wages are declared anew each January."""
        random = self.random
        if spell.payer is None:
            self._flexible_spell(person_id, spell)
            return
        late = random.random() < 0.02
        hired = self.day_in(spell.starts - (2 if late else 0))
        ratio = min(max(random.lognormvariate(-0.12, 0.42), 0.35), 5.0)
        at, end = spell.starts, spell.ends if spell.ends is not None else self.now
        while at <= end:
            last = at // 12 * 12 + 11
            is_last = last >= end
            years = (at - spell.starts) / 12
            wage = (
                int(ratio * self._averages[at // 12] * (1 + 0.012 * years) * random.uniform(0.97, 1.06))
                // 10
                * 10
            )
            self.stretch(
                person_id, spell.payer.id, "employee", spell.payer.set_number, at, spell.ends if is_last else last,
                wage=f"{wage}", hired=hired.isoformat(), late=late, reason=spell.reason if is_last else "wage_changed",
            )  # fmt: skip
            at = last + 1

    def _flexible_spell(self, person_id: int, spell: Spell) -> None:
        tiers, weights = zip(*_TIERS, strict=True)
        set_number = FLEXIBLE if self.random.random() < 0.8 else FLEXIBLE_PENSION
        at, end = spell.starts, spell.ends if spell.ends is not None else self.now
        while at <= end:
            changes = at + self.random.randint(18, 80)
            is_last = changes >= end
            tier = self.random.choices(tiers, weights)[0]
            self.stretch(
                person_id, person_id, "flexible", set_number, at, spell.ends if is_last else changes,
                tier=tier, reason=spell.reason if is_last else "tier_changed",
            )  # fmt: skip
            at = changes + 1

    def resident(self, person_id: int, starts: int, ends: int | None) -> None:
        self.stretch(person_id, person_id, "resident", RESIDENT, starts, ends, reason="other" if ends else "")

    def student(self, person_id: int, year: int) -> None:
        """Students are insured from the September they began in."""
        began = (self.now - 8) // 12 * 12 + 8 - 12 * year
        self.stretch(person_id, person_id, "resident", STUDENT, began, None)

    def _was_student(self, person_id: int, first_job: int) -> None:
        began = (first_job - 8) // 12 * 12 + 8 - 36
        self.stretch(person_id, person_id, "resident", STUDENT, began, first_job - 1, reason="other")

    def stretch(
        self, person_id, payer_id, kind, set_number, starts, ends, *,
        wage=NULL, tier=NULL, hired=NULL, late=False, reason="",
    ) -> None:  # fmt: skip
        self.rows.stretches.append(
            f"{person_id}\t{payer_id}\t{kind}\t{set_number}\t{first_day(starts)}\t{first_day(ends)}\t{wage}\t{tier}"
            f"\t{hired}\t{'t' if late else 'f'}\t{reason if ends is not None else ''}\n"
        )

    # --- the person himself ---

    def person(
        self, person_id: int, sex: str, born: date, *, retired_from: int | None = None, died: date | None = None,
        name: str = "", with_card: bool | None = None,
    ) -> None:  # fmt: skip
        random = self.random
        id_number = self.id_numbers.draw(random, born.strftime("%Y%m%d"), sex)
        name = name or person_name(random, sex)
        district = random.choice(OFFICES[:13]).district
        address = f"武汉市{district}{random.choice(words.ROADS)}路示例小区{random.randint(1, 60)}栋"
        self.rows.people.append(
            f"{person_id}\t{id_number}\t{personal_number(person_id)}\t{name}\t{sex}\t{born}"
            f"\t{identifiers.mobile(person_id)}\t{address}\t{identifiers.bank_tail(person_id)}"
            f"\t{first_day(retired_from)}\t{died or NULL}\n"
        )
        if with_card or (with_card is None and random.random() < 0.93):
            issued = max(
                born + timedelta(days=60), date(2012, 1, 1) + timedelta(days=random.randint(0, 3600))
            )
            state = random.choices(
                ("normal", "lost_online", "lost", "locked"), (960, 12, 20, 8)
            )[0] if died is None else "cancelled"  # fmt: skip
            self.rows.cards.append(
                f"{person_id}\t{identifiers.card_number(person_id)}\t{state if with_card is None else 'normal'}"
                f"\t{min(issued, self.today)}\n"
            )

    def day_in(self, month: int) -> date:
        return date(month // 12, month % 12 + 1, self.random.randint(1, 28))


def legal_retirement(born: int, original_age: int) -> int:
    """The last month of work of somebody born in that month, by the decision on delayed retirement of 2024-09-13.

    `original_age` is 60, 55 or 50 years; from 2025 on the last month moves by one for each four (two for 50) months.
    """
    before = born + original_age * 12
    since = before - 2025 * 12
    if since < 0:
        return before
    step, most = (2, 60) if original_age == 50 else (4, 36)
    return before + min(most, since // step + 1)


def _yearly_averages() -> dict[int, float]:
    found = {}
    for (year, wage), (next_year, next_wage) in zip(_AVERAGES, _AVERAGES[1:], strict=False):
        for y in range(year, next_year + 1):
            found[y] = wage * (next_wage / wage) ** ((y - year) / (next_year - year))
    return found
