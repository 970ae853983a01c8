"""Whatever has a number is there for its own party alone: to another, however it guesses, it does not exist."""

import re
from datetime import date, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from shebao.assessment import runs
from shebao.audit.models import AuditEvent
from shebao.casework import cases, papers
from shebao.casework.models import Case, Upload
from shebao.engagement import appointments, counters, problems
from shebao.engagement.appointments import Wish
from shebao.engagement.counters import Terms
from shebao.engagement.models import Attachment
from shebao.engagement.problems import Report
from shebao.exports import orders
from shebao.foundation.months import Month
from shebao.identity import api_keys
from shebao.identity.acting import acting_as
from shebao.ledger import arrears_slips, claims
from shebao.ledger.revisions import RevisedPayer, Revision
from shebao.registry import registrations
from shebao.statements import issuance
from tests.identity import people
from tests.jobs import work
from tests.promises.test_routes import routes
from tests.services.conftest import hall, today
from tests.statements.conftest import hall as signing
from tests.statements.conftest import key_folder

__all__ = ["hall", "key_folder", "signing", "today"]
OCTOBER, OFFICE = Month(2026, 10), "420102"
PDF = b"%PDF-1.7 a scan"
# What in an address is a choice that everybody has, and names nothing of anybody.
CHOICES = {"service", "business", "office", "source"}
# What tests/api/test_books.py asks for with another employer's key.
ELSEWHERE = {"api"}
# Pages that answer everybody with his own, whatever month he asks for.
OWN = {"employer:changes-form"}
# Deeds and files that the owner has no use for in this scene, so that he finds nothing there either.
NOT_NOW = {
    "filing:failures", "filing:results", "filing:roster", "filing:remove", "filing:row-papers", "filing:own",
    "filing:printout", "filing:pick-again", "filing:edit", "filing:autosave",
}  # fmt: skip


class Theirs:
    """An employer that has one of everything."""

    def __init__(self, hall):
        self.employer = hall.city.employer("汉江机械厂（示例）")
        self.person = hall.city.person("李小明")
        hall.city.works(self.person, self.employer, since=OCTOBER)
        runs.assess([self.person.id], [OCTOBER], source="scene")
        registrations.issue_certificate(self.employer, source="scene")
        self.account = account(self.employer, "hanjiang01")
        self.by = acting_as(self.account)

    def addresses(self) -> dict[str, dict[str, object]]:
        """By the name of a route or, where routes share them, by their namespace: what stands in their addresses."""
        draft, issued, slip, report = self._draft(), self._issued(), self._slip(), self._report()
        case = {
            "number": draft.number,
            "row": 1,
            "paper": self._paper(draft).pk,
            "upload": self._upload(draft).pk,
            "code": "approval-pdf",
        }
        key, _secret = api_keys.issue("薪资系统", ("read",), 90, by=self.by)
        return {
            "filing": case,
            "filing:issued": {"number": issued.number, "document": issued.issued.first().pk},
            "filing:status": {"number": issued.number},
            "employer": {
                "person_id": self.person.id,
                "month": "2026-10",
                "revision_id": self._revision().id,
                "number": slip.number,
                "serial": issuance.of_employer(self.employer.id)[0].serial,
                "form": "details",
                "extension": "xlsx",
                "account_id": self.account.pk,
                "prefix": key.prefix,
                "export_id": orders.order("roster", {}, by=self.by).pk,
            },
            "problems": {"number": report.number, "pk": Attachment.objects.get(exchange__problem=report).pk},
            "appointments": {"number": self._appointment().number},
        }

    def _draft(self) -> Case:
        row = {"id_number": self.person.id_number, "name": "李小明", "wage": "7000", "reason": "adjusted"}
        case = cases.start("change-wages", by=self.by)
        cases.save(case, {1: row}, by=self.by)
        return case

    def _paper(self, case: Case):
        paper = case.service.materials[0].name
        return papers.attach(case, paper, SimpleUploadedFile("扫描.pdf", PDF), by=self.by)

    def _upload(self, case: Case) -> Upload:
        return Upload.objects.create(
            case=case, file="x.xlsx", filename="x.xlsx", size=1, sha256="", by=self.by.account_id
        )

    def _issued(self) -> Case:
        case = cases.start("check-contributions", by=self.by)
        cases.save(case, {1: {"first": "2026-10", "last": "2026-10"}}, by=self.by)
        cases.submit(case, by=self.by)
        work()
        return case

    def _slip(self):
        (claim,) = claims.assess({self.person.id: "scene"}, self.employer.id, by=self.by.ref)
        return arrears_slips.make(self.employer.id, [claim.number], by=self.by.ref)

    def _revision(self) -> Revision:
        made = Revision.objects.create(first_month=OCTOBER, last_month=OCTOBER, source="scene")
        RevisedPayer.objects.create(
            revision_id=made.id, payer_id=self.employer.id, of_employer=True, persons=1, lines=1,
            first_month=OCTOBER, last_month=OCTOBER, employer_part="1.00", personal_part="1.00",
        )  # fmt: skip
        return made

    def _report(self):
        wrote = Report(
            category="payment", text="十月已缴费", wished_for=date(2026, 11, 16), office_code=OFFICE
        )
        return problems.report(wrote, by=self.by, files=[SimpleUploadedFile("a.pdf", PDF)])

    def _appointment(self):
        registrar = acting_as(people.officer(office_code=OFFICE, roles=frozenset({"registry"})))
        hours = Terms("1 号窗口", ["papers"], 60, 1, (time(9), time(12)), None)
        counters.open_counter(OFFICE, hours, by=registrar)
        wish = Wish(OFFICE, date(2026, 11, 13), time(9))
        return appointments.book("papers", wish, "13100000000", by=self.by)


def account(employer, username):
    return people.opened(
        username,
        "employer",
        employer_id=employer.id,
        party_name=employer.name,
        office_code=employer.office_id,
        roles=frozenset({"filer", "payer", "admin"}),
    )


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def status(answer) -> int:
    if answer.streaming:  # a file, which has to be read to be closed
        list(answer)
    return answer.status_code


def addresses(given) -> dict[str, str]:
    """The address of everything of theirs that an employer's page is about, by the name of its route."""
    found = {}
    for path, entry in routes(get_resolver()):
        view = entry.callback
        words = re.findall(r"<(?:\w+:)?(\w+)>", path)
        space = path.partition("/")[0]
        if "employer" not in getattr(view, "acting_for", ()) or set(words) <= CHOICES or space in ELSEWHERE:
            continue
        name = f"{space}:{entry.name}"
        if name in OWN:
            continue
        known = given.get(name) or given.get(space, {})
        assert set(words) <= set(known), f"{name}: put one of these into the scene of this test"
        found[name] = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda word, known=known: str(known[word[1]]), path)
    return found


@pytest.fixture
def theirs(hall, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    return Theirs(hall)


def test_nothing_of_another_employer_is_found_by_guessing_its_number(hall, theirs):
    owner, found = signed_in(theirs.account), addresses(theirs.addresses())
    assert len(found) > 30
    other = account(hall.city.employer("东湖软件（示例）"), "donghu01")
    insured = people.opened("insured01", "person", person_id=hall.city.person("王芳").id)
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    for stranger in (other, insured):
        client = signed_in(stranger)
        for name, address in found.items():
            answers = (status(client.get(address)), status(client.post(address)))
            assert 404 in answers and set(answers) <= {404, 405}, (name, address, answers)
    deeds = AuditEvent.objects.exclude(pk__in=before).exclude(event__startswith="account.")
    assert not list(deeds.values_list("event", "about"))
    there = {name for name, address in found.items() if status(owner.get(address)) != 404}
    assert found.keys() - there <= NOT_NOW, "the scene has what the addresses say"
