"""A small city to set scenes in: employers, people and their enrolments, made by words. Numbers are fictional."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count

from shebao.foundation import sql
from shebao.foundation.identifiers import IdNumber, OrgCode, Uscc
from shebao.foundation.months import Month
from shebao.registry import enrolments, people
from shebao.registry.models import Employer, Enrolment, InjuryClass, Office, Person
from shebao.registry.schemes import FIVE, FLEXIBLE, Scheme

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(born: date, sequence: int, area: str = "420102") -> IdNumber:
    """A well-formed fictional ID number; an odd sequence is a man's, an even one a woman's."""
    body = f"{area}{born:%Y%m%d}{sequence:03d}"
    check = "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, body, strict=True)) % 11]
    return IdNumber.read(body + check)


def uscc(sequence: int, area: str = "420102") -> Uscc:
    """A well-formed fictional USCC of a company."""
    organisation = f"MA4{sequence:05d}"
    first17 = f"91{area}{organisation}{OrgCode.check_digit(organisation)}"
    return Uscc.read(first17 + Uscc.check_digit(first17))


@dataclass
class City:
    """What a test says is so. Everything goes through the registry's own verbs."""

    _numbers: count = field(default_factory=lambda: count(1))

    def office(self, code: str = "420102") -> Office:
        return Office.objects.get_or_create(code=code, defaults={"name": "江岸区社会保险管理处（示例）"})[0]

    def employer(
        self,
        name: str = "",
        *,
        grade: str = "ordinary",
        schemes=FIVE,
        injury_class: int = 1,
        office: str = "420102",
    ) -> Employer:
        n = next(self._numbers)
        with sql.run("SELECT nextval('registry_party_number')") as cursor:
            (number,) = cursor.fetchone()
        employer = Employer.objects.create(
            id=number,
            number=f"42{number:08d}",
            uscc=uscc(10_000 + number % 90_000),
            name=name or f"江城第{n}示例公司",
            office=self.office(office),
            grade=grade,
            schemes=[str(s) for s in schemes],
            founded_on=date(2010, 1, 1),
            registered_on=date(2010, 1, 15),
            source="scene",
        )
        InjuryClass.objects.create(employer=employer, starts=Month(2010, 1), injury_class=injury_class)
        return employer

    def person(
        self, name: str = "李小明", *, born: date = date(1995, 6, 7), sex: str = "M", mobile: str = ""
    ) -> Person:
        n = next(self._numbers)
        number = id_number(born, 2 * n + (1 if sex == "M" else 0))
        ids = people.ensure([people.Newcomer(number, name, "scene", mobile)])
        return Person.objects.get(pk=ids[number])

    def stranger(self, *, born: date = date(1995, 6, 7), sex: str = "M") -> IdNumber:
        """An ID number that the archive does not know."""
        n = next(self._numbers)
        return id_number(born, 2 * n + (1 if sex == "M" else 0))

    def works(
        self,
        person: Person,
        employer: Employer,
        *,
        since: Month,
        until: Month | None = None,
        wage: str = "6000",
    ) -> None:
        enrolments.open_many(
            [
                enrolments.Opening(
                    person.id,
                    scheme,
                    since,
                    employer.id,
                    "scene",
                    declared_wage=Decimal(wage),
                    hired_on=since.first_day,
                )
                for scheme in employer.schemes
            ]
        )
        if until:
            enrolments.close_many(
                [enrolments.Leaver(person.id, "resigned", "scene")], employer.id, ends=until
            )

    def flexible(self, person: Person, *, since: Month, tier: str = "0.6") -> None:
        enrolments.open_many(
            [
                enrolments.Opening(
                    person.id,
                    scheme,
                    since,
                    person.id,
                    "scene",
                    kind=Enrolment.Kind.FLEXIBLE,
                    tier=Decimal(tier),
                )
                for scheme in FLEXIBLE
            ]
        )

    def resident(self, person: Person, *, since: Month, scheme: str = Scheme.RESIDENT_MEDICAL) -> None:
        enrolments.open_many(
            [enrolments.Opening(person.id, scheme, since, person.id, "scene", kind=Enrolment.Kind.RESIDENT)]
        )
