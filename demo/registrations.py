"""The life of employers in the demo: an application without an account, one for VIP standing, inspections on file."""

from datetime import date, datetime, time

from django.core.files.base import ContentFile
from django.utils.timezone import make_aware

from demo import identifiers
from demo.cast import LARGE, ORDINARY
from demo.models import City
from shebao.casework import cases, papers
from shebao.foundation import clock
from shebao.identity import applicants
from shebao.identity.acting import acting_as
from shebao.identity.models import Account, Kind
from shebao.registry import inspections, registrations
from shebao.registry.models import Employer

# The smallest file that says it is a PDF; nobody's papers.
_PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def file_all(city: City) -> None:
    """On a day on which registrations are taken, of this month."""
    filed = city.made_for.replace(day=max(1, min(city.made_for.day, 22) - 2))
    with clock.fixed(min(make_aware(datetime.combine(filed, time(10, 20))), clock.now())):
        _new_company(filed)
        _asks_for_trust(city)
        _inspected(city, filed)


def _new_company(filed: date) -> None:
    """It waits for the first of two officers."""
    session: dict = {}  # nobody comes back to it: the code would be shown once
    by = applicants.acting_as(
        applicants.begin(
            session,
            registrations.draw_number(),
            terms_version=applicants.terms.current(Kind.EMPLOYER).version,
            source="",
        )
    )
    case = cases.start("register-employer", by=by)
    founded = filed.replace(day=1)
    written = {
        "uscc": identifiers.uscc(900_001, "420102"),
        "name": "武汉江岸示例新材料有限公司",
        "organisation": "company",
        "founded_on": founded.isoformat(),
        "office": "420102",
        "address": "武汉市江岸区示例大道18号",
        "business": "电子专用材料制造",
        "industry": "3",
        "legal_person": "沈一鸣",
        "legal_person_id": identifiers.complete("42010219800515801"),
        "clerk": "周小舟",
        "clerk_id": identifiers.complete("42010619920304803"),
        "clerk_mobile": identifiers.mobile(900_001),
    }
    cases.save(case, {1: written}, by=by)
    for one in case.service.materials:
        if one.must_be_uploaded:
            file = ContentFile(_PAPER, name=f"{one.name}.pdf")
            papers.attach(case, one.name, file, by=by)
    cases.submit(case, by=by)


def _asks_for_trust(city: City) -> None:
    clerk = acting_as(Account.objects.get(username="danwei"))
    employer = Employer.objects.get(pk=city.first_employer + ORDINARY)
    case = cases.start("apply-for-trust", by=clerk)
    written = {
        "uscc": employer.uscc,
        "name": employer.name,
        "keeper": "张敏",
        "keeper_mobile": identifiers.mobile(900_002),
        "keeps": "true",
        "story": "网上办理多年，由两人经办、互相复核，材料按月装订保存",
    }
    cases.save(case, {1: written}, by=clerk)
    cases.submit(case, by=clerk)


def _inspected(city: City, filed: date) -> None:
    registrar = acting_as(Account.objects.get(username="dengji"))
    for place, outcome, note in (
        (ORDINARY, "minor", "两名职工的工资申报偏低，已按要求更正"),
        (LARGE, "sound", ""),
    ):
        inspections.record(
            city.first_employer + place,
            held_on=filed,
            way="on_site",
            outcome=outcome,
            note=note,
            by=registrar,
        )
