"""The scene of the API's tests: the city of November 2026, employers, and systems that hold their keys."""

from dataclasses import dataclass, field

import pytest
from django.test import Client

from shebao.api.v1.document import PREFIX
from shebao.casework.models import Case
from shebao.identity import api_keys
from shebao.identity.acting import Acting
from shebao.identity.models import ApiKey
from shebao.registry.models import Employer
from tests.jobs import work
from tests.services.conftest import hall, today

__all__ = ["hall", "today"]


@dataclass
class System:
    """An employer's payroll system: it holds a key and speaks JSON."""

    secret: str
    key: ApiKey
    employer: Employer
    language: str = "zh-hans"
    client: Client = field(default_factory=Client)
    asked: int = 0

    def get(self, path, **query):
        return self.client.get(self.url(path), query, headers=self.headers)

    def post(self, path, body=None, **headers):
        return self.client.post(
            self.url(path), body, content_type="application/json", headers=self.headers | headers
        )

    def patch(self, path, body):
        return self.client.patch(self.url(path), body, content_type="application/json", headers=self.headers)

    def file(self, rows, service="enrol-employees", once="", **envelope):
        """Hand in a case; each is a new one unless `once` names it."""
        self.asked += 1
        body = {"rows": rows, **envelope}
        headers = {"Idempotency-Key": once or f"request-{self.asked}"}
        return self.post(f"/services/{service}/cases", body, **headers)

    def filed(self, rows, **more):
        """Hand in a case and let the jobs be done; what the system then reads of it."""
        answer = self.file(rows, **more)
        assert answer.status_code == 202, answer.json()
        work()
        return self.get(answer.json()["case"]).json()

    def rows(self, case, **query):
        return self.get(case["rows_url"], **query).json()["rows"]

    def url(self, path):
        return path if path.startswith("/api/") else PREFIX + path

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.secret}", "Accept-Language": self.language}


def system_of(employer, scopes=("read", "file", "pay"), name="薪资系统", days=90) -> System:
    admin = Acting(70, "张明", "employer", employer.id, employer.name, frozenset({"admin"}))
    key, secret = api_keys.issue(name, scopes, days, by=admin)
    return System(secret, key, employer)


def hire(hall, n=1, **other):
    """A row that is sound, unless something else is said."""
    row = {
        "id_number": str(hall.city.stranger()),
        "name": "李小明",
        "hired_on": "2026-11-02",
        "wage": "6500.00",
    }
    return row | other


@pytest.fixture
def ordinary(hall) -> System:
    return system_of(hall.city.employer("汉江机械厂（示例）"))


@pytest.fixture
def trusted(hall) -> System:
    return system_of(hall.city.employer("东湖软件（示例）", grade="trusted"))


def cases_of(system) -> int:
    return Case.objects.filter(party_id=system.employer.id).count()
