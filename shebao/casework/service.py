"""The words a service is written in. docs/howto/add-a-service.md shows a whole one.

A service is one frozen declaration. It holds no state and touches no table: its functions are called by
examination, review and settlement, always for many rows at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shebao.casework import ask
from shebao.casework.ask import Question
from shebao.casework.counting import Unit

if TYPE_CHECKING:
    from shebao.casework.models import Case


class Who(StrEnum):
    """Who may file. The values are those of `Acting.kind`."""

    EMPLOYER = "employer"
    PERSON = "person"
    COMMUNITY = "community"
    APPLICANT = "applicant"  # without an account: known by number and code alone
    AGENCY = "agency"


class Review(StrEnum):
    """Who decides on a submitted case. Flagged rows go to an officer even where review is automatic."""

    AUTOMATIC = "automatic"
    OFFICER = "officer"
    TWO_OFFICERS = "two-officers"


class Weight(Enum):
    """What a check's sentence does to its row."""

    REFUSES = "refuses"
    FLAGS = "flags"
    TELLS = "tells"


Wrong = Callable[[Any, Any, "Case"], str | None]
"""(row, its fact, case) → the sentence for the user, or None. It touches nothing: no query, no clock."""


@dataclass(frozen=True)
class Check:
    """One thing that can be wrong with a row, on the field where it shows."""

    field: str
    wrong: Wrong
    rule: str
    weight: Weight
    leads_to: tuple[str, ...] = ()


def on(field: str, wrong: Wrong, *, rule: str, leads_to: tuple[str, ...] = ()) -> Check:
    """Refuse the row while `wrong` has a sentence; `rule` is its id, e.g. EMP-1/3.

    `leads_to` are the codes of the services that the sentence names: pages link them beside it.
    """
    return Check(field, wrong, rule, Weight.REFUSES, leads_to)


def flag(field: str, wrong: Wrong, *, rule: str) -> Check:
    """Let the row through, but to an officer, who reads the sentence."""
    return Check(field, wrong, rule, Weight.FLAGS)


def note(field: str, wrong: Wrong, *, rule: str) -> Check:
    """Tell the filer something worth knowing; the row goes its way."""
    return Check(field, wrong, rule, Weight.TELLS)


@dataclass(frozen=True)
class Window:
    """The days, both included, on which a service is open; and by when papers must be brought, if any.

    `closed` is the sentence for a service that isn't open on any day yet; `again` is the day on which one that has
    closed opens next, where it is known.
    """

    first: date
    last: date
    papers_by: date | None = None
    closed: str = ""
    again: date | None = None

    def shut_on(self, day: date) -> str:
        """Why nothing can be handed in on this day, and when it can; empty while it is open."""
        words = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        if self.closed:
            return str(self.closed)
        if day < self.first:
            return _("还没有开始受理，%(first)s 起可以提交；填写的内容可以先保存") % words
        if day > self.last and self.again:
            words["again"] = self.again.isoformat()
            return (
                _("本期受理已于 %(last)s 结束，下次从 %(again)s 起受理；填写的内容可以先保存，到时再提交")
                % words
            )
        if day > self.last:
            return _("本期受理已于 %(last)s 结束；填写的内容可以先保存，下次受理时再提交") % words
        return ""


@dataclass(frozen=True)
class Occasion:
    """What a service that comes round again is about this time, e.g. which year: told wherever it is done.

    `title` is a few words of it; `says` is (label, words) for people, the first line saying which; `of_fields` says of
    single fields, by name, what exactly they hold this time.
    """

    title: str
    says: tuple[tuple[str, str], ...]
    of_fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def which(self) -> tuple[tuple[str, str], ...]:
        """Which year or month it is, where the rest is known by then."""
        return self.says[:1]


@dataclass(frozen=True)
class Material:
    """A paper that belongs to a case, or with `per_row` to each of its rows.

    It may be brought to the counter unless it `must_be_uploaded`: then the case can't be submitted without
    it. `waived_for` is the grade of filers who keep it themselves; one that is `kept` stays with every filer
    (留存备查). `asked_of` (row, fact, case) narrows a paper per row to the rows that need it. `inspect` looks
    at a file's content and says what is wrong with it; `hint` says beforehand how it must be.
    """

    name: str
    per_row: bool = False
    must_be_uploaded: bool = False
    waived_for: str = ""
    asked_of: Callable[[Any, Any, Case], bool] | None = None
    kinds: tuple[str, ...] = ("pdf", "jpg", "png")
    most_bytes: int = 5_000_000
    kept: bool = False
    inspect: Callable[[bytes], str | None] | None = None
    hint: Callable[[], str] | None = None

    @property
    def brought(self) -> bool:
        """Whether it may have to be carried to the counter."""
        return not (self.must_be_uploaded or self.kept)

    def applies_to(self, grade: str) -> bool:
        return not (self.waived_for and grade == self.waived_for)


@dataclass(frozen=True)
class Wanted:
    """Which lines of an offer are asked for: a page of those that match, or, with `keys`, exactly those."""

    search: str = ""
    after: str = ""
    keys: tuple[str, ...] = ()
    most: int = 50

    @property
    def at(self) -> int | None:
        """`after` of an offer whose pages go by a number; None on the first page."""
        return int(self.after) if self.after.isdecimal() else None

    def has_more(self, lines: Sequence[Any]) -> bool:
        """Whether another page may follow these lines."""
        return not self.keys and len(lines) == self.most


@dataclass(frozen=True)
class Offer:
    """A line that can be ticked: what it `shows` under each head, amounts in yuan as Decimal.

    Its key is its row's (`unique`); the page's word for it is looked up again.

    `why_not` and `leads_to` are never the service's: its checks say who is certain to be refused, and which
    services put that right (`examination.offered`).
    """

    key: str
    shows: tuple[str | Decimal, ...]
    fills: Mapping[str, Any]
    why_not: str = ""
    leads_to: Sequence[str] = ()


@dataclass(frozen=True)
class OfferWords:
    """What a list to tick from is called, what it is searched by, and what to do while nothing is in it."""

    title: str = lazy("勾选要办理的人")
    search: str = lazy("姓名或身份证号码")
    nothing: str = lazy("可以办理的人会出现在这里。")


@dataclass(frozen=True)
class Offers:
    """A page of lines under their column heads; `after` is where the next page begins, empty on the last."""

    heads: tuple[str, ...]
    lines: tuple[Offer, ...]
    after: str = ""
    words: OfferWords = OfferWords()

    @property
    def money(self) -> set[int]:
        """Which columns, from 0, hold amounts."""
        return {
            place
            for line in self.lines
            for place, shown in enumerate(line.shows)
            if isinstance(shown, Decimal)
        }


@dataclass(frozen=True)
class Figures:
    """Figures that follow from a case, shown before it is submitted and kept as they were shown.

    Each line is its label and an amount in yuan under each of the `heads`, None where there is none; so is `total`.
    """

    title: str
    heads: tuple[str, ...]
    lines: tuple[tuple[str | Decimal | None, ...], ...]
    total: tuple[str | Decimal | None, ...] = ()

    @classmethod
    def added_up(
        cls, title: str, heads: tuple[str, ...], lines: Iterable[tuple[str | Decimal, ...]], total: str
    ) -> Figures:
        """With a last line of this label, which adds up each column. Every line has an amount under each head."""
        lines = tuple(lines)
        sums = (sum((line[place] for line in lines), Decimal("0.00")) for place in range(1, len(heads) + 1))
        return cls(title, heads, lines, (total, *sums))

    @property
    def kept(self) -> dict[str, Any]:
        """As JSON, amounts as text; equal for figures that read the same."""
        return {
            "title": str(self.title),
            "heads": [str(head) for head in self.heads],
            "lines": [_cells(line) for line in self.lines],
            "total": _cells(self.total),
        }


def _cells(line: Sequence[str | Decimal | None]) -> list[str | None]:
    return [None if one is None else f"{one:.2f}" if isinstance(one, Decimal) else str(one) for one in line]


@dataclass(frozen=True)
class Document:
    """A document that a service issues: its bytes are kept with the case. `ref` names it in its own books."""

    title: str
    filename: str
    content: bytes
    ref: str = ""


@dataclass(frozen=True)
class Printout:
    """A form that can be printed or exported from a case: `make` answers with the file's bytes.

    It isn't offered for a case of more than `most_rows`, where that is given.
    """

    code: str
    title: str
    filename: str
    make: Callable[[Case], bytes]
    most_rows: int = 0

    def fits(self, case: Case) -> bool:
        return not self.most_rows or case.total <= self.most_rows


def unreviewed(case: Case, grade: str) -> Review:
    """Nobody decides: what was asked for is issued at once."""
    return Review.AUTOMATIC


@dataclass(frozen=True, kw_only=True)
class Service:
    """One thing that people can get done (办事事项).

    code          in URLs and cases, for ever
    title         what people call it
    also_called   what people say who don't know the title: the words by which the search finds it
    related       codes of services that its result leads on to; those of refusals stand at the checks
    who           who may file
    basis         办理依据, the legal basis
    row           a frozen dataclass of `label`led fields
    unique        the field, or fields, by which a roster has each row once; facts are looked up by it
    unit          what its rows are counted in, wherever their number is told
    facts         (rows, case) → fact by key; one set-based look-up for all rows
    checks        `on`, `flag` and `note`
    answers       (case) → which of a field's answers its filer can give, by field name, where those aren't all; where
                  several can be given, the form has them all ticked
    offers        (case, Wanted) → Offers: rows are picked from what exists
    prefill       (case, keys) → what is on file, by field name, in the row's own types: of these keys, or of
                  all there are (None), as a stream; only what is on file can then be filed
    review        (case, grade) → Review
    effect        (rows, case): applied to all approved rows in one transaction;
                  `case.ref_of(row)` is the source of what it writes
    issues        (rows, case) → Documents, instead of an effect; nobody reviews them
    opens         (today) → Window; without it the service is always open
    occasion      (today) → Occasion, of a service that comes round again; None while that isn't known
    most_rows     1 for a service that isn't done in batches
    promised_days by when it is decided, in calendar days
    preview       (rows, case) → Figures that would follow: shown on the check page, kept with the case
    previews      of how many rows at most; more are submitted without
    people        (keys) → person id by key: an officer's look at their rows is told to them
    group, icon   where it stands in menus
    declaration   what the filer ticks before he submits: what he answers for, in the words of this service
    party_name, party_office
                  of an applicant, whom nobody knows: the fields that say whom the case is for, and which
                  office decides it
    right         which right of an employer's clerk it takes: "filer" or "payer"
    by_machine    payroll systems may file it through the API (⚙)
    """

    code: str
    title: str
    who: tuple[Who, ...]
    basis: str
    row: type
    unique: str | tuple[str, ...]
    unit: Unit
    review: Callable[[Case, str], Review] = unreviewed
    effect: Callable[[Sequence[Any], Case], None] | None = None
    issues: Callable[[Sequence[Any], Case], Sequence[Document]] | None = None
    facts: Callable[[Sequence[Any], Case], Mapping[Any, Any]] | None = None
    checks: tuple[Check, ...] = ()
    answers: Callable[[Case], Mapping[str, Collection[str]]] | None = None
    offers: Callable[[Case, Wanted], Offers] | None = None
    prefill: Callable[[Case, Collection[str] | None], Iterable[Mapping[str, Any]]] | None = None
    opens: Callable[[date], Window] | None = None
    occasion: Callable[[date], Occasion | None] | None = None
    materials: tuple[Material, ...] = ()
    promised_days: int = 1
    most_rows: int = 5_000
    preview: Callable[[Sequence[Any], Case], Figures | None] | None = None
    previews: int = 1
    people: Callable[[Sequence[str]], Mapping[str, int]] | None = None
    printouts: tuple[Printout, ...] = ()
    purpose: str = ""
    also_called: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    declaration: str = lazy("我已核对，以上信息真实、完整")
    party_name: str = ""
    party_office: str = ""
    group: str = ""
    icon: str = "file-text"
    right: str = "filer"
    by_machine: bool = False

    @property
    def questions(self) -> tuple[Question, ...]:
        return ask.questions(self.row)

    @property
    def key_fields(self) -> tuple[str, ...]:
        return (self.unique,) if isinstance(self.unique, str) else self.unique

    def occasion_on(self, day: date) -> Occasion:
        """What it is about on this day; empty for a service that is the same on every day."""
        return (self.occasion and self.occasion(day)) or Occasion("", ())

    def key(self, row: Any) -> Any:
        """What `facts` is looked up by: the value of `unique`, a tuple when it names several fields."""
        return (
            getattr(row, self.unique)
            if isinstance(self.unique, str)
            else tuple(getattr(row, one) for one in self.unique)
        )

    @property
    def fixed(self) -> tuple[Question, ...]:
        """The questions that the file answers: nobody alters them."""
        return tuple(question for question in self.questions if question.words.fixed)

    @property
    def telling(self) -> tuple[Question, ...]:
        """The questions whose answers tell a row from others: its number, and a person's name; an employer's own,
        and not that of its clerk."""
        named = (self.party_name, *self.key_fields)
        people = self.unit is not Unit.EMPLOYERS
        return tuple(one for one in self.questions if one.name in named or (people and one.names_a_person))

    @property
    def subject(self) -> tuple[Question, ...]:
        """The questions whose answers alone say whom or what a row is about: the person, the slip, the months."""
        about_people = self.unit is Unit.PEOPLE
        named = [one for one in self.questions if about_people and one.names_a_person]
        named += [one for one in self.questions if one.name == self.party_name]
        return tuple(named[:1]) or tuple(self.question(name) for name in self.key_fields)

    def counted(self, rows: int) -> str:
        """So many rows, in the words of this service: 3 人, 1 笔."""
        return self.unit.counted(rows)

    @property
    def leads_on(self) -> tuple[str, ...]:
        """The codes of all services that its refusals, or its result, lead on to."""
        found = [*(code for check in self.checks for code in check.leads_to), *self.related]
        return tuple(dict.fromkeys(found))

    @property
    def in_batches(self) -> bool:
        return self.most_rows > 1

    def question(self, name: str) -> Question:
        return next(question for question in self.questions if question.name == name)

    def materials_of(self, grade: str) -> tuple[Material, ...]:
        return tuple(material for material in self.materials if material.applies_to(grade))


def by_grade(otherwise: Review = Review.OFFICER, /, **grades: Review) -> Callable[[Case, str], Review]:
    """Review by the filer's standing: `by_grade(trusted=Review.AUTOMATIC)`; an officer for the rest."""

    def review(case: Case, grade: str) -> Review:
        return grades.get(grade, otherwise)

    return review
