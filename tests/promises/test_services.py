"""Every service that is declared is in the catalogue, has a guide and says by which law."""

import importlib
import pkgutil

import pytest
from django.urls import reverse

import shebao.services
from shebao.casework.service import Service
from shebao.services.catalogue import SERVICES
from tests import policies
from tests.promises.house import ROOT


def declared() -> list[Service]:
    modules = [
        importlib.import_module(f"shebao.services.{found.name}")
        for found in pkgutil.iter_modules(shebao.services.__path__)
    ]
    return [value for module in modules for value in vars(module).values() if isinstance(value, Service)]


def test_every_declared_service_is_in_the_catalogue_once():
    assert {service.code for service in declared()} == {service.code for service in SERVICES}
    assert len({service.code for service in SERVICES}) == len(SERVICES)


@pytest.mark.django_db
@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.code)
def test_every_service_has_a_guide_with_its_basis(client, service):
    policies.load()
    answer = client.get(reverse("guide", args=[service.code]))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert str(service.title) in text
    assert service.basis.split("》")[0] in text


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.code)
def test_every_service_is_filed_in_a_browser(service):
    """By its address, or by its name on the page."""
    driven = "".join(file.read_text() for file in (ROOT / "tests/browser").glob("t*.py"))
    assert f'"{service.code}"' in driven or f"/{service.code}/" in driven or f'"{service.title}"' in driven


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.code)
def test_a_service_leads_on_to_others_of_the_same_filers(service):
    by_code = {other.code: other for other in SERVICES}
    assert all(by_code[code].who == service.who for code in service.leads_on)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.code)
def test_every_check_names_its_rule(service):
    assert all(check.rule.partition("/")[2] for check in service.checks)
