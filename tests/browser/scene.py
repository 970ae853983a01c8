"""Sets the scene in a hall that is running: `python -m tests.browser.scene`, with that hall's environment.

Three employers, a year of paid months, one person in arrears, and the accounts of those who act. What it made stands
on standard output as JSON.
"""

import json
from datetime import date, timedelta

import django

django.setup()

from shebao.assessment import runs  # noqa: E402  (after the set-up)
from shebao.casework import cases  # noqa: E402
from shebao.foundation import clock  # noqa: E402
from shebao.foundation.months import Month  # noqa: E402
from shebao.identity import accounts, passwords, terms  # noqa: E402
from shebao.identity.accounts import Opening  # noqa: E402
from shebao.identity.acting import acting_as, system  # noqa: E402
from shebao.registry.models import Card, Employer, OutsideRetiree, Person  # noqa: E402
from tests import policies, scenes  # noqa: E402
from tests.identity.people import PASSWORD  # noqa: E402
from tests.ledger.books import Books  # noqa: E402

FIRST, LAST = Month(2025, 10), Month(2026, 10)
BY = system("tests")
ORDINARY, TRUSTED, QUIET = (
    "江城长桥机电有限公司（示例）",
    "江城东湖软件技术服务有限公司（示例）",
    "江城晴川食品有限公司（示例）",
)
MOBILE, CARD = "13100000000", "A12345678"


def set_scene() -> dict:
    policies.load(synthetic=True)
    books = Books()
    city = books.city
    ordinary = city.employer(ORDINARY)
    trusted = city.employer(TRUSTED, grade="trusted")
    quiet = city.employer(QUIET)
    staff = [city.person(name, mobile=MOBILE) for name in ("李小明", "周建国", "吴桂芳")]
    for person, wage in zip(staff, ("6250", "8800", "3200"), strict=True):
        city.works(person, ordinary, since=FIRST, wage=wage)
    for name in ("郑海燕", "冯志强"):
        city.works(city.person(name), quiet, since=FIRST, wage="7400")
    OutsideRetiree.objects.create(
        person=city.person("郭老栓", born=date(1955, 3, 3)),
        payer_id=quiet.id,
        starts=Month(2015, 4),
        pool="中央单位离退休人员管理处（示例）",
        source="scene",
    )
    Card.objects.create(person=staff[0], number=CARD, issued_on=date(2020, 5, 6))
    for month in Month.range(FIRST, LAST):
        with clock.fixed(month.first_day + timedelta(days=9)):
            runs.run_month(month, by=BY)
            for payer in (ordinary, quiet):
                books.pays(books.slip(payer, month), on=clock.today())
    # Enrolled later, from September: those months were never paid.
    owing = city.person("钱卫东")
    city.works(owing, ordinary, since=Month(2026, 9), wage="5600")
    with clock.fixed(date(2026, 10, 12)):
        for month in (Month(2026, 9), Month(2026, 10)):
            runs.run_month(month, by=BY)
    opened = open_accounts(ordinary, trusted, quiet, staff[1])
    file_some(city, acting_as(opened["qingchuan01"]))
    return {
        "password": PASSWORD,
        "li": standing(staff[0]),
        "zhou": standing(staff[1]),
        "wu": standing(staff[2]),
        "owing": standing(owing),
    }


def standing(person: Person) -> dict:
    return {
        "name": person.name,
        "id_number": person.id_number,
        "personal_number": person.personal_number,
        "card": CARD,
        "mobile": MOBILE,
    }


def open_accounts(ordinary: Employer, trusted: Employer, quiet: Employer, insured: Person) -> dict:
    """Everybody's first password has been changed and the terms accepted, but for the clerk of the ordinary one."""
    clerks = [
        ("changqiao01", ordinary, "孙经办", {"filer", "payer"}),
        ("donghu01", trusted, "何经办", {"filer", "payer", "admin"}),
        ("qingchuan01", quiet, "许经办", {"filer", "payer"}),
    ]
    openings = [
        Opening(
            username,
            "employer",
            name,
            employer_id=employer.id,
            party_name=employer.name,
            grade=employer.grade,
            roles=frozenset(roles),
            office_code="420102",
        )
        for username, employer, name, roles in clerks
    ]
    openings += [
        Opening(
            username,
            "agency",
            name,
            party_name="江岸区社保处（示例）",
            roles=frozenset({role}),
            office_code="420102",
        )
        for username, name, role in (
            ("jiangan01", "赵审核", "reviewer"),
            ("jiangan02", "钱账务", "ledger"),
            ("jiangan03", "吴登记", "registry"),
            ("jiangan04", "孙复核", "reviewer"),
        )
    ]
    openings.append(Opening(insured.id_number, "person", insured.name, person_id=insured.id, mobile=MOBILE))
    hashed = passwords.hashed(PASSWORD)
    ready = [
        Opening(**{**vars(one), "password": hashed, "must_change_password": one.username == "changqiao01"})
        for one in openings
    ]
    opened = accounts.open_many(ready, by=BY)
    for kind in ("person", "employer", "agency"):
        told = [one.pk for one in opened if one.kind == kind and one.username != "changqiao01"]
        if terms.current(kind):
            terms.accepted_on_paper(told, kind, by=BY)
    return {one.username: one for one in opened}


def file_some(city: scenes.City, clerk) -> None:
    """What stands on the desks before anybody comes: a saved case, and a submitted one with a flagged row."""
    hires = [
        {
            "id_number": str(city.stranger()),
            "name": name,
            "hired_on": day,
            "wage": "6500",
            "starts": "2026-11",
        }
        for name, day in (("黄晓丽", "2026-11-02"), ("谢家豪", "2026-11-03"), ("邓小芸", "2026-09-01"))
    ]
    cases.save(cases.start("enrol-employees", by=clerk), {1: hires[0]}, by=clerk)
    submitted = cases.start("enrol-employees", by=clerk)
    cases.add(submitted, hires[1:], by=clerk)
    cases.submit(submitted, by=clerk)


if __name__ == "__main__":
    print(json.dumps(set_scene(), ensure_ascii=False))
